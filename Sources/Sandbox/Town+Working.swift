extension Town {
    /// The students that the ministry knows.
    static let studentRecords: [StudentRecord] = [
        StudentRecord(
            person: "maelle-kerouanton",
            enrolments: [
                enrolled(0, "formation continue", "29019", "0290346U", "UBO FACULTE VICTOR SEGALEN")
            ]),
        StudentRecord(
            person: "olympe-grandsaigne",
            enrolments: [
                enrolled(0, "formation initiale", "87085", "0870669E", "UNIVERSITE DE LIMOGES"),
                enrolled(1, "formation initiale", "87085", "0870669E", "UNIVERSITE DE LIMOGES"),
            ]),
        StudentRecord(
            person: "faustine-oeilleton",
            enrolments: [
                enrolled(
                    3, "reprise d'études non financée sans convention", "49007", "0490970N",
                    "UNIVERSITE D'ANGERS")
            ]),
        StudentRecord(
            person: "zoe-lannezval",
            enrolments: [
                enrolled(0, "contrat d'apprentissage", "22113", "0221063C", "IUT DE LANNION")
            ]),
        StudentRecord(
            person: "camille-bourdarias-tulle",
            enrolments: [
                enrolled(0, "formation continue", "19272", "0190052N", "LYCEE EDMOND PERRIER")
            ]),
        StudentRecord(
            person: "camille-bourdarias-ajaccio",
            enrolments: [
                enrolled(1, "formation initiale", "2B096", "7200664J", "UNIVERSITE DE CORSE")
            ]),
        StudentRecord(
            person: "lucas-genty-lavaud",
            enrolments: [
                enrolled(
                    0, "contrat de professionnalisation", "33063", "0333298F",
                    "UNIVERSITE DE BORDEAUX")
            ]),
        StudentRecord(
            person: "lisandra-casalonga",
            enrolments: [
                enrolled(0, "formation initiale", "2B096", "7200664J", "UNIVERSITE DE CORSE")
            ]),
        StudentRecord(
            person: "nolwenn-stephanopoli",
            enrolments: [
                enrolled(0, "formation initiale", "35238", "0350936C", "UNIVERSITE DE RENNES"),
                enrolled(
                    0, "formation initiale hors apprentissage", "35047", "0352440M",
                    "INSTITUT D'ETUDES POLITIQUES DE RENNES"),
                enrolled(1, "formation initiale", "35238", "0350936C", "UNIVERSITE DE RENNES"),
            ]),
        StudentRecord(
            person: "bastien-rouvillois",
            enrolments: [
                Enrolment(
                    yearsBack: 0, enrolled: false, regime: "formation initiale", townCode: "54395",
                    uai: "0542493S", school: "UNIVERSITE DE LORRAINE")
            ]),
    ]

    /// The job-seekers' registrations.
    static let jobSeekerRecords: [JobSeekerRecord] = [
        seeker(
            "maelle-kerouanton", from: "2025-09-08", 5, keroman, "02 98 99 14 27",
            pays: Benefit(allocations: 41_273, aids: 0, others: 0)),
        seeker(
            "yannick-oberthuer", from: "2026-02-16", 1, courtyard, "02 99 99 36 81",
            pays: Benefit(allocations: 127_846, aids: 6_350, others: 0)),
        seeker("gwenael-testudon", from: "2024-11-04", 2, lagoon, "02 40 99 72 15"),
        seeker(
            "oriane-vasselin", from: "2025-12-01", 3, quays, "02 35 99 48 60",
            pays: Benefit(allocations: 68_419, aids: 0, others: 4_275)),
        seeker("faustine-oeilleton", from: "2026-05-11", 1, quays, "02 35 99 51 93"),
        seeker(
            "marie-ange-pouyfaucon", from: "2025-06-23", 1, orchard, "05 59 99 27 38",
            pays: Benefit(allocations: 93_562, aids: 0, others: 0)),
        seeker(
            "marie-bernadette-champdoizeau", from: "2025-03-17", 1, lagoon, "02 51 99 83 46",
            pays: Benefit(allocations: 104_738, aids: 11_920, others: 1_835)),
        seeker("camille-bourdarias-tulle", from: "2026-08-03", 1, courtyard, "05 55 99 64 72"),
        seeker(
            "elodie-hoareau-grondin", from: "2025-10-27", 1, island, "02 62 99 17 54",
            pays: Benefit(allocations: 87_291, aids: 0, others: 0)),
        seeker("amadou-diakhoumpa", from: "2026-04-07", 4, belfry, "03 20 99 58 31"),
        seeker("regis-verdelhan", from: "2026-07-20", 1, farm, "04 66 99 42 87"),
        seeker(
            "thibault-peyrachon", from: "2025-01-13", until: "2026-03-31", 1, studio,
            "04 77 99 35 69", pays: Benefit(allocations: 112_574, aids: 0, others: 0)),
        seeker("karim-benslimane-roche", from: "2026-09-14", 5, terrace, "04 72 99 26 48"),
    ]

    /// What employers declared.
    static let payRecords: [PayRecord] = [
        PayRecord(
            person: "maelle-kerouanton",
            jobs: [
                Job(
                    "CONSERVERIE DE L'ABER WRAC'H", siren: "91374628", site: "0001",
                    contract: "CDI-2022-0417", from: "2022-04-19", monthly: 164_329)
            ]),
        PayRecord(
            person: "yannick-oberthuer",
            jobs: [
                Job(
                    "TISSAGES DU BLOSNE", siren: "91485739", site: "0002", contract: "T19-118",
                    from: "2019-01-07", until: "2026-01-31", monthly: 231_874)
            ]),
        PayRecord(
            person: "solenn-quilgars",
            jobs: [
                Job(
                    "CABINET VETERINAIRE DES LICES", siren: "91596840", site: "0001",
                    contract: "SQ-7", from: "2016-09-01", monthly: 198_453)
            ]),
        PayRecord(
            person: "oriane-vasselin",
            jobs: [
                Job(
                    "BOULANGERIE DU ROBEC", siren: "91607951", site: "0003",
                    contract: "OV-2024-12", from: "2024-12-02", until: "2026-11-30", nature: "02",
                    monthly: 121_768)
            ]),
        PayRecord(
            person: "olympe-grandsaigne",
            jobs: [
                Job(
                    "LIBRAIRIE DES EMAUX", siren: "91718062", site: "0001", contract: "ETE-26",
                    from: "2026-07-01", until: "2026-08-31", nature: "02", monthly: 142_317)
            ]),
        PayRecord(
            person: "faustine-oeilleton",
            jobs: [
                Job(
                    "ATELIERS NAVALS DE CORVETTE", siren: "91829173", site: "0004",
                    contract: "FO-0091", from: "2017-03-13", until: "2026-04-30", monthly: 218_946)
            ]),
        PayRecord(
            person: "jean-baptiste-d-estrezelles",
            jobs: [
                Job(
                    "ETUDE D'ESTREZELLES ET ASSOCIES", siren: "91930284", site: "0001",
                    contract: "JBE-1", from: "2009-01-05", monthly: 487_265)
            ]),
        PayRecord(
            person: "camille-bourdarias-tulle",
            jobs: [
                Job(
                    "MANUFACTURE D'ACCORDEONS", siren: "92041395", site: "0001",
                    contract: "CB-T-4", from: "2020-10-01", monthly: 173_582)
            ]),
        PayRecord(
            person: "camille-bourdarias-ajaccio",
            jobs: [
                Job(
                    "CHANTIERS DU VALINCO", siren: "92152406", site: "0002", contract: "CB-A-9",
                    from: "2021-05-03", monthly: 205_817)
            ]),
        PayRecord(
            person: "amadou-diakhoumpa",
            jobs: [
                Job(
                    "FONDERIES DE LA LYS", siren: "92263517", site: "0001", contract: "AD-33",
                    from: "2012-02-01", monthly: 189_634)
            ]),
        PayRecord(
            person: "nasrin-hakimzadeh",
            jobs: [
                Job(
                    "COUTURE ET RETOUCHES HERAT", siren: "92374628", site: "0001",
                    contract: "NH-2", from: "2023-11-06", monthly: 95_271)
            ]),
        PayRecord(
            person: "karim-benslimane-roche",
            jobs: [
                Job(
                    "SOIERIES DE LA MARTINIERE", siren: "92485739", site: "0001",
                    contract: "KBR-A", from: "2023-02-01", monthly: 97_453),
                Job(
                    "SOIERIES DE LA MARTINIERE", siren: "92485739", site: "0007",
                    contract: "KBR-B", from: "2025-05-05", until: "2026-06-30", nature: "02",
                    monthly: 38_216),
                Job(
                    "THEATRE DES CELESTES", siren: "92596840", site: "0002", contract: "KBR-C",
                    from: "2024-09-16", nature: "02", monthly: 52_864),
            ]),
        PayRecord(
            person: "joaquim-figueiredo-brandao",
            jobs: [
                Job(
                    "CHARPENTES DU PERCHE NORMAND", siren: "92607951", site: "0001",
                    contract: "JFB-5", from: "1998-06-15", monthly: 243_179)
            ]),
    ]

    private static func enrolled(
        _ yearsBack: Int, _ regime: String, _ townCode: String, _ uai: String, _ school: String
    ) -> Enrolment {
        Enrolment(
            yearsBack: yearsBack, enrolled: true, regime: regime, townCode: townCode, uai: uai,
            school: school)
    }

    private static func seeker(
        _ person: String, from registered: String, until closed: String? = nil, _ category: Int,
        _ address: PostalAddress, _ telephone: String, pays benefit: Benefit? = nil
    ) -> JobSeekerRecord {
        JobSeekerRecord(
            person: person, registered: registered, closed: closed, category: category,
            email: "\(person)@courriel.example", telephone: telephone, address: address,
            certification: "VC", benefit: benefit)
    }
}
