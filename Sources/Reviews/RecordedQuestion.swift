import Journal
import Policies
import Vocabulary

/// What a decision was asked, made again from what its record keeps.
///
/// Names that no catalogue held are recorded as `inconnu`: others that no catalogue holds stand
/// for them, and are refused for the same reasons.
struct RecordedQuestion {
    let question: ExchangeQuestion
    /// What identifying showed; nil where nobody was identified.
    let person: PersonFacts?

    init(_ record: DecisionRecord, at instant: Timestamp, under policies: PolicySet) {
        let facts = record.facts
        let fields =
            record.requested.listed
            + (0..<record.requested.unknownCount).map { "champ-inconnu-\($0 + 1)" }
        question = ExchangeQuestion(
            service: facts.service,
            recipient: facts.recipient.name ?? .nobody,
            purpose: facts.purpose.name
                ?? RecordedQuestion.unknownPurpose(of: facts.service, under: policies),
            fields: fields,
            periods: record.requestedPeriods,
            mode: facts.mode,
            initiator: Initiator(
                quality: record.initiator,
                agent: record.isAgentNamed ? Sensitive(unknownName) : nil),
            role: record.role,
            now: instant
        )
        person = RecordedQuestion.person(of: record)
    }

    /// A purpose that the service does not have.
    private static func unknownPurpose(
        of service: ServiceID, under policies: PolicySet
    ) -> PurposeID {
        var name = unknownName
        while policies[PurposeID(service: service, name: name)] != nil { name += "-x" }
        return PurposeID(service: service, name: name)
    }

    private static func person(of record: DecisionRecord) -> PersonFacts? {
        let identifiers = Set(record.identifiers)
        switch record.facts.mode {
        case .identite:
            return .identity(identifiers: identifiers)
        case .franceconnect:
            guard let level = record.level else { return nil }
            return .franceConnect(
                client: record.client?.name, level: level,
                scopes: record.scopes.mapValues { Set($0) }, identifiers: identifiers)
        }
    }
}
