extension Person {
    /// The identity as the gateway's API takes it in `usager.identite`.
    package var apiIdentity: Document {
        .members([
            "nom_naissance": .string(identity.birthName),
            "nom_usage": identity.usageName.map { .string($0) },
            "prenoms": .array(identity.givenNames.map { .string($0) }),
            "date_naissance": .string(identity.birth.text),
            "sexe": .string(identity.sex.rawValue),
            "code_pays_naissance": .string(identity.country),
            "code_commune_naissance": identity.commune.map { .string($0) },
        ])
    }

    /// The identifiers as the gateway's API takes them in `usager.identifiants`.
    package var apiIdentifiers: Document {
        .members([
            "numero_fiscal": taxNumber.map { .string($0) },
            "identifiant_france_travail": jobSeekerNumber.map { .string($0) },
            "ine": studentNumber.map { .string($0) },
        ])
    }

    /// The person as `demo.json` lists it.
    package var exported: Document {
        .members([
            "id": .string(id), "identite": apiIdentity, "identifiants": apiIdentifiers,
        ])
    }
}
