/// A registration as France Travail writes it.
struct StatusSheet {
    let record: JobSeekerRecord
    let person: Person

    /// The flat reply; by FranceConnect token it does not repeat the identifier.
    func document(withIdentifier: Bool = true) -> Document {
        let identity = person.identity
        return .members([
            "identifiant": withIdentifier ? person.jobSeekerNumber.map { .string($0) } : nil,
            "civilite": .string(identity.sex == .feminine ? "Mme" : "M."),
            "nom": .string(plainCapitals(identity.birthName)),
            "nomUsage": .string(identity.usageName.map(plainCapitals) ?? " "),
            "prenom": .string(String(plainCapitals(identity.givenNames[0]).prefix(13))),
            "sexe": .string(identity.sex == .feminine ? "Féminin" : "Masculin"),
            "dateNaissance": .string(Self.instant(identity.birth.completed)),
            "codeCertificationCNAV": .string(record.certification),
            "email": .string(record.email),
            "telephone": .string(record.telephone),
            "telephone2": .null,
            "adresse": address,
            "categorieInscription": .string("\(record.category)"),
            "libellecategorieInscription": .string(Self.labels[record.category - 1]),
            "dateInscription": .string(Self.instant(record.registered)),
            "dateCessationInscription": record.closed.map { .string(Self.instant($0)) } ?? .null,
            "structureSuivi": "AGENCE FICTIVE",
        ])
    }

    /// A day as this holder writes it: midnight in Paris.
    static func instant(_ day: String) -> String {
        let month = CivilDate(day)?.month ?? 1
        return "\(day)T00:00:00+0\((4...10).contains(month) ? 2 : 1):00"
    }

    private var address: Document {
        let place = record.address
        return .members([
            "INSEECommune": .string(place.townCode),
            "codePostal": .string(place.postcode),
            "ligneComplementAdresse": .orNull(place.complement ?? place.hamlet),
            "ligneComplementDestinataire": .orNull(place.placeDetail),
            "ligneComplementDistribution": .null,
            "ligneNom": .string(plainCapitals(person.identity.calledName)),
            "ligneVoie": .string(place.street),
            "localite": .string("\(place.postcode) \(place.town)"),
        ])
    }

    private static let labels = [
        "PERSONNE SANS EMPLOI DISPONIBLE DUREE INDETERMINEE PLEIN TPS",
        "PERSONNE SANS EMPLOI DISPONIBLE DUREE INDETERMINEE TPS PARTIEL",
        "PERSONNE SANS EMPLOI DISPONIBLE DUREE DETERMINEE",
        "PERSONNE SANS EMPLOI NON IMMEDIATEMENT DISPONIBLE",
        "PERSONNE POURVUE D'UN EMPLOI",
    ]
}

/// What was paid on one registration in the last twenty-four months.
struct PaymentSheet {
    let record: JobSeekerRecord
    let today: CivilDate

    /// The months paid, latest first.
    var payments: [CivilMonth] {
        guard record.benefit != nil, let first = CivilDate(record.registered) else { return [] }
        let end = record.closed.flatMap { CivilDate($0) } ?? today
        let last = min(end, today).civilMonth
        return (0..<24).map { today.civilMonth.advanced(by: -$0) }
            .filter { month in
                month <= last && month > first.civilMonth
                    && (month < today.civilMonth || today.day >= 5)
            }
    }

    /// The list as France Travail writes it.
    var document: Document {
        .members([
            "statutInscription": .string(record.closed == nil ? "INSCRIT" : "RADIE"),
            "listePaiement": .array(payments.map(payment)),
        ])
    }

    private func payment(_ month: CivilMonth) -> Document {
        guard let benefit = record.benefit else { return .null }
        let allocations = benefit.allocations + month.month % 4 * 317
        let total = allocations + benefit.aids + benefit.others
        return .members([
            "datePaiement": .string(StatusSheet.instant("\(month.text)-05")),
            "montantPaiement": .euros(cents: total),
            "allocations": .euros(cents: allocations),
            "aides": .euros(cents: benefit.aids),
            "autresPaiements": .euros(cents: benefit.others),
        ])
    }
}
