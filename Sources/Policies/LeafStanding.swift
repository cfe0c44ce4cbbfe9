import Vocabulary

/// Where one leaf under one form stands in its policy and in the catalogue.
struct LeafPlace: Sendable {
    let number: RequestNumber
    /// Its place in the policy's document.
    let rank: Int32
    /// The places of the leaf and of its data set in the catalogue.
    let field: Int32
    let dataset: Int16
    /// Whether the leaf lies in an array, which is read over months where a data set takes both.
    let isInArray: Bool
}

/// What the holder of a leaf cannot do without.
struct HolderNeeds: Sendable {
    let identifier: IdentifierKind?
    /// The lowest FranceConnect level that it accepts.
    let level: AssuranceLevel?
    /// The day before which it does not answer.
    let opensOn: CalendarDate?
}

/// What a mode makes of a leaf.
enum LeafStanding: Sendable {
    /// The holder serves it.
    case granted(GrantedLeaf, HolderNeeds)
    /// The holder serves its data set without it: granted with a composite field alone.
    case unserved(GrantedLeaf, HolderNeeds)
    /// It cannot be granted, although the purpose admits the mode.
    case refused(RefusalReason)
    /// The purpose does not admit the mode.
    case closed

    /// Whether the leaf is granted on its own.
    var isGranted: Bool {
        guard case .granted = self else { return false }
        return true
    }
}

/// All that the standings of a leaf depend on: policies that agree on it share what they grant.
struct LeafTerms: Hashable {
    let request: FieldRequest
    let form: FormDefinition
    /// What the form does without the leaf.
    let fallback: Fallback
    /// The modes that the purpose admits.
    let modes: Set<Mode>
    /// Whether the purpose accepts answers without an identity to compare.
    let acceptsNoIdentity: Bool

    /// What each mode makes of the leaf.
    func standings(
        of contract: FieldContract, holders: [HolderService]
    ) -> PerMode<LeafStanding> {
        PerMode { mode in
            modes.contains(mode) ? standing(of: contract, in: mode, holders) : .closed
        }
    }

    /// The first holder that serves the leaf and whose answer can be trusted to be about the
    /// usager.
    private func standing(
        of contract: FieldContract, in mode: Mode, _ holders: [HolderService]
    ) -> LeafStanding {
        let own = holders.filter { $0.dataset == contract.path.dataset && $0.mode == mode }
        let trusted = own.filter { $0.returnsIdentity || acceptsNoIdentity }
        let needed = neededPaths(contract, form)
        let serving = trusted.first { $0.fields.isSuperset(of: needed) }
        guard let holder = serving ?? trusted.first else {
            return .refused(own.isEmpty ? .modeNonServi : .concordanceImpossible)
        }
        let needsScopes = mode == .franceconnect && !holder.introspectsToken
        let grant = GrantedLeaf(
            request: request, form: form, contract: contract, holder: holder.holder,
            fallback: fallback, scopes: needsScopes ? contract.scopes : [])
        let needs = HolderNeeds(
            identifier: holder.neededIdentifier, level: holder.minimumLevel,
            opensOn: holder.opensOn)
        return serving == nil ? .unserved(grant, needs) : .granted(grant, needs)
    }
}

/// The leaf itself and, for an interval, the date that ends it.
func neededPaths(_ contract: FieldContract, _ form: FormDefinition) -> [FieldPath] {
    guard form.kind == .enVigueur, let end = contract.intervalEnd else {
        return [contract.path]
    }
    return [contract.path, end]
}
