import Vocabulary

// What is asked: each field's leaves are taken, or the field is refused with what would do instead.
extension PolicySet {
    func grant(_ field: String, _ draft: inout DecisionDraft) {
        guard let entry = requests[field] else {
            grantUnlisted(field, &draft)
            return
        }
        if entry.numbers.count == 1, let index = draft.policy.index(of: entry.numbers[0]) {
            draft.take(index, asked: field)
        } else {
            grant(entry.request, entry.numbers, asked: field, &draft)
        }
    }

    /// A field under another spelling of its form, a composite one under a form, or a name that
    /// means nothing.
    private func grantUnlisted(_ field: String, _ draft: inout DecisionDraft) {
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
        let numbers = contracts.compactMap {
            requests.number(of: FieldRequest(path: $0.path, form: request.form))
        }
        grant(
            request, numbers.count == contracts.count ? numbers : [], asked: field, &draft)
    }

    /// Takes all of a field's leaves, or refuses the field.
    ///
    /// Of a composite field, the holder may serve a part: the rest is said to be missing.
    private func grant(
        _ request: FieldRequest, _ numbers: [RequestNumber], asked field: String,
        _ draft: inout DecisionDraft
    ) {
        let policy = draft.policy
        let leaves = numbers.compactMap { policy.index(of: $0) }
        guard !leaves.isEmpty, leaves.count == numbers.count else {
            refuse(request, asked: field, &draft)
            return
        }
        let servesSome = leaves.contains { draft.standings[$0].isGranted }
        for leaf in leaves {
            draft.take(leaf, asked: field, evenUnserved: servesSome)
        }
    }

    /// Refuses a field that the purpose does not allow, or not under that form.
    private func refuse(
        _ request: FieldRequest, asked field: String, _ draft: inout DecisionDraft
    ) {
        let leaves = catalogue.leaves(of: request.path)
        if leaves.contains(where: { draft.policy.forbidden.contains($0.path) }) {
            draft.refuse(.champInterdit, field: field)
            return
        }
        let policy = draft.policy
        let allowed = leaves.compactMap { requests.number(of: FieldRequest(path: $0.path)) }
            .flatMap { policy.allowed($0) }.map { requests[$0].text }
        let isOnlyForm = leaves.count == 1 && !allowed.isEmpty
        let other = requests.number(of: request).flatMap {
            otherPurpose(allowing: $0, beside: policy.rule.purpose)
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
