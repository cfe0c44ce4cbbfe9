package import Vocabulary

/// One leaf under one form that a purpose may ask, and what becomes of it in each mode.
package struct FieldOffer: Sendable {
    /// The rule of the policy, whose field may be a composite one.
    package let rule: FieldRule
    package let form: NamedForm
    package let contract: FieldContract
    /// What a decision would grant, in the modes where it would.
    package let grants: [Mode: GrantedLeaf]
    /// The identifier without which the holder cannot be asked, in the modes where there is one.
    package let neededIdentifiers: [Mode: IdentifierKind]
    /// Why the leaf cannot be granted, in the other modes of the purpose.
    package let refusals: [Mode: RefusalReason]

    /// The leaf and the form as a request writes them.
    package var request: FieldRequest { FieldRequest(path: contract.path, form: form.key) }

    init(
        _ rule: FieldRule, _ form: NamedForm, _ contract: FieldContract,
        _ standings: PerMode<LeafStanding>
    ) {
        self.rule = rule
        self.form = form
        self.contract = contract
        var grants: [Mode: GrantedLeaf] = [:]
        var needed: [Mode: IdentifierKind] = [:]
        var refusals: [Mode: RefusalReason] = [:]
        for mode in Mode.allCases {
            switch standings[mode] {
            case .granted(let grant, let needs):
                grants[mode] = grant
                needed[mode] = needs.identifier
            case .unserved: refusals[mode] = .modeNonServi
            case .refused(let reason): refusals[mode] = reason
            case .closed: break
            }
        }
        self.grants = grants
        self.neededIdentifiers = needed
        self.refusals = refusals
    }
}

extension PolicySet {
    /// All that a purpose may ask, leaf by leaf and form by form, in the policy's order: the very
    /// entries that a decision looks up.
    package func offers(of purpose: PurposeID) -> [FieldOffer] {
        guard let compiled = compiled[purpose] else {
            return []
        }
        var offers: [FieldOffer] = []
        for rule in compiled.policy.fields {
            for contract in catalogue.leaves(of: rule.path) {
                for form in rule.forms {
                    let request = FieldRequest(path: contract.path, form: form.key)
                    let number = requests.number(of: request)
                    if let standings = number.flatMap({ compiled.standings(of: $0) }) {
                        offers.append(FieldOffer(rule, form, contract, standings))
                    }
                }
            }
        }
        return offers
    }

    /// The composite fields that a request may name whole: all of their leaves may be asked as
    /// values, and the holder serves one at least.
    package func composites(of purpose: PurposeID, in mode: Mode) -> [FieldPath] {
        guard let compiled = compiled[purpose] else {
            return []
        }
        let whole = catalogue.composites.filter { composite in
            let leaves = composite.leaves.compactMap { contract in
                requests.number(of: FieldRequest(path: contract.path))
                    .flatMap { compiled.standings(of: $0) }
            }
            return leaves.count == composite.leaves.count
                && leaves.contains { $0[mode].isGranted }
        }
        return whole.map(\.path).sorted()
    }

    /// The periods that a purpose may ask of a data set: its own rule, or the data set's.
    package func periodRule(of dataset: DatasetID, for purpose: PurposeID) -> PeriodRule? {
        compiled[purpose]?.policy.periods[dataset] ?? catalogue.documents[dataset]?.periods
    }
}
