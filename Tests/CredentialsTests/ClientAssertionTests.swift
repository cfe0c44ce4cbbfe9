import Cryptography
import JOSE
import Testing
import Vocabulary

@testable import Credentials

@Suite struct `A client's assertion` {
    @Test(arguments: ["caf-jwt", "cle-de-la-caf", nil])
    func `is taken under any name of its key`(keyID: String?) throws {
        let bench = try Bench()
        let assertion = try bench.judge(try bench.assertion(keyID: keyID))
        #expect(assertion.client.id == "caf")
        #expect(assertion.credential.name == "caf-jwt")
        #expect(assertion.rememberedUntil > Bench.now.adding(seconds: 60))
    }

    static let bad: [(String, [String: String?], ProblemCode)] = [
        (
            "expired", ["iat": "\(Bench.seconds(-80))", "exp": "\(Bench.seconds(-20))"],
            .assertionPerimee
        ),
        (
            "expired just beyond the skew",
            ["iat": "\(Bench.seconds(-60))", "exp": "\(Bench.seconds(-10))"], .assertionPerimee
        ),
        (
            "of the future", ["iat": "\(Bench.seconds(30))", "exp": "\(Bench.seconds(60))"],
            .assertionFuture
        ),
        ("not before tomorrow", ["nbf": "\(Bench.seconds(86_400))"], .assertionFuture),
        ("too long", ["exp": "\(Bench.seconds(61))"], .assertionTropLongue),
        (
            "ending before it begins",
            ["iat": "\(Bench.seconds(5))", "exp": "\(Bench.seconds(4))"], .assertionTropLongue
        ),
        (
            "for us and another", ["aud": "[\"\(Bench.issuer)\",\"https://autre.exemple\"]"],
            .assertionAutreDestinataire
        ),
        ("for a list of us alone", ["aud": "[\"\(Bench.issuer)\"]"], .assertionAutreDestinataire),
        ("for another issuer", ["aud": "\"https://autre.exemple\""], .assertionAutreDestinataire),
        ("for the token endpoint", ["aud": "\"\(Bench.tokenURL)\""], .assertionAutreDestinataire),
        ("for us with a slash", ["aud": "\"\(Bench.issuer)/\""], .assertionAutreDestinataire),
        ("for nobody", ["aud": nil], .assertionAutreDestinataire),
        (
            "of a client that is not there", ["iss": "\"autre\"", "sub": "\"autre\""],
            .clientInconnu
        ),
        ("of a client about another", ["sub": "\"autre\""], .assertionMalFormee),
        ("without issuer", ["iss": nil], .assertionMalFormee),
        ("without subject", ["sub": nil], .assertionMalFormee),
        ("without name", ["jti": nil], .assertionMalFormee),
        ("with a short name", ["jti": "\"a\""], .assertionMalFormee),
        ("with a number for a name", ["jti": "12345678"], .assertionMalFormee),
        (
            "with a long name", ["jti": "\"\(String(repeating: "a", count: 129))\""],
            .assertionMalFormee
        ),
        ("without date", ["iat": nil], .assertionMalFormee),
        ("without end", ["exp": nil], .assertionMalFormee),
        ("with a text for an end", ["exp": "\"\(Bench.seconds(60))\""], .assertionMalFormee),
        ("with half a second", ["exp": "\(Bench.seconds(30)).5"], .assertionMalFormee),
        ("with an end past all calendars", ["exp": "9223372036854775807"], .assertionMalFormee),
        ("with an end before all", ["exp": "-1"], .assertionMalFormee),
    ]

    @Test(arguments: bad.indices)
    func `is refused for what it says`(index: Int) throws {
        let (name, changes, expected) = Self.bad[index]
        let bench = try Bench()
        let assertion = try bench.assertion(changes)
        #expect(code { _ = try bench.judge(assertion) } == expected, "\(name)")
    }

