package import Credentials
import Cryptography
package import Exchanges
package import HTTPMessages
package import Vocabulary

/// What tells callers from strangers: the registry of now, and the secrets of this life of the
/// gateway.
package struct CallerAuthentication: Sendable {
    /// The registry as it stands at this moment.
    package let registry: @Sendable () throws(Problem) -> ServiceRegistry
    package let environment: CredentialEnvironment
    /// Our public name: `https://host[:port]`, without a path.
    package let issuer: String
    /// The key of access tokens, drawn at the gateway's start.
    let tokenKey: [UInt8]
    let nonces: DPoPNonces
    let replays: any ReplayPort
    /// As many unpredictable bytes as it is asked for.
    let random: @Sendable (Int) -> [UInt8]

    package init(
        registry: @escaping @Sendable () throws(Problem) -> ServiceRegistry,
        environment: CredentialEnvironment,
        issuer: String,
        replays: any ReplayPort,
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.registry = registry
        self.environment = environment
        self.issuer = issuer
        self.replays = replays
        self.random = random
        tokenKey = random(32)
        nonces = DPoPNonces(key: random(32))
    }

    /// The caller whom a request's `Authorization` names (RFC 6750, 2.1; RFC 9449, 7.1).
    ///
    /// The certificate is the SHA-256 of the one that the connection presents.
    package func caller(
        _ head: HTTPRequestHead, certificate: [UInt8]?, at now: Timestamp
    ) throws(Problem) -> Caller {
        let (scheme, text) = try presented(head.headers.all("Authorization"))
        let registry = try registry()
        switch scheme {
        case "dpop":
            return try bearer(of: text, head, certificate, registry, at: now)
        case "bearer" where text.hasPrefix(AccessToken.prefix):
            guard head.headers.all("DPoP").isEmpty else { throw Problem(.jetonAccesMalPresente) }
            return try bearer(of: text, head, certificate, registry, at: now)
        case "bearer":
            return try owner(ofKey: text, registry, at: now)
        default:
            throw refusal("L'en-tête « Authorization » n'est ni « Bearer » ni « DPoP ».")
        }
    }

    /// The scheme, in lower case, and what follows it.
    private func presented(_ fields: [String]) throws(Problem) -> (String, String) {
        guard let field = fields.first else {
            throw refusal("L'en-tête « Authorization » manque.")
        }
        guard fields.count == 1 else {
            throw refusal("L'en-tête « Authorization » est donné plusieurs fois.")
        }
        guard let space = field.utf8.firstIndex(of: UInt8(ascii: " ")) else {
            throw refusal("L'en-tête « Authorization » n'est pas « Bearer » suivi d'une clé.")
        }
        return (field[..<space].lowercased(), String(field[space...].dropFirst()))
    }

    /// A digest is what is looked up, so that the time it takes tells nothing of a key.
    private func owner(
        ofKey text: String, _ registry: ServiceRegistry, at now: Timestamp
    ) throws(Problem) -> Caller {
        let digest = try APIKey.read(text, in: environment)
        guard let (client, key) = registry.owner(ofKey: digest),
            client.environment == environment
        else { throw refusal("Cette clé n'ouvre aucun service ici.") }
        if let refusal = key.refusal(at: now) { throw refusal }
        return Caller(service: client.service, credential: key.name, kind: .apiKey)
    }

    // MARK: - Access tokens

    private func bearer(
        of text: String, _ head: HTTPRequestHead, _ certificate: [UInt8]?,
        _ registry: ServiceRegistry, at now: Timestamp
    ) throws(Problem) -> Caller {
        let token = try AccessToken(text, under: tokenKey)
        guard let client = registry.client(token.client), client.environment == environment,
            let credential = client.credential(token.credential)
        else { throw Problem(.titreRevoque) }
        if let refusal = credential.refusal(at: now) { throw refusal }
        guard token.expiresAt > now else { throw Problem(.jetonAccesPerime) }
        if let bound = token.binding.certificate {
            guard let certificate else { throw Problem(.certificatAbsent) }
            guard constantTimeEqual(certificate, bound) else { throw Problem(.certificatAutre) }
            try client.check(certificate: bound, at: now)
        }
        if let bound = token.binding.proofKey {
            try checkProof(head, of: text, boundTo: bound, at: now)
        }
        return Caller(
            service: client.service, credential: credential.name, kind: token.binding.kind)
    }

    private func checkProof(
        _ head: HTTPRequestHead, of token: String, boundTo key: String, at now: Timestamp
    ) throws(Problem) {
        let fields = head.headers.all("Authorization")
        guard fields.first?.lowercased().hasPrefix("dpop ") == true else {
            throw Problem(.jetonAccesMalPresente)
        }
        let proof = try DPoPProof(head.headers.all("DPoP"), of: proven(head), at: now)
        guard constantTimeEqual(Array(proof.thumbprint.utf8), Array(key.utf8)) else {
            throw Problem(.preuveAutreCle)
        }
        try proof.check(token: token)
        try nonces.take(proof, at: now)
    }

    /// The request as a proof must name it.
    ///
    /// Under our public name, whatever `Host` says: a proxy may change that, and a thief too.
    func proven(_ head: HTTPRequestHead) -> ProvenRequest {
        ProvenRequest(
            method: head.method.rawValue,
            url: issuer + "/" + head.segments.joined(separator: "/"))
    }

    private func refusal(_ detail: String) -> Problem {
        Problem(.serviceNonAuthentifie, detail: detail)
    }
}
