/// One family's file at one month, as the counter passes it on.
struct FamilySheet {
    let town: Town
    let file: FamilyFile
    let month: CivilMonth

    /// The whole file, whatever was asked.
    var document: Document {
        let allocataires = file.allocataires.compactMap { town.person($0)?.identity }
        return .members([
            "regime": .string(file.fund.rawValue),
            "allocataires": .array(allocataires.map(member)),
            "enfants": .array(file.children.map(member)),
            "adresse": address(of: allocataires.first),
            "quotientFamilial": quotient,
            "annee": .integer(month.year),
            "mois": .integer(month.month),
            "anneeCalcul": .integer(month.year),
            "moisCalcul": .integer(month.month),
        ])
    }

    /// The quotient moves a little each year, and never where it is 0 or unknown.
    private var quotient: Document {
        guard let value = file.quotient else { return .null }
        return .integer(value == 0 ? 0 : value - (2026 - month.year) * 17)
    }

    private func member(_ identity: CivilIdentity) -> Document {
        .members([
            "nomNaissance": .string(plainCapitals(identity.birthName)),
            "nomUsage": .orNull(identity.usageName.map(plainCapitals)),
            "listePrenoms": .string(plainCapitals(identity.givenNames.joined(separator: " "))),
            "dateNaissance": .string(identity.birth.withZeros),
            "genre": .string(identity.sex == .unspecified ? "M" : identity.sex.rawValue),
        ])
    }

    private func address(of identity: CivilIdentity?) -> Document {
        let place = file.address
        let title = identity?.sex == .feminine ? "MADAME" : "MONSIEUR"
        let name = identity.map {
            "\(title) \(plainCapitals($0.calledName)) \(plainCapitals($0.givenNames[0]))"
        }
        return .members([
            "identite": .orNull(name),
            "complementInformation": .orNull(place.complement),
            "complementInformationGeo": .orNull(place.placeDetail),
            "numeroLibelleVoie": .string(place.street),
            "lieuDit": .orNull(place.hamlet),
            "codePostalVille": .string("\(place.postcode) \(place.town)"),
            "pays": "FRANCE",
        ])
    }
}
