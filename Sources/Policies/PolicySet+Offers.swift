package import Vocabulary

/// One leaf under one form that a purpose may ask, and what becomes of it in each mode.
package struct FieldOffer: Sendable {
    /// The rule of the policy, whose field may be a composite one.
    package let rule: FieldRule
    package let form: NamedForm
    package let request: FieldRequest
    package let contract: FieldContract
    /// What a decision would grant, in the modes where it would.
    package let grants: [Mode: GrantedLeaf]
    /// Why the leaf cannot be granted, in the other modes of the purpose.
    package let refusals: [Mode: RefusalReason]
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
            for contract in catalogue.fields.leaves(of: rule.path) {
                for form in rule.forms {
                    let request = FieldRequest(path: contract.path, form: form.key)
                    guard let leaf = compiled.leaves[request.text] else { continue }
                    offers.append(
                        FieldOffer(
                            rule: rule, form: form, request: request, contract: contract,
                            grants: leaf.grants, refusals: leaf.refusals))
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
        var composites: [FieldPath] = []
        for offer in offers(of: purpose) where offer.request.form == .value {
            for prefix in prefixes(of: offer.contract.path) where !composites.contains(prefix) {
                let leaves = catalogue.fields.leaves(of: prefix)
                    .map { compiled.leaves[FieldRequest(path: $0.path).text] }
                let isWhole = leaves.allSatisfy { $0 != nil }
                if isWhole, leaves.contains(where: { $0?.grants[mode] != nil }) {
                    composites.append(prefix)
                }
            }
        }
        return composites
    }

    /// The composite fields in which a leaf lies, outermost first.
    private func prefixes(of path: FieldPath) -> [FieldPath] {
        let parts = path.text.split(separator: ".")
        guard parts.count > 2 else {
            return []
        }
        return (2..<parts.count).compactMap { FieldPath(parts.prefix($0).joined(separator: ".")) }
    }

    /// The periods that a purpose may ask of a data set: its own rule, or the data set's.
    package func periodRule(of dataset: DatasetID, for purpose: PurposeID) -> PeriodRule? {
        compiled[purpose]?.policy.periods[dataset] ?? catalogue.documents[dataset]?.periods
    }
}
