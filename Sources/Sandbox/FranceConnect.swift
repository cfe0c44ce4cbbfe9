import Cryptography
import HTTPMessages
import Platform

/// FranceConnect, version 2: the provider of identity, and the introspection for data providers.
final class FranceConnect: Sendable {
    /// Fetches a data provider's key set; `nil` when it cannot be had.
    typealias KeyFetcher = @Sendable (_ url: String) async -> [UInt8]?

    static let accessTokenLife: Int64 = 60
    static let codeLife: Int64 = 30
    static let interactionLife: Int64 = 1800
    static let ecKeyID = "pkcs11:ES256:hsm"
    static let rsaKeyID = "pkcs11:RS256:hsm"

    let town: Town
    let state = FranceConnectState()
    let clients: [String: SandboxConfiguration.Client]
    let fetchKeys: KeyFetcher
    let ecKey: PrivateKey
    /// Made only where a data provider is registered for RS256: it takes its time.
    let rsaKey: PrivateKey?
    /// A key that is published nowhere, for forgeries.
    let strangeKey: PrivateKey
    /// Makes the pairwise subjects of this run.
    let pepper: [UInt8]

    init(
        town: Town, clients: [SandboxConfiguration.Client],
        dataProviders: [SandboxConfiguration.DataProvider], fetchKeys: @escaping KeyFetcher
    ) throws(CryptographyError) {
        self.town = town
        self.clients = Dictionary(clients.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
        self.fetchKeys = fetchKeys
        ecKey = try PrivateKey.generateP256()
        rsaKey =
            dataProviders.contains(where: \.signsWithRSA)
            ? try PrivateKey.generateRSA(bits: 2048) : nil
        strangeKey = try PrivateKey.generateP256()
        pepper = Randomness.bytes(32)
        state.register(dataProviders)
    }

    /// Answers one request; `fault` spoils what an introspection says.
    func answer(
        _ request: DoubleRequest, at now: Int64, fault: Fault?, note: inout CallNote
    ) async -> DoubleReply {
        let route = request.route
        guard route.segments.starts(with: ["api", "v2"]) else { return DoubleReply(404) }
        let path = Array(route.segments.dropFirst(2))
        note.template = "/api/v2/" + path.joined(separator: "/")
        let issuer = issuer(of: request)
        switch (route.method, path) {
        case (.get, [".well-known", "openid-configuration"]):
            return .json(200, discovery(issuer))
        case (.get, ["jwks"]):
            return keySet()
        case (.get, ["authorize"]), (.post, ["authorize"]):
            return authorize(request, at: now / 1000)
        case (.post, ["token"]):
            return token(request, issuer: issuer, at: now / 1000)
        case (.get, ["userinfo"]), (.post, ["userinfo"]):
            return userinfo(request, issuer: issuer, at: now / 1000)
        case (.get, ["session", "end"]):
            return endSession(request)
        case (.post, ["token", "revocation"]):
            return revoke(request)
        case (.post, ["checktoken"]):
            return await checkToken(
                request, issuer: issuer, at: now / 1000, fault: fault, note: &note)
        case (.post, _) where path.count == 2 && path[0] == "interaction":
            note.template = "/api/v2/interaction/{id}"
            return choose(request, interaction: path[1], issuer: issuer, at: now / 1000)
        default:
            note.template = "?"
            return DoubleReply(404)
        }
    }

    /// The issuer, as whoever asks addresses it.
    private func issuer(of request: DoubleRequest) -> String {
        "http://\(request.head.authority ?? "127.0.0.1")/api/v2"
    }

    // MARK: - What other parts ask directly

    /// Opens a session for a person and gives an access token, without a browser.
    func accessToken(
        for person: Person, client: SandboxConfiguration.Client, scopes: [String],
        lifeInSeconds: Int64, at seconds: Int64
    ) -> String {
        let sessionID = randomText()
        state.open(
            FranceConnectState.Session(
                personID: person.id, clientID: client.id, scopes: scopes, nonce: nil,
                acr: "eidas1", startedAt: seconds),
            as: sessionID)
        return issueToken(sessionID, lifeInSeconds: lifeInSeconds, at: seconds)
    }

    /// What a holder that introspects a token itself learns of it, under its own registration.
    func verdict(on token: String, at seconds: Int64) -> TokenVerdict {
        guard case .active(_, let session) = state.standing(of: token, at: seconds) else {
            return .inactive
        }
        return .active(personID: session.personID, scopes: Set(session.scopes))
    }

    func issueToken(_ sessionID: String, lifeInSeconds: Int64, at seconds: Int64) -> String {
        let token = randomText()
        state.remember(
            FranceConnectState.AccessToken(
                sessionID: sessionID, issuedAt: min(seconds, seconds + lifeInSeconds - 60),
                endsAt: seconds + lifeInSeconds),
            as: token, at: seconds)
        return token
    }

    /// Forty-three characters that nobody can guess.
    func randomText() -> String { Base64URL.encode(Randomness.bytes(32)) }

    /// The scopes that mean something here: identity, and all that anybody is registered for.
    var knownScopes: Set<String> {
        Set(Self.identityScopes).union(clients.values.flatMap(\.scopes))
            .union(state.providers.flatMap(\.scopes))
    }

    static let identityScopes = [
        "openid", "identite_pivot", "profile", "birth", "gender", "birthdate", "birthplace",
        "birthcountry", "family_name", "given_name", "email", "preferred_username",
        "idp_birthdate",
    ]

    private func discovery(_ issuer: String) -> Document {
        .members([
            "issuer": .string(issuer),
            "authorization_endpoint": .string("\(issuer)/authorize"),
            "token_endpoint": .string("\(issuer)/token"),
            "userinfo_endpoint": .string("\(issuer)/userinfo"),
            "jwks_uri": .string("\(issuer)/jwks"),
            "end_session_endpoint": .string("\(issuer)/session/end"),
            "revocation_endpoint": .string("\(issuer)/token/revocation"),
            "acr_values_supported": ["eidas1"],
            "authorization_response_iss_parameter_supported": true,
            "claims_parameter_supported": true,
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256"],
            "response_modes_supported": ["query"],
            "response_types_supported": ["code"],
            "scopes_supported": .array(knownScopes.sorted().map { .string($0) }),
            "subject_types_supported": ["pairwise"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "userinfo_signing_alg_values_supported": ["ES256", "RS256"],
        ])
    }

    private func keySet() -> DoubleReply {
        guard let point = try? ecKey.publicKey().p256Coordinates() else { return DoubleReply(500) }
        var keys: [Document] = [
            .members([
                "kty": "EC", "use": "sig", "alg": "ES256", "kid": .string(Self.ecKeyID),
                "crv": "P-256", "x": .string(Base64URL.encode(point.x)),
                "y": .string(Base64URL.encode(point.y)),
            ])
        ]
        if let numbers = try? rsaKey?.publicKey().rsaComponents() {
            keys.append(
                .members([
                    "kty": "RSA", "use": "sig", "alg": "RS256", "kid": .string(Self.rsaKeyID),
                    "n": .string(Base64URL.encode(numbers.n)),
                    "e": .string(Base64URL.encode(numbers.e)),
                ]))
        }
        return .json(200, .members(["keys": .array(keys)]))
    }
}
