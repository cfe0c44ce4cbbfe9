import HTTPMessages

/// A request at FranceConnect's authorisation endpoint, found to be acceptable.
struct AuthorizationRequest: Sendable {
    let clientID: String
    let redirectURI: String
    let scopes: [String]
    let state: String
    let nonce: String
    let acr: String
    let challenge: String?

    /// Why a request is not accepted.
    enum Refusal: Error {
        /// Shown on a page: nobody can be redirected.
        case page(code: String, message: String)
        /// Told to the client by redirection.
        case redirect(uri: String, state: String, error: String, description: String)
    }

    /// The levels that FranceConnect knows, lowest first.
    private static let levels = ["eidas1", "eidas2", "eidas3"]

    /// Reads the parameters of a request: the query, or the form of a POST.
    ///
    /// Scopes that are not among the known ones mean nothing, and are ignored.
    static func read(
        _ fields: FormFields, clients: [String: SandboxConfiguration.Client],
        known: Set<String>
    ) throws(Refusal) -> AuthorizationRequest {
        func needed(_ name: String) throws(Refusal) -> String {
            guard let value = fields.only(name), !value.isEmpty else {
                throw .page(code: "Y030007", message: "Le paramètre \(name) manque.")
            }
            return value
        }
        let clientID = try needed("client_id")
        guard let client = clients[clientID] else {
            throw .page(code: "Y030106", message: "Ce client_id n'est pas connu.")
        }
        let redirectURI = try needed("redirect_uri")
        guard client.redirectURIs.contains(redirectURI) else {
            throw .page(code: "Y030118", message: "Cette redirect_uri n'est pas enregistrée.")
        }
        let state = try needed("state")
        let nonce = try needed("nonce")
        guard state.utf8.count >= 22, nonce.utf8.count >= 22 else {
            throw .page(
                code: "Y030007", message: "state et nonce doivent avoir 22 caractères au moins.")
        }
        let asked = try needed("scope").split(separator: " ").map(String.init)
        func refuse(_ error: String, _ description: String) -> Refusal {
            .redirect(uri: redirectURI, state: state, error: error, description: description)
        }
        guard try needed("response_type") == "code" else {
            throw refuse("unsupported_response_type", "only code is supported")
        }
        guard asked.contains("openid") else {
            throw refuse("invalid_scope", "openid scope is required")
        }
        let scopes = asked.filter { $0 == "openid" || known.contains($0) }
        guard scopes.allSatisfy({ $0 == "openid" || client.scopes.contains($0) }) else {
            throw refuse("invalid_scope", "requested scope is not allowed")
        }
        let acr = level(try needed("acr_values"))
        guard acr == "eidas1" else {
            throw refuse("invalid_acr", "expected eidas1, got \(acr)")
        }
        let challenge = fields.only("code_challenge")
        guard challenge == nil || fields.only("code_challenge_method") == "S256" else {
            throw refuse("invalid_request", "code_challenge_method must be S256")
        }
        return AuthorizationRequest(
            clientID: clientID, redirectURI: redirectURI, scopes: scopes, state: state,
            nonce: nonce, acr: acr, challenge: challenge)
    }

    /// The lowest known level among the wanted ones, the platform's own where none is known.
    private static func level(_ values: String) -> String {
        let wanted = values.split(separator: " ").map(String.init)
        return levels.first { wanted.contains($0) } ?? "eidas1"
    }
}
