package import Vocabulary

/// What comparing a holder's identity with the pivot gives.
package enum Agreement: String, Sendable, CaseIterable {
    /// It is the same person, as far as the holder says.
    case agrees
    /// A trait differs: nothing of that holder leaves.
    case disagrees
    /// The holder says too little of the person to compare.
    case notComparable
}

/// Whether the identity that a holder returned is that of the pivot.
///
/// Each trait that the holder gives is compared; one that differs decides. The name and, beside it,
/// the given names or the birth date are the least from which agreement can be said. What the
/// holder is declared to do to identities is allowed for, and nothing else.
package func agreement(of pivot: PivotIdentity, with returned: ReturnedIdentity) -> Agreement {
    let name = nameAgrees(pivot, returned)
    let givenNames = givenNamesAgree(pivot, returned)
    let date = returned.birthDate.map { datesAgree(pivot, $0) }
    let others = [sexAgrees(pivot, returned), countryAgrees(pivot, returned)]
    let verdicts = [name, givenNames, date, communeAgrees(pivot, returned)] + others
    if verdicts.contains(false) { return .disagrees }
    let isEnough = name == true && (givenNames == true || date == true)
    return isEnough ? .agrees : .notComparable
}

private func nameAgrees(_ pivot: PivotIdentity, _ returned: ReturnedIdentity) -> Bool? {
    let tolerances = returned.tolerances
    let given = returned.birthName ?? (tolerances.isUsageNameAccepted ? returned.usageName : nil)
    guard let name = given.map(foldedToCapitals), !name.isEmpty else { return nil }
    var accepted = spellings(of: pivot.birthName, cutAfter: tolerances.birthNameCut)
    if tolerances.isUsageNameAccepted, let usageName = pivot.usageName {
        accepted += spellings(of: usageName, cutAfter: tolerances.birthNameCut)
    }
    return accepted.contains(name)
}

private func givenNamesAgree(_ pivot: PivotIdentity, _ returned: ReturnedIdentity) -> Bool? {
    guard let names = returned.givenNames.map(foldedToCapitals), !names.isEmpty else { return nil }
    let tolerances = returned.tolerances
    let all = pivot.givenNames.joined(separator: " ")
    var accepted = spellings(of: all, cutAfter: tolerances.givenNamesCut)
    if tolerances.isFirstGivenNameOnly, let first = pivot.givenNames.first {
        accepted += spellings(of: first, cutAfter: tolerances.givenNamesCut)
    }
    if accepted.contains(names) { return true }
    let said = foldedToCapitals(all)
    if tolerances.areMoreGivenNamesAccepted, !said.isEmpty, names.hasPrefix(said + " ") {
        return true
    }
    return tolerances.isGivenNameOrderFree
        && names.split(separator: " ").sorted() == said.split(separator: " ").sorted()
}

/// The folded spellings of a name: whole, and cut after so many letters, before or after folding.
private func spellings(of name: String, cutAfter limit: Int?) -> [String] {
    let whole = foldedToCapitals(name)
    guard let limit, limit > 0 else { return [whole] }
    let cutAfterFolding = foldedToCapitals(String(whole.prefix(limit)))
    let cutBeforeFolding = foldedToCapitals(String(name.prefix(limit)))
    return [whole, cutAfterFolding, cutBeforeFolding].filter { !$0.isEmpty }
}

/// Whether two dates are the same, allowing for the ways of writing an unknown day or month.
///
/// FranceConnect and some holders write 01 for what is unknown, others leave it out. A date of
/// which less is known is never a wildcard for any date that it could be.
private func datesAgree(_ pivot: PivotIdentity, _ returned: PartialDate) -> Bool {
    let date = pivot.birthDate
    if date == returned { return true }
    if case .day(let day) = date {
        guard pivot.mayBePresumed, day.day == 1 else { return false }
        switch returned {
        case .day: return false
        case .month(let month): return month.year == day.year && month.month == day.month
        case .year(let year): return year == day.year && day.month == 1
        }
    }
    guard case .day(let day) = returned else { return false }
    return date.earliest == day
}

/// Whether the sexes are the same; one that is undetermined says nothing.
private func sexAgrees(_ pivot: PivotIdentity, _ returned: ReturnedIdentity) -> Bool? {
    guard let sex = returned.sex, sex != .indetermine, pivot.sex != .indetermine else { return nil }
    return sex == pivot.sex
}

private func countryAgrees(_ pivot: PivotIdentity, _ returned: ReturnedIdentity) -> Bool? {
    returned.birthCountry.map { $0 == pivot.birthCountry }
}

/// Whether the places are the same; some holders write the country's code where they have no
/// commune.
private func communeAgrees(_ pivot: PivotIdentity, _ returned: ReturnedIdentity) -> Bool? {
    guard let commune = returned.birthCommune, !commune.isEmpty else { return nil }
    return commune == (pivot.birthCommune ?? pivot.birthCountry)
}
