import Vocabulary

// What is asked: each field's leaves are taken, or the field is refused with what would do instead.
extension PolicySet {
    func grant(_ field: String, _ draft: inout DecisionDraft) {
        switch requests[field] {
        case .leaf(let number)?:
            guard let leaf = draft.policy.leaf(number) else { break }
            draft.take(leaf, asked: field)
            return
        case .composite(let numbers)?:
            let leaves = numbers.compactMap { draft.policy.leaf($0) }
            guard leaves.count == numbers.count else { break }
            take(leaves, asked: field, &draft)
            return
        case nil: break
        }
        grantSlowly(field, &draft)
    }

    /// Of a composite field, the holder may serve a part: the rest is said to be missing.
    private func take(
        _ leaves: [CompiledLeaf], asked field: String, _ draft: inout DecisionDraft
    ) {
        let mode = draft.mode
        let servesSome = leaves.contains { $0.isGranted(in: mode) }
        for leaf in leaves {
            draft.take(leaf, asked: field, evenUnserved: servesSome)
        }
    }

    /// A field that is not allowed under that very text: a composite one under a form, another
    /// spelling, or a refusal.
    private func grantSlowly(_ field: String, _ draft: inout DecisionDraft) {
        guard let request = FieldRequest(field) else {
            draft.refuse(
                unreadableReason(field), field: field, alternative: nearestField(field, draft))
            return
        }
        let contracts = catalogue.leaves(of: request.path)
        guard !contracts.isEmpty else {
            draft.refuse(
                .champInconnu, field: field, alternative: nearestField(field, draft))
            return
        }
        if contracts.contains(where: { draft.policy.forbidden.contains($0.path) }) {
            draft.refuse(.champInterdit, field: field)
            return
        }
        let found = contracts.compactMap { contract in
            requests.number(of: FieldRequest(path: contract.path, form: request.form))
                .flatMap { draft.policy.leaf($0) }
        }
        guard found.count < contracts.count else {
            take(found, asked: field, &draft)
            return
        }
        refuse(request, asked: field, contracts, &draft)
    }

    /// Refuses a field that the purpose does not allow, or not under that form.
    private func refuse(
        _ request: FieldRequest, asked field: String, _ contracts: [FieldContract],
        _ draft: inout DecisionDraft
    ) {
        let allowed = contracts.flatMap { draft.policy.allowedRequests(of: $0.path) }
        let isOnlyForm = contracts.count == 1 && !allowed.isEmpty
        let other = requests.number(of: request).flatMap {
            otherPurpose(allowing: $0, beside: draft.policy.policy.id)
        }
        draft.refuse(
            isOnlyForm ? .formeNonAutorisee : .champHorsFinalite,
            field: field,
            alternative: allowed.isEmpty ? other?.text : allowed.joined(separator: ", ")
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
}
