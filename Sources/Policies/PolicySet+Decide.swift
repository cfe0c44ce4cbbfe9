import JSONText
package import Vocabulary

extension PolicySet {
    /// Decides on a request, without any person: all or nothing, and every refused field is named.
    ///
    /// Total and pure: the same generation and the same question give the same decision, which is
    /// what
    /// explain shows and what a replay of the journal compares.
    package func decide(_ question: ExchangeQuestion) -> Decision {
        guard let compiled = compiled[question.purpose],
            question.purpose.service == question.service
        else {
            return refusedForUnknownPurpose(question)
        }
        let policy = compiled.policy
        let today = question.now.parisDate
        var draft = DecisionDraft(policy: policy)
        admit(question, compiled, today, &draft)
        grant(question, compiled, &draft)
        settlePeriods(question, compiled, today, &draft)
        return Decision(
            question: question,
            generation: generation,
            rule: Decision.Rule(purpose: policy.id, version: policy.version, hash: policy.hash),
            granted: draft.refusals.isEmpty ? draft.granted : [],
            refusals: draft.refusals,
            periods: draft.refusals.isEmpty ? draft.periods : [:],
            requiredLevel: policy.modes[question.mode]?.minimumLevel,
            neededIdentifiers: neededIdentifiers(draft.granted, question.mode),
            retentionDays: policy.retentionDays
        )
    }

    private func refusedForUnknownPurpose(_ question: ExchangeQuestion) -> Decision {
        let own = compiled.keys.filter { $0.service == question.service }.map(\.text).sorted()
        let refusal = Refusal(
            field: nil,
            reason: .finaliteInconnue,
            alternative: nearestName(to: question.purpose.text, among: own),
            contact: services[question.service]?.contacts.first
        )
        return Decision(
            question: question, generation: generation, rule: nil, granted: [],
            refusals: [refusal], periods: [:], requiredLevel: nil, neededIdentifiers: [],
            retentionDays: nil)
    }

    // MARK: Who asks, and how

    private func admit(
        _ question: ExchangeQuestion, _ compiled: CompiledPolicy, _ today: CalendarDate,
        _ draft: inout DecisionDraft
    ) {
        let policy = compiled.policy
        if policy.state != .active {
            draft.refuse(.finaliteInactive)
        }
        if let reason = habilitationReason(question, compiled, today) {
            draft.refuse(reason)
        }
        if policy.modes[question.mode] == nil {
            let others = policy.modes.keys.map(\.rawValue).sorted().joined(separator: ", ")
            draft.refuse(.modeNonAutorise, alternative: others)
        }
        admitInitiator(question, policy, &draft)
        if let role = question.role, !policy.roles.contains(role) {
            let others = policy.roles.map(\.rawValue).sorted().joined(separator: ", ")
            draft.refuse(.roleNonAutorise, alternative: others.isEmpty ? nil : others)
        }
    }

    private func habilitationReason(
        _ question: ExchangeQuestion, _ compiled: CompiledPolicy, _ today: CalendarDate
    ) -> RefusalReason? {
        let service = services[question.service]?.siret
        let own = (compiled.habilitations[question.recipient] ?? []).filter {
            service == $0.recipient || service == $0.delegate
        }
        if own.isEmpty {
            return .destinataireNonHabilite
        }
        if own.contains(where: { $0.covers(today) }) {
            return nil
        }
        return own.contains { $0.from > today }
            ? .habilitationPasEncoreValable : .habilitationExpiree
    }

    /// Only the usager acts with a FranceConnect token; an agent is always named.
    private func admitInitiator(
        _ question: ExchangeQuestion, _ policy: Policy, _ draft: inout DecisionDraft
    ) {
        let quality = question.initiator.quality
        // A mode that the purpose does not know is a refusal of its own.
        let knowsMode = policy.modes[question.mode] != nil
        let isAllowed = policy.initiators.contains {
            $0.quality == quality && ($0.modes.contains(question.mode) || !knowsMode)
        }
        if !isAllowed || (question.mode == .franceconnect && quality != .usager) {
            let others = policy.initiators.filter { $0.modes.contains(question.mode) }
                .map(\.quality.rawValue).sorted().joined(separator: ", ")
            draft.refuse(.initiateurNonAutorise, alternative: others.isEmpty ? nil : others)
        } else if quality == .agent, question.initiator.agent == nil {
            draft.refuse(.agentNonNomme)
        }
    }

    // MARK: What is asked

    private func grant(
        _ question: ExchangeQuestion, _ compiled: CompiledPolicy, _ draft: inout DecisionDraft
    ) {
        for field in question.fields {
            if let leaf = compiled.leaves[field] {
                draft.take(leaf, asked: field, mode: question.mode)
            } else {
                grantSlowly(field, compiled, question.mode, &draft)
            }
        }
    }

    /// A field that is no granted leaf under that very text: a composite one, or a refusal.
    private func grantSlowly(
        _ field: String, _ compiled: CompiledPolicy, _ mode: Mode, _ draft: inout DecisionDraft
    ) {
        guard let request = FieldRequest(field) else {
            draft.refuse(
                unreadableReason(field), field: field, alternative: nearestField(field, draft))
            return
        }
        guard catalogue.stands(request.path) else {
            draft.refuse(
                .champInconnu, field: field, alternative: nearestField(field, draft))
            return
        }
        let leaves = catalogue.fields.leaves(of: request.path)
        if leaves.contains(where: { compiled.forbidden.contains($0.path) }) {
            draft.refuse(.champInterdit, field: field)
            return
        }
        let found = leaves.map {
            compiled.leaves[FieldRequest(path: $0.path, form: request.form).text]
        }
        guard found.contains(where: { $0 == nil }) else {
            // Of a composite field, the holder may serve a part: the rest is said to be missing.
            let servesSome = found.contains { $0?.grants[mode] != nil }
            for leaf in found.compactMap(\.self) {
                draft.take(leaf, asked: field, mode: mode, evenUnserved: servesSome)
            }
            return
        }
        let allowed = leaves.flatMap { leaf in
            (compiled.forms[leaf.path] ?? []).map { FieldRequest(path: leaf.path, form: $0).text }
        }
        let isOnlyForm = leaves.count == 1 && !allowed.isEmpty
        draft.refuse(
            isOnlyForm ? .formeNonAutorisee : .champHorsFinalite,
            field: field,
            alternative: allowed.isEmpty
                ? otherPurpose(allowing: field, beside: compiled.policy.id)?.text
                : allowed.joined(separator: ", ")
        )
    }

