import Policies
import Publications
import Vocabulary

// What may be asked: fields, their forms, their periods, answers without an identity.
extension PurposeComparison {
    mutating func compareFields(_ old: Policy, _ new: Policy) {
        let mine = leaves(of: old, before.catalogue)
        let next = leaves(of: new, after.catalogue)
        var gained: [String: [FieldPath]] = [:]
        var lost: [String: [FieldPath]] = [:]
        for path in Set(mine.keys).union(next.keys).sorted() {
            let old = mine[path] ?? [:]
            let new = next[path] ?? [:]
            let more = new.filter { old[$0.key] == nil }
            let less = old.filter { new[$0.key] == nil }
            if !more.isEmpty { gained[forms(more), default: []].append(path) }
            if !less.isEmpty { lost[forms(less), default: []].append(path) }
            for (key, form) in new.sorted(by: { $0.key < $1.key }) {
                if let other = old[key], other != form { noteOther(path, key, other, form) }
            }
        }
        for (forms, paths) in gained.sorted(by: { $0.value[0] < $1.value[0] }) {
            note(.opens, "champs", "Devient possible : \(names(paths, after)), \(forms).")
        }
        for (forms, paths) in lost.sorted(by: { $0.value[0] < $1.value[0] }) {
            note(.closes, "champs", "N'est plus possible : \(names(paths, before)), \(forms).")
        }
        compareWords(old, new)
        comparePeriods(old, new, of: Set(mine.keys).union(next.keys))
        compareWithoutIdentity(old, new)
    }

    /// The forms of each leaf that a policy allows; what it forbids is not among them.
    private func leaves(
        of policy: Policy, _ catalogue: Catalogue
    ) -> [FieldPath: [FormKey: FormDefinition]] {
        let forbidden = policy.forbidden.flatMap { catalogue.fields.leaves(of: $0) }.map(\.path)
        var leaves: [FieldPath: [FormKey: FormDefinition]] = [:]
        for rule in policy.fields {
            for leaf in catalogue.fields.leaves(of: rule.path) where !forbidden.contains(leaf.path)
            {
                for form in rule.forms {
                    leaves[leaf.path, default: [:]][form.key] = form.definition
                }
            }
        }
        return leaves
    }

    private mutating func noteOther(
        _ path: FieldPath, _ key: FormKey, _ old: FormDefinition, _ new: FormDefinition
    ) {
        // Another bound says another thing of the person: what it lets out was not let out before.
        note(
            .opens, "champs",
            "« \(FieldRequest(path: path, form: key)) » dit autre chose : "
                + "\(new.limit ?? new.kind.rawValue) (avant : \(old.limit ?? old.kind.rawValue)).")
    }

    private func forms(_ forms: [FormKey: FormDefinition]) -> String {
        let keys = forms.keys.sorted()
        if keys == [.value] { return "en valeur" }
        let words = keys.map { key in
            key == .value ? "en valeur" : "@\(key)" + (forms[key]?.limit.map { " (\($0))" } ?? "")
        }
        return words.joined(separator: ", ")
    }

    private func names(_ paths: [FieldPath], _ policies: PolicySet) -> String {
        paths.map { path in
            let label = policies.catalogue.fields[path]?.label
            return label.map { "« \($0) » (\(path))" } ?? path.text
        }.joined(separator: ", ")
    }

    /// Justifications, fallbacks and the order of forms, which grant nothing.
    private mutating func compareWords(_ old: Policy, _ new: Policy) {
        for rule in new.fields {
            guard let other = old.fields.first(where: { $0.path == rule.path }) else { continue }
            if other.justification != rule.justification {
                note(.neutral, "champs", "La justification de « \(rule.path) » change.")
            }
            if other.fallback != rule.fallback {
                note(.neutral, "champs", "Le repli de « \(rule.path) » change.")
            }
            if other.forms.map(\.key) != rule.forms.map(\.key),
                Set(other.forms.map(\.key)) == Set(rule.forms.map(\.key))
            {
                note(
                    .neutral, "champs",
                    "La forme proposée d'abord pour « \(rule.path) » devient "
                        + "« \(rule.forms[0].key) ».")
            }
        }
        let forbidden = Set(new.forbidden).symmetricDifference(old.forbidden)
        if !forbidden.isEmpty {
            let names = forbidden.sorted().map(\.text).joined(separator: ", ")
            note(.neutral, "champs_interdits", "L'interdiction expresse change pour : \(names).")
        }
    }

    // MARK: - Periods

    private mutating func comparePeriods(
        _ old: Policy, _ new: Policy, of paths: Set<FieldPath>
    ) {
        for dataset in Set(paths.map(\.dataset)).sorted() {
            guard let mine = old.periods[dataset] ?? before.catalogue.documents[dataset]?.periods,
                let next = new.periods[dataset] ?? after.catalogue.documents[dataset]?.periods,
                mine != next
            else { continue }
            let effect: PolicyChange.Effect =
                switch (mine.isWithin(next), next.isWithin(mine)) {
                case (true, true): .neutral
                case (false, true): .closes
                // Periods that were not allowed are; that others no longer are does not undo it.
                case (_, false): .opens
                }
            note(
                effect, "periodes",
                "Les périodes de « \(dataset) » changent : \(next.boundsInWords) "
                    + "(avant : \(mine.boundsInWords)).")
            if effect == .opens, !mine.isWithin(next) {
                note(
                    .closes, "periodes",
                    "Des périodes de « \(dataset) » qui étaient permises ne le sont plus.")
            }
        }
    }

    private mutating func compareWithoutIdentity(_ old: Policy, _ new: Policy) {
        compare(
            Set(old.acceptedWithoutIdentity.keys), Set(new.acceptedWithoutIdentity.keys),
            in: "sans_concordance",
            gained: { "Les réponses de « \($0) » sont acceptées sans identité à comparer." },
            lost: { "Les réponses de « \($0) » ne sont plus acceptées sans identité à comparer." })
    }
}
