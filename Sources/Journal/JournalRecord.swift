package import Vocabulary

/// What a record tells of.
package enum RecordKind: String, Sendable, CaseIterable {
    /// What was asked, and whether it is permitted.
    case decision
    /// What became of it.
    case outcome = "issue"
    /// Something that belongs to no exchange.
    case event = "evenement"
}

/// A record, read back into types.
package enum JournalRecord: Hashable, Sendable {
    case decision(DecisionRecord)
    case outcome(OutcomeRecord)
    case event(EventRecord)

    /// Which of them it is.
    package var kind: RecordKind {
        switch self {
        case .decision: .decision
        case .outcome: .outcome
        case .event: .event
        }
    }

    /// Who asked, for whom, for what; nil where the record belongs to no exchange.
    package var facts: ExchangeFacts? {
        switch self {
        case .decision(let record): record.facts
        case .outcome(let record): record.facts
        case .event: nil
        }
    }

    /// The identifier of the exchange, or an event's own.
    package var id: ExchangeID {
        switch self {
        case .decision(let record): record.facts.exchange
        case .outcome(let record): record.facts.exchange
        case .event(let record): record.id
        }
    }

    /// The hash of the policy set that served.
    package var generation: String {
        switch self {
        case .decision(let record): record.facts.generation
        case .outcome(let record): record.facts.generation
        case .event(let record): record.generation
        }
    }

    /// The service that the record is about; nil for an event that concerns all of them.
    package var service: ServiceID? {
        switch self {
        case .decision(let record): record.facts.service
        case .outcome(let record): record.facts.service
        case .event(let record): record.act.access?.service
        }
    }

    /// The purpose that the record is about; nil for an event that concerns all of them.
    package var purpose: Recorded<PurposeID>? {
        switch self {
        case .decision(let record): record.facts.purpose
        case .outcome(let record): record.facts.purpose
        case .event(let record): record.act.access.map { .known($0.purpose) }
        }
    }

    /// About whom; only a decision says it.
    package var person: PersonMark? {
        guard case .decision(let record) = self else { return nil }
        return record.person
    }

    /// What the store's columns repeat of the record.
    package var columns: RecordColumns {
        RecordColumns(self)
    }
}

/// What a store repeats of a record beside its bytes, to filter without reading them.
///
/// Columns are derived, never a source: an audit derives them again and compares.
package struct RecordColumns: Hashable, Sendable {
    /// Which record it is.
    package let kind: RecordKind
    /// The exchange, or an event's own identifier.
    package let exchange: ExchangeID
    /// The service; empty for an event that concerns all of them.
    package let service: String
    /// The purpose, or `inconnu`; empty for an event that concerns all of them.
    package let purpose: String
    /// The recipient's SIRET, or `inconnu`; empty for an event.
    package let recipient: String
    /// The verdict, the outcome or the act.
    package let result: String
    /// Whether an outcome must follow.
    package let awaitsOutcome: Bool
    /// The hash of the policy document, where one decided.
    package let policyHash: String?
    /// About whom.
    package let person: PersonMark?

    init(_ record: JournalRecord) {
        kind = record.kind
        exchange = record.id
        service = record.service?.text ?? ""
        purpose = record.purpose.map { $0.name?.text ?? unknownName } ?? ""
        recipient = record.facts.map { $0.recipient.name?.text ?? unknownName } ?? ""
        policyHash = record.facts?.policy?.hash
        person = record.person
        switch record {
        case .decision(let decision):
            result = decision.verdict.rawValue
            awaitsOutcome = decision.verdict == .permitted
        case .outcome(let outcome):
            result = outcome.outcome.rawValue
            awaitsOutcome = false
        case .event(let event):
            result = event.act.kind.rawValue
            awaitsOutcome = false
        }
    }
}
