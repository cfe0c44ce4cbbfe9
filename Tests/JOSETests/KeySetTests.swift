import Cryptography
import JSONText
import Testing

@testable import JOSE

enum SampleKeys {
    static let rsa = Result { try PrivateKey.generateRSA(bits: 2048) }
    static let p256 = Result { try PrivateKey.generateP256() }
    static let p384 = Result { try PrivateKey.generate(.p384) }
    static let ed25519 = Result { try PrivateKey.generate(.ed25519) }
    static let x25519 = Result { try PrivateKey.generate(.x25519) }
    static let otherP256 = Result { try PrivateKey.generateP256() }

    static func of(_ kind: KeyKind) throws -> PrivateKey {
        switch kind {
        case .rsa: try rsa.get()
        case .p256: try p256.get()
        case .p384: try p384.get()
        case .ed25519: try ed25519.get()
        case .x25519: try x25519.get()
        }
    }
}

@Suite struct `A set of keys` {
    @Test func `comes back from what it publishes`() throws {
        let set = JWKSet([
            JWK(
                key: try SampleKeys.rsa.get().publicKey(),
                use: .encryption,
                algorithm: "RSA-OAEP",
                keyID: "a"
            ),
            JWK(
                key: try SampleKeys.p256.get().publicKey(),
                use: .signature,
                algorithm: "ES256",
                keyID: "b"
            ),
            JWK(
                key: try SampleKeys.p256.get().publicKey(),
                use: nil,
                algorithm: nil,
                keyID: nil
            ),
        ])
        #expect(try JWKSet(parsing: set.json()) == set)
        let text = String(decoding: try set.json(), as: UTF8.self)
        #expect(!text.contains("="))
        #expect(!text.contains("\"d\""))
        #expect(text.contains(#""use":"enc","alg":"RSA-OAEP","kid":"a""#))
    }

    /// RFC 7638 section 3.1.
    @Test func `names a key by its thumbprint`() throws {
        let n =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS"
            + "oc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65"
            + "YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyr"
            + "dkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
            + "nqDKgw"
        let key = try PublicKey(rsaModulus: Base64URL.decode(n) ?? [], exponent: [1, 0, 1])
        #expect(
            try JWK.thumbprint(of: key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        )
    }

    @Test(arguments: [
        #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#,
        #"{"keys":[{"kty":"RSA"}]}"#,
        #"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#,
        #"{"keys":[{"kty":"RSA","n":"AQAB=","e":"AQAB"}]}"#,
        #"{"keys":[{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}]}"#,
        #"{"keys":[{"kty":"EC","crv":1}]}"#,
        #"{"keys":[{"crv":"P-256"}]}"#,
        #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#,
        #"{"keys":[1]}"#, #"{"keys":{}}"#, #"{}"#, #"[]"#, #""#,
        #"{"keys":[],"keys":[]}"#,
    ])
    func `is refused when it is not one`(text: String) {
        #expect(throws: JOSEError.self) { try JWKSet(parsing: Array(text.utf8)) }
    }

    @Test func `is refused with a private part or a point off the curve`() throws {
        let point = try SampleKeys.p256.get().publicKey().p256Coordinates()
        let (x, y) = (Base64URL.encode(point.x), Base64URL.encode(point.y))
        let published = #"{"keys":[{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)","d":"AA"}]}"#
        #expect(throws: JOSEError.invalidKey) { try JWKSet(parsing: Array(published.utf8)) }
        let swapped = #"{"keys":[{"kty":"EC","crv":"P-256","x":"\#(y)","y":"\#(x)"}]}"#
        #expect(throws: JOSEError.invalidKey) { try JWKSet(parsing: Array(swapped.utf8)) }
    }

    @Test func `leaves aside keys of kinds and uses that are not known`() throws {
        let text = #"""
            {"keys":[{"kty":"OKP","crv":"Ed448","x":"AA"},{"kty":"EC","crv":"P-521"}],"more":1}
            """#
        #expect(try JWKSet(parsing: Array(text.utf8)).keys.isEmpty)
    }

    @Test func `is refused when it is too large`() {
        let text = [UInt8](repeating: 32, count: 1 << 17) + Array(#"{"keys":[]}"#.utf8)
        #expect(throws: JOSEError.tooLarge) { try JWKSet(parsing: text) }
    }

    @Test(.enabled(if: Jwcrypto.isInstalled, "python3-jwcrypto is not installed"))
    func `is read from jwcrypto`() throws {
        let script = """
            from jwcrypto import jwk
            s = jwk.JWKSet()
            s.add(jwk.JWK.generate(kty='RSA', size=2048, use='enc', alg='RSA-OAEP', kid='a'))
            s.add(jwk.JWK.generate(kty='EC', crv='P-256', use='sig', alg='ES256', kid='b'))
            print(s.export(private_keys=False), end='')
            """
        let set = try JWKSet(parsing: Array(try Jwcrypto.run(script, []).utf8))
        #expect(set.keys.count == 2)
        #expect(set.encryptionKey(.rsaOAEP)?.keyID == "a")
        #expect(set.verificationKeys(.es256, keyID: "b").count == 1)
        #expect(set.verificationKeys(.es256, keyID: "a").isEmpty)
        #expect(set.verificationKeys(.rs256, keyID: nil).isEmpty)
    }
}
