import Cryptography
import HTTPMessages
import JSONText
import Testing

@testable import Sandbox

private let scopes = [
    "identite_pivot", "dgfip_rfr", "dgfip_annee_n_moins_2", "cnaf_quotient_familial",
]

/// FranceConnect with one client, one data provider and its key.
private struct Stage {
    let franceConnect: FranceConnect
    let key: PrivateKey
    let serviceClient: SandboxConfiguration.Client
    let providerID = String(repeating: "d", count: 32)

    private static let rsaKey = try? PrivateKey.generateRSA(bits: 2048)

    init(_ algorithm: Sealing.KeyAlgorithm = .rsaOAEP, signsWithRSA: Bool = false) throws {
        key =
            algorithm == .ecdhES
            ? try PrivateKey.generateP256() : try #require(Self.rsaKey)
        serviceClient = SandboxConfiguration.Client(
            id: "client-cnaf", secret: "secret-cnaf", title: "CNAF",
            redirectURIs: ["https://cnaf.example/retour"],
            postLogoutURIs: ["https://cnaf.example/adieu"], scopes: scopes)
        let set = try Self.keySet(key, algorithm)
        franceConnect = try FranceConnect(
            town: .standard, clients: [serviceClient],
            dataProviders: [
                SandboxConfiguration.DataProvider(
                    holder: "cnav", clientID: providerID, secret: "secret-fd",
                    keysURL: "http://127.0.0.1/jwks", scopes: ["openid", "cnaf_quotient_familial"],
                    keyAlgorithm: algorithm, signsWithRSA: signsWithRSA)
            ],
            fetchKeys: { $0 == "http://127.0.0.1/jwks" ? set : nil })
    }

    private static func keySet(
        _ key: PrivateKey, _ algorithm: Sealing.KeyAlgorithm
    ) throws -> [UInt8] {
        var members: [(String, Document)] = [
            ("use", "enc"), ("alg", .string(algorithm.rawValue)),
        ]
        if algorithm == .ecdhES {
            let point = try key.publicKey().p256Coordinates()
            members += [
                ("kty", "EC"), ("crv", "P-256"), ("x", .string(Base64URL.encode(point.x))),
                ("y", .string(Base64URL.encode(point.y))),
            ]
        } else {
            let numbers = try key.publicKey().rsaComponents()
            members += [
                ("kty", "RSA"), ("n", .string(Base64URL.encode(numbers.n))),
                ("e", .string(Base64URL.encode(numbers.e))),
            ]
        }
        let jwk = Document.object(members.map { Document.Member(name: $0.0, value: $0.1) })
        let signing: Document = .members(["kty": "EC", "use": "sig"])
        return Document.members(["keys": .array([signing, jwk])]).bytes
    }

    func token(
        for id: String = "maelle-kerouanton", scopes wanted: [String] = scopes,
        at now: Int64 = today
    ) throws -> String {
        let person = try #require(Town.standard.person(id))
        return franceConnect.accessToken(
            for: person, client: serviceClient, scopes: wanted, lifeInSeconds: 60, at: now / 1000)
    }

    func ask(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [],
        form: [(String, String)]? = nil, bearer: String? = nil, at now: Int64 = today,
        fault: Fault? = nil
    ) async -> DoubleReply {
        var headers: [(String, String)] = []
        if form != nil { headers.append(("Content-Type", FormEncoding.mediaType)) }
        if let bearer { headers.append(("Authorization", "Bearer \(bearer)")) }
        var note = CallNote()
        return await franceConnect.answer(
            asking(
                method, "/api/v2/\(path)", query: query, headers: headers,
                body: Array(FormEncoding.serialize(form ?? []).utf8)),
            at: now, fault: fault, note: &note)
    }

    func check(
        _ token: String, secret: String = "secret-fd", more: [(String, String)] = [],
        at now: Int64 = today, fault: Fault? = nil
    ) async -> DoubleReply {
        await ask(
            .post, "checktoken",
            form: [("client_id", providerID), ("client_secret", secret), ("token", token)] + more,
            at: now, fault: fault)
    }

    func read(_ reply: DoubleReply) async throws -> DoubleReply {
        let keys = await ask(.get, "jwks").body
        let text = String(decoding: reply.body, as: UTF8.self)
        return DoubleReply(
            200, try IndependentReader.read(introspection: text, key: key, signingKeys: keys))
    }
}

