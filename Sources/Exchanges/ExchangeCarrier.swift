package import Journal
package import Policies
package import Vocabulary

/// The policies, catalogues and connectors that one exchange holds from its start to its end.
///
/// What comes into force meanwhile is for the next: a request that one policy granted is put to
/// the holders by the connectors that were checked with it.
package final class Generation: Sendable {
    package let policies: PolicySet
    package let known: KnownNames
    package let keyring: Keyring
    package let holders: any HolderPort

    package init(
        policies: PolicySet, known: KnownNames, keyring: Keyring, holders: any HolderPort
    ) {
        self.policies = policies
        self.known = known
        self.keyring = keyring
        self.holders = holders
    }
}

/// Carries one exchange from a well-formed request to a recorded answer.
///
/// The order is the argument, and the types enforce it: decide, set a place in the journal aside,
/// identify, decide on the person (only this gives a permit), record (only this gives a receipt),
/// ask, keep what was granted, record, answer.
package struct ExchangeCarrier: Sendable {
    let journal: any JournalPort
    let franceConnect: any FranceConnectPort
    let clocks: Clocks
    /// Whether the identity mode is only for those whose credential a thief could not use.
    let demandsBoundCredential: Bool

    package init(
        journal: any JournalPort,
        franceConnect: any FranceConnectPort,
        clocks: Clocks,
        demandsBoundCredential: Bool = false
    ) {
        self.journal = journal
        self.franceConnect = franceConnect
        self.clocks = clocks
        self.demandsBoundCredential = demandsBoundCredential
    }

    /// Whether a credential is too weak for a mode.
    ///
    /// In the identity mode nothing but the credential stands between a thief and anybody's data:
    /// a key that may be copied is not enough. Under FranceConnect a token of that purpose's own
    /// client is needed as well.
    package func refuses(_ kind: CredentialKind, for mode: Mode) -> Bool {
        demandsBoundCredential && mode == .identite && !kind.isBound
    }

    /// Carries one exchange.
    ///
    /// - Throws: the problem that the caller is to read; whatever was decided has been recorded.
    package func carry(
        _ request: ExchangeRequest,
        under generation: Generation,
        until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Answer {
        let records = RecordMaker(request: request, generation: generation)
        let decision = generation.policies.decide(request.question)
        // A record that cannot say about whom it is proves nothing to that person.
        guard generation.keyring.covers(request.question.now) else {
            throw Problem(.journalIndisponible)
        }
        let place = try journal.reserve()
        guard decision.isPermitted else {
            throw try await refuse(decision, records, in: place)
        }
        guard !refuses(request.caller.kind, for: request.question.mode) else {
            _ = try await place.append(
                records.decision(decision, verdict: .refused, problem: .titreNonLie))
            throw Problem(.titreNonLie)
        }
        let identified: Identified
        do throws(Problem) {
            identified = try await identify(
                request, for: decision, under: generation.policies, until: deadline)
        } catch {
            // Nobody was asked for data; that the token was tried is worth a record all the same.
            // Once the caller has left, what the cut call came to is nobody's failure.
            let problem = Task.isCancelled ? Problem(.appelantParti) : error
            _ = try await place.append(
                records.decision(decision, verdict: .refused, problem: problem.code))
            throw problem
        }
        let ruling = generation.policies.rule(on: decision, person: identified.facts)
        let ruled = ruling.decision
        guard let permit = ruling.takePermit() else {
            throw try await refuse(ruled, records, about: identified, in: place)
        }
        let counted = try await count(permit.claims, ruled, records, about: identified, in: place)
        let decided = counted.receipt
        let asks = permit.spend(for: identified.usager, in: request.id)
        let brought = await ask(
            asks, of: generation.holders, recorded: decided,
            until: min(deadline, identified.deadline ?? deadline))
        return try await conclude(ruled, brought, counted, records, in: place)
    }

    /// A permitted decision that is durable, and what its counts leave to the service.
    private struct Counted {
        let receipt: Receipt
        let quotas: [Quota]
    }

    /// Records a permitted decision with the counts that it takes.
    private func count(
        _ claims: [BoundClaim],
        _ decision: Decision,
        _ records: RecordMaker,
        about identified: Identified,
        in place: any JournalPlace
    ) async throws(Problem) -> Counted {
        guard !claims.isEmpty else {
            let draft = records.decision(decision, verdict: .permitted, about: identified)
            return Counted(receipt: try await place.append(draft), quotas: [])
        }
        let draft = records.decision(
            decision, verdict: .permitted, about: identified,
            taking: records.counting(claims, about: identified))
        switch try await place.claim(draft) {
        case .recorded(let receipt, let found):
            return Counted(receipt: receipt, quotas: records.quotas(claims, found, isTaken: true))
        case .exceeded(let found):
            let judged = records.generation.policies.judge(decision, by: found)
            _ = try await place.append(
                records.decision(
                    judged, verdict: .refused, about: identified,
                    counts: found.filter(\.isRecorded)))
            throw records.problem(judged, claims, found)
        }
    }

    /// What is left to the service of the bounds of a purpose, nothing being taken; nothing of a
    /// person.
    package func quotas(of decision: Decision, under generation: Generation) async -> [Quota] {
        let counters = ShownCounters(of: decision, under: generation.policies)
        guard !counters.keys.isEmpty, let values = await journal.values(counters.keys) else {
            return []
        }
        return counters.quotas(values)
    }

    /// Records a refusal, then gives the problem to throw.
    private func refuse(
        _ decision: Decision,
        _ records: RecordMaker,
        about identified: Identified? = nil,
        in place: any JournalPlace
    ) async throws(Problem) -> Problem {
        let draft = records.decision(decision, verdict: .refused, about: identified)
        _ = try await place.append(draft)
        return Problem(.demandeRefusee, refusals: decision.refusals)
    }

    /// Asks every holder at once, and gives what each one's answer leaves.
    private func ask(
        _ asks: [HolderAsk],
        of holders: any HolderPort,
        recorded receipt: Receipt,
        until deadline: ContinuousClock.Instant
    ) async -> Brought {
        guard asks.count > 1 else {
            var brought: [(HolderAsk, HolderReply, Timestamp)] = []
            for ask in asks {
                let reply = await holders.ask(ask, recorded: receipt, until: deadline)
                brought.append((ask, reply, clocks.wall()))
            }
            return Brought(brought)
        }
        return await withTaskGroup(of: (Int, HolderReply, Timestamp).self) { group in
            for (index, ask) in asks.enumerated() {
                group.addTask { [clocks] in
                    let reply = await holders.ask(ask, recorded: receipt, until: deadline)
                    return (index, reply, clocks.wall())
                }
            }
            var replies: [(HolderAsk, HolderReply, Timestamp)?] = asks.map { _ in nil }
            for await (index, reply, time) in group {
                replies[index] = (asks[index], reply, time)
            }
            return Brought(replies.compactMap { $0 })
        }
    }

    /// Records the outcome, then gives the answer that the record allows.
    private func conclude(
        _ decision: Decision,
        _ brought: Brought,
        _ counted: Counted,
        _ records: RecordMaker,
        in place: any JournalPlace
    ) async throws(Problem) -> Answer {
        let hasLeft = Task.isCancelled
        let draft = records.outcome(
            decision, brought, after: counted.receipt, isCancelled: hasLeft)
        guard case .recorded(let receipt, _) = try await place.claim(draft) else {
            // Others of the same access were found out while this one ran.
            _ = try await place.append(records.withheldOutcome(decision, after: counted.receipt))
            throw records.suspended(decision)
        }
        if hasLeft {
            throw Problem(.appelantParti)
        }
        return Answer(
            exchange: records.request.id,
            brought: brought,
            retentionDays: decision.retentionDays,
            receipt: receipt,
            quotas: counted.quotas
        )
    }
}
