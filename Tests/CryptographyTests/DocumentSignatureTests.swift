import Testing

@testable import Cryptography

@Suite struct `A document's signature` {
    /// RFC 8032, 7.1, the third test.
    @Test func `is the one of RFC 8032`() throws {
        let secret = try hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
        let point = try hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
        let expected = try hex(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")
        let message: [UInt8] = [0xAF, 0x82]
        let pem = Base64.encode(
            [
                0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65,
                0x70, 0x04, 0x22, 0x04, 0x20,
            ] + secret)
        let key = try DocumentSigningKey(
            pem: Array("-----BEGIN PRIVATE KEY-----\n\(pem)\n-----END PRIVATE KEY-----\n".utf8))
        #expect(try key.publicKey().raw == point)
        #expect(try key.sign(message) == expected)
        let check = try DocumentVerificationKey(raw: point)
        #expect(check.verifies(expected, over: message))
        #expect(check.text == "MCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=")
        #expect(DocumentVerificationKey(text: check.text) == check)
    }

    @Test(.enabled(if: Tool.openssl.exists, "openssl is not installed"))
    func `is understood by the openssl command, and the other way round`() throws {
        let folder = try TemporaryFolder()
        let pem = try #require(try Tool.openssl.run(["genpkey", "-algorithm", "ED25519"]))
        let privatePath = try folder.write(pem, "cle.pem")
        let publicPEM = try #require(
            try Tool.openssl.run(["pkey", "-in", privatePath, "-pubout"]))
        let line = try #require(
            String(decoding: publicPEM, as: UTF8.self).split(separator: "\n").dropFirst().first)
        let key = try DocumentSigningKey(pem: pem)
        let check = try #require(DocumentVerificationKey(text: String(line)))
        #expect(try key.publicKey() == check)
        let message = Array("un manifeste, des octets".utf8)
        let text = try folder.write(message, "message")
        let ours = try folder.write(try key.sign(message), "signature")
        let publicPath = try folder.write(publicPEM, "public.pem")
        let verified = try Tool.openssl.run([
            "pkeyutl", "-verify", "-pubin", "-inkey", publicPath, "-rawin", "-in", text,
            "-sigfile", ours,
        ])
        #expect(verified != nil)
        let theirs = try #require(
            try Tool.openssl.run([
                "pkeyutl", "-sign", "-inkey", privatePath, "-rawin", "-in", text,
            ]))
        #expect(check.verifies(theirs, over: message))
        #expect(theirs == (try key.sign(message)))
    }

    @Test(.enabled(if: Tool.openssl.exists, "openssl is not installed"), arguments: 0..<64)
    func `with one bit changed, in it or in what was signed, is refused`(index: Int) throws {
        let key = try SampleSigner.key.get()
        let check = try key.publicKey()
        var message = [UInt8](repeating: 7, count: 64)
        var signature = try key.sign(message)
        #expect(check.verifies(signature, over: message))
        signature[index] ^= 1 << UInt8(index % 8)
        #expect(!check.verifies(signature, over: message))
        signature[index] ^= 1 << UInt8(index % 8)
        message[index] ^= 1 << UInt8(index % 8)
        #expect(!check.verifies(signature, over: message))
        #expect(!check.verifies(Array(signature.dropLast()), over: message))
        #expect(!check.verifies(signature + [0], over: message))
    }

    @Test(
        .enabled(if: Tool.openssl.exists, "openssl is not installed"),
        arguments: [
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            ["genpkey", "-algorithm", "ED448"], ["genpkey", "-algorithm", "X25519"],
            ["genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:secret"],
        ])
    func `is not made by a key of another kind, or encrypted`(arguments: [String]) throws {
        let pem = try #require(try Tool.openssl.run(arguments))
        #expect(throws: CryptographyError.invalidKey) { try DocumentSigningKey(pem: pem) }
    }

    @Test(
        arguments: [
            "", "MCowBQYDK2VwAyEA", "pas de la base 64",
            "MCowBQYDK2VuAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=",
            "MCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCUA",
        ])
    func `is verified by nothing that is no key`(text: String) {
        #expect(DocumentVerificationKey(text: text) == nil)
    }

    @Test(.enabled(if: Tool.openssl.exists, "openssl is not installed"))
    func `is made by a key that does not print itself`() throws {
        let key = try SampleSigner.key.get()
        #expect("\(key)" == "‹clé privée›")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("pointer"))
    }

    private func hex(_ text: String) throws -> [UInt8] { try #require(Hex.decode(text)) }
}

/// One key for the tests that only need any.
enum SampleSigner {
    static let key = Result {
        try DocumentSigningKey(
            pem: try #require(try Tool.openssl.run(["genpkey", "-algorithm", "ED25519"])))
    }
}
