package import Journal
package import Policies
import Vocabulary

/// Takes past decisions again under one set of policies, with the very functions that took them.
package struct Replayer: Sendable {
    /// What decides now.
    let policies: PolicySet
    /// The names that the generation of the records could write.
    let known: KnownNames
    /// The policies under which the records' counts were taken.
    let past: PolicySet
    /// The names of `policies` that those records may have written as unknown.
    private let mayHideRecipient: Bool
    private let mayHideClient: Bool
    private let mayHideForm: Bool

    /// - Parameters:
    ///   - policies: what decides now.
    ///   - past: what decided then.
    ///   - known: the names that the generation of the records could write.
    package init(policies: PolicySet, past: PolicySet, known: KnownNames) {
        self.policies = policies
        self.past = past
        self.known = known
        let all = policies.policies
        let recipients = all.flatMap { $0.habilitations.map(\.recipient) }
        mayHideRecipient = !known.recipients.isSuperset(of: recipients)
        mayHideClient = !known.clients.isSuperset(of: policies.clients)
        let names = all.flatMap(\.fields).flatMap(\.forms).compactMap(\.key.name)
        mayHideForm = !known.formNames.isSuperset(of: names)
    }

    /// What exchanges that asked alike have in common of their replay.
    package func prepare(_ decision: SharedDecision) -> RecordedQuestion {
        RecordedQuestion(decision.record, for: self)
    }

    /// Takes a decision again; pure, and the same for the same record and moment.
    package func replay(_ reading: DecisionReader.Reading) -> ReplayVerdict {
        replay(reading, prepared: prepare(reading.shared))
    }

    /// Takes a decision again, of which what it shares with others was made before.
    package func replay(
        _ reading: DecisionReader.Reading, prepared: RecordedQuestion
    ) -> ReplayVerdict {
        if let reason = prepared.unplayable { return .unplayable(reason) }
        let record = prepared.record
        let first = policies.decide(prepared.question(at: reading.instant))
        guard record.problem == nil else {
            // Nobody was identified: the request itself had been admitted, and that can be judged.
            return first.isPermitted ? .unplayable(.unidentified) : flip(record, first)
        }
        guard first.isPermitted else { return compare(prepared, first) }
        guard let person = prepared.person else {
            return .flip(
                Flip(
                    kind: .opensSubjectToUsager, noLonger: record.refused, henceforth: []))
        }
        guard isIntrospected(first, record) else { return .unplayable(.holderNotIntrospected) }
        let ruled = policies.rule(on: first, person: person).decision
        guard ruled.isPermitted else { return compare(prepared, ruled) }
        return judge(ruled, prepared, by: reading.counts)
    }

    // MARK: - Counts

    /// Judges the counts that were found then by the bounds of now.
    private func judge(
        _ decision: Decision, _ prepared: RecordedQuestion, by counts: [FoundCount]
    ) -> ReplayVerdict {
        let record = prepared.record
        guard record.verdict == .permitted || !counts.isEmpty else {
            let isSuspended = record.refused.contains { $0.reason == .sondagePresume }
            return isSuspended ? .unplayable(.suspended) : compare(prepared, decision)
        }
        // Probing that was presumed then was presumed whatever was asked.
        var found = counts.filter { count in
            count.isExceeded && Bound(rawValue: count.counter)?.isOfProbing == true
        }
        for (claim, own) in prepared.claims {
            if let own, let count = counts.first(where: { $0.counter == own.bound.rawValue }) {
                found.append(
                    FoundCount(counter: count.counter, found: count.found, limit: claim.limit))
            } else if claim.limit < own?.limit ?? .max {
                // It was not exceeded, and how far it was from it was not kept.
                return .unplayable(.countsUnknown)
            }
        }
        return compare(prepared, policies.judge(decision, by: found))
    }

    /// Why no replay can judge a record, if that is so.
    func unplayable(_ record: DecisionRecord) -> Unplayable? {
        if record.requested.unlistedCount > 0 { return .unlistedFields }
        if mayHideRecipient, record.facts.recipient == .unknown { return .unknownName }
        if mayHideClient, record.client == .unknown { return .unknownName }
        if mayHideForm, record.requested.listed.contains(where: \.hasUnknownForm) {
            return .unknownName
        }
        return nil
    }

    /// Whether the record holds what the token announced to each holder that looks at it.
    private func isIntrospected(_ decision: Decision, _ record: DecisionRecord) -> Bool {
        guard record.facts.mode == .franceconnect else { return true }
        return decision.granted.allSatisfy { leaf in
            leaf.scopes.isEmpty || record.scopes[leaf.holder] != nil
        }
    }

    // MARK: - What changed

    private func compare(_ prepared: RecordedQuestion, _ decision: Decision) -> ReplayVerdict {
        let record = prepared.record
        let wasPermitted = record.verdict == .permitted
        if wasPermitted, decision.isPermitted { return .same }
        if wasPermitted != decision.isPermitted { return flip(record, decision) }
        let now = RefusedField.recorded(decision.refusals, known: known)
        if now == record.refused { return .same }
        let isFull = { (refused: [RefusedField]) in
            refused.count >= RecordedFields.maximumListed
        }
        // Of more refusals than a record lists, which ones were left out is not known.
        if isFull(record.refused), isFull(now) { return .same }
        let before = ComparableRefusals(record.refused, isVague: prepared.isVague)
        let after = ComparableRefusals(now, isVague: prepared.isVague)
        return before == after ? .same : flip(record, decision)
    }

    private func flip(_ record: DecisionRecord, _ decision: Decision) -> ReplayVerdict {
        let now = RefusedField.recorded(decision.refusals, known: known)
        let kind: Flip.Kind =
            switch (record.verdict, decision.isPermitted) {
            case (.permitted, _): .closes
            case (.refused, true): .opens
            case (.refused, false): record.problem == nil ? .refusesOtherwise : .closes
            }
        return .flip(
            Flip(
                kind: kind,
                noLonger: record.refused.filter { !now.contains($0) },
                henceforth: now.filter { !record.refused.contains($0) }))
    }
}

/// Refusals without what a record cannot tell: the order of the request, and invented forms.
private struct ComparableRefusals: Equatable {
    private let entries: Set<Entry>

    private struct Entry: Hashable {
        let field: String?
        let reason: RefusalReason?
    }

    /// Takes refusals; `isVague` where the record could not write all names of the request.
    init(_ refused: [RefusedField], isVague: Bool) {
        // A period is spare where no field of the request, well formed at least, names its data
        // set: of names that were not written, nobody knows which they named.
        let refused = refused.filter { refusal in
            !isVague || refusal.field != .unknown || refusal.reason != .periodeNonAutorisee
        }
        // Which of two forms came first decides which one is said to be the second.
        let hasTwoForms = refused.contains { $0.reason == .formesMultiples }
        entries = Set(
            refused.map { refusal in
                if refusal.reason == .formesMultiples {
                    return Entry(field: nil, reason: .formesMultiples)
                }
                guard let text = refusal.text else {
                    return Entry(field: nil, reason: refusal.reason)
                }
                // An invented form may have been refused as such, or as one of the field's.
                if text.hasUnknownForm { return Entry(field: text, reason: nil) }
                let path = hasTwoForms ? text.split(separator: "@").first.map(String.init) : nil
                return Entry(field: path ?? text, reason: refusal.reason)
            })
    }
}
