package import Vocabulary

/// Remarks that two purposes of one service call for together, under the later one's name.
package func remarks(
    across policies: [Policy], catalogue: Catalogue
) -> [PurposeID: [PolicyRemark]] {
    var remarks: [PurposeID: [PolicyRemark]] = [:]
    let services = Dictionary(grouping: policies.filter { $0.state != .retiree }) {
        $0.id.service
    }
    for own in services.values {
        let sorted = own.sorted { $0.id < $1.id }
        for (id, found) in twins(sorted) + disclosures(sorted, catalogue) {
            remarks[id, default: []].append(found)
        }
    }
    return remarks
}

// MARK: - Purposes that differ in nothing

/// What sets a purpose apart from the others of its service.
private struct Likeness: Hashable {
    struct Ask: Hashable {
        let path: FieldPath
        let forms: Set<FormDefinition>
    }

    let kind: Policy.Kind
    let asks: Set<Ask>
    let modes: [Mode: ModeRule]
    let periods: [DatasetID: PeriodRule]

    init(_ policy: Policy) {
        kind = policy.kind
        asks = Set(
            policy.fields.map { Ask(path: $0.path, forms: Set($0.forms.map(\.definition))) })
        modes = policy.modes
        periods = policy.periods
    }
}

private func twins(_ policies: [Policy]) -> [(PurposeID, PolicyRemark)] {
    var first: [Likeness: Policy] = [:]
    return policies.compactMap { policy in
        let likeness = Likeness(policy)
        guard let other = first[likeness] else {
            first[likeness] = policy
            return nil
        }
        // Two procedures may need the same fields; each then says why in its own words.
        let isSameProcedure =
            foldedToCapitals(policy.demarche) == foldedToCapitals(other.demarche)
        let reasons = { (policy: Policy) in
            Set(policy.fields.map { foldedToCapitals($0.justification) })
        }
        guard isSameProcedure || reasons(policy) == reasons(other) else {
            return nil
        }
        return (
            policy.id,
            PolicyRemark(
                place: .fields,
                message: "Cette finalité ne se distingue en rien de « \(other.id.text) » : "
                    + "mêmes champs, mêmes formes, mêmes modes, mêmes périodes.",
                remedy: "Réunissez-les, ou dites ce que celle-ci a en propre.")
        )
    }
}

// MARK: - Thresholds of two purposes

private func disclosures(
    _ policies: [Policy], _ catalogue: Catalogue
) -> [(PurposeID, PolicyRemark)] {
    // By leaf: which purposes, in order, answer about it and never give its value.
    var answering: [FieldPath: [(policy: Policy, field: Int)]] = [:]
    for policy in policies {
        for (index, rule) in policy.fields.enumerated()
        where !rule.opensValue && !rule.cuts(field: index).isEmpty {
            answering[rule.path, default: []].append((policy, index))
        }
    }
    return answering.keys.sorted().flatMap { path in
        let pairs = answering[path] ?? []
        let isWhole = catalogue.fields[path]?.type == .entier
        return pairs.indices.flatMap { later in
            pairs[..<later].flatMap { earlier in
                disclosures(path, earlier, pairs[later], isWhole: isWhole)
            }
        }
    }
}

private func disclosures(
    _ path: FieldPath, _ earlier: (policy: Policy, field: Int),
    _ later: (policy: Policy, field: Int), isWhole: Bool
) -> [(PurposeID, PolicyRemark)] {
    guard earlier.policy.sharesClient(with: later.policy) else {
        return []
    }
    // Forms of the earlier purpose count below those of the later one, so that a cell tells which
    // purposes its two cuts come from.
    let shift = earlier.policy.fields[earlier.field].forms.count
    let cuts =
        earlier.policy.fields[earlier.field].cuts(field: 0)
        + later.policy.fields[later.field].cuts(field: 1)
        .map { Cut(bound: $0.bound, isAfter: $0.isAfter, field: 1, form: $0.form + shift) }
    // What one purpose alone discloses is said of that purpose.
    let isShared = { (cell: NarrowCell) in
        !(0...1).contains { field in
            [cell.lower, cell.upper].allSatisfy { cut in
                cuts.contains { $0.field == field && $0.isSame(as: cut) }
            }
        }
    }
    return narrowCells(cuts, isWhole: isWhole).filter(isShared)
        .map { cell in
            let own = cell.lower.field == 1 ? cell.lower : cell.upper
            return (
                later.policy.id,
                PolicyRemark(
                    place: .form(field: later.field, form: own.form - shift),
                    message: "Avec « \(earlier.policy.id.text) », cette forme de « \(path) » "
                        + "dit la valeur \(cell.text).",
                    remedy: "Alignez les bornes des deux finalités, ou écartez-les.")
            )
        }
}

extension Policy {
    /// Whether one caller may ask under both purposes about one person: in the identity mode, or
    /// with the token of a FranceConnect client that both name.
    fileprivate func sharesClient(with other: Policy) -> Bool {
        if modes[.identite] != nil, other.modes[.identite] != nil {
            return true
        }
        let own = modes[.franceconnect]?.clients ?? []
        return own.contains { other.modes[.franceconnect]?.clients.contains($0) == true }
    }
}
