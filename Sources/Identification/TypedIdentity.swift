package import JSONText
package import Vocabulary

/// The members of `usager.identite`.
package let identityMembers = [
    "nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe", "code_pays_naissance",
    "code_commune_naissance",
]

/// Reads the identity that a service typed (`usager.identite`), keeping every mistake.
///
/// `today` bounds the birth date. Nothing of the identity is ever in a mistake.
package func readIdentity(
    _ place: JSONPlace?, today: CalendarDate, into mistakes: inout JSONMistakes
) -> Sensitive<PivotIdentity>? {
    let before = mistakes.all.count
    guard let object = identityObject(place, &mistakes) else { return nil }
    let birthName = mistakes.required(object, "nom_naissance", readName)
    let usageName = mistakes.optional(object, "nom_usage", readName)
    let givenNames = mistakes.required(object, "prenoms", readGivenNames)
    let birthDate = mistakes.required(object, "date_naissance") {
        (place) throws(JSONMistake) in try readBirthDate(place, today: today)
    }
    let sex = mistakes.required(object, "sexe", readSex)
    let country = mistakes.required(object, "code_pays_naissance", readCountry)
    let commune = readCommune(object, country: country, &mistakes)
    guard mistakes.all.count == before, let birthName, let givenNames, let birthDate, let sex,
        let country
    else { return nil }
    return Sensitive(
        PivotIdentity(
            birthName: birthName,
            usageName: usageName == birthName ? nil : usageName,
            givenNames: givenNames,
            birthDate: birthDate,
            mayBePresumed: false,
            sex: sex,
            birthCountry: country,
            birthCommune: commune
        ))
}

/// Reads the identity that a service typed, or says what is wrong first.
package func readIdentity(
    _ place: JSONPlace, today: CalendarDate
) throws(JSONMistake) -> Sensitive<PivotIdentity> {
    var mistakes = JSONMistakes()
    let identity = readIdentity(place, today: today, into: &mistakes)
    guard let identity else {
        throw mistakes.all.first
            ?? place.mistake(
                "L'identité est illisible.", remedy: "Suivez le format publié.")
    }
    return identity
}

/// The object, where a member that asks for a NIR gets an answer of its own.
private func identityObject(
    _ place: JSONPlace?, _ mistakes: inout JSONMistakes
) -> JSONObjectPlace? {
    guard let place else { return nil }
    let read = mistakes.attempt { () throws(JSONMistake) in try place.anyObject() }
    guard let object = read else { return nil }
    for mistake in object.unknownMembers(identityMembers) {
        let name = mistake.path.lowercased()
        let isNIR = ["nir", "secu", "nss"].contains {
            name.hasSuffix($0) || name.contains("_" + $0)
        }
        mistakes.add(isNIR ? refusedNIR(mistake) : mistake)
    }
    return object
}

private func refusedNIR(_ mistake: JSONMistake) -> JSONMistake {
    JSONMistake(
        path: mistake.path,
        position: mistake.position,
        message: "Le numéro de sécurité sociale n'est jamais accepté.",
        remedy: "Retirez-le : l'identité complète suffit."
    )
}

private func readName(_ place: JSONPlace) throws(JSONMistake) -> String {
    let name = try place.string(maxBytes: 4 * CivilName.maxLetters)
    guard let defect = CivilName.defect(of: name) else { return name }
    throw switch defect {
    case .empty:
        place.mistake("Ce nom est vide.", remedy: "Donnez au moins une lettre.")
    case .tooLong:
        place.mistake(
            "Ce nom est trop long.",
            remedy: "Donnez au plus \(CivilName.maxLetters) caractères.")
    case .straySpaces:
        place.mistake(
            "Ce nom commence ou finit par une espace, ou en contient deux de suite.",
            remedy: "Retirez les espaces de trop.")
    case .decomposed:
        place.mistake(
            "Ce nom contient un accent séparé de sa lettre.",
            remedy: "Envoyez le texte sous sa forme composée (Unicode NFC).")
    case .looksLikeNIR:
        place.mistake(
            "Ce nom ressemble à un numéro de sécurité sociale, qui n'est jamais accepté.",
            remedy: "Donnez le nom tel que l'état civil l'écrit.")
    case .character:
        place.mistake(
            "Ce nom contient un caractère que l'état civil n'emploie pas.",
            remedy: "Gardez les lettres latines, les espaces, les traits d'union et les "
                + "apostrophes.")
    }
}

private func readGivenNames(_ place: JSONPlace) throws(JSONMistake) -> [String] {
    let elements = try place.array(max: 20)
    guard !elements.isEmpty else {
        throw place.mistake("Il n'y a aucun prénom.", remedy: "Donnez au moins un prénom.")
    }
    var names: [String] = []
    for element in elements { names.append(try readName(element)) }
    return names
}

private func readBirthDate(
    _ place: JSONPlace, today: CalendarDate
) throws(JSONMistake) -> PartialDate {
    let text = try place.string(maxBytes: 32)
    guard let date = PartialDate(text), date.year >= 1850 else {
        let isUnknownPart = text.hasSuffix("-00")
        throw place.mistake(
            "Cette date de naissance n'existe pas ou n'a pas la bonne forme.",
            remedy: isUnknownPart
                ? "Ne donnez pas ce qui est inconnu : « 1990 » ou « 1990-05 »."
                : "Écrivez « 1990-05-17 », ou « 1990-05 » ou « 1990 » si le reste est inconnu.")
    }
    guard let earliest = date.earliest, earliest <= today else {
        throw place.mistake(
            "Cette date de naissance est dans l'avenir.", remedy: "Vérifiez l'année et le mois.")
    }
    return date
}

private func readSex(_ place: JSONPlace) throws(JSONMistake) -> Sex {
    let text = try place.string(maxBytes: 32)
    guard let sex = Sex.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) }) else {
        throw place.mistake(
            "Ce sexe n'est pas l'un des trois de l'état civil.",
            remedy: "Écrivez « F », « M » ou « indetermine ».")
    }
    return sex
}

private func readCountry(_ place: JSONPlace) throws(JSONMistake) -> String {
    let code = try place.string(maxBytes: 32)
    guard BirthPlace.isCountry(code) else {
        throw place.mistake(
            "Ce n'est pas un code de pays du Code officiel géographique.",
            remedy: "Écrivez cinq chiffres : « 99100 » pour la France, « 99… » ailleurs, "
                + "« 92352 » pour l'Algérie avant 1962.")
    }
    return code
}

/// The commune: required when born in France, refused otherwise.
private func readCommune(
    _ object: JSONObjectPlace, country: String?, _ mistakes: inout JSONMistakes
) -> String? {
    let name = "code_commune_naissance"
    guard country == PivotIdentity.france else {
        if let place = object.optional(name), country != nil {
            mistakes.add(
                place.mistake(
                    "Une personne née à l'étranger n'a pas de commune de naissance.",
                    remedy: "Retirez « \(name) », ou corrigez le pays de naissance."))
        }
        return nil
    }
    return mistakes.required(object, name) { (place) throws(JSONMistake) in
        let code = try place.string(maxBytes: 32)
        guard BirthPlace.isCommune(code) else {
            throw place.mistake(
                "Ce n'est pas un code de commune du Code officiel géographique.",
                remedy: "Donnez le code INSEE de la commune à la date de naissance "
                    + "(« 75107 », « 2A004 »), pas un code postal.")
        }
        return code
    }
}
