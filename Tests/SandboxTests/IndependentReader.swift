import Cryptography
import Foundation

@testable import Sandbox

/// Debian's `python3-jwcrypto`, which knows nothing of our code.
enum IndependentReader {
    private static let python = URL(fileURLWithPath: "/usr/bin/python3")

    /// Whether it is installed.
    static let isThere: Bool = (try? run("import jwcrypto", input: [])) != nil

    /// What it makes of an introspection: the two headers and the payload, as JSON lines.
    static func read(
        introspection: String, key: PrivateKey, signingKeys: [UInt8]
    ) throws -> [UInt8] {
        let input = Document.members([
            "token": .string(introspection),
            "pem": .string(String(decoding: try key.pem(), as: UTF8.self)),
            "keys": .string(String(decoding: signingKeys, as: UTF8.self)),
        ])
        return try run(script, input: input.bytes)
    }

    private static let script = """
        import json, sys
        from jwcrypto import jwe, jwk, jws
        given = json.load(sys.stdin)
        box = jwe.JWE()
        box.deserialize(given["token"], jwk.JWK.from_pem(given["pem"].encode()))
        token = jws.JWS()
        token.deserialize(box.payload.decode())
        kid = token.jose_header["kid"]
        keys = jwk.JWKSet.from_json(given["keys"])
        token.verify(keys.get_key(kid))
        json.dump({"jwe": box.jose_header, "jws": token.jose_header,
                   "payload": json.loads(token.payload)}, sys.stdout)
        """

    private struct Failure: Error {
        let text: String
    }

    private static func run(_ script: String, input: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = python
        process.arguments = ["-c", script]
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try stderr.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(text: String(decoding: complaint, as: UTF8.self))
        }
        return Array(output)
    }
}
