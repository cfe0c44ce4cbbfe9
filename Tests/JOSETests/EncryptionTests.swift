import Cryptography
import TestSupport
import Testing

@testable import JOSE

private let content = Array("The true sign of intelligence is not knowledge".utf8)

private func random(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

private func sealed(_ algorithm: KeyManagementAlgorithm, to key: PrivateKey) throws -> [UInt8] {
    let text = try CompactJWE.encrypt(
        content,
        algorithm: algorithm,
        to: key.publicKey(),
        random: random
    )
    return Array(text.utf8)
}

/// The token with another header in place of its own.
private func token(_ token: [UInt8], header: String) -> [UInt8] {
    let rest = token.drop { $0 != UInt8(ascii: ".") }
    return Array(Base64URL.encode(Array(header.utf8)).utf8) + rest
}

@Suite struct `An encrypted token` {
    @Test func `is the one of RFC 7516`() throws {
        let read = try CompactJWE.decrypt(
            Array(Figures.encrypted.utf8),
            algorithm: .rsaOAEP,
            keys: [Figures.rsa(Figures.encryptionKey)]
        )
        let expected = "The true sign of intelligence is not knowledge but imagination."
        #expect(String(decoding: read, as: UTF8.self) == expected)
    }

    /// RFC 7518 appendix C.
    @Test func `derives its key as RFC 7518`() {
        let shared: [UInt8] = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49,
            110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ]
        let derived = derivedKey(
            sharedSecret: shared,
            algorithm: "A128GCM",
            bits: 128,
            producer: Array("Alice".utf8),
            consumer: Array("Bob".utf8)
        )
        #expect(Base64URL.encode(derived) == "VqqN6vgjbSBcIijNcacQGg")
    }

    @Test(arguments: KeyManagementAlgorithm.allCases)
    func `comes back, whichever key of ours it was for`(
        algorithm: KeyManagementAlgorithm
    ) throws {
        let key = try SampleKeys.of(algorithm.sampleKind)
        let keys = [
            try SampleKeys.otherP256.get(), try Figures.rsa(Figures.encryptionKey), key,
        ]
        let token = try sealed(algorithm, to: key)
        #expect(try CompactJWE.decrypt(token, algorithm: algorithm, keys: keys) == content)
        #expect(throws: JOSEError.decryptionFailed) {
            try CompactJWE.decrypt(token, algorithm: algorithm, keys: Array(keys.dropLast()))
        }
        #expect(throws: JOSEError.unknownKey) {
            try CompactJWE.decrypt(token, algorithm: algorithm, keys: [])
        }
        #expect(throws: JOSEError.tooLarge) {
            try CompactJWE.decrypt(token, algorithm: algorithm, keys: keys, maxBytes: 100)
        }
        for other in KeyManagementAlgorithm.allCases where other != algorithm {
            #expect(throws: JOSEError.self) {
                try CompactJWE.decrypt(token, algorithm: other, keys: keys)
            }
        }
    }

    @Test(arguments: [
        (#"{"alg":"RSA-OAEP"}"#, JOSEError.malformed),
        (#"{"alg":"RSA1_5","enc":"A256GCM"}"#, .unexpectedAlgorithm),
        (#"{"alg":"dir","enc":"A256GCM"}"#, .unexpectedAlgorithm),
        (#"{"alg":"RSA-OAEP","enc":"A128GCM"}"#, .unexpectedAlgorithm),
        (#"{"alg":"RSA-OAEP","enc":"A256CBC-HS512"}"#, .unexpectedAlgorithm),
        (#"{"alg":"RSA-OAEP","enc":"A256GCM","zip":"DEF"}"#, .unsupportedHeader),
        (#"{"alg":"RSA-OAEP","enc":"A256GCM","crit":["alg"]}"#, .unsupportedHeader),
        (#"{"alg":"RSA-OAEP","enc":"A256GCM","epk":{}}"#, .unsupportedHeader),
        (#"{"alg":"RSA-OAEP","enc":"A256GCM","apu":"AA"}"#, .unsupportedHeader),
        (#"{"alg":"RSA-OAEP","enc":"A256GCM","cty":"text"}"#, .unexpectedAlgorithm),
        (#"{"alg":"RSA-OAEP","enc":"A256GCM","enc":"A256GCM"}"#, .malformed),
        (#"{"alg":"RSA-OAEP","enc":"A256GCM","kid":"k"}"#, .decryptionFailed),
    ])
    func `is refused for its header`(header: String, expected: JOSEError) throws {
        let key = try SampleKeys.rsa.get()
        let changed = token(try sealed(.rsaOAEP, to: key), header: header)
        #expect(throws: expected) {
            try CompactJWE.decrypt(changed, algorithm: .rsaOAEP, keys: [key])
        }
    }

    @Test(arguments: [
        #"{"alg":"ECDH-ES","enc":"A256GCM"}"#,
        #"{"alg":"ECDH-ES","enc":"A256GCM","epk":"x"}"#,
        #"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-384"}}"#,
        #"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}"#,
        #"""
        {"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256",
        "x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ"}}
        """#,
    ])
    func `is refused when its ephemeral key is no point of the curve`(header: String) throws {
        let key = try SampleKeys.p256.get()
        let changed = token(try sealed(.ecdhES, to: key), header: header)
        #expect(throws: JOSEError.self) {
            try CompactJWE.decrypt(changed, algorithm: .ecdhES, keys: [key])
        }
    }

    @Test func `is refused with other sizes of nonce and tag, or an encrypted key too many`() throws
    {
        let key = try SampleKeys.p256.get()
        let token = try sealed(.ecdhES, to: key)
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        for (index, value) in [
            (1, "AAAA"), (2, "AAAA"), (2, String(repeating: "A", count: 64)), (4, "AAAA"),
            (4, parts[4] + "AA"), (4, String(parts[4].dropLast(6))), (4, ""),
        ] {
            var changed = parts
            changed[index] = value
            #expect(throws: JOSEError.malformed) {
                try CompactJWE.decrypt(
                    Array(changed.joined(separator: ".").utf8),
                    algorithm: .ecdhES,
                    keys: [key]
                )
            }
        }
        for text in ["", "....", parts.dropLast().joined(separator: "."), parts[0] + "....."] {
            #expect(throws: JOSEError.malformed) {
                try CompactJWE.decrypt(Array(text.utf8), algorithm: .ecdhES, keys: [key])
            }
        }
    }

    @Test(arguments: 0..<200)
    func `is refused with any one byte changed`(seed: UInt64) throws {
        var generator = Seeded(seed)
        let algorithm = KeyManagementAlgorithm.allCases[Int(seed % 4)]
        let key = try SampleKeys.of(algorithm.sampleKind)
        var token = try sealed(algorithm, to: key)
        let index = Int.random(in: 0..<token.count, using: &generator)
        token[index] ^= UInt8.random(in: 1...255, using: &generator)
        #expect(throws: JOSEError.self) {
            try CompactJWE.decrypt(token, algorithm: algorithm, keys: [key])
        }
    }
}

@Suite(.enabled(if: Jwcrypto.isInstalled, "python3-jwcrypto is not installed"))
struct `A nested token` {
    static let algorithms = KeyManagementAlgorithm.allCases.flatMap { encryption in
        SignatureAlgorithm.allCases.map { (encryption, $0) }
    }

    @Test(arguments: algorithms)
    func `made by jwcrypto is read here`(
        encryption: KeyManagementAlgorithm,
        signature: SignatureAlgorithm
    ) throws {
        let own = try SampleKeys.of(encryption.sampleKind)
        let signer =
            try signature.keyKind == .p256
            ? SampleKeys.otherP256.get() : SampleKeys.of(signature.keyKind)
        let published = JWK(
            key: try own.publicKey(),
            use: .encryption,
            algorithm: encryption.rawValue,
            keyID: "e"
        )
        let set = JWKSet([published])
        let json = String(decoding: try set.json(), as: UTF8.self)
        let key = String(json.dropFirst(#"{"keys":["#.count).dropLast(2))
        let token = try Jwcrypto.run(
            Jwcrypto.nest,
            [
                "bonjour", String(decoding: try signer.pem(), as: UTF8.self), signature.rawValue,
                key, encryption.rawValue,
            ]
        )
        let inner = try CompactJWE.decrypt(
            Array(token.utf8),
            algorithm: encryption,
            keys: [own]
        )
        let keys = JWKSet([
            JWK(key: try signer.publicKey(), use: .signature, algorithm: nil, keyID: "k")
        ])
        let read = try CompactJWS.verify(
            inner, algorithm: signature, keys: keys, type: .ifPresent([]))
        #expect(String(decoding: read, as: UTF8.self) == "bonjour")
    }

    @Test(arguments: algorithms)
    func `made here is read by jwcrypto`(
        encryption: KeyManagementAlgorithm,
        signature: SignatureAlgorithm
    ) throws {
        let theirs = try SampleKeys.of(encryption.sampleKind)
        let signer =
            try signature.keyKind == .p256
            ? SampleKeys.otherP256.get() : SampleKeys.of(signature.keyKind)
        let inner = try CompactJWS.sign(
            Array("bonjour".utf8),
            algorithm: signature,
            key: signer,
            keyID: "k",
            type: "JWT"
        )
        let token = try CompactJWE.encrypt(
            Array(inner.utf8),
            algorithm: encryption,
            to: theirs.publicKey(),
            contentType: "JWT",
            random: random
        )
        let keys = JWKSet([
            JWK(
                key: try signer.publicKey(),
                use: .signature,
                algorithm: signature.rawValue,
                keyID: "k"
            )
        ])
        let read = try Jwcrypto.run(
            Jwcrypto.open,
            [
                token, String(decoding: try theirs.pem(), as: UTF8.self),
                String(decoding: try keys.json(), as: UTF8.self),
            ]
        )
        #expect(read == "bonjour")
    }
}

extension KeyManagementAlgorithm {
    /// The kind of key with which these tests play it.
    fileprivate var sampleKind: KeyKind { keyKinds.contains(.rsa) ? .rsa : .p256 }
}
