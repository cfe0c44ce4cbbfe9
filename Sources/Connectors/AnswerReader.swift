import HTTPMessages
import JSONText
package import Vocabulary

/// What one answer brought.
package struct StepReading: Sendable {
    package let outcome: CallOutcome
    /// Every leaf that was asked of this step, read or missing, where the outcome is `obtained`.
    package let reading: HolderReading
    package let retryAfterSeconds: Int?
    /// Contract fields that came along unasked: 1 each, whatever the number of instances, which
    /// would tell how many children or salaries there are.
    package let dropped: [String: Int]
    package let droppedUnknown: Int
    /// What a later step's request needs.
    package let kept: [String: Sensitive<String>]

    static func ended(
        _ reason: MissingReason, retryAfter: Int? = nil, dropped: [String: Int] = [:],
        unknown: Int = 0
    ) -> StepReading {
        StepReading(
            outcome: .ended(reason), reading: HolderReading(), retryAfterSeconds: retryAfter,
            dropped: dropped, droppedUnknown: unknown, kept: [:])
    }
}

/// Reads one answer of a holder: asked leaves are taken, the identity is judged, the rest is
/// counted.
struct AnswerReader {
    let plan: ReadingPlan
    let stepRules: [OutcomeRule]
    let question: HolderQuestion

    /// Reads the answer; `agrees` says whether a returned identity is the usager's.
    func read(
        _ response: InboundResponse, agrees: (ReturnedIdentity) -> Bool
    ) -> StepReading {
        let asked = plan.asked(question.leaves)
        let wanted = plan.wanted(for: asked)
        var captures: Captures?
        if !response.body.isEmpty {
            captures = try? SelectionPass.run(
                plan.selection, wanted: wanted, over: response.body, limits: plan.limits)
        }
        let judged = outcome(of: response, captures)
        // The holder knows better than its connector when it will be back.
        let retry = retryAfter(response) ?? judged.retryAfter
        guard judged.outcome == .obtained else {
            guard case .ended(let reason) = judged.outcome else {
                return .ended(.reponseIrrecevable)
            }
            return .ended(reason, retryAfter: reason.isTemporary ? retry : nil)
        }
        guard let captures, hasExpectedType(response), !captures.isMisshapen,
            captures.elements.allSatisfy({ $0.count <= AnswerReader.maximumElements })
        else { return .ended(.reponseIrrecevable) }
        return take(captures, asked, wanted, response.headers, agrees)
    }

    /// A list of more elements is no answer about one person.
    static let maximumElements = 2000

    private func take(
        _ captures: Captures, _ asked: [Bool], _ wanted: [Bool], _ headers: HTTPHeaders,
        _ agrees: (ReturnedIdentity) -> Bool
    ) -> StepReading {
        let dropped = dropped(captures, asked, wanted)
        guard yearIsRight(captures) else {
            return .ended(.reponseIrrecevable, dropped: dropped, unknown: captures.unknown)
        }
        var other: [Trait: FieldValue] = [:]
        if let agreement = plan.agreement {
            switch AgreementReader(plan: agreement, captures: captures).judge(agrees) {
            case .usager(let second): other = second
            case .nobody:
                return .ended(.identiteDiscordante, dropped: dropped, unknown: captures.unknown)
            case .several:
                return .ended(.personneAmbigue, dropped: dropped, unknown: captures.unknown)
            case .unreadable:
                return .ended(.reponseIrrecevable, dropped: dropped, unknown: captures.unknown)
            }
        }
        let leaves = LeafReader(
            plan: plan, asked: asked, captures: captures, headers: headers, question: question,
            other: other
        ).read()
        var kept: [String: Sensitive<String>] = [:]
        for (name, pointer) in plan.kept {
            kept[name] = captures.single(pointer)?.known.map { Sensitive($0) }
        }
        return StepReading(
            outcome: .obtained, reading: leaves, retryAfterSeconds: nil, dropped: dropped,
            droppedUnknown: captures.unknown, kept: kept)
    }

    private func dropped(
        _ captures: Captures, _ asked: [Bool], _ wanted: [Bool]
    ) -> [String: Int] {
        var dropped: [String: Int] = [:]
        for (leaf, isAsked) in zip(plan.leaves, asked) where !isAsked {
            let came = leaf.sentPointers.contains { !wanted[$0] && captures.passed[$0] }
            if came { dropped[leaf.path.text] = 1 }
        }
        return dropped
    }

    private func yearIsRight(_ captures: Captures) -> Bool {
        guard let pointer = plan.yearCheck, case .year(let year)? = question.period,
            let text = captures.single(pointer)?.known
        else { return true }
        return Int(text) == year
    }

    // MARK: - Outcome

    private func outcome(
        of response: InboundResponse, _ captures: Captures?
    ) -> (outcome: CallOutcome, retryAfter: Int?) {
        for rules in [stepRules, plan.rules] {
            for rule in rules where matches(rule, response, captures) {
                return (rule.outcome, rule.retryAfterSeconds)
            }
        }
        switch response.status {
        case 200: return (.obtained, nil)
        case 401: return (.ended(.passerelleEnDefaut), nil)
        case 429: return (.ended(.detenteurQuota), nil)
        // A holder that says when it will be back has planned to be away.
        case 503 where response.headers.contains("Retry-After"):
            return (.ended(.detenteurMaintenance), nil)
        case 500...599: return (.ended(.detenteurIndisponible), nil)
        default: return (.ended(.reponseIrrecevable), nil)
        }
    }

    private func matches(
        _ rule: OutcomeRule, _ response: InboundResponse, _ captures: Captures?
    ) -> Bool {
        guard rule.statuses.isEmpty || rule.statuses.contains(where: { $0 ~= response.status })
        else { return false }
        if let header = rule.header {
            guard let value = response.headers[header.name] else { return false }
            guard header.values.isEmpty || header.values.contains(value.trimmingSpaces) else {
                return false
            }
        }
        guard let body = rule.body else { return true }
        return captures?.values[body.pointer].contains { body.holds($0.scalar) } ?? false
    }

    private func retryAfter(_ response: InboundResponse) -> Int? {
        guard let text = response.headers["Retry-After"]?.trimmingSpaces, text.utf8.count <= 6,
            let seconds = Int(text), seconds >= 0
        else { return nil }
        return min(seconds, 86_400)
    }

    private func hasExpectedType(_ response: InboundResponse) -> Bool {
        guard let text = response.headers["Content-Type"], let type = MediaType(text) else {
            return false
        }
        if let charset = type.parameters["charset"], charset.lowercased() != "utf-8" {
            return false
        }
        return plan.mediaTypes.contains(type.essence)
    }
}

extension MissingReason {
    /// Whether asking again later may help.
    var isTemporary: Bool { fallback == .reessayer }

    /// How a call that ends with this reason is told.
    package var sourceStatus: SourceStatus {
        switch self {
        case .personneInconnue, .personneAmbigue, .identiteDiscordante, .nonDetenu,
            .nonCalculable, .sansValeur, .nonCouvert:
            .sansResultat
        case .detenteurIndisponible, .detenteurTropLent, .detenteurQuota, .detenteurMaintenance:
            .indisponible
        case .reponseIrrecevable: .irrecevable
        case .porteeRefusee, .passerelleEnDefaut, .jetonInactif: .refuse
        }
    }
}
