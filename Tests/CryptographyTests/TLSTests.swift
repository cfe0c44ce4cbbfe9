import TestSupport
import Testing

@testable import Cryptography

/// An authority, a server and two clients made by the openssl command.
struct Certificates: Sendable {
    let authority, server, serverKey, client, clientKey, stranger, strangerKey: [UInt8]

    static let shared = Result { try Certificates() }

    init() throws {
        let folder = try TemporaryFolder()
        func make(_ name: String, signedByAuthority: Bool) throws {
            let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            var arguments = ["req", "-x509"] + key
            arguments += ["-keyout", folder.path(name + ".key"), "-out", folder.path(name)]
            arguments += ["-subj", "/CN=" + name, "-days", "2"]
            if signedByAuthority {
                arguments += ["-CA", folder.path("authority")]
                arguments += ["-CAkey", folder.path("authority.key")]
                arguments += ["-addext", "subjectAltName=DNS:localhost"]
                arguments += ["-addext", "basicConstraints=critical,CA:FALSE"]
            }
            _ = try #require(try Tool.openssl.run(arguments))
        }
        try make("authority", signedByAuthority: false)
        try make("server", signedByAuthority: true)
        try make("client", signedByAuthority: true)
        try make("stranger", signedByAuthority: false)
        authority = try folder.read("authority")
        (server, serverKey) = (try folder.read("server"), try folder.read("server.key"))
        (client, clientKey) = (try folder.read("client"), try folder.read("client.key"))
        (stranger, strangerKey) = (try folder.read("stranger"), try folder.read("stranger.key"))
    }

    func context(_ clients: ClientCertificates = .none) throws -> TLSContext {
        try TLSContext.server(certificateChainPEM: server, keyPEM: serverKey, clients: clients)
    }
}

/// A server and a client joined by memory.
struct Line: ~Copyable {
    var server: TLSSession
    var client: TLSSession

    init(server: TLSContext, client: TLSContext, name: String = "localhost") throws {
        let server = try TLSSession(server)
        let client = try TLSSession(client, serverName: name)
        self.server = server
        self.client = client
    }

    /// Carries ciphertext both ways, `step` bytes at a time, until both have finished.
    mutating func shakeHands(step: Int = .max) throws {
        for _ in 0..<10 {
            let told = try client.progressHandshake()
            try Self.carry(client.takeCiphertext(), to: &server, step: step)
            let answered = try server.progressHandshake()
            try Self.carry(server.takeCiphertext(), to: &client, step: step)
            if told == .finished, answered == .finished { return }
        }
        Issue.record("the handshake does not end")
    }

    static func carry(_ bytes: [UInt8], to session: inout TLSSession, step: Int) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try session.receive(Array(rest.prefix(step)))
            rest = rest.dropFirst(step)
            if !session.isHandshakeFinished { _ = try session.progressHandshake() }
        }
    }
}

/// Reads all that there is.
private func drain(_ session: inout TLSSession) throws -> (bytes: [UInt8], closed: Bool) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1000)
    while true {
        switch try buffer.withUnsafeMutableBytes({ try session.read(into: $0) }) {
        case .bytes(let count): bytes += buffer.prefix(count)
        case .needsMore: return (bytes, false)
        case .closed: return (bytes, true)
        }
    }
}

@Suite(.enabled(if: Tool.openssl.exists, "openssl is not installed"))
struct `A TLS connection over memory` {
    private let certificates: Certificates

    init() throws { certificates = try Certificates.shared.get() }

    @Test(arguments: [1, 7, 100, Int.max])
    func `carries bytes both ways, however they are cut`(step: Int) throws {
        var line = try Line(
            server: certificates.context(),
            client: .client(authoritiesPEM: certificates.authority)
        )
        try line.shakeHands(step: step)
        let (version, thumbprint) = (line.server.version, line.server.peerCertificateSHA256)
        #expect(version == "TLSv1.3")
        #expect(thumbprint == nil)
        var generator = Seeded(UInt64(step))
        let question = generator.bytes(50_000)
        try line.client.write(question)
        try Line.carry(line.client.takeCiphertext(), to: &line.server, step: max(step, 100))
        #expect(try drain(&line.server) == (question, false))
        try line.server.write(Array(question.reversed()))
        line.server.close()
        try Line.carry(line.server.takeCiphertext(), to: &line.client, step: max(step, 100))
        #expect(try drain(&line.client) == (question.reversed(), true))
    }

