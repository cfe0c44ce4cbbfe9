import Credentials
import Exchanges
import HTTPMessages
import JOSE
import JSONText
import Vocabulary

// What a client turns its private key into an access token with (RFC 6749, 4.4; RFC 7523).
extension GatewayAPI {
    /// Where access tokens are asked for.
    package static let tokenPath = "/oauth2/token"
    /// Where the way to ask for them is described (RFC 8414).
    package static let metadataPath = "/.well-known/oauth-authorization-server"

    /// The longest form that is read, in bytes.
    private static let maximumForm = 16 << 10

    /// Answers a request for an access token, in the words of OAuth 2.0.
    func token(
        _ head: HTTPRequestHead, _ certificate: [UInt8]?, _ body: BodyReading
    ) async -> HTTPResponse {
        do throws(Problem) {
            return try await issue(head, certificate, body)
        } catch {
            return error.oauthResponse()
        }
    }

    private func issue(
        _ head: HTTPRequestHead, _ certificate: [UInt8]?, _ body: BodyReading
    ) async throws(Problem) -> HTTPResponse {
        let desk = parts.authentication
        let form = try await TokenForm(head, body, maxBytes: Self.maximumForm)
        let now = parts.clocks.wall()
        let assertion = try ClientAssertion(
            form.assertion, among: try desk.registry(), in: desk.environment,
            issuer: desk.issuer, at: now)
        if let named = form.clientID, named != assertion.client.id {
            throw Problem(
                .demandeDeJetonInvalide, detail: "« client_id » nomme un autre client que « iss ».")
        }
        let binding = try desk.binding(head, certificate, of: assertion.client, at: now)
        // Last, so that an assertion is not used up by a proof that had no nonce yet.
        guard
            try await desk.replays.take(
                assertion.replayKey, until: assertion.rememberedUntil, at: now)
        else { throw Problem(.assertionRejouee) }
        let end = min(
            now.adding(seconds: CredentialTimes.tokenSeconds), assertion.credential.expiresAt)
        let token = AccessToken(
            client: assertion.client.id, credential: assertion.credential.name,
            binding: binding, expiresAt: end)
        let text = try token.sealed(under: desk.tokenKey, nonce: desk.random(12))
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("access_token", text)
            writer.member("token_type", binding.scheme)
            writer.member("expires_in", (end.milliseconds - now.milliseconds) / 1000)
        }
        var response = HTTPResponse(
            status: 200, contentType: "application/json", body: writer.bytes)
        response.headers.add("Cache-Control", "no-store")
        return response
    }

    /// `GET /.well-known/oauth-authorization-server`.
    func authorizationServer() -> [UInt8] {
        let algorithms = SignatureAlgorithm.allCases.map(\.rawValue)
        let issuer = parts.authentication.issuer
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("issuer", issuer)
            writer.member("token_endpoint", issuer + Self.tokenPath)
            writer.member("response_types_supported", [String]())
            writer.member("grant_types_supported", [TokenForm.grant])
            writer.member("token_endpoint_auth_methods_supported", ["private_key_jwt"])
            writer.member("token_endpoint_auth_signing_alg_values_supported", algorithms)
            writer.member("dpop_signing_alg_values_supported", algorithms)
            writer.member("tls_client_certificate_bound_access_tokens", true)
            writer.member("service_documentation", issuer + "/v1/openapi.json")
            writer.member("ui_locales_supported", ["fr"])
        }
        return writer.bytes
    }
}

extension CallerAuthentication {
    /// What the token will be worth nothing without.
    fileprivate func binding(
        _ head: HTTPRequestHead, _ certificate: [UInt8]?, of client: ServiceClient,
        at now: Timestamp
    ) throws(Problem) -> TokenBinding {
        let fields = head.headers.all("DPoP")
        var proofKey: String?
        if !fields.isEmpty {
            let proof = try DPoPProof(fields, of: proven(head), at: now)
            try nonces.take(proof, at: now)
            proofKey = proof.thumbprint
        }
        var bound = certificate
        if let certificate {
            do throws(Problem) {
                try client.check(certificate: certificate, at: now)
            } catch {
                // A proof is enough: the certificate may be there for another reason.
                guard proofKey != nil else { throw error }
                bound = nil
            }
        }
        guard let binding = TokenBinding(certificate: bound, proofKey: proofKey) else {
            throw Problem(.liaisonAbsente)
        }
        return binding
    }
}

