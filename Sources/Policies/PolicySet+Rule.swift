import Vocabulary

extension PolicySet {
    /// Decides on the person, once the request was permitted: only this yields a permit.
    ///
    /// The decision must come from this generation; one from another, or a refusal, gives no
    /// permit.
    package func rule(on decision: Decision, person: PersonFacts) -> Ruling {
        guard decision.isPermitted, decision.generation == generation,
            let policy = compiled[decision.question.purpose]?.policy,
            let mode = policy.modes[decision.question.mode]
        else {
            return Ruling(decision: decision, permit: nil)
        }
        var judge = PersonJudge(decision: decision, policy: policy)
        let services = services(for: decision.granted, decision.question.mode)
        switch (person, decision.question.mode) {
        case (.franceConnect(let client, let level, let scopes, let identifiers), .franceconnect):
            judge.judge(client, level, mode)
            judge.judge(level, services)
            judge.judge(scopes)
            judge.judge(identifiers, mode)
        case (.identity(let identifiers), .identite):
            judge.judge(identifiers, mode)
        default:
            judge.refuse(.modeNonAutorise)
        }
        guard judge.refusals.isEmpty else {
            return Ruling(decision: decision.refused(judge.refusals), permit: nil)
        }
        return Ruling(
            decision: decision,
            permit: Permit(
                decision: decision, services: services,
                claims: policy.claims[decision.question.mode] ?? []))
    }
}

/// What stands against a permit, once the person is known.
private struct PersonJudge {
    let decision: Decision
    let policy: Policy
    private(set) var refusals: [Refusal] = []

    init(decision: Decision, policy: Policy) {
        self.decision = decision
        self.policy = policy
    }

    mutating func refuse(
        _ reason: RefusalReason, field: String? = nil, alternative: String? = nil
    ) {
        refusals.append(
            Refusal(
                field: field, reason: reason, rule: policy.ruleText, alternative: alternative,
                contact: policy.contact))
    }

    mutating func judge(
        _ client: FranceConnectClient?, _ level: AssuranceLevel, _ mode: ModeRule
    ) {
        if let client, mode.clients.contains(client) {
            // The token was made for this purpose.
        } else {
            refuse(.clientFranceConnectNonAutorise)
        }
        if let minimum = mode.minimumLevel, level < minimum {
            refuse(.niveauInsuffisant, alternative: (decision.requiredLevel ?? minimum).text)
        }
    }

    /// A level that suffices for the purpose may be too low for a holder of its fields.
    mutating func judge(_ level: AssuranceLevel, _ services: [HolderService]) {
        guard !refusals.contains(where: { $0.reason == .niveauInsuffisant }) else {
            return
        }
        for service in services {
            guard let minimum = service.minimumLevel, level < minimum else {
                continue
            }
            for leaf in decision.granted
            where leaf.holder == service.holder && leaf.contract.path.dataset == service.dataset {
                refuse(.niveauNonServi, field: leaf.request.text, alternative: minimum.text)
            }
        }
    }

    /// Each leaf must have been announced to the usager, unless its holder judges the token itself.
    mutating func judge(_ scopes: [HolderID: Set<String>]) {
        for leaf in decision.granted where !leaf.scopes.isEmpty {
            let announced = scopes[leaf.holder] ?? []
            if leaf.scopes.allSatisfy({ !announced.contains($0) }) {
                refuse(
                    .porteeAbsente, field: leaf.request.text,
                    alternative: leaf.scopes.joined(separator: ", "))
            }
        }
    }

    mutating func judge(_ identifiers: Set<IdentifierKind>, _ mode: ModeRule) {
        for identifier in identifiers.sorted(by: { $0.rawValue < $1.rawValue })
        where !mode.identifiers.contains(identifier) {
            refuse(.identifiantNonAutorise, field: "usager.identifiants.\(identifier.rawValue)")
        }
        for identifier in decision.neededIdentifiers.sorted(by: { $0.rawValue < $1.rawValue })
        where !identifiers.contains(identifier) {
            refuse(.identifiantManquant, field: "usager.identifiants.\(identifier.rawValue)")
        }
    }
}

extension Decision {
    /// This decision turned into a refusal: nothing stays granted.
    func refused(_ refusals: [Refusal]) -> Decision {
        Decision(
            question: question, generation: generation, rule: rule, granted: [],
            refusals: refusals, periods: [:], requiredLevel: requiredLevel,
            neededIdentifiers: neededIdentifiers, retentionDays: retentionDays)
    }
}
