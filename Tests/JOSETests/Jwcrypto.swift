import Foundation

/// Debian's python3-jwcrypto: the same standards, written by others.
enum Jwcrypto {
    static let isInstalled = Result { try run("import jwcrypto.jwe", []) }.isSuccess

    /// Runs a script with its arguments, and gives what it prints.
    static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: data, as: UTF8.self)
    }

    struct Failed: Error {}

    /// Signs then encrypts: arguments are the payload, the signing key, the keys' algorithms and
    /// the encryption key.
    static let nest = """
        import sys
        from jwcrypto import jwk, jws, jwe
        payload, sig, sigalg, enc, encalg = sys.argv[1:6]
        s = jws.JWS(payload.encode())
        key = jwk.JWK.from_pem(sig.encode())
        s.add_signature(key, None, '{"alg":"%s","kid":"k"}' % sigalg)
        e = jwe.JWE(s.serialize(compact=True), protected='{"alg":"%s","enc":"A256GCM"}' % encalg)
        e.add_recipient(jwk.JWK.from_json(enc))
        print(e.serialize(compact=True), end='')
        """

    /// Decrypts then verifies: arguments are the token, the private key and the public key set.
    static let open = """
        import sys
        from jwcrypto import jwk, jws, jwe
        token, enc, keys = sys.argv[1:4]
        e = jwe.JWE()
        e.deserialize(token, jwk.JWK.from_pem(enc.encode()))
        s = jws.JWS()
        s.deserialize(e.payload.decode())
        s.verify(list(jwk.JWKSet.from_json(keys)['keys'])[0])
        print(s.payload.decode(), end='')
        """
}

extension Result {
    fileprivate var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