    @Test func `knows the certificate of its client`() throws {
        let context = try certificates.context(.required(authoritiesPEM: certificates.authority))
        let client = try TLSContext.client(
            authoritiesPEM: certificates.authority,
            certificateChainPEM: certificates.client,
            keyPEM: certificates.clientKey
        )
        var line = try Line(server: context, client: client)
        try line.shakeHands()
        let peer = line.server.peerCertificateSHA256
        let thumbprint = try #require(peer)
        let folder = try TemporaryFolder()
        let path = try folder.write(certificates.client, "client")
        let said = try #require(
            try Tool.openssl.run(["x509", "-in", path, "-noout", "-fingerprint", "-sha256"])
        )
        let text = String(decoding: said, as: UTF8.self).filter { $0 != ":" }
        #expect(text.contains(Hex.encode(thumbprint).uppercased()))
    }

    @Test func `refuses a client without a certificate when one is required`() throws {
        let context = try certificates.context(.required(authoritiesPEM: certificates.authority))
        var line = try Line(
            server: context,
            client: .client(authoritiesPEM: certificates.authority)
        )
        let error = try #require(throws: TLSError.self) { try line.shakeHands() }
        #expect(error.code == .certificateMissing)
        let pending = line.server.pendingCiphertext
        #expect(pending > 0, "an alert says why")
        #expect(throws: TLSError.self) { try line.server.write([1]) }
    }

    @Test func `takes a client without a certificate when one is optional`() throws {
        let context = try certificates.context(.optional(authoritiesPEM: certificates.authority))
        var line = try Line(
            server: context,
            client: .client(authoritiesPEM: certificates.authority)
        )
        try line.shakeHands()
        let thumbprint = line.server.peerCertificateSHA256
        #expect(thumbprint == nil)
    }

    @Test func `refuses a client certificate of another authority`() throws {
        let context = try certificates.context(.optional(authoritiesPEM: certificates.authority))
        let client = try TLSContext.client(
            authoritiesPEM: certificates.authority,
            certificateChainPEM: certificates.stranger,
            keyPEM: certificates.strangerKey
        )
        var line = try Line(server: context, client: client)
        let error = try #require(throws: TLSError.self) { try line.shakeHands() }
        #expect(error.code == .certificateRefused)
    }

    @Test func `makes its client check the server's name`() throws {
        var line = try Line(
            server: certificates.context(),
            client: .client(authoritiesPEM: certificates.authority),
            name: "ailleurs"
        )
        let error = try #require(throws: TLSError.self) { try line.shakeHands() }
        #expect(error.code == .certificateRefused)
    }

    @Test func `says that it was spoken to in plain HTTP`() throws {
        var server = try TLSSession(certificates.context())
        try server.receive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let error = #expect(throws: TLSError.self) { try server.progressHandshake() }
        #expect(error?.code == .plainHTTP)
    }

    @Test(arguments: 0..<50)
    func `refuses a record with one byte changed`(seed: UInt64) throws {
        var line = try Line(
            server: certificates.context(),
            client: .client(authoritiesPEM: certificates.authority)
        )
        try line.shakeHands()
        try line.client.write(Array("bonjour".utf8))
        var record = line.client.takeCiphertext()
        var generator = Seeded(seed)
        // The first two bytes of the length are left: longer records are waited for.
        let index = Int.random(in: 5..<record.count, using: &generator)
        record[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        try line.server.receive(record)
        #expect(throws: TLSError.self) { try drain(&line.server) }
    }

    @Test(arguments: 0..<100)
    func `survives any bytes`(seed: UInt64) throws {
        var server = try TLSSession(certificates.context())
        var generator = Seeded(seed)
        var bytes = generator.bytes(Int.random(in: 1..<3000, using: &generator))
        if seed % 2 == 0 { bytes = [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3] + bytes }
        try server.receive(bytes)
        _ = try? server.progressHandshake()
        _ = try? drain(&server)
        let finished = server.isHandshakeFinished
        #expect(!finished)
    }

    @Test func `does not carry data before the handshake`() throws {
        var server = try TLSSession(certificates.context())
        #expect(throws: TLSError.self) { try server.write([1, 2, 3]) }
    }

    @Test func `refuses a key that is not the certificate's, and what is no certificate`() throws {
        #expect(throws: CryptographyError.invalidCertificate) {
            try TLSContext.server(
                certificateChainPEM: certificates.server,
                keyPEM: certificates.clientKey
            )
        }
        #expect(throws: CryptographyError.invalidCertificate) {
            try TLSContext.server(
                certificateChainPEM: certificates.serverKey,
                keyPEM: certificates.serverKey
            )
        }
        #expect(throws: CryptographyError.invalidKey) {
            try TLSContext.server(
                certificateChainPEM: certificates.server,
                keyPEM: certificates.server
            )
        }
    }
}
