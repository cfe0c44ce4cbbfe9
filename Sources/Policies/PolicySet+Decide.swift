import Vocabulary

extension PolicySet {
    /// Decides on a request, without any person: all or nothing, and every refused field is named.
    ///
    /// Total and pure: the same generation and the same question give the same decision, which is
    /// what
    /// explain shows and what a replay of the journal compares.
    package func decide(_ question: ExchangeQuestion) -> Decision {
        guard let policy = compiled[question.purpose],
            question.purpose.service == question.service
        else {
            return refusedForUnknownPurpose(question)
        }
        let today = question.now.parisDate
        var draft = DecisionDraft(
            policy, for: question, on: today, leaves: requests.leafCount)
        admit(question, today, &draft)
        for field in question.fields {
            grant(field, &draft)
        }
        settlePeriods(question, today, &draft)
        let isPermitted = draft.refusals.isEmpty
        return Decision(
            question: question,
            generation: generation,
            rule: policy.rule,
            granted: isPermitted ? draft.granted : [],
            refusals: draft.refusals,
            periods: isPermitted ? draft.periods : [:],
            requiredLevel: draft.requiredLevel,
            neededIdentifiers: Set(draft.neededIdentifiers),
            retentionDays: policy.retentionDays
        )
    }

    private func refusedForUnknownPurpose(_ question: ExchangeQuestion) -> Decision {
        let refusal = Refusal(
            field: nil,
            reason: .finaliteInconnue,
            alternative: nearestPurpose(to: question.purpose, of: question.service),
            contact: services[question.service]?.contacts.first
        )
        return Decision(
            question: question, generation: generation, rule: nil, granted: [],
            refusals: [refusal], periods: [:], requiredLevel: nil, neededIdentifiers: [],
            retentionDays: nil)
    }

    // MARK: Who asks, and how

    private func admit(
        _ question: ExchangeQuestion, _ today: CalendarDate, _ draft: inout DecisionDraft
    ) {
        let compiled = draft.policy
        if !compiled.isActive {
            draft.refuse(.finaliteInactive)
        }
        if let reason = habilitationReason(question, compiled, today) {
            draft.refuse(reason)
        }
        if compiled.admissions[question.mode] == nil {
            let others = compiled.policy.modes.keys.map(\.rawValue).sorted()
            draft.refuse(.modeNonAutorise, alternative: others.joined(separator: ", "))
        }
        admitInitiator(question, &draft)
        if let role = question.role, !compiled.policy.roles.contains(role) {
            let others = compiled.policy.roles.map(\.rawValue).sorted().joined(separator: ", ")
            draft.refuse(.roleNonAutorise, alternative: others.isEmpty ? nil : others)
        }
    }

    private func habilitationReason(
        _ question: ExchangeQuestion, _ compiled: CompiledPolicy, _ today: CalendarDate
    ) -> RefusalReason? {
        let spells = compiled.spells(of: question.recipient)
        if spells.isEmpty {
            return .destinataireNonHabilite
        }
        if spells.contains(where: { $0.from <= today && today <= $0.to }) {
            return nil
        }
        return spells.contains { $0.from > today }
            ? .habilitationPasEncoreValable : .habilitationExpiree
    }

    /// Only the usager acts with a FranceConnect token; an agent is always named.
    private func admitInitiator(_ question: ExchangeQuestion, _ draft: inout DecisionDraft) {
        let quality = question.initiator.quality
        let isAllowed = draft.policy.initiators[question.mode].contains(quality)
        if !isAllowed || (question.mode == .franceconnect && quality != .usager) {
            let others = draft.policy.policy.initiators
                .filter { $0.modes.contains(question.mode) }
                .map(\.quality.rawValue).sorted().joined(separator: ", ")
            draft.refuse(.initiateurNonAutorise, alternative: others.isEmpty ? nil : others)
        } else if quality == .agent, question.initiator.agent == nil {
            draft.refuse(.agentNonNomme)
        }
    }

    // MARK: For when

    private func settlePeriods(
        _ question: ExchangeQuestion, _ today: CalendarDate, _ draft: inout DecisionDraft
    ) {
        if !question.periods.isEmpty {
            refuseSparePeriods(question, &draft)
        }
        draft.periods.reserveCapacity(draft.datasets.count)
        for asked in draft.datasets.sorted(by: { $0.number < $1.number }) {
            let terms = draft.policy.periods[Int(asked.number)]
            let period = terms.resolve(
                question.periods[terms.dataset], needsMonths: asked.needsMonths, today: today)
            if let period {
                draft.periods[terms.dataset] = period
                continue
            }
            let usual = terms.resolve(nil, needsMonths: asked.needsMonths, today: today)
            for leaf in draft.granted where leaf.contract.path.dataset == terms.dataset {
                draft.refuse(
                    .periodeNonAutorisee, field: leaf.request.text,
                    alternative: usual?.requestText)
            }
        }
    }

    /// Refuses the periods of data sets that are not asked.
    ///
    /// A refused field's period is refused with it, and needs no word of its own.
    private func refuseSparePeriods(_ question: ExchangeQuestion, _ draft: inout DecisionDraft) {
        let asked = draft.datasets.map { draft.policy.periods[Int($0.number)].dataset }
        let spare = question.periods.keys.filter { !asked.contains($0) }
        guard !spare.isEmpty else {
            return
        }
        let named = Set(question.fields.compactMap { FieldRequest($0)?.path.dataset })
        for dataset in spare.sorted() where !named.contains(dataset) {
            draft.refuse(.periodeNonAutorisee, field: dataset.text)
        }
    }
}