    private func unreadableReason(_ field: String) -> RefusalReason {
        let parts = field.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let path = FieldPath(String(parts[0])), catalogue.stands(path)
        else {
            return .champInconnu
        }
        return .formeInconnue
    }

    /// The nearest known name; only the first mistakes of a request are worth the search.
    private func nearestField(_ field: String, _ draft: DecisionDraft) -> String? {
        guard draft.refusals.count < 20 else {
            return nil
        }
        let name = field.split(separator: "@", omittingEmptySubsequences: false).first ?? ""
        return catalogue.nearestField(to: String(name))
    }

    // MARK: For when

    private func settlePeriods(
        _ question: ExchangeQuestion, _ compiled: CompiledPolicy, _ today: CalendarDate,
        _ draft: inout DecisionDraft
    ) {
        let asked = Set(draft.granted.map(\.contract.path.dataset))
        let spare = question.periods.keys.filter { !asked.contains($0) }
        if !spare.isEmpty {
            // A refused field's period is refused with it, and needs no word of its own.
            let named = Set(question.fields.compactMap { FieldRequest($0)?.path.dataset })
            for dataset in spare.sorted() where !named.contains(dataset) {
                draft.refuse(.periodeNonAutorisee, field: dataset.text)
            }
        }
        for dataset in asked.sorted() {
            guard let document = catalogue.documents[dataset] else {
                continue
            }
            let rule = compiled.policy.periods[dataset] ?? document.periods
            let kind = document.contract.periodKind
            let needsMonths = draft.granted.contains {
                $0.contract.path.dataset == dataset && $0.contract.path.arrayDepth > 0
            }
            let requested = question.periods[dataset]
            if let period = rule.resolve(
                kind, requested, needsMonths: needsMonths, today: today)
            {
                draft.periods[dataset] = period
            } else {
                let usual = rule.resolve(kind, nil, needsMonths: needsMonths, today: today)
                for leaf in draft.granted where leaf.contract.path.dataset == dataset {
                    draft.refuse(
                        .periodeNonAutorisee, field: leaf.request.text,
                        alternative: usual?.requestText)
                }
            }
        }
    }

    private func neededIdentifiers(_ granted: [GrantedLeaf], _ mode: Mode) -> Set<IdentifierKind> {
        Set(services(for: granted, mode).compactMap(\.neededIdentifier))
    }

    /// The holders under whose registrations a token is introspected, at least one.
    ///
    /// A holder that is handed the token introspects it itself: doing so in its name as well would
    /// tell the usager of one exchange twice.
    package func holdersToIntrospectFor(_ decision: Decision) -> [HolderID] {
        let services = services(for: decision.granted, decision.question.mode)
        let handed = services.filter { $0.receivesIdentity || !$0.introspectsToken }
        let holders = Set((handed.isEmpty ? Array(services.prefix(1)) : handed).map(\.holder))
        return holders.sorted()
    }

    /// The holders' services that the granted leaves need, one for each holder and data set.
    func services(for granted: [GrantedLeaf], _ mode: Mode) -> [HolderService] {
        holders.filter { service in
            service.mode == mode
                && granted.contains {
                    $0.holder == service.holder && $0.contract.path.dataset == service.dataset
                }
        }
    }
}

/// A decision being made.
private struct DecisionDraft {
    private let rule: String
    private let contact: String
    private(set) var granted: [GrantedLeaf] = []
    private(set) var refusals: [Refusal] = []
    private var forms: [FieldPath: FormKey] = [:]
    var periods: [DatasetID: Period] = [:]

    init(policy: Policy) {
        rule = policy.ruleText
        contact = policy.contact
    }

    mutating func refuse(
        _ reason: RefusalReason, field: String? = nil, alternative: String? = nil
    ) {
        let refusal = Refusal(
            field: field, reason: reason, rule: rule, alternative: alternative, contact: contact)
        if !refusals.contains(refusal) { refusals.append(refusal) }
    }

    /// Takes one leaf: a leaf has one form in an exchange, and asking it twice is asking it once.
    mutating func take(
        _ leaf: CompiledPolicy.Leaf, asked field: String, mode: Mode, evenUnserved: Bool = false
    ) {
        let unserved = evenUnserved ? leaf.unserved[mode] : nil
        guard let grant = leaf.grants[mode] ?? unserved else {
            if let reason = leaf.refusals[mode] {
                let others = leaf.grants.keys.map(\.rawValue).sorted().joined(separator: ", ")
                refuse(reason, field: field, alternative: others.isEmpty ? nil : others)
            }
            return
        }
        switch forms[leaf.contract.path] {
        case nil:
            forms[leaf.contract.path] = grant.request.form
            granted.append(grant)
        case grant.request.form?: break
        case let other?:
            let first = FieldRequest(path: leaf.contract.path, form: other)
            refuse(.formesMultiples, field: field, alternative: first.text)
        }
    }
}
