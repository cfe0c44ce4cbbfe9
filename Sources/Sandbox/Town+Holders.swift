extension Town {
    /// The tax households.
    static let taxHouseholds: [TaxHousehold] = [
        lone("maelle-kerouanton", keroman, .threeYears(23_417, parts: "1.5", "C", dependants: 1)),
        TaxHousehold(
            declarants: ["yannick-oberthuer", "solenn-quilgars"], address: courtyard,
            assessments: .threeYears(51_238, parts: "3", "M", dependants: 2, joint: true)),
        lone(
            "gwenael-testudon", lagoon,
            [
                cut(1, 18_964, parts: "1.25", "D", dependants: 1, partial: "P2"),
                cut(2, 27_351, parts: "2.5", "M", dependants: 1, partial: "P1"),
            ]),
        lone("ines-rabhi-delattre", belfry, .threeYears(16_729, parts: "1.25", "D", dependants: 1)),
        lone("oriane-vasselin", quays, .threeYears(19_583, parts: "2", "C", dependants: 1)),
        lone("hubert-crozemarie", hospice, .threeYears(11_846, parts: "1.5", "V")),
        lone("olympe-grandsaigne", studio, [cut(1, 0, parts: "1", "C")]),
        lone(
            "casimir-brunschvicg", orchard,
            [
                cut(1, 14_287, parts: "1", "V", partial: "P2"),
                cut(2, 39_652, parts: "2", "M"),
            ]),
        TaxHousehold(
            declarants: ["bixente-etchebarne", "leopoldine-fayolle"], address: terrace,
            assessments: .threeYears(47_913, parts: "2", "O", joint: true)),
        lone("faustine-oeilleton", quays, .threeYears(28_396, parts: "1", "C")),
        lone("zoe-lannezval", studio, .threeYears(8_274, parts: "1", "C")),
        lone("marie-ange-pouyfaucon", orchard, .threeYears(33_718, parts: "1", "D")),
        lone("jean-baptiste-d-estrezelles", terrace, .threeYears(62_491, parts: "1", "C")),
        lone("ghislaine-trouve-malavaux", belfry, .threeYears(21_635, parts: "1", "V")),
        lone("marie-bernadette-champdoizeau", lagoon, .threeYears(15_928, parts: "1", "D")),
        lone("camille-bourdarias-tulle", courtyard, .threeYears(24_867, parts: "1", "C")),
        lone("camille-bourdarias-ajaccio", harbour, .threeYears(31_249, parts: "1", "C")),
        lone("petru-santarelli", harbour, .threeYears(26_593, parts: "2", "C", dependants: 2)),
        lone(
            "elodie-hoareau-grondin", island,
            .threeYears(17_386, parts: "1.5", "C", dependants: 1)),
        lone("teva-tehuiotoa", terrace, .threeYears(29_741, parts: "1", "C")),
        lone("malia-tuikalepa", lagoon, .threeYears(20_164, parts: "1", "C")),
        lone("amadou-diakhoumpa", belfry, .threeYears(22_958, parts: "1", "C")),
        lone("nasrin-hakimzadeh", courtyard, .threeYears(12_673, parts: "1", "C")),
        lone("fatoumata-sissokho-yelimane", quays, .threeYears(14_206, parts: "1", "C")),
        lone("fatoumata-sissokho-kayes", keroman, .threeYears(27_815, parts: "1", "C")),
        lone("joaquim-figueiredo-brandao", quays, .threeYears(34_827, parts: "1", "D")),
        lone("mouloud-aitouarab", belfry, .threeYears(18_239, parts: "1", "V")),
        lone("ophelie-mazeyrat", farm, .threeYears(13_594, parts: "2.5", "C", dependants: 3)),
        lone("regis-verdelhan", farm, .threeYears(6_217, parts: "1", "C")),
        lone("edwige-sarrebourse", keroman, .threeYears(43_782, parts: "1.5", "C", dependants: 1)),
        lone("thibault-peyrachon", studio, .threeYears(25_936, parts: "1", "C")),
        lone("karim-benslimane-roche", terrace, .threeYears(38_451, parts: "1", "C")),
        lone("sylvain-quatrefages", orchard, .threeYears(16_387, parts: "1", "C")),
    ]

    /// The families' files.
    static let familyFiles: [FamilyFile] = [
        FamilyFile(
            fund: .cnaf, allocataires: ["maelle-kerouanton"],
            children: [
                .born("KÉROUANTON", ["Tudwal", "Ronan"], "2018-09-03", .masculine, in: "29232")
            ],
            address: keroman, quotient: 742),
        FamilyFile(
            fund: .cnaf, allocataires: ["yannick-oberthuer", "solenn-quilgars"],
            children: [
                .born("OBERTHÜR", ["Azenor"], "2012-05-20", .feminine, in: "35238"),
                .born("OBERTHÜR", ["Corentin", "Malo"], "2015-11-08", .masculine, in: "35238"),
            ],
            address: courtyard, quotient: 1163),
        FamilyFile(
            fund: .cnaf, allocataires: ["ines-rabhi-delattre"],
            children: [
                .born("TESTUDON", ["Sélène", "Nour"], "2014-07-19", .feminine, in: "44109")
            ],
            address: belfry, quotient: 587),
        FamilyFile(
            fund: .cnaf, allocataires: ["oriane-vasselin"],
            children: [
                .born("VASSELIN", ["Timothée", "Octave"], "2017-02-08", .masculine, in: "76540")
            ],
            address: quays, quotient: 634),
        FamilyFile(
            fund: .cnaf, allocataires: ["petru-santarelli"],
            children: [
                .born("SANTARELLI", ["Lelia"], "2013-03-27", .feminine, in: "2B033"),
                .bornAbroad("SANTARELLI", ["Dumenicu"], "2019", .masculine, country: "99127"),
            ],
            address: harbour, quotient: 821),
        FamilyFile(
            fund: .cnaf, allocataires: ["elodie-hoareau-grondin"],
            children: [
                .born("HOAREAU", ["Lilou"], "2016-10-10", .feminine, in: "97411")
            ],
            address: island, quotient: 496),
        FamilyFile(
            fund: .cnaf, allocataires: ["amadou-diakhoumpa"], children: [], address: belfry,
            quotient: 918),
        FamilyFile(
            fund: .cnaf, allocataires: ["nasrin-hakimzadeh"],
            children: [
                .bornAbroad("HAKIMZADEH", ["Parwana"], "2020-06", .feminine, country: "99212")
            ],
            address: courtyard, quotient: 372),
        FamilyFile(
            fund: .cnaf, allocataires: ["faustine-oeilleton"], children: [], address: quays,
            quotient: 1284),
        FamilyFile(
            fund: .cnaf, allocataires: ["marie-ange-pouyfaucon"],
            children: [
                .born("LASSERRE", ["Marie Lou", "Agathe"], "2011-01-15", .feminine, in: "64445")
            ],
            address: orchard, quotient: 956),
        FamilyFile(
            fund: .cnaf, allocataires: ["camille-bourdarias-tulle"], children: [],
            address: courtyard, quotient: 1038),
        FamilyFile(
            fund: .msa, allocataires: ["ophelie-mazeyrat"],
            children: [
                .born("MAZEYRAT", ["Hippolyte"], "2010-12-01", .masculine, in: "15014"),
                .born("MAZEYRAT", ["Capucine", "Rose"], "2013-04-22", .feminine, in: "15014"),
                .born("MAZEYRAT", ["Léandre"], "2019-08-30", .masculine, in: "15014"),
            ],
            address: farm, quotient: 318),
        FamilyFile(
            fund: .msa, allocataires: ["regis-verdelhan"], children: [], address: farm,
            quotient: 0),
        FamilyFile(
            fund: .cnaf, allocataires: ["edwige-sarrebourse"],
            children: [
                .born("SARREBOURSE", ["Anatole"], "2009-02-14", .masculine, in: "45234")
            ],
            address: keroman, quotient: nil),
        FamilyFile(
            fund: .cnaf, allocataires: ["karim-benslimane-roche"], children: [], address: terrace,
            quotient: 1407),
    ]

    /// Whom the counter turns away, and why; everyone else without a file has no fund (`40406`).
    static let refusedByTheCounter: [String: CounterRefusal] = [
        "sylvain-quatrefages": .noFund(code: 40406),
        "perrine-hautecloche": .noFund(code: 40412),
        "mireille-estachy": .noFile(.cnaf),
        "ludovic-bramoulle": .noFile(.msa),
        "adelphe-wulfranc": .unknownIdentity,
    ]

    private static func lone(
        _ person: String, _ address: PostalAddress, _ assessments: [Assessment]
    ) -> TaxHousehold {
        TaxHousehold(declarants: [person], address: address, assessments: assessments)
    }

    private static func cut(
        _ yearsBack: Int, _ reference: Int, parts: String, _ situation: String,
        dependants: Int = 0, partial: String? = nil
    ) -> Assessment {
        Assessment(
            yearsBack: yearsBack, reference: reference, parts: parts, situation: situation,
            dependants: dependants, partial: partial, joint: false)
    }
}

extension [Assessment] {
    fileprivate static func threeYears(
        _ reference: Int, parts: String, _ situation: String, dependants: Int = 0,
        joint: Bool = false
    ) -> [Assessment] {
        Assessment.threeYears(
            reference, parts: parts, situation, dependants: dependants, joint: joint)
    }
}
