import Foundation
import Testing

@testable import Cryptography

/// Python's `ssl` as the client, its ciphertext on its standard input and output.
private final class PythonClient {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let notes = Pipe()

    /// Talks twice: the second connection asks to resume the first.
    static let script = """
        import ssl, sys, os
        ca, version = sys.argv[1:3]
        context = ssl.create_default_context(cafile=ca)
        context.maximum_version = getattr(ssl.TLSVersion, version)
        context.set_alpn_protocols(['h2', 'http/1.1'])
        session = None
        for turn in range(2):
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            line = context.wrap_bio(incoming, outgoing, server_hostname='localhost', session=session)
            def do(act):
                while True:
                    try:
                        result = act()
                        os.write(1, outgoing.read())
                        return result
                    except ssl.SSLWantReadError:
                        os.write(1, outgoing.read())
                        data = os.read(0, 65536)
                        if not data: sys.exit(3)
                        incoming.write(data)
            do(line.do_handshake)
            do(lambda: line.write(b'bonjour'))
            got = b''
            while len(got) < 7: got += do(lambda: line.read(100))
            session = line.session
            print(line.version(), line.selected_alpn_protocol(), line.session_reused,
                  got.decode(), file=sys.stderr)
            do(line.unwrap)
        """

    init(authority: String, version: String) throws {
        process.executableURL = URL(fileURLWithPath: Tool.python.path)
        process.arguments = ["-c", Self.script, authority, version]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = notes
        try process.run()
    }

    func receive() -> [UInt8] { Array(output.fileHandleForReading.availableData) }

    func send(_ bytes: [UInt8]) throws {
        if !bytes.isEmpty { try input.fileHandleForWriting.write(contentsOf: Data(bytes)) }
    }

    func finish() throws -> String {
        try input.fileHandleForWriting.close()
        let said = notes.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: said, as: UTF8.self)
    }
}

@Suite(
    .enabled(
        if: Tool.openssl.exists && Tool.python.exists, "openssl or python3 is not installed"))
struct `A TLS client that others wrote` {
    /// Serves one connection: says back what it hears, in reverse, until the client closes.
    private func serve(_ context: TLSContext, _ client: PythonClient) throws -> Bool {
        var session = try TLSSession(context)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let bytes = client.receive()
            guard !bytes.isEmpty else { return session.isResumed }
            try session.receive(bytes)
            if try session.progressHandshake() == .finished {
                reading: while true {
                    switch try buffer.withUnsafeMutableBytes({ try session.read(into: $0) }) {
                    case .bytes(let count):
                        try session.write(Array(buffer.prefix(count).reversed()))
                    case .needsMore:
                        break reading
                    case .closed:
                        session.close()
                        try client.send(session.takeCiphertext())
                        return session.isResumed
                    }
                }
            }
            try client.send(session.takeCiphertext())
        }
    }

    @Test(arguments: [("TLSv1_3", "TLSv1.3"), ("TLSv1_2", "TLSv1.2")])
    func `is served, speaks HTTP/1.1 and resumes by a ticket`(
        version: String, name: String
    ) throws {
        let certificates = try Certificates.shared.get()
        let folder = try TemporaryFolder()
        let authority = try folder.write(certificates.authority, "authority")
        let context = try certificates.context(
            .optional(authoritiesPEM: certificates.authority))
        let client = try PythonClient(authority: authority, version: version)
        let resumed = [try serve(context, client), try serve(context, client)]
        let said = try client.finish()
        #expect(
            said == "\(name) http/1.1 False ruojnob\n\(name) http/1.1 True ruojnob\n")
        #expect(resumed == [false, true])
    }
}
