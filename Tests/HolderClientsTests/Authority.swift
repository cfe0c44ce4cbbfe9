import Cryptography
import Foundation
import HTTPServing
import Platform
import Testing

/// Authorities, servers and clients that openssl makes for one run of the tests.
final class Authority: Sendable {
    /// A certificate that a server shows.
    enum Showing: String, CaseIterable, Sendable {
        case trusted, expired, elsewhere, selfSigned = "self", other
    }

    let folder: String

    init() throws {
        folder = try Files.temporaryDirectory(prefix: "dlnuf-autorite")
        let script = """
            set -e; cd \(folder)
            new="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            for a in ca autre; do
                openssl req -x509 $new -keyout $a.key -out $a.pem -subj /CN=$a -days 2
            done
            echo "subjectAltName=IP:127.0.0.1,DNS:localhost" > ici
            echo "subjectAltName=DNS:ailleurs.example" > ailleurs
            signed() {
                openssl req $new -keyout $1.key -out $1.csr -subj /CN=$1
                openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial \
                    -out $1.pem -days $3 -extfile $4
            }
            signed trusted ca 2 ici; signed expired ca -1 ici; signed elsewhere ca 2 ailleurs
            signed other autre 2 ici; signed alice ca 2 ici; signed bob ca 2 ici
            openssl req -x509 $new -keyout self.key -out self.pem -subj /CN=self -days 2 \
                -addext "$(cat ici)"
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    deinit { try? Files.removeTree(folder) }

    /// The path of a file that openssl made.
    func file(_ name: String) -> String { "\(folder)/\(name)" }

    /// The SHA-256 of a certificate, as a server sees its client's.
    func thumbprint(of name: String) throws -> String {
        let text = String(decoding: try bytes("\(name).pem"), as: UTF8.self)
        let base64 = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        return Hex.encode(sha256(try #require(Base64.decode(base64))))
    }

    /// A server's endpoint on a free port; `demanding` refuses clients without a certificate of ca.
    func endpoint(
        _ showing: Showing = .trusted, demanding: Bool = false
    ) throws -> HTTPServer.Endpoint {
        let authorities = try bytes("ca.pem")
        return .tls(
            host: "127.0.0.1", port: 0,
            try TLSContext.server(
                certificateChainPEM: try bytes("\(showing.rawValue).pem"),
                keyPEM: try bytes("\(showing.rawValue).key"),
                clients: demanding
                    ? .required(authoritiesPEM: authorities)
                    : .optional(authoritiesPEM: authorities)))
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        try Files.read(file(name), maxBytes: 1 << 16)
    }
}
