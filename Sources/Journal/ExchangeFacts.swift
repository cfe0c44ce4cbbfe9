package import Vocabulary

/// What both records of an exchange say of it: who asked, for whom, for what, how and when.
package struct ExchangeFacts: Hashable, Sendable {
    /// The exchange.
    package let exchange: ExchangeID
    /// The moment that the decision took as now; the writer stamps its own time beside it.
    package let instant: Timestamp
    /// The service that authenticated itself.
    package let service: ServiceID
    /// The administration that will use the data.
    package let recipient: Recorded<Siret>
    /// What the data is for.
    package let purpose: Recorded<PurposeID>
    /// The policy that decided; nil where the purpose is unknown.
    package let policy: PolicyMark?
    /// The hash of the policy set, in hexadecimal.
    package let generation: String
    /// How the usager is identified.
    package let mode: Mode

    /// Gathers the facts.
    package init(
        exchange: ExchangeID,
        instant: Timestamp,
        service: ServiceID,
        recipient: Recorded<Siret>,
        purpose: Recorded<PurposeID>,
        policy: PolicyMark?,
        generation: String,
        mode: Mode
    ) {
        self.exchange = exchange
        self.instant = instant
        self.service = service
        self.recipient = recipient
        self.purpose = purpose
        self.policy = policy
        self.generation = generation
        self.mode = mode
    }
}

/// Which bytes of which policy decided.
package struct PolicyMark: Hashable, Sendable {
    /// SHA-256 of the policy document in hexadecimal; the store keeps the document under it.
    package let hash: String
    /// The version that the document gives itself.
    package let version: Int

    /// Takes the SHA-256 of the document, in hexadecimal, and its own version.
    package init(hash: String, version: Int) {
        self.hash = hash
        self.version = version
    }
}

/// A keyed digest, with the name of its key.
package struct KeyedDigest: Hashable, Sendable {
    /// The name of the key: `compteurs-2026`.
    package let key: String
    /// HMAC-SHA-256.
    package let digest: [UInt8]

    init(key: String, digest: [UInt8]) {
        self.key = key
        self.digest = digest
    }
}

/// A person, as a record names them.
package struct PersonMark: Hashable, Sendable {
    /// The name of the key: `pseudonymes-2026`.
    package let key: String
    /// Over the birth name, the first given name, the birth date and the birthplace.
    package let pseudonym: [UInt8]
    /// The same over all given names; separates homonyms.
    package let fullPseudonym: [UInt8]?

    init(key: String, pseudonym: [UInt8], fullPseudonym: [UInt8]?) {
        self.key = key
        self.pseudonym = pseudonym
        self.fullPseudonym = fullPseudonym
    }
}