@Suite struct `An introspection` {
    @Test(
        .enabled(if: IndependentReader.isThere, "python3-jwcrypto manque"),
        arguments: [
            (Sealing.KeyAlgorithm.rsaOAEP, false), (.rsaOAEP256, false), (.ecdhES, false),
            (.rsaOAEP, true),
        ])
    func `is a JWS in a JWE that an independent reader opens`(
        algorithm: Sealing.KeyAlgorithm, signsWithRSA: Bool
    ) async throws {
        let stage = try Stage(algorithm, signsWithRSA: signsWithRSA)
        let token = try stage.token()
        let reply = await stage.check(token)
        #expect(reply.status == 200)
        #expect(reply.header("Content-Type") == "application/token-introspection+jwt")
        let read = try await stage.read(reply)
        #expect(try read.text("jwe") == (algorithm == .ecdhES ? "{3}" : "{2}"))
        #expect(try read.text("jwe.alg") == algorithm.rawValue)
        #expect(try read.text("jws") == "{2}")
        #expect(try read.text("jws.alg") == (signsWithRSA ? "RS256" : "ES256"))
        #expect(try read.text("payload") == "{4}")
        #expect(try read.text("payload.aud") == stage.providerID)
        let told = "payload.token_introspection"
        #expect(try read.text("\(told).active") == "true")
        #expect(try read.text("\(told).aud") == "client-cnaf")
        #expect(try read.text("\(told).jti") == token)
        #expect(try read.text("\(told).scope") == "cnaf_quotient_familial")
        #expect(try read.text("\(told).family_name") == "KÉROUANTON")
        #expect(try read.text("\(told).given_name_array") == "[2]")
        #expect(try read.text("\(told).birthplace") == "29019")
        #expect(try read.text(told) == "{15}")
    }

    @Test(.enabled(if: IndependentReader.isThere, "python3-jwcrypto manque"))
    func `of a dead token says nothing else`() async throws {
        let stage = try Stage()
        let token = try stage.token()
        for (text, later) in [("tototototo", Int64(0)), (token, 60_000)] {
            let reply = await stage.check(text, at: today + later)
            #expect(reply.status == 200)
            let read = try await stage.read(reply)
            #expect(try read.text("payload.token_introspection") == "{1}")
            #expect(try read.text("payload.token_introspection.active") == "false")
        }
    }

    @Test(.enabled(if: IndependentReader.isThere, "python3-jwcrypto manque"))
    func `completes presumed dates and leaves no place abroad`() async throws {
        let stage = try Stage()
        let read = try await stage.read(stage.check(stage.token(for: "amadou-diakhoumpa")))
        let told = "payload.token_introspection"
        #expect(try read.text("\(told).birthdate") == "1975-01-01")
        #expect(try read.text("\(told).birthplace") == "")
        #expect(try read.text("\(told).birthcountry") == "99341")
        let other = try await stage.read(stage.check(stage.token(for: "lucas-genty-lavaud")))
        #expect(try other.text("\(told).gender") == "unspecified")
    }

    @Test func `is refused as FranceConnect refuses it`() async throws {
        let stage = try Stage()
        let token = try stage.token()
        let extra = await stage.check(token, more: [("token_type_hint", "access_token")])
        #expect(extra.status == 400)
        #expect(try extra.text("error") == "invalid_request")
        #expect(try await stage.check("").text("error") == "invalid_request")
        let stranger = await stage.check(token, secret: "faux")
        #expect(stranger.status == 401)
        #expect(try stranger.text("error") == "invalid_client")
        let closed = await stage.check(token, fault: .deconnecte)
        #expect(closed.status == 401)
        #expect(try closed.text("error") == "access_denied")
        #expect(try await stage.check(token, fault: .cles).text("error") == "server_error")
    }

    @Test(.enabled(if: IndependentReader.isThere, "python3-jwcrypto manque"))
    func `can be forged in ways that a reader notices`() async throws {
        let stage = try Stage()
        let token = try stage.token()
        for fault in [
            Fault.signature, .algNone, .hs256, .mauvaiseCle, .kidInconnu, .chiffrement, .enClair,
        ] {
            let reply = await stage.check(token, fault: fault)
            #expect(reply.status == 200)
            await #expect(throws: (any Error).self, "\(fault)") { try await stage.read(reply) }
        }
        let audience = try await stage.read(stage.check(token, fault: .audience))
        #expect(try audience.text("payload.aud") != stage.providerID)
        let late = try await stage.read(stage.check(token, fault: .iatFutur))
        #expect(try late.text("payload.iat") == "\(today / 1000 + 3600)")
        let over = try await stage.read(stage.check(token, fault: .expire))
        #expect(try over.text("payload.token_introspection.active") == "true")
        #expect(
            try over.text("payload.token_introspection.exp") == "\(today / 1000 - 1)")
    }
}

@Suite struct `A login` {
    private let verifier = String(repeating: "v", count: 43)

