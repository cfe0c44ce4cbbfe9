/// One refused field, with all that a reader needs so as not to write to support.
package struct Refusal: Sendable, Hashable {
    /// The field as it was asked; nil where the whole request is refused.
    package let field: String?
    package let reason: RefusalReason
    /// The policy and version that decided: `cnaf/aide-logement@3`.
    package let rule: String?
    /// The nearest allowed form, period or purpose.
    package let alternative: String?
    /// Whom to write to.
    package let contact: String?

    package init(
        field: String?,
        reason: RefusalReason,
        rule: String? = nil,
        alternative: String? = nil,
        contact: String? = nil
    ) {
        self.field = field
        self.reason = reason
        self.rule = rule
        self.alternative = alternative
        self.contact = contact
    }
}

/// One occurrence of an entry of the catalogue.
package struct Problem: Error, Sendable, Hashable {
    package let code: ProblemCode
    /// What is wrong this time, in French, without any person's data.
    package let detail: String?
    /// The member of the request at fault: `usager.identite.prenoms[0]`.
    package let place: String?
    package let refusals: [Refusal]
    /// When to come back, in seconds.
    package let retryAfterSeconds: Int?
    /// What is left of the purpose's bounds, where they were counted.
    package let quotas: [Quota]

    package init(
        _ code: ProblemCode,
        detail: String? = nil,
        place: String? = nil,
        refusals: [Refusal] = [],
        retryAfterSeconds: Int? = nil,
        quotas: [Quota] = []
    ) {
        self.code = code
        self.detail = detail
        self.place = place
        self.refusals = refusals
        self.retryAfterSeconds = retryAfterSeconds
        self.quotas = quotas
    }

    /// What the caller does now: what the code says, unless nothing but the token was refused, or
    /// nothing but the operator can help.
    package var action: ProblemCode.Action {
        guard !refusals.isEmpty else { return code.entry.action }
        if refusals.allSatisfy(\.reason.isOfToken) { return .reconnecterUsager }
        if refusals.contains(where: { $0.reason == .sondagePresume }) {
            return .contacterPasserelle
        }
        return code.entry.action
    }
}
