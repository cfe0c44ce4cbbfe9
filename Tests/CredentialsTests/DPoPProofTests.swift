import Cryptography
import JOSE
import Testing
import Vocabulary

@testable import Credentials

@Suite struct `A proof of possession` {
    static let request = ProvenRequest(method: "POST", url: Bench.tokenURL)

    private func judge(_ proof: String) throws -> DPoPProof {
        try DPoPProof([proof], of: Self.request, at: Bench.now)
    }

    @Test(arguments: [
        Bench.tokenURL, Bench.tokenURL + "?a=b", Bench.tokenURL + "#c",
        "HTTPS://Passerelle.Exemple/oauth2/token",
    ])
    func `is of its request, whatever query and case of the host`(url: String) throws {
        let prover = try Prover()
        let proof = try judge(try prover.proof(["htu": "\"\(url)\""]))
        #expect(proof.thumbprint == (try JWK.thumbprint(of: prover.key.publicKey())))
        #expect(proof.nonce == nil)
    }

    static let bad: [(String, [String: String?], [String: String?], ProblemCode)] = [
        ("another method", ["htm": "\"GET\""], [:], .preuveAutreRequete),
        ("a small method", ["htm": "\"post\""], [:], .preuveAutreRequete),
        ("another path", ["htu": "\"\(Bench.issuer)/v1/echanges\""], [:], .preuveAutreRequete),
        (
            "another host", ["htu": "\"https://autre.exemple/oauth2/token\""], [:],
            .preuveAutreRequete
        ),
        (
            "plain http", ["htu": "\"http://passerelle.exemple/oauth2/token\""], [:],
            .preuveAutreRequete
        ),
        (
            "a path in capitals", ["htu": "\"\(Bench.issuer)/OAUTH2/token\""], [:],
            .preuveAutreRequete
        ),
        ("a longer path", ["htu": "\"\(Bench.tokenURL)/\""], [:], .preuveAutreRequete),
        ("an old date", ["iat": "\(Bench.seconds(-71))"], [:], .preuvePerimee),
        ("a future date", ["iat": "\(Bench.seconds(11))"], [:], .preuveFuture),
        ("no date", ["iat": nil], [:], .preuveMalFormee),
        ("a text for a date", ["iat": "\"\(Bench.seconds())\""], [:], .preuveMalFormee),
        ("no name", ["jti": nil], [:], .preuveMalFormee),
        ("no method", ["htm": nil], [:], .preuveMalFormee),
        ("no address", ["htu": nil], [:], .preuveMalFormee),
        ("a nonce that is no text", ["nonce": "1"], [:], .preuveMalFormee),
        ("no type", [:], ["typ": nil], .preuveMalFormee),
        ("a JWT's type", [:], ["typ": "\"JWT\""], .preuveMalFormee),
        ("no key", [:], ["jwk": nil], .preuveMalFormee),
        ("no algorithm", [:], ["alg": nil], .preuveMalFormee),
        ("none", [:], ["alg": "\"none\""], .preuveAlgorithmeRefuse),
        ("HMAC", [:], ["alg": "\"HS256\""], .preuveAlgorithmeRefuse),
        ("another kind of key", [:], ["alg": "\"RS256\""], .preuveMalFormee),
        ("a critical extension", [:], ["crit": "[\"x\"]"], .preuveMalFormee),
        ("a key's address", [:], ["jku": "\"https://x\""], .preuveMalFormee),
    ]

    @Test(arguments: bad.indices)
    func `is refused for what it says`(index: Int) throws {
        let (name, claims, header, expected) = Self.bad[index]
        let proof = try Prover().proof(claims, header: header)
        #expect(code { _ = try judge(proof) } == expected, "\(name)")
    }

    @Test func `is refused with a private key in it, or another's`() throws {
        let (prover, other) = (try Prover(), try Prover())
        let secret = Base64URL.encode(try prover.key.secret())
        let open = try prover.jwk.dropLast() + ",\"d\":\"\(secret)\"}"
        let told = try prover.proof(header: ["jwk": String(open)])
        #expect(code { _ = try judge(told) } == .preuveMalFormee)
        let stolen = try prover.proof(header: ["jwk": try other.jwk])
        #expect(code { _ = try judge(stolen) } == .preuveSignatureFausse)
    }

