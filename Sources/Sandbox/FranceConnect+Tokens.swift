import Cryptography
import HTTPMessages
import JSONText

extension FranceConnect {
    /// Exchanges a code for the tokens.
    func token(_ request: DoubleRequest, issuer: String, at seconds: Int64) -> DoubleReply {
        guard let form = request.form, let grant = form.only("grant_type"),
            let clientID = form.only("client_id"), let secret = form.only("client_secret"),
            let redirectURI = form.only("redirect_uri"), let text = form.only("code")
        else {
            return Self.error(
                400, "invalid_request", "Required parameter missing or invalid.")
        }
        guard grant == "authorization_code" else {
            return Self.error(400, "unsupported_grant_type", "unsupported grant_type requested")
        }
        guard let client = clients[clientID], client.secret == secret else {
            return Self.error(401, "invalid_client", "client authentication failed")
        }
        guard let (code, session) = state.takeCode(text, at: seconds),
            session.clientID == clientID, code.redirectURI == redirectURI,
            answersChallenge(code.challenge, form.only("code_verifier"))
        else { return Self.error(400, "invalid_grant", "grant request is invalid") }
        let accessToken = issueToken(
            code.sessionID, lifeInSeconds: Self.accessTokenLife, at: seconds)
        guard
            let idToken = idToken(
                session, sessionID: code.sessionID, accessToken: accessToken, issuer: issuer,
                at: seconds)
        else { return Self.error(500, "server_error", "failed to sign") }
        return .json(
            200,
            .members([
                "access_token": .string(accessToken),
                "expires_in": .integer(Int(Self.accessTokenLife)),
                "id_token": .string(idToken),
                "scope": .string(session.scopes.joined(separator: " ")),
                "token_type": "Bearer",
            ]),
            headers: [(name: "Cache-Control", value: "no-store")])
    }

    /// The claims that the token's scopes open, signed.
    func userinfo(_ request: DoubleRequest, issuer: String, at seconds: Int64) -> DoubleReply {
        guard let bearer = request.bearer,
            case .active(_, let session) = state.standing(of: bearer, at: seconds),
            let person = town.person(session.personID)
        else {
            return .json(
                401,
                .members([
                    "error": "invalid_token", "error_description": "invalid token provided",
                ]),
                headers: [(name: "WWW-Authenticate", value: "Bearer error=\"invalid_token\"")])
        }
        let own: [(String, Document)] = [
            ("sub", .string(subject(of: person, for: session.clientID))),
            ("aud", .string(session.clientID)), ("iss", .string(issuer)),
            ("iat", .integer(Int(seconds))),
            ("exp", .integer(Int(seconds + Self.accessTokenLife))),
        ]
        let claims = Document.object(
            own.map { Document.Member(name: $0.0, value: $0.1) }
                + Self.claims(of: person, opened: Set(session.scopes)))
        guard let signed = try? Sealing.sign(claims, keyID: Self.ecKeyID, .es256(ecKey)) else {
            return DoubleReply(500)
        }
        return DoubleReply(
            200, Array(signed.utf8), headers: [(name: "Content-Type", value: "application/jwt")])
    }

    /// Forgets an access token.
    func revoke(_ request: DoubleRequest) -> DoubleReply {
        guard let form = request.form, let clientID = form.only("client_id"),
            clients[clientID]?.secret == form.only("client_secret"), clients[clientID] != nil
        else { return Self.error(401, "invalid_client", "client authentication failed") }
        if let token = form.only("token") { state.revoke(token) }
        return DoubleReply(200)
    }

    /// The texts among the claims of an id token that this run has signed.
    func verifiedClaims(of token: String) -> [String: String]? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]),
            let key = try? ecKey.publicKey(),
            key.verifiesES256(signature, over: Array("\(parts[0]).\(parts[1])".utf8)),
            let payload = Base64URL.decode(parts[1]),
            case .object(let members)? = try? parseJSON(payload).value
        else { return nil }
        var claims: [String: String] = [:]
        for member in members {
            if case .string(let text) = member.node.value { claims[member.name] = text }
        }
        return claims
    }

    private func idToken(
        _ session: FranceConnectState.Session, sessionID: String, accessToken: String,
        issuer: String, at seconds: Int64
    ) -> String? {
        guard let person = town.person(session.personID) else { return nil }
        let digest = Array(sha256(Array(accessToken.utf8)).prefix(16))
        let claims = Document.members([
            "sub": .string(subject(of: person, for: session.clientID)),
            "acr": .string(session.acr),
            "auth_time": .integer(Int(session.startedAt)),
            "nonce": session.nonce.map { .string($0) },
            "at_hash": .string(Base64URL.encode(digest)),
            "aud": .string(session.clientID),
            "exp": .integer(Int(seconds + Self.accessTokenLife)),
            "iat": .integer(Int(seconds)),
            "iss": .string(issuer),
            "sid": .string(sessionID),
        ])
        return try? Sealing.sign(claims, keyID: Self.ecKeyID, .es256(ecKey))
    }

    private func answersChallenge(_ challenge: String?, _ verifier: String?) -> Bool {
        guard let challenge else { return true }
        guard let verifier, (43...128).contains(verifier.utf8.count) else { return false }
        return Base64URL.encode(sha256(Array(verifier.utf8))) == challenge
    }
}
