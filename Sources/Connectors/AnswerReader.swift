import HTTPMessages
import JSONText
package import Vocabulary

/// What one answer brought.
package struct StepReading: Sendable {
    package let outcome: CallOutcome
    /// Every leaf that was asked of this step, read or missing, where the outcome is `obtained`.
    package let reading: HolderReading
    package let retryAfterSeconds: Int?
    /// Whether asking again later may help.
    package let mayRetry: Bool
    /// Contract fields that came along unasked: 1 each, whatever the number of instances, which
    /// would tell how many children or salaries there are.
    package let dropped: [String: Int]
    package let droppedUnknown: Int
    /// What a later step's request needs.
    package let kept: [String: Sensitive<String>]
    /// Whether making the call again at once may do; never where the answer tells of the person.
    package var mayRepeat = false

    static func ended(
        _ reason: MissingReason, retryAfter: Int? = nil, mayRetry: Bool? = nil,
        dropped: [String: Int] = [:], unknown: Int = 0
    ) -> StepReading {
        StepReading(
            outcome: .ended(reason), reading: HolderReading(), retryAfterSeconds: retryAfter,
            mayRetry: mayRetry ?? reason.isTemporary, dropped: dropped,
            droppedUnknown: unknown, kept: [:])
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
        if case .ended(let reason) = judged.outcome {
            let mayRetry = judged.rule?.mayRetry ?? reason.isTemporary
            let retry = mayRetry ? retryAfter(response, judged.rule, captures) : nil
            var ended = StepReading.ended(reason, retryAfter: retry, mayRetry: mayRetry)
            // What stands before the holder had no answer from it, or none yet.
            let isPassing = (502...504).contains(response.status) && judged.rule?.mayRetry != false
            ended.mayRepeat =
                reason.isOfHolder && retry == nil && (isPassing || judged.rule?.mayRetry == true)
            return ended
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
        if let reason = falseEcho(captures) {
            return .ended(reason, dropped: dropped, unknown: captures.unknown)
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
        var kept: [String: Sensitive<String>] = [:]
        for (name, keeping) in plan.kept.sorted(by: { $0.key < $1.key }) {
            switch keeping.reading(of: captures.scalar(keeping.pointer)) {
            case .kept(let value): kept[name] = value
            case .ended(let reason):
                return .ended(reason, dropped: dropped, unknown: captures.unknown)
            }
        }
        let leaves = LeafReader(
            plan: plan, asked: asked, captures: captures, headers: headers, question: question,
            other: other
        ).read()
        return StepReading(
            outcome: .obtained, reading: leaves, retryAfterSeconds: nil, mayRetry: false,
            dropped: dropped, droppedUnknown: captures.unknown, kept: kept)
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

    /// Why the answer is not believed where it repeats something else than the question: another
    /// person's number, or another period's figures.
    private func falseEcho(_ captures: Captures) -> MissingReason? {
        let values = VariableValues(question: question, kept: [:])
        for echo in plan.echoes {
            guard let asked = values.texts(echo.variable)?.first,
                let said = captures.scalar(echo.pointer)?.known
            else { continue }
            let isSame =
                said.uppercased() == asked.uppercased()
                || Int64(said).map { $0 == Int64(asked) } ?? false
            if !isSame {
                return echo.variable.namesPerson ? .identiteDiscordante : .reponseIrrecevable
            }
        }
        return nil
    }

    // MARK: - Outcome

    private func outcome(
        of response: InboundResponse, _ captures: Captures?
    ) -> (outcome: CallOutcome, rule: OutcomeRule?) {
        // Where there is no body, every condition that something be absent holds.
        let judged = response.body.isEmpty ? Captures(plan.selection) : captures
        for rules in [stepRules, plan.rules] {
            for rule in rules where rule.holds(for: response, judged) {
                return (rule.outcome, rule)
            }
        }
        return (usualOutcome(of: response), nil)
    }

    /// What a status means where no rule says otherwise.
    private func usualOutcome(of response: InboundResponse) -> CallOutcome {
        switch response.status {
        case 200: .obtained
        case 401: .ended(.passerelleEnDefaut)
        case 429: .ended(.detenteurQuota)
        // A holder that says when it will be back has planned to be away.
        case 503 where response.headers.contains("Retry-After"): .ended(.detenteurMaintenance)
        case 504: .ended(.detenteurTropLent)
        case 500...599: .ended(.detenteurIndisponible)
        default: .ended(.reponseIrrecevable)
        }
    }

    /// In how many seconds to ask again: the holder knows better than its connector.
    private func retryAfter(
        _ response: InboundResponse, _ rule: OutcomeRule?, _ captures: Captures?
    ) -> Int? {
        if let said = seconds(response.headers["Retry-After"], response) { return said }
        switch rule?.retrySource {
        case .header(let name)?:
            if let said = seconds(response.headers[name], response) { return said }
        case .body(let pointer)?:
            if let said = seconds(captures?.all(pointer).lazy.compactMap(\.known).first, response) {
                return said
            }
        case nil: break
        }
        return rule?.retryAfterSeconds
    }

    static let longestRetry: Int64 = 86_400

    /// Seconds, or a moment from which the holder's own `Date` is taken: its clock may be wrong,
    /// and then both are.
    private func seconds(_ text: String?, _ response: InboundResponse) -> Int? {
        guard let text = text?.trimmingSpaces, !text.isEmpty else { return nil }
        if text.utf8.count <= 20, let seconds = ExactDecimal(text) {
            guard seconds.scale == 0, seconds.units >= 0 else { return nil }
            return Int(min(seconds.units, AnswerReader.longestRetry))
        }
        guard let then = moment(text), let now = response.headers["Date"].flatMap(moment) else {
            return nil
        }
        let span = (then.milliseconds - now.milliseconds + 999) / 1000
        return Int(min(max(span, 1), AnswerReader.longestRetry))
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
