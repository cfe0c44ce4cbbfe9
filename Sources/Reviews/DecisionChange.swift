import Policies
package import Vocabulary

/// A question of which the first decision would be another.
package struct DecisionChange: Sendable, Hashable {
    /// What is asked: one leaf under one form.
    package let request: String
    package let mode: Mode
    package let recipient: Siret
    package let initiator: InitiatorQuality
    /// Whether it is permitted by the second set, and not by the first.
    package let isPermitted: Bool
    /// Why the other refuses.
    package let reasons: [RefusalReason]

    /// Asks both sets for every leaf, in every mode, for every recipient, by every initiator of a
    /// purpose, each with all else as both would have it.
    static func between(
        _ before: PolicySet, _ after: PolicySet, of purpose: PurposeID, on day: CalendarDate
    ) -> [DecisionChange] {
        let both = [before[purpose], after[purpose]].compactMap { $0 }
        let requests = Set(
            [before, after].flatMap { set in set.offers(of: purpose).map(\.request.text) })
        let recipients = Set(both.flatMap { $0.habilitations.map(\.recipient) }).sorted()
        let initiators = InitiatorQuality.allCases.filter { quality in
            both.contains { $0.initiators.contains { $0.quality == quality } }
        }
        let now = Timestamp(milliseconds: day.daysSinceEpoch * 86_400_000 + 43_200_000)
        var changes: [DecisionChange] = []
        for mode in Mode.allCases where both.contains(where: { $0.modes[mode] != nil }) {
            for recipient in recipients.prefix(50) {
                for initiator in initiators {
                    for request in requests.sorted() {
                        let question = ExchangeQuestion(
                            service: purpose.service, recipient: recipient, purpose: purpose,
                            fields: [request], periods: [:], mode: mode,
                            initiator: Initiator(
                                quality: initiator,
                                agent: initiator == .agent ? Sensitive("agent") : nil),
                            role: nil, now: now)
                        let old = before.decide(question)
                        let new = after.decide(question)
                        guard old.isPermitted != new.isPermitted else { continue }
                        changes.append(
                            DecisionChange(
                                request: request, mode: mode, recipient: recipient,
                                initiator: initiator, isPermitted: new.isPermitted,
                                reasons: (old.refusals + new.refusals).map(\.reason)))
                    }
                }
            }
        }
        return changes
    }
}
