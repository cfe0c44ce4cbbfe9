import Cryptography
import TestSupport
import Testing

@testable import JOSE

private let payload = Array(#"{"iss":"fc"}"#.utf8)

private func set(_ key: PrivateKey, keyID: String? = "k", use: JWK.Use? = .signature) throws
    -> JWKSet
{
    JWKSet([JWK(key: try key.publicKey(), use: use, algorithm: nil, keyID: keyID)])
}

private func token(_ header: String, signedWith key: PrivateKey) throws -> [UInt8] {
    let content =
        Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(payload)
    let signature = try key.signES256(Array(content.utf8))
    return Array((content + "." + Base64URL.encode(signature)).utf8)
}

@Suite struct `A signed token` {
    @Test func `is the one of RFC 7515`() throws {
        let rsa = try Figures.rsa(Figures.signatureKey)
        let read = try CompactJWS.verify(
            Array(Figures.signedRS256.utf8),
            algorithm: .rs256,
            key: rsa.publicKey(),
            type: .ifPresent([])
        )
        #expect(String(decoding: read, as: UTF8.self) == Figures.claims)
        let again = try CompactJWS.signed(
            Array(Figures.claims.utf8),
            header: Base64URL.encode(Array(#"{"alg":"RS256"}"#.utf8)),
            algorithm: .rs256,
            key: rsa
        )
        #expect(again == Figures.signedRS256)
        let key = try PublicKey(
            p256X: Base64URL.decode(Figures.pointOfSignature.x) ?? [],
            y: Base64URL.decode(Figures.pointOfSignature.y) ?? []
        )
        let other = try CompactJWS.verify(
            Array(Figures.signedES256.utf8),
            algorithm: .es256,
            key: key,
            type: .ifPresent([])
        )
        #expect(String(decoding: other, as: UTF8.self) == Figures.claims)
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `comes back, by the key that it names`(algorithm: SignatureAlgorithm) throws {
        let key = try SampleKeys.of(algorithm.keyKind)
        let text = try CompactJWS.sign(
            payload,
            algorithm: algorithm,
            key: key,
            keyID: "k",
            type: "token-introspection+jwt"
        )
        let token = Array(text.utf8)
        let types = ExpectedType.required("application/Token-Introspection+JWT")
        #expect(
            try CompactJWS.verify(token, algorithm: algorithm, keys: set(key), type: types)
                == payload
        )
        #expect(throws: JOSEError.unexpectedAlgorithm) {
            try CompactJWS.verify(
                token, algorithm: algorithm, keys: set(key), type: .ifPresent(["JWT"]))
        }
        #expect(throws: JOSEError.unknownKey) {
            try CompactJWS.verify(
                token,
                algorithm: algorithm,
                keys: set(key, keyID: "other"),
                type: types
            )
        }
        #expect(throws: JOSEError.unknownKey) {
            try CompactJWS.verify(
                token,
                algorithm: algorithm,
                keys: set(key, use: .encryption),
                type: types
            )
        }
        for wrong in SignatureAlgorithm.allCases where wrong != algorithm {
            #expect(throws: JOSEError.unexpectedAlgorithm) {
                try CompactJWS.verify(token, algorithm: wrong, keys: set(key), type: types)
            }
        }
        #expect(throws: JOSEError.tooLarge) {
            try CompactJWS.verify(
                token,
                algorithm: algorithm,
                keys: set(key),
                type: types,
                maxBytes: 100
            )
        }
    }

    @Test func `is refused from another key of that name`() throws {
        let token = try token(#"{"alg":"ES256","kid":"k"}"#, signedWith: SampleKeys.p256.get())
        #expect(throws: JOSEError.invalidSignature) {
            try CompactJWS.verify(
                token,
                algorithm: .es256,
                keys: set(SampleKeys.otherP256.get()),
                type: .ifPresent([])
            )
        }
    }

    @Test(arguments: [
        (#"{"alg":"none"}"#, JOSEError.unexpectedAlgorithm),
        (#"{"alg":"HS256"}"#, .unexpectedAlgorithm),
        (#"{"alg":"es256"}"#, .unexpectedAlgorithm),
        (#"{"alg":"ES256","crit":["exp"],"exp":1}"#, .unsupportedHeader),
        (#"{"alg":"ES256","zip":"DEF"}"#, .unsupportedHeader),
        (#"{"alg":"ES256","jku":"https://mechant.fr"}"#, .unsupportedHeader),
        (#"{"alg":"ES256","x5u":"https://mechant.fr"}"#, .unsupportedHeader),
        (#"{"alg":"ES256","x5c":[]}"#, .unsupportedHeader),
        (#"{"alg":"ES256","jwk":{}}"#, .unsupportedHeader),
        (#"{"alg":"ES256","b64":false}"#, .unsupportedHeader),
        (#"{"alg":"ES256","alg":"ES256"}"#, .malformed),
        (#"{"alg":["ES256"]}"#, .malformed),
        (#"{"alg":"ES256","kid":1}"#, .malformed),
        (#"{"kid":"k"}"#, .malformed),
        (#"["alg","ES256"]"#, .malformed),
        (#"{"alg":"ES256"} "}"#, .malformed),
        ("", .malformed),
    ])
    func `is refused for its header`(header: String, expected: JOSEError) throws {
        let key = try SampleKeys.p256.get()
        let token = try token(header, signedWith: key)
        #expect(throws: expected) {
            try CompactJWS.verify(token, algorithm: .es256, keys: set(key), type: .ifPresent([]))
        }
    }

    @Test(arguments: ["", ".", "..", "a.b", "a.b.c.d", "....", "a..", "=.=.=", "é.é.é"])
    func `is refused for its segments`(text: String) throws {
        #expect(throws: JOSEError.malformed) {
            try CompactJWS.verify(
                Array(text.utf8),
                algorithm: .es256,
                keys: set(SampleKeys.p256.get()),
                type: .ifPresent([])
            )
        }
    }

    @Test(arguments: 0..<200)
    func `is refused with any one byte changed`(seed: UInt64) throws {
        var generator = Seeded(seed)
        let algorithm = SignatureAlgorithm.allCases[Int(seed % 5)]
        let key = try SampleKeys.of(algorithm.keyKind)
        let text = try CompactJWS.sign(
            payload, algorithm: algorithm, key: key, keyID: "k", type: "JWT")
        var token = Array(text.utf8)
        let index = Int.random(in: 0..<token.count, using: &generator)
        token[index] ^= UInt8.random(in: 1...255, using: &generator)
        #expect(throws: JOSEError.self) {
            try CompactJWS.verify(
                token, algorithm: algorithm, keys: set(key), type: .ifPresent(["JWT"]))
        }
    }
}
