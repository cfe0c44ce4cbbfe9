import Cryptography
import HTTPMessages

/// The client id and the secret that a holder gave to the gateway.
package struct ClientCredentials: Sendable {
    /// The client's public name.
    package let id: String
    /// What proves that it is the client.
    package let secret: String

    /// Makes a pair.
    package init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }
}

/// A holder's OAuth2 token endpoint: `client_credentials` only.
///
/// Tokens are not stored: each is its own proof, a keyed digest of its end and of its scopes.
struct ClientTokens: Sendable {
    let holder: String
    let client: ClientCredentials
    let lifeInSeconds: Int64
    /// The scopes that the client may have; without any, the holder has none.
    let scopes: [String]
    /// Whether the client may put its credentials into the form.
    let takesFormCredentials: Bool

    init(
        holder: String, client: ClientCredentials, lifeInSeconds: Int64 = 3600,
        scopes: [String] = [], takesFormCredentials: Bool = false
    ) {
        self.holder = holder
        self.client = client
        self.lifeInSeconds = lifeInSeconds
        self.scopes = scopes
        self.takesFormCredentials = takesFormCredentials
    }

    /// Answers a request at the token endpoint.
    func answer(_ request: DoubleRequest, at now: Int64) -> DoubleReply {
        guard let form = request.form else {
            return refusal(400, "invalid_request", "Le corps doit être un formulaire.")
        }
        guard form.only("grant_type") == "client_credentials" else {
            return refusal(400, "unsupported_grant_type", "Seul client_credentials est accepté.")
        }
        guard isAuthentic(request, form) else {
            return refusal(401, "invalid_client", "Identifiants de client inconnus.")
        }
        let wanted = form.only("scope")?.split(separator: " ").map(String.init) ?? scopes
        if let unknown = wanted.first(where: { !scopes.contains($0) }), !scopes.isEmpty {
            return refusal(400, "invalid_scope", "Le scope \(unknown) n'est pas ouvert.")
        }
        let end = now / 1000 + lifeInSeconds
        return .json(
            200,
            .members([
                "access_token": .string(token(endingAt: end, scopes: wanted)),
                "token_type": "Bearer",
                "expires_in": .integer(Int(lifeInSeconds)),
                "scope": wanted.isEmpty ? nil : .string(wanted.joined(separator: " ")),
            ]),
            headers: [(name: "Cache-Control", value: "no-store")])
    }

    /// The scopes of the request's bearer token; `nil` when it is not one of ours or is over.
    func granted(to request: DoubleRequest, at now: Int64) -> [String]? {
        guard let bearer = request.bearer else { return nil }
        let parts = bearer.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let end = Int64(parts[0]), end > now / 1000,
            let packed = Base64URL.decode(String(parts[1]))
        else { return nil }
        let wanted = String(decoding: packed, as: UTF8.self).split(separator: " ").map(String.init)
        return token(endingAt: end, scopes: wanted) == bearer ? wanted : nil
    }

    private func token(endingAt end: Int64, scopes: [String]) -> String {
        let packed = Base64URL.encode(Array(scopes.joined(separator: " ").utf8))
        let proof = hmacSHA256(
            key: Array(client.secret.utf8), Array("\(holder)/\(end)/\(packed)".utf8))
        return "\(end).\(packed).\(Base64URL.encode(proof))"
    }

    private func isAuthentic(_ request: DoubleRequest, _ form: FormFields) -> Bool {
        if let value = request.header("Authorization"), value.lowercased().hasPrefix("basic ") {
            let expected = Base64.encode(Array("\(client.id):\(client.secret)".utf8))
            return value.dropFirst("basic ".count) == expected
        }
        return takesFormCredentials && form.only("client_id") == client.id
            && form.only("client_secret") == client.secret
    }

    private func refusal(_ status: Int, _ error: String, _ text: String) -> DoubleReply {
        .json(
            status,
            .members(["error": .string(error), "error_description": .string(text)]))
    }
}
