import Journal
import Policies
import Vocabulary

/// What a decision was asked, made again from what its record keeps.
///
/// Names that no catalogue held are recorded as `inconnu`: others that no catalogue holds stand
/// for them, and are refused for the same reasons.
///
/// Made once for all exchanges that asked alike: a replay then only sets the moment.
package struct RecordedQuestion: Sendable {
    let record: DecisionRecord
    /// The question at the moment of the record.
    private let question: ExchangeQuestion
    /// What identifying showed; nil where nobody was identified.
    let person: PersonFacts?
    /// Why no replay under the policies can judge it.
    let unplayable: Unplayable?
    /// What the policies count, beside what was counted then.
    let claims: [(now: BoundClaim, then: BoundClaim?)]
    /// Whether the record could not write all names of the request.
    let isVague: Bool

    init(_ record: DecisionRecord, for replayer: Replayer) {
        let facts = record.facts
        let fields =
            record.requested.listed
            + (0..<record.requested.unknownCount).map { "champ-inconnu-\($0 + 1)" }
        let purpose =
            facts.purpose.name
            ?? RecordedQuestion.unknownPurpose(of: facts.service, under: replayer.policies)
        question = ExchangeQuestion(
            service: facts.service,
            recipient: facts.recipient.name ?? .nobody,
            purpose: purpose,
            fields: fields,
            periods: record.requestedPeriods,
            mode: facts.mode,
            initiator: Initiator(
                quality: record.initiator,
                agent: record.isAgentNamed ? Sensitive(unknownName) : nil),
            role: record.role,
            now: facts.instant
        )
        self.record = record
        person = RecordedQuestion.person(of: record)
        unplayable = replayer.unplayable(record)
        let before = replayer.past[purpose]?.bounds.claims(in: facts.mode) ?? []
        claims = (replayer.policies[purpose]?.bounds.claims(in: facts.mode) ?? []).map { claim in
            (claim, before.first { $0.bound == claim.bound && $0.period == claim.period })
        }
        isVague =
            record.requested.unknownCount > 0
            || record.requested.listed.contains(where: \.hasUnknownForm)
    }

    /// The question, at the moment of one of the exchanges.
    func question(at instant: Timestamp) -> ExchangeQuestion {
        ExchangeQuestion(
            service: question.service, recipient: question.recipient, purpose: question.purpose,
            fields: question.fields, periods: question.periods, mode: question.mode,
            initiator: question.initiator, role: question.role, now: instant)
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

extension String {
    /// Whether the text names a field under a form that the record could not write.
    var hasUnknownForm: Bool {
        hasSuffix("@\(unknownName)")
    }
}
