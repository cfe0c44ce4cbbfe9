import Connectors
import HTTPMessages
import Identification
import Vocabulary

/// The calls of one question, one after the other, each only after the one before has agreed.
struct Conversation {
    let connector: Connector
    let caller: HolderCaller
    /// The pivot that every returned identity must agree with.
    let pivot: Sensitive<PivotIdentity>
    let deadline: ContinuousClock.Instant

    func hold(_ question: HolderQuestion) async -> Brought {
        let steps = connector.steps(for: question)
        var brought = Brought(steps, for: question)
        if steps.isEmpty { brought.end(.passerelleEnDefaut) }
        for step in steps {
            let request: CallRequest
            do throws(CallImpossible) {
                request = try step.request(for: question, kept: brought.kept)
            } catch {
                brought.end(error.reason)
                return brought
            }
            var reading: StepReading?
            let result = await caller.call(request, of: step, until: deadline) { response in
                let read = step.read(response, for: question) { returned in
                    agreement(of: pivot.reveal(), with: returned) == .agrees
                }
                reading = read
                return read.verdict(of: response)
            }
            switch result {
            case .answered:
                if let reading { brought.add(reading, of: step, to: question) }
            case .failed(let reason, let retryAfter): brought.end(reason, retryAfter: retryAfter)
            case .cancelled: brought.isCancelled = true
            }
            if brought.ending != nil || brought.isCancelled { return brought }
        }
        return brought
    }
}

/// What the calls of one question brought.
struct Brought {
    private(set) var reading = HolderReading()
    private(set) var kept: [String: Sensitive<String>] = [:]
    /// Why no further call was made.
    private(set) var ending: MissingReason?
    var isCancelled = false
    /// The asked leaves of the calls that brought an answer about the usager.
    private var answered: Set<FieldPath> = []
    /// The fields that each call was to bring.
    private let planned: [Set<FieldPath>]
    private var retryAfter: Int?
    private var mayRetry = true
    private var dropped: [String: Int] = [:]
    private var droppedUnknown = 0

    init(_ steps: [CallStep], for question: HolderQuestion) {
        planned = steps.map { $0.fields.intersection(question.leaves) }.filter { !$0.isEmpty }
    }

    mutating func add(_ step: StepReading, of call: CallStep, to question: HolderQuestion) {
        dropped.merge(step.dropped, uniquingKeysWith: +)
        droppedUnknown += step.droppedUnknown
        switch step.outcome {
        case .obtained:
            let fields = call.fields
            for leaf in question.leaves where fields.contains(leaf) { answered.insert(leaf) }
            reading.leaves.merge(step.reading.leaves) { _, new in new }
            reading.extents += step.reading.extents
            kept.merge(step.kept) { _, new in new }
        case .ended(let reason):
            end(reason, retryAfter: step.retryAfterSeconds)
            mayRetry = step.mayRetry
        }
    }

    mutating func end(_ reason: MissingReason, retryAfter: Int? = nil) {
        ending = reason
        self.retryAfter = retryAfter
    }

    /// The reply: a call that failed after another brought leaves says so of its own leaves alone.
    func reply(
        to question: HolderQuestion, coverage: (CallOutcome) -> String?,
        retryAfter defaultRetry: Int
    ) -> HolderReply {
        if isCancelled {
            return HolderReply(
                status: .annule, missing: .detenteurIndisponible, dropped: dropped,
                droppedUnknown: droppedUnknown)
        }
        // Two calls that say two persons: what the first brought is not the usager's either.
        let disagrees = ending == .identiteDiscordante || ending == .personneAmbigue
        guard !answered.isDisjoint(with: question.leaves), !disagrees else {
            let reason = ending ?? .nonDetenu
            var reply = HolderReply(
                status: reason.sourceStatus, missing: reason,
                retryAfterSeconds: retry(defaultRetry),
                coverage: coverage(.ended(reason)), dropped: dropped,
                droppedUnknown: droppedUnknown)
            reply.mayRetry = mayRetry
            reply.calls = severalCalls(coverage) { _ in (reason.sourceStatus, reason) }
            return reply
        }
        var complete = reading
        for leaf in question.leaves.subtracting(answered) {
            complete.leaves[LeafInstance(path: leaf)] = .missing(ending ?? .nonDetenu)
        }
        var reply = HolderReply(
            status: .obtenu, reading: complete, retryAfterSeconds: retry(defaultRetry),
            coverage: coverage(.obtained), dropped: dropped, droppedUnknown: droppedUnknown)
        reply.mayRetry = mayRetry
        reply.calls = severalCalls(coverage) { fields in
            guard answered.isDisjoint(with: fields) else { return (.obtenu, nil) }
            let reason = ending ?? .nonDetenu
            return (reason.sourceStatus, reason)
        }
        return reply
    }

    /// How each call ended or would have, had the one before gone well; empty where there is one.
    private func severalCalls(
        _ coverage: (CallOutcome) -> String?,
        _ end: (Set<FieldPath>) -> (SourceStatus, MissingReason?)
    ) -> [HolderCall] {
        guard planned.count > 1 else { return [] }
        return planned.map { fields in
            let (status, missing) = end(fields)
            var call = HolderCall(fields: fields, status: status, missing: missing)
            call.coverage = coverage(missing.map { .ended($0) } ?? .obtained)
            return call
        }
    }

    /// When the service may ask again for what a call did not bring.
    private func retry(_ usual: Int) -> Int? {
        guard ending != .jetonInactif, mayRetry else { return nil }
        return retryAfter ?? (ending?.fallback == .reessayer ? usual : nil)
    }
}
