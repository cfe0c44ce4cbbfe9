import Vocabulary

/// All that a leaf's standing depends on: policies that agree on it share one leaf.
struct LeafTerms: Hashable {
    let request: FieldRequest
    let form: FormDefinition
    /// What the form does without the leaf.
    let fallback: Fallback
    /// The modes that the purpose admits.
    let modes: Set<Mode>
    /// Whether the purpose accepts answers without an identity to compare.
    let acceptsNoIdentity: Bool
}

/// What one leaf under one form comes to in each mode, worked out when a set is loaded.
final class CompiledLeaf: Sendable {
    /// What the holder of a leaf cannot do without.
    struct Needs: Sendable {
        let identifier: IdentifierKind?
        /// The lowest FranceConnect level that it accepts.
        let level: AssuranceLevel?
    }

    /// What a mode makes of the leaf.
    enum Standing: Sendable {
        /// The holder serves it.
        case granted(GrantedLeaf, Needs)
        /// The holder serves its data set without it: granted with a composite field alone.
        case unserved(GrantedLeaf, Needs)
        /// It cannot be granted, although the purpose admits the mode.
        case refused(RefusalReason)
        /// The purpose does not admit the mode.
        case closed
    }

    let request: FieldRequest
    /// The places of the leaf and of its data set in the catalogue.
    let field: Int
    let dataset: Int
    /// Whether the leaf lies in an array, which is read over months where a data set takes both.
    let isInArray: Bool
    let standings: PerMode<Standing>

    init(
        _ terms: LeafTerms, _ contract: FieldContract, field: Int, dataset: Int,
        holders: [HolderService]
    ) {
        request = terms.request
        self.field = field
        self.dataset = dataset
        isInArray = contract.path.arrayDepth > 0
        standings = PerMode { mode in
            guard terms.modes.contains(mode) else { return .closed }
            return CompiledLeaf.standing(terms, contract, mode, holders)
        }
    }

    /// The modes in which the leaf is granted on its own, by name.
    var grantingModes: [String] {
        Mode.allCases.filter { isGranted(in: $0) }.map(\.rawValue).sorted()
    }

    /// Whether the leaf is granted on its own in that mode.
    func isGranted(in mode: Mode) -> Bool {
        guard case .granted = standings[mode] else { return false }
        return true
    }

    /// The first holder that serves the leaf and whose answer can be trusted to be about the
    /// usager.
    private static func standing(
        _ terms: LeafTerms, _ contract: FieldContract, _ mode: Mode, _ holders: [HolderService]
    ) -> Standing {
        let own = holders.filter { $0.dataset == contract.path.dataset && $0.mode == mode }
        let trusted = own.filter { $0.returnsIdentity || terms.acceptsNoIdentity }
        let needed = neededPaths(contract, terms.form)
        let serving = trusted.first { $0.fields.isSuperset(of: needed) }
        guard let holder = serving ?? trusted.first else {
            return .refused(own.isEmpty ? .modeNonServi : .concordanceImpossible)
        }
        let needsScopes = mode == .franceconnect && !holder.introspectsToken
        let grant = GrantedLeaf(
            request: terms.request, form: terms.form, contract: contract, holder: holder.holder,
            fallback: terms.fallback, scopes: needsScopes ? contract.scopes : [])
        let needs = Needs(identifier: holder.neededIdentifier, level: holder.minimumLevel)
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
