import Vocabulary

@testable import Policies

/// What a decision says, in words that the evaluator and its reference share.
struct Verdict: Equatable {
    struct Line: Hashable {
        let field: String?
        let reason: RefusalReason
        let rule: String?
        let contact: String?
    }

    struct Grant: Equatable {
        let request: String
        let form: DrawnForm
        let holder: String
        let fallback: Fallback
        let scopes: [String]
    }

    var isPermitted = false
    var refusals: Set<Line> = []
    var grants: [Grant] = []
    var periods: [String: Period] = [:]
    var level: AssuranceLevel?
    var identifiers: Set<IdentifierKind> = []
    var retention: Int?
}

extension Verdict {
    /// What the evaluator said.
    init(_ decision: Decision) {
        isPermitted = decision.isPermitted
        refusals = Set(
            decision.refusals.map {
                Line(field: $0.field, reason: $0.reason, rule: $0.rule, contact: $0.contact)
            })
        grants = decision.granted.map { leaf in
            Grant(
                request: leaf.request.text, form: DrawnForm(leaf.form, leaf.request.form.name),
                holder: leaf.holder.text, fallback: leaf.fallback, scopes: leaf.scopes)
        }
        periods = Dictionary(
            uniqueKeysWithValues: decision.periods.map { ($0.key.text, $0.value) })
        level = decision.requiredLevel
        identifiers = decision.neededIdentifiers
        retention = decision.retentionDays
    }
}

extension DrawnForm {
    /// A form as the reader made it.
    init(_ form: FormDefinition, _ name: String?) {
        self.init(kind: form.kind, name: name)
        switch form {
        case .seuil(let comparison, let bound):
            self.comparison = comparison.rawValue
            self.bound = bound
        case .tranche(let brackets):
            self.brackets = brackets.map { DrawnBracket(label: $0.label, from: $0.from) }
        case .nombreMoinsDe(let years): self.years = years
        default: break
        }
    }
}

extension Verdict: CustomStringConvertible {
    var description: String {
        let lines = refusals.map {
            "  refus \($0.field ?? "—") \($0.reason.rawValue) \($0.rule ?? "—")"
        }
        let granted = grants.map { "  accord \($0.request) par \($0.holder) \($0.scopes)" }
        let times = periods.map { "  période \($0.key) \($0.value)" }
        let level = level.map { "  niveau \($0.text)" }
        let needs = identifiers.map { "  identifiant \($0.rawValue)" }
        let all =
            lines.sorted() + granted + times.sorted() + [level].compactMap(\.self)
            + needs.sorted()
        return ([isPermitted ? "permise" : "refusée"] + all).joined(separator: "\n")
    }
}