    @Test func `is refused when a member is there twice`() throws {
        let bench = try Bench()
        let twice = Bench.claims().dropLast() + ",\"aud\":\"\(Bench.issuer)\"}"
        let assertion = try token("{\"alg\":\"ES256\",\"kid\":\"caf-jwt\"}", String(twice)) {
            try bench.key.signES256($0)
        }
        #expect(code { _ = try bench.judge(assertion) } == .assertionMalFormee)
    }

    @Test func `is never taken without the registered algorithm`() throws {
        let bench = try Bench()
        let claims = Bench.claims()
        let none = token("{\"alg\":\"none\",\"kid\":\"caf-jwt\"}", claims) { _ in [] }
        #expect(code { _ = try bench.judge(none) } == .assertionAlgorithmeRefuse)
        // The public key, as HMAC's: the confusion that asks the token for the algorithm.
        let publicKey = try bench.key.publicKey().pem()
        let confused = token("{\"alg\":\"HS256\",\"kid\":\"caf-jwt\"}", claims) {
            hmacSHA256(key: publicKey, $0)
        }
        #expect(code { _ = try bench.judge(confused) } == .assertionAlgorithmeRefuse)
        let rsa = try PrivateKey.generateRSA(bits: 2048)
        let other = try CompactJWS.sign(
            Array(claims.utf8), algorithm: .rs256, key: rsa, keyID: "caf-jwt", type: "JWT")
        #expect(code { _ = try bench.judge(other) } == .assertionAlgorithmeRefuse)
    }

    @Test(arguments: ["\"jwk\":{}", "\"jku\":\"https://x\"", "\"crit\":[\"b64\"],\"b64\":false"])
    func `is refused with a header that asks for more`(member: String) throws {
        let bench = try Bench()
        let assertion = try token(
            "{\"alg\":\"ES256\",\"kid\":\"caf-jwt\",\(member)}", Bench.claims()
        ) { try bench.key.signES256($0) }
        #expect(code { _ = try bench.judge(assertion) } == .assertionMalFormee)
    }

    @Test func `is refused under a key that is not the client's`() throws {
        let (bench, other) = (try Bench(), try Bench())
        let stranger = try other.assertion()
        #expect(code { _ = try bench.judge(stranger) } == .assertionSignatureFausse)
        let unknown = try bench.assertion(keyID: "inconnue")
        #expect(code { _ = try bench.judge(unknown) } == .assertionCleInconnue)
        // A certificate signs nothing.
        let certificate = try bench.assertion(keyID: "caf-cert")
        #expect(code { _ = try bench.judge(certificate) } == .assertionCleInconnue)
    }

    @Test func `is refused once its key ended or was revoked`() throws {
        let bench = try Bench()
        let assertion = try bench.assertion()
        let revoked = try bench.registry.revoking("caf-jwt", at: Bench.now).registry
        #expect(code { _ = try bench.judge(assertion, registry: revoked) } == .titreRevoque)
        let later = Bench.now.adding(seconds: 86_400)
        let seconds = later.milliseconds / 1000
        let late = try bench.assertion(["iat": "\(seconds)", "exp": "\(seconds + 60)"])
        #expect(code { _ = try bench.judge(late, at: later) } == .titreFini)
        #expect(code { _ = try bench.judge(assertion, in: .sandbox) } == .clientInconnu)
    }

    @Test func `is refused when it is no token, or a huge one`() throws {
        let bench = try Bench()
        let good = try bench.assertion()
        let bad = [
            "", ".", "..", "a.b.c", String(good.dropLast(90)), good + ".x",
            String(repeating: "a", count: 1 << 20), "é.é.é",
        ]
        for text in bad {
            #expect(code { _ = try bench.judge(text) } == .assertionMalFormee)
        }
    }

    /// Whatever byte changes, nothing passes.
    @Test func `is refused with any byte changed`() throws {
        let bench = try Bench()
        let bytes = Array(try bench.assertion().utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : 0x41
            let text = String(decoding: changed, as: UTF8.self)
            #expect(code { _ = try bench.judge(text) } != nil, "byte \(index)")
        }
    }
}
