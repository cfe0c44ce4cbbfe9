import Vocabulary

/// The second decision again, slow and obvious: what the person's identification makes of a
/// request that was permitted.
struct ReferenceRuling {
    private(set) var refusals: Set<Verdict.Line> = []
    /// What each holder is asked: the leaves granted of it, and those that it must read for them.
    private(set) var asks: Set<Ask> = []

    struct Ask: Hashable {
        let holder: String
        let dataset: String
        let leaves: Set<String>
        let read: Set<String>
    }

    init(_ decision: ReferenceDecision, _ person: DrawnPerson) {
        guard decision.verdict.isPermitted,
            let purpose = decision.world.purposes.first(where: { $0.id == decision.request.purpose }
            )
        else { return }
        let rule = "\(purpose.id)@\(purpose.version)"
        var found: Set<Verdict.Line> = []
        func refuse(_ reason: RefusalReason, _ field: String? = nil) {
            found.insert(
                Verdict.Line(field: field, reason: reason, rule: rule, contact: purpose.contact))
        }
        if person.mode != decision.request.mode {
            refuse(.modeNonAutorise)
        } else {
            let token = person.mode == .franceconnect ? purpose.franceConnect : nil
            if let token {
                if person.client.map({ !token.clients.contains($0) }) ?? true {
                    refuse(.clientFranceConnectNonAutorise)
                }
                let isTooLow = person.level < token.level
                if isTooLow { refuse(.niveauInsuffisant) }
                for (grant, granted) in zip(decision.verdict.grants, decision.granted) {
                    if let level = granted.holder.minimumLevel, person.level < level, !isTooLow {
                        refuse(.niveauNonServi, grant.request)
                    }
                    let announced = person.scopes[grant.holder] ?? []
                    if !grant.scopes.isEmpty, announced.isDisjoint(with: grant.scopes) {
                        refuse(.porteeAbsente, grant.request)
                    }
                }
            }
            let admitted = person.mode == .identite ? purpose.identity ?? [] : []
            for identifier in person.identifiers where !admitted.contains(identifier) {
                refuse(.identifiantNonAutorise, "usager.identifiants.\(identifier.rawValue)")
            }
            for identifier in decision.verdict.identifiers
            where !person.identifiers.contains(identifier) {
                refuse(.identifiantManquant, "usager.identifiants.\(identifier.rawValue)")
            }
        }
        refusals = found
        if found.isEmpty { asks = ReferenceRuling.asks(decision) }
    }

    /// One question for each holder and data set, and in it nothing but what was granted.
    private static func asks(_ decision: ReferenceDecision) -> Set<Ask> {
        var leaves: [[String]: Set<String>] = [:]
        var read: [[String]: Set<String>] = [:]
        for (grant, granted) in zip(decision.verdict.grants, decision.granted) {
            let key = [grant.holder, granted.holder.dataset.text]
            leaves[key, default: []].insert(grant.request)
            read[key, default: []].insert(granted.leaf.path)
            if granted.form.kind == .enVigueur, let end = granted.leaf.intervalEnd {
                read[key, default: []].insert(end)
            }
        }
        return Set(
            leaves.map { key, leaves in
                Ask(holder: key[0], dataset: key[1], leaves: leaves, read: read[key] ?? [])
            })
    }
}
