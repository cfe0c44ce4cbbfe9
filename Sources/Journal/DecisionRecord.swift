package import Vocabulary

/// The first record of an exchange: what was asked, and whether the policy permits it.
///
/// It holds names, counts and keyed digests, never a value, an identity or an identifier.
package struct DecisionRecord: Hashable, Sendable {
    /// What was decided.
    package enum Verdict: String, Sendable, CaseIterable {
        /// Holders may be asked.
        case permitted = "permise"
        /// Nobody is asked.
        case refused = "refusee"
    }

    /// Who asked, for whom, for what.
    package var facts: ExchangeFacts
    /// What was decided.
    package var verdict: Verdict
    /// Why a request was refused for another reason than its fields.
    package var problem: ProblemCode?
    /// Why fields, or the whole request, were refused; each pair once, sorted.
    package var refused: [RefusedField]
    /// What was asked.
    package var requested: RecordedFields
    /// For which periods, as the request gave them.
    package var requestedPeriods: [DatasetID: RequestedPeriod]
    /// For which periods holders will be asked, defaults filled in.
    package var periods: [DatasetID: Period]
    /// The registry's identifier of the credential that the service used.
    package var credential: String
    /// With what the service showed who it is; nil in records of before that was written down.
    package var credentialKind: CredentialKind?
    /// The client that FranceConnect issued the token to.
    package var client: Recorded<FranceConnectClient>?
    /// The level that FranceConnect vouches for.
    package var level: AssuranceLevel?
    /// The catalogue's scopes that the token carries, under each holder's own registration.
    package var scopes: [HolderID: [String]]
    /// In what quality somebody began the exchange.
    package var initiator: InitiatorQuality
    /// Whether an agent was named; the reference itself is not kept.
    package var isAgentNamed: Bool
    /// The usager's part in the dossier.
    package var role: DossierRole?
    /// With which kinds of identifier, sorted.
    package var identifiers: [IdentifierKind] {
        didSet { identifiers = Set(identifiers).sorted { $0.rawValue < $1.rawValue } }
    }
    /// Which counts were found, and their limits.
    package var counts: [FoundCount]
    /// The dossier, under the counters' key.
    package var dossier: KeyedDigest?
    /// About whom; nil before anybody was identified.
    package var person: PersonMark?

    /// A record of a verdict; all that the exchange may lack is set afterwards.
    package init(
        facts: ExchangeFacts,
        verdict: Verdict,
        requested: RecordedFields,
        credential: String,
        initiator: InitiatorQuality = .usager
    ) {
        self.facts = facts
        self.verdict = verdict
        self.requested = requested
        self.credential = credential
        self.initiator = initiator
        refused = []
        requestedPeriods = [:]
        periods = [:]
        scopes = [:]
        isAgentNamed = false
        identifiers = []
        counts = []
    }
}

/// A refused field, or the refusal of a whole request.
package struct RefusedField: Hashable, Sendable, Comparable {
    /// The request of a known field; nil where the whole request is refused.
    package let field: Recorded<String>?
    /// Why.
    package let reason: RefusalReason

    init(field: Recorded<String>?, reason: RefusalReason) {
        self.field = field
        self.reason = reason
    }

    /// Keeps what the catalogues know of some refusals: each pair once, sorted and bounded.
    package static func recorded(_ refusals: [Refusal], known: KnownNames) -> [RefusedField] {
        let fields = refusals.map { refusal in
            RefusedField(
                field: refusal.field.map { text in
                    known.recorded(field: text).map { .known($0) } ?? .unknown
                },
                reason: refusal.reason
            )
        }
        return Array(Set(fields).sorted().prefix(RecordedFields.maximumListed))
    }

    /// The order of records: whole requests first, then by field, then by reason.
    package static func < (left: RefusedField, right: RefusedField) -> Bool {
        (left.text ?? "", left.reason.rawValue) < (right.text ?? "", right.reason.rawValue)
    }

    /// The field as records and readers see it.
    package var text: String? {
        guard let field else { return nil }
        return field.name ?? unknownName
    }
}
