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

/// One mistake of a document that somebody sent.
package struct DocumentMistake: Sendable, Hashable {
    /// The document at fault.
    package let file: String
    /// Where in it; nil where the whole document is at fault.
    package let line: Int?
    package let column: Int?
    /// The member at fault; empty where there is none.
    package let member: String
    package let message: String
    package let remedy: String

    package init(
        file: String, line: Int? = nil, column: Int? = nil, member: String = "",
        message: String, remedy: String
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.member = member
        self.message = message
        self.remedy = remedy
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
    /// Every mistake of the document that was sent.
    package let mistakes: [DocumentMistake]

    package init(
        _ code: ProblemCode,
        detail: String? = nil,
        place: String? = nil,
        refusals: [Refusal] = [],
        retryAfterSeconds: Int? = nil,
        quotas: [Quota] = [],
        mistakes: [DocumentMistake] = []
    ) {
        self.code = code
        self.detail = detail
        self.place = place
        self.refusals = refusals
        self.retryAfterSeconds = retryAfterSeconds
        self.quotas = quotas
        self.mistakes = mistakes
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
