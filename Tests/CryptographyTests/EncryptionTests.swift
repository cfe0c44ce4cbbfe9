import TestSupport
import Testing

@testable import Cryptography

private let message = Array("Dites-le-nous une fois".utf8)

private func bytes(_ text: String) throws -> [UInt8] {
    try #require(Base64URL.decode(text))
}

@Suite struct `RSA-OAEP` {
    @Test(arguments: [OAEPHash.sha1, .sha256])
    func `gives back what it took`(hash: OAEPHash) throws {
        let key = try SampleKeys.rsa.get()
        let ciphertext = try key.publicKey().rsaOAEPEncrypt(message, hash: hash)
        #expect(try key.rsaOAEPDecrypt(ciphertext, hash: hash) == message)
        let other: OAEPHash = hash == .sha1 ? .sha256 : .sha1
        #expect(throws: CryptographyError.decryptionFailed) {
            try key.rsaOAEPDecrypt(ciphertext, hash: other)
        }
    }

    @Test(
        .enabled(if: Tool.openssl.exists, "openssl is not installed"),
        arguments: [(OAEPHash.sha1, "sha1"), (.sha256, "sha256")]
    )
    func `is understood by the openssl command, and the other way round`(
        hash: OAEPHash,
        name: String
    ) throws {
        let folder = try TemporaryFolder()
        let key = try SampleKeys.rsa.get()
        let options = [
            "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:\(name)",
            "-pkeyopt", "rsa_mgf1_md:\(name)",
        ]
        let ours = try key.publicKey().rsaOAEPEncrypt(message, hash: hash)
        let read = try Tool.openssl.run(
            [
                "pkeyutl", "-decrypt", "-inkey", try folder.write(key.pem(), "private.pem"),
                "-in", try folder.write(ours, "ciphertext"),
            ] + options
        )
        #expect(read == message)
        let theirs = try #require(
            try Tool.openssl.run(
                [
                    "pkeyutl", "-encrypt", "-pubin",
                    "-inkey", try folder.write(key.publicKey().pem(), "public.pem"),
                    "-in", try folder.write(message, "message"),
                ] + options
            )
        )
        #expect(try key.rsaOAEPDecrypt(theirs, hash: hash) == message)
    }

    @Test(arguments: 0..<32)
    func `refuses a ciphertext with one byte changed`(index: Int) throws {
        let key = try SampleKeys.rsa.get()
        var ciphertext = try key.publicKey().rsaOAEPEncrypt(message, hash: .sha256)
        ciphertext[index * 8] ^= 1
        #expect(throws: CryptographyError.decryptionFailed) {
            try key.rsaOAEPDecrypt(ciphertext, hash: .sha256)
        }
    }

    @Test(arguments: [0, 1, 255, 257])
    func `refuses a ciphertext of another size`(size: Int) throws {
        let key = try SampleKeys.rsa.get()
        #expect(throws: CryptographyError.decryptionFailed) {
            try key.rsaOAEPDecrypt([UInt8](repeating: 1, count: size), hash: .sha1)
        }
    }
}

@Suite struct `A key agreement` {
    /// RFC 7518 appendix C.
    @Test func `shares the secret of RFC 7518`() throws {
        let alice = try PrivateKey(
            p256X: bytes("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"),
            y: bytes("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"),
            d: bytes("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo")
        )
        let bob = try PrivateKey(
            p256X: bytes("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ"),
            y: bytes("e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck"),
            d: bytes("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw")
        )
        let expected: [UInt8] = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49,
            110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ]
        #expect(try alice.ecdhP256(with: bob.publicKey()) == expected)
        #expect(try bob.ecdhP256(with: alice.publicKey()) == expected)
    }
}

@Suite struct `AES-GCM` {
    /// Test cases 13, 14 and 16 of the GCM specification submitted to NIST.
    static let vectors: [[String]] = [
        [
            String(repeating: "00", count: 32), String(repeating: "00", count: 12), "", "", "",
            "530f8afbc74536b9a963b4f1c4cb738b",
        ],
        [
            String(repeating: "00", count: 32), String(repeating: "00", count: 12), "",
            String(repeating: "00", count: 16), "cea7403d4d606b6e074ec5d3baf39d18",
            "d0d1c8a799996bf0265b98b5d48ab919",
        ],
        [
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b",
        ],
    ]

    @Test(arguments: vectors)
    func `is the one of the specification`(vector: [String]) throws {
        let parts = try vector.map { try #require(Hex.decode($0)) }
        let sealed = try AESGCM.seal(
            key: parts[0],
            nonce: parts[1],
            aad: parts[2],
            plaintext: parts[3]
        )
        #expect(sealed.ciphertext == parts[4])
        #expect(sealed.tag == parts[5])
        let opened = try AESGCM.open(
            key: parts[0],
            nonce: parts[1],
            aad: parts[2],
            ciphertext: parts[4],
            tag: parts[5]
        )
        #expect(opened == parts[3])
    }

    @Test(arguments: 0..<100)
    func `refuses whatever was changed by one bit`(seed: UInt64) throws {
        var generator = Seeded(seed)
        let (key, nonce) = (generator.bytes(32), generator.bytes(12))
        let aad = generator.bytes(Int.random(in: 1..<40, using: &generator))
        let plaintext = generator.bytes(Int.random(in: 1..<200, using: &generator))
        let sealed = try AESGCM.seal(key: key, nonce: nonce, aad: aad, plaintext: plaintext)
        var parts = [key, nonce, aad, sealed.ciphertext, sealed.tag]
        let part = Int.random(in: 0..<parts.count, using: &generator)
        let index = Int.random(in: 0..<parts[part].count, using: &generator)
        parts[part][index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        #expect(throws: CryptographyError.decryptionFailed) {
            try AESGCM.open(
                key: parts[0],
                nonce: parts[1],
                aad: parts[2],
                ciphertext: parts[3],
                tag: parts[4]
            )
        }
    }

    @Test func `refuses other sizes of key, nonce and tag`() throws {
        let (key, nonce) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 12))
        let tag = [UInt8](repeating: 3, count: 16)
        for size in [0, 15, 24, 31, 33] {
            let other = [UInt8](repeating: 1, count: size)
            #expect(throws: CryptographyError.invalidLength) {
                try AESGCM.seal(key: other, nonce: nonce, aad: [], plaintext: [])
            }
            #expect(throws: CryptographyError.invalidLength) {
                try AESGCM.seal(key: key, nonce: other, aad: [], plaintext: [])
            }
        }
        for size in [0, 4, 12, 15, 17] {
            #expect(throws: CryptographyError.invalidLength) {
                try AESGCM.open(
                    key: key,
                    nonce: nonce,
                    aad: [],
                    ciphertext: [],
                    tag: Array((tag + tag).prefix(size))
                )
            }
        }
    }
}
