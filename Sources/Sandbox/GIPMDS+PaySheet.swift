/// One person's declared pay over some months, in a shape taken from the DSN's blocks.
struct PaySheet {
    let person: Person
    let record: PayRecord
    let from: CivilMonth
    let until: CivilMonth
    let today: CivilDate

    /// The contracts that touch the period.
    var jobs: [Job] {
        record.jobs.filter { job in
            guard let start = CivilDate(job.start) else { return false }
            let end = job.end.flatMap { CivilDate($0) }?.civilMonth
            return start.civilMonth <= until && (end.map { $0 >= from } ?? true)
        }
    }

    /// The whole reply.
    var document: Document {
        let identity = person.identity
        return .members([
            "contrat": .string(GIPMDS.contractName),
            "individu": .members([
                "nomFamilleSngi": .string(plainCapitals(identity.birthName)),
                "prenomsSngi": .string(
                    plainCapitals(identity.givenNames.joined(separator: " "))),
                "dateNaissanceSngi": .string(identity.birth.withZeros),
                "sexe": .string(identity.digit),
                "entreprise": .array(companies),
            ]),
            "retour": .members(["codeRetour": "OK", "message": ""]),
        ])
    }

    private var companies: [Document] {
        var sirens: [String] = []
        for job in jobs where !sirens.contains(job.siren) { sirens.append(job.siren) }
        return sirens.map { siren in
            let mine = jobs.filter { $0.siren == siren }
            return .members([
                "siren": .string(siren),
                "raisonSociale": .string(mine[0].company),
                "etablissement": .array(
                    mine.map { job in
                        .members(["siret": .string(job.siret), "contrat": [contract(job)]])
                    }),
            ])
        }
    }

    private func contract(_ job: Job) -> Document {
        .members([
            "numeroContrat": .string(job.number),
            "dateDebutContrat": .string(job.start),
            "natureContrat": .string(job.nature),
            "dateFinPrevisionnelle": job.nature == "02" ? job.end.map { .string($0) } : nil,
            "dateFinContrat": ended(job),
            "motifRupture": ended(job) == nil ? nil : .string(job.nature == "02" ? "031" : "059"),
            "quotite": "151.67",
            "versement": .array(paidMonths(job).map { payment(job, $0) }),
        ])
    }

    private func ended(_ job: Job) -> Document? {
        guard let end = job.end.flatMap({ CivilDate($0) }), end <= today else { return nil }
        return .string(end.text)
    }

    /// The months of the period in which a job was paid: declared by the fifth of the next month.
    private func paidMonths(_ job: Job) -> [CivilMonth] {
        guard let start = CivilDate(job.start)?.civilMonth else { return [] }
        let end = job.end.flatMap { CivilDate($0) }?.civilMonth ?? until
        let declared = today.civilMonth.advanced(by: today.day >= 5 ? -1 : -2)
        let first = max(from, start)
        let last = min(until, end, declared)
        guard first <= last else { return [] }
        return (0...(last.ordinal - first.ordinal)).map { first.advanced(by: $0) }
    }

    private func payment(_ job: Job, _ month: CivilMonth) -> Document {
        let taxable = job.monthly + month.month % 5 * 1_213 + (month.month == 12 ? 50_077 : 0)
        let withheld = taxable / 29
        return .members([
            "mois": .string(month.text),
            "dateVersement": .string("\(month.text)-27"),
            "remunerationNetteFiscale": .euros(cents: taxable),
            "montantNetVerse": .euros(cents: taxable - withheld - taxable / 37),
            "montantNetSocial": .euros(cents: taxable - taxable / 43),
            "tauxPas": "3.4",
            "typeTauxPas": "01",
            "montantPas": .euros(cents: withheld),
            "montantSoumisPas": .euros(cents: taxable),
            "salaireBrut": .euros(cents: taxable * 127 / 100),
        ])
    }
}
