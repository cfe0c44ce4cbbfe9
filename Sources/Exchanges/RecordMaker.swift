import Journal
import Policies
import Vocabulary

/// Makes the two records of one exchange: facts, names and keyed digests, never a value.
struct RecordMaker: Sendable {
    let request: ExchangeRequest
    let generation: Generation
    /// How records and counters name the dossier.
    let dossier: KeyedDigest?

    init(request: ExchangeRequest, generation: Generation) {
        self.request = request
        self.generation = generation
        let question = request.question
        dossier = request.dossier.flatMap { dossier in
            generation.keyring.dossier(dossier.reveal(), of: question.service, at: question.now)
        }
    }

    /// The first record.
    func decision(
        _ decision: Decision,
        verdict: DecisionRecord.Verdict,
        problem: ProblemCode? = nil,
        about identified: Identified? = nil,
        counts: [FoundCount] = [],
        taking counting: Counting? = nil
    ) -> Draft {
        let question = request.question
        let known = generation.known
        var record = DecisionRecord(
            facts: facts(of: decision),
            verdict: verdict,
            requested: RecordedFields(question.fields, known: known),
            credential: request.caller.credential,
            initiator: question.initiator.quality
        )
        record.credentialKind = request.caller.kind
        record.problem = problem
        record.refused = RefusedField.recorded(decision.refusals, known: known)
        record.requestedPeriods = question.periods
        record.periods = decision.periods
        record.isAgentNamed = question.initiator.agent != nil
        record.role = question.role
        record.identifiers = request.usager.identifiers.keys.sorted { $0.rawValue < $1.rawValue }
        record.dossier = dossier
        record.counts = counts
        if let identified {
            add(identified, to: &record)
        }
        return Draft(record, taking: counting)
    }

    /// The second record.
    func outcome(
        _ decision: Decision,
        _ brought: Brought,
        after decided: Receipt,
        isCancelled: Bool
    ) -> Draft {
        let sighting = sighting(decision, brought, isCancelled: isCancelled)
        var record = OutcomeRecord(
            facts: facts(of: decision),
            decision: decided.index,
            outcome: isCancelled ? .cancelled : brought.state.recorded
        )
        record.sources = brought.sources.map { source in
            RecordedSource(
                dataset: source.dataset,
                holder: source.holder,
                status: source.status,
                reason: source.reason
            )
        }
        let released = isCancelled ? [] : Set(brought.sources.flatMap(\.releasedRequests))
        record.released = released.map(\.text)
        record.withheld = withheld(decision, brought, released: released)
        record.dropped = brought.replies.flatMap { $0.dropped.keys }.compactMap {
            generation.known.leaf($0) ?? FieldPath($0)
        }
        record.hasDroppedUnknown = brought.replies.contains { $0.droppedUnknown > 0 }
        return Draft(record, telling: sighting)
    }

    /// The second record of an exchange whose access was suspended meanwhile: nothing leaves.
    func withheldOutcome(_ decision: Decision, after decided: Receipt) -> Draft {
        var record = OutcomeRecord(
            facts: facts(of: decision), decision: decided.index, outcome: .nothing)
        record.problem = .demandeRefusee
        return Draft(record)
    }

    /// Each granted request of which nothing was released, once, with its first reason.
    private func withheld(
        _ decision: Decision, _ brought: Brought, released: Set<FieldRequest>
    ) -> [WithheldField] {
        var reasons: [FieldRequest: MissingReason] = [:]
        for leaf in brought.sources.flatMap(\.release.missing) {
            let request = FieldRequest(path: leaf.instance.path, form: leaf.form)
            reasons[request] = reasons[request] ?? leaf.reason
        }
        return decision.granted.map(\.request).filter { !released.contains($0) }
            .map { WithheldField(field: $0, reason: reasons[$0] ?? .sansValeur) }
    }

    private func facts(of decision: Decision) -> ExchangeFacts {
        let question = request.question
        return ExchangeFacts(
            exchange: request.id,
            instant: question.now,
            service: question.service,
            recipient: generation.known.recorded(question.recipient),
            purpose: generation.known.recorded(question.purpose),
            policy: decision.rule.map { PolicyMark(hash: $0.hash, version: $0.version) },
            generation: decision.generation,
            mode: question.mode
        )
    }

    private func add(_ identified: Identified, to record: inout DecisionRecord) {
        let pivot = identified.usager.pivot.reveal()
        record.person = generation.keyring.person(pivot, at: request.question.now)
        guard case .franceConnect(let client, let level, let scopes, _) = identified.facts else {
            return
        }
        record.client = client.map { generation.known.recorded($0) } ?? .unknown
        record.level = level
        record.scopes = generation.known.recorded(scopes: scopes)
    }
}

extension Answer.State {
    var recorded: OutcomeRecord.Outcome {
        switch self {
        case .complet: .complete
        case .partiel: .partial
        case .aucun: .nothing
        }
    }
}
