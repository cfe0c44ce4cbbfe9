import Cryptography
package import Exchanges
import HTTPMessages
package import Vocabulary

/// One credential of the deployment's registry: never the key itself, only its digest.
package struct ServiceCredential: Sendable, Hashable {
    /// The registry's own name of the credential, which is no secret and goes to the journal.
    package let name: String
    package let service: ServiceID
    /// SHA-256 of the key as the service sends it.
    package let digest: [UInt8]
    /// The moment from which the credential is refused, nil where it has no end.
    package let expiresAt: Timestamp?

    package init(name: String, service: ServiceID, digest: [UInt8], expiresAt: Timestamp?) {
        self.name = name
        self.service = service
        self.digest = digest
        self.expiresAt = expiresAt
    }
}

/// The credentials that open the gateway, by digest.
package struct ServiceCredentials: Sendable {
    private let byDigest: [[UInt8]: ServiceCredential]

    /// Gathers credentials.
    ///
    /// - Returns: nil where two services would share one key.
    package init?(_ credentials: [ServiceCredential]) {
        var byDigest: [[UInt8]: ServiceCredential] = [:]
        for credential in credentials {
            guard byDigest.updateValue(credential, forKey: credential.digest) == nil else {
                return nil
            }
        }
        self.byDigest = byDigest
    }

    package var isEmpty: Bool { byDigest.isEmpty }

    /// The longest key that is worth a digest, in bytes.
    private static let maximumKeyBytes = 256

    /// The caller whom an `Authorization` field names (RFC 6750, 2.1).
    ///
    /// A digest is what is looked up, so that the time it takes tells nothing of a key.
    package func caller(
        authorization: [String], at now: Timestamp
    ) throws(Problem) -> Caller {
        guard let field = authorization.first else {
            throw refusal("L'en-tête « Authorization » manque.")
        }
        guard authorization.count == 1 else {
            throw refusal("L'en-tête « Authorization » est donné plusieurs fois.")
        }
        guard let space = field.utf8.firstIndex(of: UInt8(ascii: " ")),
            field[..<space].lowercased() == "bearer"
        else {
            throw refusal("L'en-tête « Authorization » n'est pas « Bearer » suivi d'une clé.")
        }
        let key = Array(field.utf8[space...].dropFirst())
        guard (1...Self.maximumKeyBytes).contains(key.count),
            let credential = byDigest[sha256(key)]
        else {
            throw refusal("Cette clé n'ouvre aucun service ici.")
        }
        if let end = credential.expiresAt, end <= now {
            throw refusal("Cette clé a pris fin ; demandez-en une autre à l'exploitant.")
        }
        return Caller(service: credential.service, credential: credential.name)
    }

    private func refusal(_ detail: String) -> Problem {
        Problem(.serviceNonAuthentifie, detail: detail)
    }
}