    @Test func `is one, of a bounded size`() throws {
        let prover = try Prover()
        let proof = try prover.proof()
        let fields: [([String], ProblemCode)] = [
            ([], .preuveAbsente), ([proof, proof], .preuveMalFormee), ([""], .preuveMalFormee),
            ([String(repeating: "a", count: 1 << 20)], .preuveMalFormee),
        ]
        for (values, expected) in fields {
            let found = code { _ = try DPoPProof(values, of: Self.request, at: Bench.now) }
            #expect(found == expected)
        }
    }

    @Test func `names the token that it goes with`() throws {
        let prover = try Prover()
        let digest = Base64URL.encode(sha256(Array("jeton".utf8)))
        try judge(try prover.proof(["ath": "\"\(digest)\""])).check(token: "jeton")
        for ath in ["\"\(digest)\"", "\"\"", "\"é\"", nil] as [String?] {
            let proof = try judge(try prover.proof(["ath": ath]))
            #expect(code { try proof.check(token: "autre") } == .preuveAutreJeton)
        }
        let bare = try judge(try prover.proof())
        #expect(code { try bare.check(token: "jeton") } == .preuveAutreJeton)
    }
}

@Suite struct `A nonce` {
    private let nonces = DPoPNonces(key: [UInt8](repeating: 1, count: 32), capacity: 3)
    private let slot = DPoPNonces.slotSeconds

    private func proof(_ nonce: String?, _ id: String, at now: Timestamp) throws -> DPoPProof {
        let proof = try Prover().proof([
            "nonce": nonce.map { "\"\($0)\"" }, "jti": "\"\(id)\"",
            "iat": "\(now.milliseconds / 1000)",
        ])
        return try DPoPProof([proof], of: `A proof of possession`.request, at: now)
    }

    @Test func `is good in its slot and in the next`() throws {
        let nonce = nonces.current(at: Bench.now)
        try nonces.take(try proof(nonce, "preuve-01", at: Bench.now), at: Bench.now)
        let next = Bench.now.adding(seconds: slot)
        try nonces.take(try proof(nonce, "preuve-02", at: next), at: next)
        let late = Bench.now.adding(seconds: 2 * slot)
        let stale = try proof(nonce, "preuve-03", at: late)
        #expect(code { try nonces.take(stale, at: late) } == .preuveNoncePerime)
        #expect(nonces.current(at: late) != nonce)
    }

    @Test func `is only ours, of this start`() throws {
        let other = DPoPNonces(key: [UInt8](repeating: 2, count: 32))
        for nonce in [other.current(at: Bench.now), "", "inconnu"] {
            let proof = try proof(nonce, "preuve-01", at: Bench.now)
            #expect(code { try nonces.take(proof, at: Bench.now) } == .preuveNoncePerime)
        }
        let bare = try proof(nil, "preuve-01", at: Bench.now)
        #expect(code { try nonces.take(bare, at: Bench.now) } == .preuveSansNonce)
    }

    @Test func `lets each proof pass once, and never too many`() throws {
        let nonce = nonces.current(at: Bench.now)
        let first = try proof(nonce, "preuve-01", at: Bench.now)
        try nonces.take(first, at: Bench.now)
        #expect(code { try nonces.take(first, at: Bench.now) } == .preuveRejouee)
        // The same name under another key is another proof.
        for _ in 0..<2 {
            try nonces.take(try proof(nonce, "preuve-01", at: Bench.now), at: Bench.now)
        }
        let fourth = try proof(nonce, "preuve-04", at: Bench.now)
        #expect(code { try nonces.take(fourth, at: Bench.now) } == .passerelleSaturee)
        // Room comes back when the slots have passed.
        let later = Bench.now.adding(seconds: 3 * slot)
        let fresh = try proof(nonces.current(at: later), "preuve-05", at: later)
        try nonces.take(fresh, at: later)
    }
}
