package import Policies
package import Vocabulary

/// One thing that another set of policies would change, for whom, in French.
package struct PolicyChange: Sendable, Hashable {
    /// What the change does to who may ask for what.
    package enum Effect: String, Sendable, CaseIterable {
        /// Somebody may ask for more, for longer, or owes less.
        case opens = "ouvre"
        /// Somebody may ask for less, for a shorter time, or owes more.
        case closes = "ferme"
        /// Who may ask for what stays as it is.
        case neutral = "neutre"
    }

    package let effect: Effect
    /// The member of the policy that says it: `habilitations`.
    package let member: String
    package let sentence: String
}

/// What would change for one purpose.
package struct PurposeDiff: Sendable {
    package let purpose: PurposeID
    /// The policy and its version before and after; nil where there is none.
    package let before: String?
    package let after: String?
    package let changes: [PolicyChange]
    /// What should not be so, whatever was wanted.
    package let warnings: [String]
    /// What running decisions under both shows.
    package let decisions: [DecisionChange]

    /// The changes of one effect.
    package func changes(_ effect: PolicyChange.Effect) -> [PolicyChange] {
        changes.filter { $0.effect == effect }
    }
}

/// What would change from one set of policies to another, purpose by purpose.
///
/// Meanings are compared, not texts: what reads otherwise and decides alike is no difference but
/// of its words.
package struct PolicyDiff: Sendable {
    /// The purposes of which anything changes, by name.
    package let purposes: [PurposeDiff]

    /// Compares two sets, and runs decisions of a day under both.
    ///
    /// - Parameters:
    ///   - before: the set that is in force.
    ///   - after: the set that would be.
    ///   - only: the purposes to look at; nil for all.
    ///   - day: the day of the decisions.
    package init(
        from before: PolicySet, to after: PolicySet, of only: Set<PurposeID>? = nil,
        on day: CalendarDate
    ) {
        let names = Set(before.policies.map(\.id)).union(after.policies.map(\.id))
        purposes = names.filter { only?.contains($0) ?? true }.sorted().compactMap { purpose in
            PurposeComparison(purpose, before, after).diff(on: day)
        }
    }

    /// How many changes have an effect.
    package func count(_ effect: PolicyChange.Effect) -> Int {
        purposes.reduce(0) { $0 + $1.changes(effect).count }
    }
}

/// One purpose under two sets of policies.
struct PurposeComparison {
    let purpose: PurposeID
    let before: PolicySet
    let after: PolicySet
    private(set) var changes: [PolicyChange] = []

    init(_ purpose: PurposeID, _ before: PolicySet, _ after: PolicySet) {
        self.purpose = purpose
        self.before = before
        self.after = after
    }

    mutating func note(_ effect: PolicyChange.Effect, _ member: String, _ sentence: String) {
        changes.append(PolicyChange(effect: effect, member: member, sentence: sentence))
    }

    /// Notes what was added as an opening and what was taken away as a closing.
    mutating func compare<Value: Hashable & Comparable>(
        _ old: Set<Value>, _ new: Set<Value>, in member: String,
        gained: (Value) -> String, lost: (Value) -> String
    ) {
        for value in new.subtracting(old).sorted() { note(.opens, member, gained(value)) }
        for value in old.subtracting(new).sorted() { note(.closes, member, lost(value)) }
    }

    /// What changes; nil where nothing does.
    func diff(on day: CalendarDate) -> PurposeDiff? {
        var comparison = self
        let old = before[purpose]
        let new = after[purpose]
        var warnings: [String] = []
        switch (old, new) {
        case (nil, let new?): comparison.noteNew(new)
        case (let old?, nil): comparison.noteGone(old)
        case (let old?, let new?):
            comparison.compareAccess(old, new)
            comparison.compareFields(old, new)
            comparison.compareDuties(old, new)
            warnings = PurposeComparison.versionWarnings(old, new, comparison.changes)
        case (nil, nil): return nil
        }
        let decisions = DecisionChange.between(before, after, of: purpose, on: day)
        guard !comparison.changes.isEmpty || !warnings.isEmpty || !decisions.isEmpty else {
            return nil
        }
        return PurposeDiff(
            purpose: purpose, before: old?.ruleText, after: new?.ruleText,
            changes: comparison.changes, warnings: warnings, decisions: decisions)
    }

    private mutating func noteNew(_ policy: Policy) {
        note(
            policy.state == .active ? .opens : .neutral, "finalite",
            "La finalité « \(policy.id) » est nouvelle, \(policy.state.inWords) : "
                + "\(policy.title), pour \(recipients(policy)) et "
                + "\(policy.fields.count) champs.")
    }

    private mutating func noteGone(_ policy: Policy) {
        note(
            policy.state == .active ? .closes : .neutral, "finalite",
            "La finalité « \(policy.id) » disparaît : \(recipients(policy)) n'en obtiennent plus "
                + "rien.")
    }

    private func recipients(_ policy: Policy) -> String {
        let count = Set(policy.habilitations.map(\.recipient)).count
        return count == 1 ? "un destinataire" : "\(count) destinataires"
    }

    /// A version names one content for ever, or the journal's records would name two.
    private static func versionWarnings(
        _ old: Policy, _ new: Policy, _ changes: [PolicyChange]
    ) -> [String] {
        guard old.hash != new.hash else { return [] }
        if new.version < old.version {
            return ["La version recule de \(old.version) à \(new.version) : augmentez-la."]
        }
        if new.version == old.version {
            return [
                "Le contenu change et la version reste \(old.version) : une version qui a servi ne "
                    + "change plus ; passez à la version \(old.version + 1)."
            ]
        }
        return changes.isEmpty
            ? ["La version passe de \(old.version) à \(new.version) et rien d'autre ne change."]
            : []
    }
}

extension Policy.State {
    /// The state as an adjective of « finalité ».
    var inWords: String {
        switch self {
        case .brouillon: "en brouillon"
        case .active: "active"
        case .suspendue: "suspendue"
        case .retiree: "retirée"
        }
    }
}
