package import JSONText
package import Vocabulary

/// A request that a policy's author promises will pass, or be refused for given reasons.
package struct PolicyCase: Sendable {
    /// What a refusal must name: the field, nil where the whole request is refused, and the reason.
    package struct Expected: Sendable, Hashable {
        package let field: String?
        package let reason: RefusalReason
    }

    /// What the identification is supposed to have shown.
    package enum Person: Sendable {
        /// Scopes by holder; `*` stands for every holder.
        case franceConnect(
            client: FranceConnectClient?, level: AssuranceLevel, scopes: [String: Set<String>],
            identifiers: Set<IdentifierKind>)
        case identity(identifiers: Set<IdentifierKind>)
    }

    package let title: String
    package let question: ExchangeQuestion
    /// Nil where the case stops at the first decision.
    package let person: Person?
    package let isPermitted: Bool
    package let refusals: Set<Expected>
    package let place: JSONPlace
}

extension PolicySet {
    /// Runs a case through the decisions themselves; nil where the promise holds.
    package func failure(of policyCase: PolicyCase) -> JSONMistake? {
        let decision = verdict(on: policyCase)
        let met = Set(
            decision.refusals.map { PolicyCase.Expected(field: $0.field, reason: $0.reason) })
        if decision.isPermitted == policyCase.isPermitted, met == policyCase.refusals {
            return nil
        }
        let name = "Le cas « \(shownText(policyCase.title)) »"
        let message =
            switch (policyCase.isPermitted, decision.isPermitted) {
            case (true, _): "\(name) devrait passer, et il est refusé (\(met.text))."
            case (false, true):
                "\(name) devrait être refusé (\(policyCase.refusals.text)), et il passe."
            case (false, false):
                "\(name) devrait être refusé (\(policyCase.refusals.text)), "
                    + "et il l'est autrement (\(met.text))."
            }
        return policyCase.place.mistake(
            message,
            remedy: "Corrigez le cas s'il se trompe ; sinon, corrigez la finalité qu'il garde.")
    }

    private func verdict(on policyCase: PolicyCase) -> Decision {
        let decision = decide(policyCase.question)
        guard decision.isPermitted, let person = policyCase.person else {
            return decision
        }
        let ruling = rule(on: decision, person: facts(of: person))
        return ruling.decision
    }

    private func facts(of person: PolicyCase.Person) -> PersonFacts {
        switch person {
        case .identity(let identifiers):
            return .identity(identifiers: identifiers)
        case .franceConnect(let client, let level, let scopes, let identifiers):
            var byHolder: [HolderID: Set<String>] = [:]
            for holder in Set(holders.map(\.holder)) {
                byHolder[holder] = (scopes[holder.text] ?? []).union(scopes["*"] ?? [])
            }
            return .franceConnect(
                client: client, level: level, scopes: byHolder, identifiers: identifiers)
        }
    }
}

extension Set<PolicyCase.Expected> {
    fileprivate var text: String {
        map { "\($0.field ?? "toute la demande") : \($0.reason.rawValue)" }.sorted()
            .joined(separator: " ; ")
    }
}
