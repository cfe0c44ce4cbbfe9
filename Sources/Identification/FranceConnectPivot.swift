import JSONText
import Vocabulary

/// The pivot that an introspection holds, in the form that all holders are asked with.
func pivot(
    _ introspection: JSONNode, today: CalendarDate
) throws(IntrospectionFailure) -> PivotIdentity {
    let traits = ["family_name", "birthdate", "gender", "birthcountry"]
    if traits.allSatisfy({ introspection[$0] == nil }) { throw .identityUnusable(.absent) }
    guard let birthName = introspection["family_name"]?.string, CivilName.isUsable(birthName)
    else { throw .identityUnusable(.birthName) }
    let birthDate = try birthDate(introspection["birthdate"]?.string, today: today)
    let sex = try sex(introspection["gender"]?.string)
    let place = try birthPlace(introspection)
    return PivotIdentity(
        birthName: birthName,
        usageName: nil,
        givenNames: try givenNames(introspection),
        birthDate: birthDate,
        mayBePresumed: birthDate.day == 1 || birthDate.day == nil,
        sex: sex,
        birthCountry: place.country,
        birthCommune: place.commune
    )
}

/// The given names; the array keeps those that hold a space, so it comes first.
private func givenNames(_ introspection: JSONNode) throws(IntrospectionFailure) -> [String] {
    let names: [String]
    if let elements = introspection["given_name_array"]?.elements, !elements.isEmpty {
        names = elements.compactMap(\.string)
        guard names.count == elements.count else { throw .identityUnusable(.givenNames) }
    } else {
        let joined = introspection["given_name"]?.string ?? ""
        names = joined.split(separator: " ").map(String.init)
    }
    guard (1...30).contains(names.count), names.allSatisfy(CivilName.isUsable) else {
        throw .identityUnusable(.givenNames)
    }
    return names
}

/// The birth date; a day or a month that is written 00 is unknown.
private func birthDate(
    _ text: String?, today: CalendarDate
) throws(IntrospectionFailure) -> PartialDate {
    var text = text ?? ""
    for _ in 0..<2 where text.hasSuffix("-00") { text.removeLast(3) }
    guard let date = PartialDate(text), let earliest = date.earliest, earliest <= today else {
        throw .identityUnusable(.birthDate)
    }
    return date
}

private func sex(_ text: String?) throws(IntrospectionFailure) -> Sex {
    switch text {
    case "female": .feminin
    case "male": .masculin
    case "unspecified": .indetermine
    default: throw .identityUnusable(.sex)
    }
}

/// The country and, in France, the commune; abroad the place is absent or empty, or means nothing.
private func birthPlace(
    _ introspection: JSONNode
) throws(IntrospectionFailure) -> (country: String, commune: String?) {
    guard let country = introspection["birthcountry"]?.string, BirthPlace.isCountry(country) else {
        throw .identityUnusable(.country)
    }
    guard country == PivotIdentity.france else { return (country, nil) }
    guard let commune = introspection["birthplace"]?.string, BirthPlace.isCommune(commune) else {
        throw .identityUnusable(.commune)
    }
    return (country, commune)
}
