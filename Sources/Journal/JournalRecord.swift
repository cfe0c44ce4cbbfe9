package import Vocabulary

/// Which of the two records of an exchange a record is.
package enum RecordKind: String, Sendable, CaseIterable {
    /// What was asked, and whether it is permitted.
    case decision
    /// What became of it.
    case outcome = "issue"
}

/// A record, read back into types.
package enum JournalRecord: Hashable, Sendable {
    case decision(DecisionRecord)
    case outcome(OutcomeRecord)

    /// Which of the two it is.
    package var kind: RecordKind {
        switch self {
        case .decision: .decision
        case .outcome: .outcome
        }
    }

    /// Who asked, for whom, for what.
    package var facts: ExchangeFacts {
        switch self {
        case .decision(let record): record.facts
        case .outcome(let record): record.facts
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
    /// Which of the two records it is.
    package let kind: RecordKind
    /// The exchange.
    package let exchange: ExchangeID
    /// The service.
    package let service: String
    /// The purpose, or `inconnu`.
    package let purpose: String
    /// The recipient's SIRET, or `inconnu`.
    package let recipient: String
    /// The verdict or the outcome.
    package let result: String
    /// Whether an outcome must follow.
    package let awaitsOutcome: Bool
    /// The hash of the policy document, where one decided.
    package let policyHash: String?
    /// About whom.
    package let person: PersonMark?

    init(_ record: JournalRecord) {
        kind = record.kind
        let facts = record.facts
        exchange = facts.exchange
        service = facts.service.text
        purpose = facts.purpose.name?.text ?? unknownName
        recipient = facts.recipient.name?.text ?? unknownName
        policyHash = facts.policy?.hash
        person = record.person
        switch record {
        case .decision(let decision):
            result = decision.verdict.rawValue
            awaitsOutcome = decision.verdict == .permitted
        case .outcome(let outcome):
            result = outcome.outcome.rawValue
            awaitsOutcome = false
        }
    }
}