    private func parameters(
        _ changes: [String: String?] = [:]
    ) -> [(String, String)] {
        var all: [(String, String?)] = [
            ("response_type", "code"), ("client_id", "client-cnaf"),
            ("redirect_uri", "https://cnaf.example/retour"),
            ("scope", "openid identite_pivot dgfip_rfr scope_inconnu"), ("acr_values", "eidas1"),
            ("state", String(repeating: "s", count: 22)),
            ("nonce", String(repeating: "n", count: 22)),
            ("code_challenge", Base64URL.encode(sha256(Array(verifier.utf8)))),
            ("code_challenge_method", "S256"),
        ]
        for (name, value) in changes {
            all.removeAll { $0.0 == name }
            all.append((name, value))
        }
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    private func fields(of location: String?) throws -> FormFields {
        let query = try #require(location?.split(separator: "?").last)
        return try FormEncoding.parse(query: String(query))
    }

    /// Logs somebody in, and gives the code.
    private func code(_ stage: Stage, at now: Int64 = today) async throws -> String {
        let page = await stage.ask(.get, "authorize", query: parameters(), at: now)
        #expect(page.status == 200)
        let html = String(decoding: page.body, as: UTF8.self)
        #expect(html.contains("Direction générale des Finances publiques"))
        let action = try #require(html.split(separator: "/interaction/").dropFirst().first)
        let id = String(action.prefix { $0 != "\"" })
        let back = await stage.ask(
            .post, "interaction/\(id)", form: [("personne", "zoe-lannezval")], at: now)
        #expect(back.status == 303)
        let fields = try fields(of: back.header("Location"))
        #expect(fields.only("state") == String(repeating: "s", count: 22))
        return try #require(fields.only("code"))
    }

    private func exchange(
        _ stage: Stage, _ code: String, verifier: String, at now: Int64 = today
    ) async -> DoubleReply {
        await stage.ask(
            .post, "token",
            form: [
                ("grant_type", "authorization_code"), ("client_id", "client-cnaf"),
                ("client_secret", "secret-cnaf"), ("code", code),
                ("redirect_uri", "https://cnaf.example/retour"), ("code_verifier", verifier),
            ], at: now)
    }

    @Test func `gives tokens for a code, once and within thirty seconds`() async throws {
        let stage = try Stage()
        let code = try await code(stage)
        let tokens = await exchange(stage, code, verifier: verifier)
        #expect(tokens.status == 200)
        #expect(try tokens.text("expires_in") == "60")
        #expect(try tokens.text("scope") == "openid identite_pivot dgfip_rfr")
        #expect(await exchange(stage, code, verifier: verifier).status == 400)
        let other = try await self.code(stage)
        #expect(await exchange(stage, other, verifier: verifier, at: today + 30_000).status == 400)
        let third = try await self.code(stage)
        #expect(
            await exchange(stage, third, verifier: String(repeating: "w", count: 43)).status
                == 400)
    }

    @Test func `ends with the session, whose tokens are then refused`() async throws {
        let stage = try Stage()
        let tokens = await exchange(stage, try await code(stage), verifier: verifier)
        let access = try #require(try tokens.text("access_token"))
        let idToken = try #require(try tokens.text("id_token"))
        let info = await stage.ask(.get, "userinfo", bearer: access)
        #expect(info.header("Content-Type") == "application/jwt")
        let claims = try #require(
            stage.franceConnect.verifiedClaims(of: String(decoding: info.body, as: UTF8.self)))
        #expect(claims["family_name"] == "LANNEZVAL")
        #expect(claims["sub"] == stage.franceConnect.verifiedClaims(of: idToken)?["sub"])
        let goodbye = await stage.ask(
            .get, "session/end",
            query: [
                ("id_token_hint", idToken), ("state", "au-revoir"),
                ("post_logout_redirect_uri", "https://cnaf.example/adieu"),
            ])
        #expect(goodbye.header("Location") == "https://cnaf.example/adieu?state=au-revoir")
        #expect(await stage.check(access).status == 401)
        #expect(await stage.ask(.get, "userinfo", bearer: access).status == 401)
    }

    @Test(
        arguments: [
            ("client_id", "inconnu", 400, nil),
            ("redirect_uri", "https://ailleurs.example", 400, nil),
            ("nonce", "court", 400, nil), ("state", "court", 400, nil), ("nonce", nil, 400, nil),
            ("acr_values", "eidas3", 303, "invalid_acr"),
            ("code_challenge_method", "plain", 303, "invalid_request"),
            ("response_type", "token", 303, "unsupported_response_type"),
        ] as [(String, String?, Int, String?)])
    func `is refused on a page or by redirection`(
        name: String, value: String?, status: Int, error: String?
    ) async throws {
        let stage = try Stage()
        let reply = await stage.ask(.get, "authorize", query: parameters([name: value]))
        #expect(reply.status == status)
        if let error {
            #expect(try fields(of: reply.header("Location")).only("error") == error)
        }
    }
}