/// The fields of a request for a token, each given once.
private struct TokenForm {
    static let grant = "client_credentials"
    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    let assertion: String
    let clientID: String?

    init(
        _ head: HTTPRequestHead, _ body: GatewayAPI.BodyReading, maxBytes: Int
    ) async throws(Problem) {
        let types = head.headers.all("Content-Type").compactMap { MediaType($0) }
        guard types.count == 1, types[0].essence == FormEncoding.mediaType else {
            throw Problem(
                .demandeDeJetonInvalide, detail: "Envoyez « \(FormEncoding.mediaType) ».")
        }
        let fields = try await Self.fields(body, maxBytes: maxBytes)
        guard try Self.only("grant_type", fields) == Self.grant else {
            throw Problem(.accordRefuse)
        }
        guard fields.all("scope").isEmpty else { throw Problem(.porteeInconnue) }
        guard try Self.only("client_assertion_type", fields) == Self.assertionType else {
            throw Problem(
                .demandeDeJetonInvalide,
                detail: "Écrivez client_assertion_type=\(Self.assertionType).")
        }
        guard let assertion = try Self.only("client_assertion", fields) else {
            throw Problem(.demandeDeJetonInvalide, detail: "« client_assertion » manque.")
        }
        self.assertion = assertion
        clientID = try Self.only("client_id", fields)
    }

    private static func fields(
        _ body: GatewayAPI.BodyReading, maxBytes: Int
    ) async throws(Problem) -> FormFields {
        let bytes: [UInt8]
        do throws(HTTPFailure) {
            bytes = try await body(maxBytes)
        } catch {
            throw Problem(error)
        }
        do throws(FormError) {
            return try FormEncoding.parse(bytes, maxFields: 20)
        } catch {
            throw Problem(.demandeDeJetonInvalide)
        }
    }

    /// A field given once, or not at all.
    private static func only(_ name: String, _ fields: FormFields) throws(Problem) -> String? {
        let values = fields.all(name)
        guard values.count < 2 else {
            throw Problem(
                .demandeDeJetonInvalide, detail: "« \(name) » est donné plusieurs fois.")
        }
        return values.first
    }
}

extension Problem {
    /// The problem as the token endpoint says it (RFC 6749, 5.2), with its code and the catalogue's
    /// sentences beside.
    func oauthResponse() -> HTTPResponse {
        let error = oauthError
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("error", error.rawValue)
            // ASCII alone is admitted here: the sentences are in « detail ».
            writer.member("error_description", code.rawValue)
            writer.member("error_uri", "/v1/problemes#\(code.rawValue)")
            writer.member("code", code.rawValue)
            writer.member("detail", "\(code.entry.title) \(detail ?? code.entry.remedy)")
            writer.member("action", action.rawValue)
        }
        var response = HTTPResponse(
            status: oauthStatus(error), contentType: "application/json", body: writer.bytes)
        response.headers.add("Cache-Control", "no-store")
        if error == .unavailable {
            response.headers.add("Retry-After", String(retryAfterSeconds ?? 5))
        }
        return response
    }

    private var oauthError: OAuthError {
        switch code.oauthError {
        // Here it is the client that is told who it is not, there is no token yet.
        case .invalidToken?: .invalidClient
        case let error?: error
        case nil: code.entry.status >= 500 ? .unavailable : .invalidRequest
        }
    }

    private func oauthStatus(_ error: OAuthError) -> Int {
        switch error {
        case .invalidClient: 401
        case .invalidProof, .useNonce: 400
        default: code.entry.status
        }
    }
}
