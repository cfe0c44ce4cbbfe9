import Journal
import Policies
import Vocabulary

// What an exchange counts: names of counters, and what the counts that were found mean.
extension RecordMaker {
    private var purpose: PurposeID { request.question.purpose }

    /// The access that probing suspends; nil where the usager proves who they are.
    private var access: AccessMark? {
        guard request.question.mode == .identite else { return nil }
        return AccessMark(
            service: request.caller.service, credential: request.caller.credential,
            purpose: purpose, mode: .identite)
    }

    /// The claims of a permit under the names that counters have in the journal.
    func counting(_ claims: [BoundClaim], about identified: Identified) -> Counting {
        let now = request.question.now
        let names = CounterNames(
            person: generation.keyring.counterKeys(of: identified.usager.pivot.reveal(), at: now),
            dossier: dossier, purpose: purpose, credential: request.caller.credential,
            access: access)
        return Counting(claims: claims.compactMap { names.claim($0, at: now) }, access: access)
    }

    /// What counts leave to the service, where it may be told; those that were found were taken, or
    /// not.
    func quotas(_ claims: [BoundClaim], _ found: [FoundCount], isTaken: Bool) -> [Quota] {
        claims.compactMap { claim in
            found.first { $0.counter == claim.bound.rawValue }.flatMap { count in
                claim.quota(found: count.found - (isTaken ? 0 : 1), at: request.question.now)
            }
        }
    }

    /// The problem of a decision that its counts refused.
    func problem(_ judged: Decision, _ claims: [BoundClaim], _ found: [FoundCount]) -> Problem {
        guard judged.refusals.allSatisfy(\.reason.isOfCount) else {
            return Problem(.demandeRefusee, refusals: judged.refusals)
        }
        let quotas = quotas(claims, found, isTaken: false)
        // A moment would say when the person was asked about.
        let isOfPerson = judged.refusals.contains { $0.reason == .borneParPersonneAtteinte }
        let seconds = quotas.filter { $0.remaining == 0 }
            .map { $0.window.secondsLeft(at: request.question.now) }.max()
        return Problem(
            .quotaEpuise, refusals: judged.refusals,
            retryAfterSeconds: isOfPerson ? nil : seconds.map { Int($0) }, quotas: quotas)
    }

    /// The problem of an exchange whose access was suspended while it ran.
    func suspended(_ decision: Decision) -> Problem {
        Problem(
            .demandeRefusee,
            refusals: [
                Refusal(
                    field: nil, reason: .sondagePresume, rule: decision.rule?.text,
                    contact: generation.policies[purpose]?.contact)
            ])
    }

    /// What an outcome tells of the access; nil where it tells nothing, as when holders are down.
    func sighting(_ decision: Decision, _ brought: Brought, isCancelled: Bool) -> Sighting? {
        guard let access, let limits = generation.policies[purpose]?.bounds.probing else {
            return nil
        }
        // Whoever leaves may have seen enough; whoever was recognised is no miss all the same.
        guard let isMiss = brought.isMiss ?? (isCancelled ? true : nil) else { return nil }
        let hour = CountingPeriod.heure.window(around: request.question.now)
        return Sighting(
            access: access, isMiss: isMiss,
            misses: CounterKey(.echecsParHeure, of: access, over: hour),
            missesPerHour: limits.missesPerHour, missesInHundred: limits.missesInHundred)
    }
}

/// What counters are named after, in one exchange.
private struct CounterNames {
    let person: (person: KeyedDigest, namesakes: KeyedDigest)?
    let dossier: KeyedDigest?
    let purpose: PurposeID
    let credential: String
    let access: AccessMark?

    /// A claim under its counter's name; nil where there is nothing to name it after.
    func claim(_ claim: BoundClaim, at time: Timestamp) -> CounterClaim? {
        let bound = claim.bound
        let window = claim.period.window(around: time)
        func key(_ parts: [String], _ digests: [KeyedDigest?]) -> CounterKey {
            CounterKey(bound, of: parts, about: digests, over: window)
        }
        func counted(_ counter: CounterKey, _ member: CounterKey? = nil) -> CounterClaim {
            CounterClaim(bound: bound, limit: claim.limit, counter: counter, member: member)
        }
        let own = [purpose.text, credential]
        switch bound {
        case .parSeconde, .parJour:
            return counted(CounterKey(bound, of: purpose, over: window))
        case .parPersonneEtDossier:
            // Without a dossier, all calls about a person are of one.
            return person.map { counted(key([purpose.text], [$0.person, dossier])) }
        case .personnesParJour:
            guard let person, let access else { return nil }
            return counted(
                CounterKey(bound, of: access, over: window), key(own, [person.person]))
        case .personnesParDossier:
            guard let person, let dossier else { return nil }
            return counted(key(own, [dossier]), key(own, [dossier, person.person]))
        case .variantesParJour:
            guard let person else { return nil }
            return counted(
                key(own, [person.namesakes]), key(own, [person.namesakes, person.person]))
        case .echecsParHeure, .echecsSurCent:
            return nil
        }
    }
}

extension Brought {
    /// Whether nobody was recognised; nil where no holder says anything of the person.
    ///
    /// An identity that disagrees is a miss whoever else recognised the person: an identifier of
    /// somebody else is what one who fishes tries.
    var isMiss: Bool? {
        let reasons = Set(
            sources.flatMap { source in
                source.release.missing.map(\.reason) + [source.reason].compactMap { $0 }
            })
        if reasons.contains(.identiteDiscordante) { return true }
        let isRecognised =
            sources.contains { $0.status == .obtenu }
            || !reasons.isDisjoint(with: [.nonDetenu, .nonCalculable, .sansValeur])
        if isRecognised { return false }
        return reasons.isDisjoint(with: [.personneInconnue, .personneAmbigue]) ? nil : true
    }
}
