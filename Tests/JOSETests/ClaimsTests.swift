import Cryptography
import TestSupport
import Testing

@testable import JOSE

private let now: Int64 = 1_795_000_000

private func claims(_ text: String) throws -> JWTClaims {
    try JWTClaims(parsing: Array(text.utf8))
}

/// What an assertion of a service must say.
private var assertion: JWTClaims.Expectation {
    var expected = JWTClaims.Expectation()
    expected.issuer = "service"
    expected.subject = "service"
    expected.audience = "https://dlnuf.exemple"
    expected.isSoleAudience = true
    expected.maxLife = 60
    expected.hasTokenID = true
    return expected
}

private let whole = #"""
    {"iss":"service","sub":"service","aud":"https://dlnuf.exemple","iat":1795000000,
    "exp":1795000060,"jti":"a1"}
    """#

@Suite struct `The claims of a token` {
    @Test func `are believed when all is as expected`() throws {
        let read = try claims(whole)
        try read.validate(assertion, now: now)
        try read.validate(assertion, now: now + 69)
        #expect(read.audiences == ["https://dlnuf.exemple"])
        #expect(!read.hasAudienceList)
    }

    @Test(arguments: [
        ("\"iss\":\"service\"", "\"iss\":\"autre\"", JWTClaims.Refusal.issuer),
        ("\"iss\":\"service\",", "", .issuer),
        ("\"sub\":\"service\"", "\"sub\":\"Service\"", .subject),
        ("\"aud\":\"https://dlnuf.exemple\"", "\"aud\":\"https://autre.exemple\"", .audience),
        ("\"aud\":\"https://dlnuf.exemple\"", "\"aud\":\"https://dlnuf.exemple/\"", .audience),
        ("\"aud\":\"https://dlnuf.exemple\"", "\"aud\":[\"https://dlnuf.exemple\"]", .audience),
        ("\"aud\":\"https://dlnuf.exemple\",", "", .audience),
        ("\"exp\":1795000060", "\"exp\":1794999990", .expired),
        (",\n\"exp\":1795000060", "", .expired),
        ("\"exp\":1795000060", "\"exp\":1795000061", .life),
        ("\"exp\":1795000060", "\"exp\":1795000060,\"nbf\":1795000011", .notYetValid),
        ("\"iat\":1795000000", "\"iat\":1795000011", .age),
        ("\"jti\":\"a1\"", "\"n\":1", .tokenID),
    ])
    func `are refused for the first that is not`(
        old: String, new: String, expected: JWTClaims.Refusal
    ) throws {
        #expect(whole.contains(old))
        let read = try claims(whole.replacing(old, with: new))
        #expect(throws: expected) { try read.validate(assertion, now: now) }
    }

    @Test func `are refused when they are old, or do not say how old`() throws {
        var expected = JWTClaims.Expectation()
        expected.hasExpiry = false
        expected.maxAge = 30
        try claims(#"{"iat":1794999960}"#).validate(expected, now: now)
        for text in [#"{"iat":1794999959}"#, "{}"] {
            #expect(throws: JWTClaims.Refusal.age) {
                try claims(text).validate(expected, now: now)
            }
        }
    }

    @Test(arguments: [
        "", "[]", "1", "{", #"{"iss":1}"#, #"{"iss":""}"#, #"{"iss":null}"#, #"{"aud":{}}"#,
        #"{"aud":[]}"#, #"{"aud":[1]}"#, #"{"exp":"1795000060"}"#, #"{"exp":1795000060.5}"#,
        #"{"exp":1e9}"#, #"{"exp":-1}"#, #"{"exp":99999999999999999999}"#, #"{"exp":true}"#,
        #"{"iss":"a","iss":"a"}"#, #"{"iss":"a"} x"#, #"{"jti":["a"]}"#, #"{"iat":[]}"#,
    ])
    func `are refused when one has another type`(text: String) {
        #expect(throws: JOSEError.malformed) { try claims(text) }
    }

    @Test func `are refused when they are too long`() {
        let text = #"{"iss":""# + String(repeating: "a", count: 1 << 16) + #""}"#
        #expect(throws: JOSEError.tooLarge) { try claims(text) }
    }
}

@Suite struct `A proof that carries its key` {
    private static let payload = Array(#"{"jti":"p"}"#.utf8)

    @Test(arguments: [SignatureAlgorithm.es256, .es384, .edDSA, .ps256])
    func `is read where its reader asks for one`(algorithm: SignatureAlgorithm) throws {
        let key = try SampleKeys.of(algorithm.keyKind)
        let token = Array(
            try CompactJWS.sign(
                Self.payload, algorithm: algorithm, key: key, type: "dpop+jwt", embedsKey: true
            ).utf8)
        let read = try CompactJWS.verifyEmbedded(
            token, algorithms: [.es256, .es384, .edDSA, .ps256], type: .required("dpop+jwt"))
        #expect(read.payload == Self.payload)
        #expect(read.key == (try key.publicKey()))
        #expect(throws: JOSEError.unexpectedAlgorithm) {
            try CompactJWS.verifyEmbedded(
                token, algorithms: [.rs256], type: .required("dpop+jwt"))
        }
        #expect(throws: JOSEError.unexpectedAlgorithm) {
            try CompactJWS.verifyEmbedded(
                token, algorithms: [algorithm], type: .required("at+jwt"))
        }
        #expect(throws: JOSEError.unsupportedHeader) {
            try CompactJWS.verify(
                token, algorithm: algorithm, key: key.publicKey(), type: .required("dpop+jwt"))
        }
    }

    @Test(arguments: [
        ("", JOSEError.malformed), (#","jwk":1"#, .malformed),
        (#","jwk":{"kty":"oct"}"#, .invalidKey),
        (#","jwk":@,"kid":"k""#, .unsupportedHeader), (#","jwk":@,"jku":"x""#, .unsupportedHeader),
        (#","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}"#, .invalidKey),
        (#","jwk":{"kty":"OKP","crv":"Ed25519","x":"!!!!"}"#, .malformed),
        (#","jwk":#"#, .invalidKey),
    ])
    func `is refused with another key, or none`(more: String, expected: JOSEError) throws {
        let key = try SampleKeys.p256.get()
        let own = try JWK.members(of: key.publicKey())
        let other = try JWK.members(of: SampleKeys.ed25519.get().publicKey())
        func text(_ members: [(name: String, value: String)]) -> String {
            "{" + members.map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
        }
        let header =
            #"{"alg":"ES256","typ":"dpop+jwt""#
            + more.replacing("@", with: text(own)).replacing("#", with: text(other)) + "}"
        let token = try CompactJWS.signed(
            Self.payload, header: Base64URL.encode(Array(header.utf8)), algorithm: .es256, key: key)
        #expect(throws: expected) {
            try CompactJWS.verifyEmbedded(
                Array(token.utf8), algorithms: [.es256, .edDSA], type: .required("dpop+jwt"))
        }
    }
}
