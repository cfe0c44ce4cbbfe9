import Curl
import Foundation
import HTTPMessages
import Platform
import Testing

/// `openssl s_server` with certificates made for it.
private struct TLSServer {
    let folder: String
    let port: UInt16
    private let process: Process

    /// Names the server's certificate is for, and what is asked of clients.
    init(names: String, arguments: [String] = []) throws {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-tls")
        try Self.makeCertificate("\(folder)/server", names: names)
        try Self.makeCertificate("\(folder)/client", names: "DNS:client")
        self.folder = folder
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments =
            ["s_server", "-www", "-accept", "127.0.0.1:0"]
            + ["-cert", "\(folder)/server.pem", "-key", "\(folder)/server.key"]
            + arguments.map { $0.replacing("FOLDER", with: folder) }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("\n") || !text.contains("ACCEPT 127.0.0.1:") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            text += String(decoding: more, as: UTF8.self)
        }
        let digits = text.split(separator: "ACCEPT 127.0.0.1:").last?.prefix { $0.isNumber }
        port = try #require(digits.flatMap { UInt16($0) })
    }

    var url: String { "https://127.0.0.1:\(port)/" }

    func stop() {
        // Not terminate: a child of the concurrency pool inherits its blocked SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? Files.removeTree(folder)
    }

    private static func makeCertificate(_ path: String, names: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-days", "2",
            "-keyout", "\(path).key", "-out", "\(path).pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}

private func secure(_ server: TLSServer, trusting: Bool) -> OutboundRequest {
    OutboundRequest(url: server.url, caFile: trusting ? "\(server.folder)/server.pem" : nil)
}

@Suite struct `TLS to a server` {
    @Test func `fails for a certificate nobody vouches for, and works with its authority`()
        async throws
    {
        let server = try TLSServer(names: "IP:127.0.0.1")
        defer { server.stop() }
        try await withClient { client in
            for _ in 0..<2 {
                #expect(await code(of: secure(server, trusting: false), by: client) == .tlsFailed)
                let answer = try await client.send(secure(server, trusting: true), until: distant)
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `fails for a certificate of another name`() async throws {
        let server = try TLSServer(names: "DNS:elsewhere.example")
        defer { server.stop() }
        try await withClient { client in
            #expect(await code(of: secure(server, trusting: true), by: client) == .tlsFailed)
        }
    }

    @Test func `fails for versions before 1.2`() async throws {
        let old = ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"]
        let server = try TLSServer(names: "IP:127.0.0.1", arguments: old)
        defer { server.stop() }
        try await withClient { client in
            #expect(await code(of: secure(server, trusting: true), by: client) == .tlsFailed)
        }
    }

    @Test func `shows the client's certificate to a server that asks`() async throws {
        let asking = ["-Verify", "1", "-verify_return_error", "-CAfile", "FOLDER/client.pem"]
        let server = try TLSServer(names: "IP:127.0.0.1", arguments: asking)
        defer { server.stop() }
        let identity = ClientCertificate(
            chainFile: server.folder + "/client.pem", keyFile: server.folder + "/client.key")
        try await withClient { client in
            for _ in 0..<2 {
                var request = secure(server, trusting: true)
                let found = await code(of: request, by: client)
                #expect(found == .tlsFailed || found == .reset)
                request.clientCertificate = identity
                let answer = try await client.send(request, until: distant)
                #expect(answer.status == 200)
            }
        }
    }
}
