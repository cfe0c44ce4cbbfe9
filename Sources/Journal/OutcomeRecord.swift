package import Vocabulary

/// The second record of an exchange: what became of a permitted request.
package struct OutcomeRecord: Hashable, Sendable {
    /// How the exchange ended.
    package enum Outcome: String, Sendable, CaseIterable {
        /// Every requested leaf was released.
        case complete = "complet"
        /// Some were.
        case partial = "partiel"
        /// Holders were asked, and nothing was released.
        case nothing = "aucun"
        /// The gateway stopped between the two records.
        case interrupted = "interrompu"
        /// The caller left before the answer.
        case cancelled = "annule"
        /// The gateway failed; `problem` says how.
        case failed = "echec"
    }

    /// Who asked, for whom, for what: the decision's own.
    package var facts: ExchangeFacts
    /// The index of the decision's record.
    package var decision: Int64
    /// How the exchange ended.
    package var outcome: Outcome
    /// What the caller was told where it was no answer.
    package var problem: ProblemCode?
    /// One entry for each call to a holder, sorted.
    package var sources: [RecordedSource] { didSet { sources.sort() } }
    /// Requests whose answer was released, each once, sorted.
    package var released: [String] { didSet { released = uniqueSorted(released) } }
    /// Requests whose answer is missing, each once whatever the number of elements, sorted.
    package var withheld: [WithheldField] { didSet { withheld = uniqueSorted(withheld) } }
    /// Contract fields that holders sent and nobody had asked for, each once, sorted.
    package var dropped: [FieldPath] { didSet { dropped = uniqueSorted(dropped) } }
    /// Whether holders sent members that no contract names.
    package var hasDroppedUnknown: Bool

    /// A record of an outcome; all that an exchange may lack is set afterwards.
    package init(facts: ExchangeFacts, decision: Int64, outcome: Outcome) {
        self.facts = facts
        self.decision = decision
        self.outcome = outcome
        sources = []
        released = []
        withheld = []
        dropped = []
        hasDroppedUnknown = false
    }
}

private func uniqueSorted<Element: Comparable>(_ elements: [Element]) -> [Element] {
    guard elements.count > 1 else { return elements }
    var unique: [Element] = []
    unique.reserveCapacity(elements.count)
    for element in elements.sorted() where unique.last != element { unique.append(element) }
    return unique
}

/// What a record says of one call to a holder: nothing that depends on the person.
package struct RecordedSource: Hashable, Sendable, Comparable {
    /// How the call ended.
    package enum Status: String, Sendable, CaseIterable {
        /// The holder answered; whether it knew the person is not said.
        case answered = "repondu"
        /// The holder could not be asked, or did not answer in time.
        case unavailable = "indisponible"
        /// The holder refused the gateway.
        case refused = "refuse"
        /// The answer could not be accepted.
        case unacceptable = "irrecevable"
        /// The call was cancelled.
        case cancelled = "annule"

        /// What may be said of a status.
        package init(_ status: SourceStatus) {
            switch status {
            case .obtenu, .sansResultat: self = .answered
            case .indisponible: self = .unavailable
            case .refuse: self = .refused
            case .irrecevable: self = .unacceptable
            case .annule: self = .cancelled
            }
        }
    }

    /// The data set.
    package let dataset: DatasetID
    /// The holder.
    package let holder: HolderID
    /// How the call ended.
    package let status: Status
    /// Why it brought nothing, as far as that says nothing of the person.
    package let reason: RecordedReason?

    /// Keeps what may be said of a call.
    package init(
        dataset: DatasetID,
        holder: HolderID,
        status: SourceStatus,
        reason: MissingReason?
    ) {
        self.init(
            dataset: dataset,
            holder: holder,
            status: Status(status),
            // Beside "answered", a reason that is no reason of the call would tell who is unknown.
            reason: reason.map(RecordedReason.init).flatMap { $0 == .ofThePerson ? nil : $0 }
        )
    }

    init(dataset: DatasetID, holder: HolderID, status: Status, reason: RecordedReason?) {
        self.dataset = dataset
        self.holder = holder
        self.status = status
        self.reason = reason
    }

    /// The order of records.
    package static func < (left: RecordedSource, right: RecordedSource) -> Bool {
        (left.dataset, left.holder, left.status.rawValue, left.reason?.text ?? "")
            < (right.dataset, right.holder, right.status.rawValue, right.reason?.text ?? "")
    }
}

/// Why a leaf is missing, as far as a record may say it.
package enum RecordedReason: Hashable, Sendable {
    /// A reason that says nothing of the person, or of a mismatch with what the caller gave.
    case said(MissingReason)
    /// A reason that says something of the person, which the record does not repeat.
    case ofThePerson

    /// How the second case is written.
    static let ofThePersonText = "propre_a_la_personne"

    /// Keeps what may be said of a reason.
    package init(_ reason: MissingReason) {
        // A mismatch is what reveals probing: it is about the request, not about the person.
        let mayBeSaid = !reason.concernsPerson || reason == .identiteDiscordante
        self = mayBeSaid ? .said(reason) : .ofThePerson
    }

    /// The reason as records and readers see it.
    package var text: String {
        switch self {
        case .said(let reason): reason.rawValue
        case .ofThePerson: RecordedReason.ofThePersonText
        }
    }

    init?(text: String) {
        if text == RecordedReason.ofThePersonText {
            self = .ofThePerson
        } else if let reason = MissingReason(rawValue: text),
            case .said = RecordedReason(reason)
        {
            self = .said(reason)
        } else {
            return nil
        }
    }
}

/// A requested field that was not released.
package struct WithheldField: Hashable, Sendable, Comparable {
    /// The request of the field.
    package let field: String
    /// Why, as far as a record may say it.
    package let reason: RecordedReason

    /// Keeps what may be said of a missing field.
    package init(field: FieldRequest, reason: MissingReason) {
        self.init(field: field.text, reason: RecordedReason(reason))
    }

    init(field: String, reason: RecordedReason) {
        self.field = field
        self.reason = reason
    }

    /// The order of records.
    package static func < (left: WithheldField, right: WithheldField) -> Bool {
        (left.field, left.reason.text) < (right.field, right.reason.text)
    }
}
