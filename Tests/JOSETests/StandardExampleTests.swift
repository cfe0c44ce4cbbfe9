import Cryptography
import JSONText
import Testing

@testable import JOSE

@Suite struct `The examples of the standards` {
    @Test(arguments: Vectors("rfc.txt").cases.filter { $0[0] == "jws" })
    func `are read when signed, or refused for what they ask`(example: Vectors.Fields) throws {
        let jwk = try #require(try JWK(parsing: Array(example[4].utf8)))
        let algorithm = try #require(SignatureAlgorithm(rawValue: example[3]))
        let keys = JWKSet([jwk])
        let read = Result {
            try CompactJWS.verify(
                Array(example[5].utf8), algorithm: algorithm, keys: keys,
                type: .ifPresent(["JWT"]))
        }
        if example[2] == "valid" {
            let segments = example[5].split(separator: ".")
            #expect(try read.get() == Base64URL.decode(String(segments[1])))
        } else {
            #expect(throws: try #require(JOSEError(rawValue: example[2]))) { try read.get() }
        }
    }

    @Test(arguments: Vectors("rfc.txt").cases.filter { $0[0] == "jwe" })
    func `are read when encrypted, or refused for what they ask`(example: Vectors.Fields) throws {
        let own = try PrivateJWK(parsing: Array(example[4].utf8))
        #expect(own.use == .encryption)
        let algorithm = try #require(KeyManagementAlgorithm(rawValue: example[3]))
        let read = Result {
            try CompactJWE.decrypt(
                Array(example[5].utf8), algorithm: algorithm,
                encryptions: ContentEncryption.allCases, keys: [own.key])
        }
        if example[2] == "valid" {
            let start = example[1].hasSuffix("-6") ? "eyJhbGciOiJQUzI1NiIs" : "You can trust us"
            #expect(String(decoding: try read.get(), as: UTF8.self).hasPrefix(start))
        } else {
            #expect(throws: try #require(JOSEError(rawValue: example[2]))) { try read.get() }
        }
    }

    /// RFC 7520 section 6: signed by one key, encrypted to another.
    @Test func `are read when nested`() throws {
        let examples = Vectors("rfc.txt").cases.filter { $0[1] == "RFC7520-6" }
        let signed = try #require(examples.first { $0[0] == "jws" })
        let sealed = try #require(examples.first { $0[0] == "jwe" })
        let signer = try #require(try JWK(parsing: Array(signed[4].utf8)))
        let claims = try NestedJWT.open(
            Array(sealed[5].utf8),
            NestedJWT.Envelope(
                algorithm: .rsaOAEP, encryptions: [.a128GCM],
                keys: [PrivateJWK(parsing: Array(sealed[4].utf8)).key]),
            signedWith: .ps256, by: JWKSet([signer]), type: .required("JWT"))
        #expect(claims.issuer == "hobbiton.example")
        #expect(claims.expiry == 1_300_819_380)
        #expect(claims.node["http://example.com/is_root"]?.bool == true)
    }

    /// RFC 8037 appendices A.1 to A.3: a private key, its public half and its thumbprint.
    @Test func `name a key of Ed25519`() throws {
        let text = #"""
            {"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
            """#
        let own = try PrivateJWK(parsing: Array(text.utf8))
        let half = try own.published()
        #expect(
            try JWK.thumbprint(of: half.key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        let token = try CompactJWS.signed(
            Array("Example of Ed25519 signing".utf8),
            header: Base64URL.encode(Array(#"{"alg":"EdDSA"}"#.utf8)), algorithm: .edDSA,
            key: own.key)
        let example = try #require(Vectors("rfc.txt").cases.first { $0[1] == "RFC8037-A.4" })
        #expect(token == example[5])
    }

    /// RFC 8037 appendix A.6, whose figures are those of RFC 7748 section 6.1.
    @Test func `agree on a secret of X25519`() throws {
        let bob = #"""
            {"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08",
            "d":"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"}
            """#
        let ephemeral = #"""
            {"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}
            """#
        let own = try PrivateJWK(parsing: Array(bob.utf8)).key
        let peer = try #require(try JWK(parsing: Array(ephemeral.utf8))).key
        #expect(
            Hex.encode(try own.agree(with: peer))
                == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    }

    /// RFC 7518 appendix B.1.
    @Test func `seal with AES-CBC and HMAC`() throws {
        let key = Array(UInt8(0)...31)
        let nonce = Hex.decode("1af38c2dc2b96ffdd86694092341bc04") ?? []
        let aad = Array("The second principle of Auguste Kerckhoffs".utf8)
        let text =
            "A cipher system must not be required to be secret, and it must be able to fall into "
            + "the hands of the enemy without inconvenience"
        let sealed = try AESCBCHMAC.seal(
            key: key, nonce: nonce, aad: aad, plaintext: Array(text.utf8))
        #expect(Hex.encode(sealed.tag) == "652c3fa36b0a7c5b3219fab3a30bc1c4")
        #expect(Hex.encode(sealed.ciphertext).hasPrefix("c80edfa32ddf39d5ef00c0b468834279"))
        let read = try AESCBCHMAC.open(
            key: key, nonce: nonce, aad: aad, ciphertext: sealed.ciphertext, tag: sealed.tag)
        #expect(String(decoding: read, as: UTF8.self) == text)
    }
}

/// Those of Project Wycheproof that are about tokens and key sets.
@Suite struct `The traps of Wycheproof` {
    @Test func `are all there`() {
        #expect(Vectors("wycheproof.txt").cases.count == 55)
    }

    @Test(arguments: Vectors("wycheproof.txt").cases)
    func `catch nothing here`(trap: Vectors.Fields) throws {
        let algorithm = try #require(SignatureAlgorithm(rawValue: trap[3]))
        let token = trap[5] == "-" ? "" : trap[5]
        let read = Result {
            try CompactJWS.verify(
                Array(token.utf8), algorithm: algorithm,
                keys: JWKSet(parsing: Array(#"{"keys":[\#(trap[4])]}"#.utf8)),
                type: .ifPresent([]))
        }
        if trap.isValid {
            #expect(try read.get() == Array("foo".utf8))
        } else {
            #expect(throws: try #require(JOSEError(rawValue: trap[1]))) { try read.get() }
        }
    }
}
