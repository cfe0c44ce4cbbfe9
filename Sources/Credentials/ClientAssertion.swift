import Cryptography
import JOSE
import JSONText
package import Vocabulary

/// How far clocks may disagree, and how long what they date is good.
package enum CredentialTimes {
    /// How far another clock may be from ours.
    package static let skewSeconds: Int64 = 10
    /// The longest life of an assertion.
    package static let assertionSeconds: Int64 = 60
    /// How old a proof may be.
    package static let proofSeconds: Int64 = 60
    /// How long an access token is good.
    package static let tokenSeconds: Int64 = 300
}

/// An assertion that a client signed (RFC 7523), every claim checked; whether it is the first of
/// its name is for the replay store to say.
package struct ClientAssertion: Sendable {
    /// The client that signed it.
    package let client: ServiceClient
    /// The credential whose key signed it.
    package let credential: ClientCredential
    /// What tells it from every other: a digest of the client and of `jti`.
    package let replayKey: [UInt8]
    /// Until when its name must be remembered.
    package let rememberedUntil: Timestamp

    /// The longest assertion that is read, in bytes.
    package static let maximumBytes = 8 << 10

    /// Checks an assertion.
    ///
    /// The algorithm is the one registered with the key, never the token's own.
    ///
    /// The issuer is our own name, the one audience that is admitted.
    package init(
        _ token: String, among registry: ServiceRegistry, in environment: CredentialEnvironment,
        issuer: String, at now: Timestamp
    ) throws(Problem) {
        let bytes = Array(token.utf8)
        guard bytes.count <= Self.maximumBytes else {
            throw Problem(
                .assertionMalFormee, detail: "L'assertion dépasse \(Self.maximumBytes) octets.")
        }
        guard let unverified = UnverifiedToken(bytes), let name = unverified.claims["iss"]?.string
        else { throw Problem(.assertionMalFormee) }
        guard let client = registry.client(name), client.environment == environment else {
            throw Problem(.clientInconnu)
        }
        let (credential, claims) = try Self.verify(bytes, unverified, of: client, at: now)
        try Self.checkNames(claims, client: client, issuer: issuer)
        let expiry = try Self.checkTimes(claims, at: now)
        guard let id = claims["jti"]?.string, (8...128).contains(id.utf8.count) else {
            throw Problem(
                .assertionMalFormee,
                detail: "Donnez un « jti » de 8 à 128 octets, jamais réemployé.")
        }
        self.client = client
        self.credential = credential
        replayKey = sha256(Array("dlnuf/assertion/v1 \(client.id) ".utf8) + Array(id.utf8))
        rememberedUntil = expiry.adding(seconds: CredentialTimes.skewSeconds)
    }

    // MARK: - The signature

    private static func verify(
        _ token: [UInt8], _ unverified: UnverifiedToken, of client: ServiceClient,
        at now: Timestamp
    ) throws(Problem) -> (ClientCredential, JSONNode) {
        let named = client.credentials.filter { $0.isNamed(unverified.keyID) }
        // What has ended is told only where nothing else could have signed.
        let open = named.filter { $0.refusal(at: now) == nil }
        let candidates = open.isEmpty ? named : open
        guard !candidates.isEmpty else { throw Problem(.assertionCleInconnue) }
        var isOfAlgorithm = false
        for credential in candidates {
            guard case .publicKey(let algorithm, let key) = credential.kind,
                unverified.algorithm == algorithm.rawValue
            else { continue }
            isOfAlgorithm = true
            guard let payload = try payload(of: token, algorithm, key) else { continue }
            if let refusal = credential.refusal(at: now) { throw refusal }
            guard let claims = try? parseJSON(payload, limits: UnverifiedToken.limits) else {
                throw Problem(.assertionMalFormee)
            }
            return (credential, claims)
        }
        throw Problem(isOfAlgorithm ? .assertionSignatureFausse : .assertionAlgorithmeRefuse)
    }

    /// What the key signed; nil where the signature is not its own.
    private static func payload(
        of token: [UInt8], _ algorithm: SignatureAlgorithm, _ key: JWK
    ) throws(Problem) -> [UInt8]? {
        do throws(JOSEError) {
            return try CompactJWS.verify(
                token, algorithm: algorithm, key: key.key,
                type: .ifPresent(["JWT", "client-authentication+jwt"]), maxBytes: maximumBytes)
        } catch {
            if error == .invalidSignature { return nil }
            throw Problem(.assertionMalFormee)
        }
    }

    // MARK: - The claims

    private static func checkNames(
        _ claims: JSONNode, client: ServiceClient, issuer: String
    ) throws(Problem) {
        for name in ["iss", "sub"] where claims[name]?.string?.isExactly(client.id) != true {
            throw Problem(
                .assertionMalFormee, detail: "« iss » et « sub » nomment tous deux le client.")
        }
        // A list would let one assertion serve at another server too (RFC 7523bis).
        guard claims["aud"]?.string?.isExactly(issuer) == true else {
            throw Problem(.assertionAutreDestinataire)
        }
    }

    /// Checks the dates; gives the end.
    private static func checkTimes(_ claims: JSONNode, at now: Timestamp) throws(Problem)
        -> Timestamp
    {
        guard let issued = claims["iat"]?.moment, let expiry = claims["exp"]?.moment else {
            throw Problem(
                .assertionMalFormee, detail: "« iat » et « exp » sont des nombres de secondes.")
        }
        let skew = CredentialTimes.skewSeconds
        guard expiry.adding(seconds: skew) > now else { throw Problem(.assertionPerimee) }
        var starts = [issued]
        if let member = claims["nbf"] {
            guard let start = member.moment else { throw Problem(.assertionMalFormee) }
            starts.append(start)
        }
        guard starts.allSatisfy({ $0 <= now.adding(seconds: skew) }) else {
            throw Problem(.assertionFuture)
        }
        guard issued < expiry,
            expiry <= issued.adding(seconds: CredentialTimes.assertionSeconds)
        else { throw Problem(.assertionTropLongue) }
        return expiry
    }
}

extension ClientCredential {
    /// Whether an assertion that names its key so may be signed with this one.
    ///
    /// A key answers to its own name in the registry, to the `kid` that it was registered with and
    /// to its thumbprint; an assertion that names none may be any key's.
    fileprivate func isNamed(_ keyID: String?) -> Bool {
        guard case .publicKey(_, let key) = kind else { return false }
        guard let keyID else { return true }
        let thumbprint = try? JWK.thumbprint(of: key.key)
        return [name, key.keyID, thumbprint].contains { $0?.isExactly(keyID) == true }
    }
}
