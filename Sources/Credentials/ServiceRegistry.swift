import Cryptography
package import JOSE
package import Vocabulary

/// One thing by which a client shows who it is; the registry keeps nothing that could be stolen.
package struct ClientCredential: Sendable, Equatable {
    /// What the registry keeps of it.
    package enum Kind: Sendable, Equatable {
        /// SHA-256 of a key's text.
        case apiKey(digest: [UInt8])
        /// The public half of the key that signs the client's assertions.
        case publicKey(SignatureAlgorithm, JWK)
        /// SHA-256 of a client certificate.
        case certificate(thumbprint: [UInt8])
    }

    /// Its own name in the whole registry, which is no secret and goes to the journal.
    package let name: String
    package let kind: Kind
    package let createdAt: Timestamp
    /// The moment from which it is refused.
    package let expiresAt: Timestamp
    /// The moment at which it was revoked.
    package var revokedAt: Timestamp?

    package init(
        name: String, kind: Kind, createdAt: Timestamp, expiresAt: Timestamp,
        revokedAt: Timestamp? = nil
    ) {
        self.name = name
        self.kind = kind
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }

    /// Its last change.
    package var changedAt: Timestamp { max(createdAt, revokedAt ?? createdAt) }

    /// Why it opens nothing at that moment; nil where it does.
    package func refusal(at now: Timestamp) -> Problem? {
        if revokedAt != nil { return Problem(.titreRevoque) }
        if expiresAt <= now { return Problem(.titreFini) }
        return nil
    }

    /// The SHA-256 that tells it from every other, and that two entries may not share.
    package var fingerprint: [UInt8] {
        switch kind {
        case .apiKey(let digest): digest
        case .certificate(let thumbprint): thumbprint
        // The thumbprint of a key that was read is that of its numbers.
        case .publicKey(_, let key):
            (try? JWK.thumbprint(of: key.key)).map { sha256(Array($0.utf8)) } ?? []
        }
    }
}

/// One program of a service, with all that it may show who it is with.
package struct ServiceClient: Sendable, Equatable {
    /// Its name: `iss` and `sub` of its assertions.
    package let id: String
    package let service: ServiceID
    package let environment: CredentialEnvironment
    package let createdAt: Timestamp
    package var credentials: [ClientCredential]

    package init(
        id: String, service: ServiceID, environment: CredentialEnvironment, createdAt: Timestamp,
        credentials: [ClientCredential] = []
    ) {
        self.id = id
        self.service = service
        self.environment = environment
        self.createdAt = createdAt
        self.credentials = credentials
    }
}

/// All clients of a deployment.
package struct ServiceRegistry: Sendable {
    /// The clients, in the order in which they were entered.
    package internal(set) var clients: [ServiceClient]
    private let byID: [String: Int]
    private let byKeyDigest: [[UInt8]: Place]

    /// Where a credential stands.
    private struct Place {
        let client: Int
        let credential: Int
    }

    /// The registry of some clients, which have no name and no credential in common: its reader
    /// and the changes see to that.
    init(checked clients: [ServiceClient]) {
        self.clients = clients
        byID = Dictionary(
            clients.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { one, _ in one })
        var byKeyDigest: [[UInt8]: Place] = [:]
        for (index, client) in clients.enumerated() {
            for (own, credential) in client.credentials.enumerated() {
                guard case .apiKey(let digest) = credential.kind else { continue }
                byKeyDigest[digest] = Place(client: index, credential: own)
            }
        }
        self.byKeyDigest = byKeyDigest
    }

    /// A registry of nobody.
    package init() { self.init(checked: []) }

    /// The client of that name.
    package func client(_ id: String) -> ServiceClient? {
        byID[id].map { clients[$0] }
    }

    /// The owner of a key, by the key's digest.
    package func owner(ofKey digest: [UInt8]) -> (client: ServiceClient, key: ClientCredential)? {
        byKeyDigest[digest].map { place in
            (clients[place.client], clients[place.client].credentials[place.credential])
        }
    }
}

extension ServiceClient {
    /// The credential of that name.
    package func credential(_ name: String) -> ClientCredential? {
        credentials.first { $0.name == name }
    }

    /// Checks that the client presents a certificate of its own, by its SHA-256.
    package func check(certificate: [UInt8], at now: Timestamp) throws(Problem) {
        let own = credentials.first { $0.kind == .certificate(thumbprint: certificate) }
        guard let own else {
            throw Problem(
                .certificatAutre,
                detail: "Ce certificat n'est pas enregistré pour ce client ; l'exploitant "
                    + "l'ajoute avec « dlnuf services key ».")
        }
        if let refusal = own.refusal(at: now) { throw refusal }
    }
}
