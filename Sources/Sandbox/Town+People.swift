extension Town {
    /// Households of all kinds.
    static let ordinaryPeople: [Person] = [
        Person(
            "maelle-kerouanton", "connue des cinq détenteurs",
            .born("KÉROUANTON", ["Maëlle", "Soizic"], "1988-03-14", .feminine, in: "29019"),
            tax: "3091837462", jobSeeker: "8174635K", student: "2817364509K"),
        Person(
            "yannick-oberthuer", "premier déclarant d'un foyer de deux",
            .born("OBERTHÜR", ["Yannick", "Aurèle"], "1979-10-02", .masculine, in: "35238"),
            tax: "3091837558", jobSeeker: "7390142P"),
        Person(
            "solenn-quilgars", "second déclarant et second allocataire, avec un nom d'usage",
            .born(
                "QUILGARS", ["Solenn", "Maïwenn"], "1981-06-27", .feminine, in: "56121",
                usage: "OBERTHÜR"),
            tax: "3091837661"),
        Person(
            "gwenael-testudon", "séparé : situation fiscale partielle et résidence alternée",
            .born("TESTUDON", ["Gwenaël"], "1976-01-30", .masculine, in: "44109"),
            tax: "3091837704", jobSeeker: "6620381D"),
        Person(
            "ines-rabhi-delattre", "séparée : l'autre parent du même enfant",
            .born(
                "RABHI-DELATTRE", ["Inès", "Leïla"], "1980-12-19", .feminine, in: "59350",
                usage: "TESTUDON"),
            tax: "3091837896"),
        Person(
            "oriane-vasselin", "mère seule d'un mineur",
            .born("VASSELIN", ["Oriane", "Philomène"], "1990-05-17", .feminine, in: "76540"),
            tax: "3091837913", jobSeeker: "5518204H"),
        Person(
            "timothee-vasselin", "mineur de neuf ans, rattaché à son parent, sans FranceConnect",
            .born("VASSELIN", ["Timothée", "Octave"], "2017-02-08", .masculine, in: "76540"),
            usesFranceConnect: false),
        Person(
            "hubert-crozemarie", "majeur protégé, sous tutelle",
            .born("CROZEMARIE", ["Hubert", "Anselme"], "1942-09-23", .masculine, in: "63113"),
            tax: "3091838024"),
        Person(
            "olympe-grandsaigne", "revenu fiscal de référence nul, une seule année connue",
            .born("GRANDSAIGNE", ["Olympe"], "2001-11-11", .feminine, in: "87085"),
            tax: "3091838137", student: "3620918457R"),
        Person(
            "casimir-brunschvicg", "veuf ; marié puis veuf la même année",
            .born("BRUNSCHVICG", ["Casimir", "Élie"], "1951-04-05", .masculine, in: "67482"),
            tax: "3091838246"),
        Person(
            "bixente-etchebarne", "pacsé, premier déclarant, inconnu des autres détenteurs",
            .born("ETCHEBARNE", ["Bixente", "Peio"], "1991-02-17", .masculine, in: "64102"),
            tax: "3091841466"),
        Person(
            "leopoldine-fayolle", "pacsée, seconde déclarante",
            .born("FAYOLLE", ["Léopoldine"], "1993-08-12", .feminine, in: "26362"),
            tax: "3091838359"),
    ]

    /// Names that are easily broken on the way.
    static let namedPeople: [Person] = [
        Person(
            "faustine-oeilleton", "Œ dans le nom, œ dans un prénom",
            .born("ŒILLETON", ["Faustine", "Cœline"], "1985-07-21", .feminine, in: "49007"),
            tax: "3091838462", jobSeeker: "4471930S", student: "1930485726T"),
        Person(
            "zoe-lannezval", "un seul prénom, accentué",
            .born("LANNEZVAL", ["Zoé"], "1999-02-28", .feminine, in: "22278"),
            tax: "3091838575", student: "4827160395V"),
        Person(
            "marie-ange-pouyfaucon", "un prénom qui contient une espace",
            .born("POUYFAUCON", ["Marie Ange", "Lucile"], "1972-03-09", .feminine, in: "64445"),
            tax: "3091838688", jobSeeker: "3382047B"),
        Person(
            "jean-baptiste-d-estrezelles", "apostrophe dans le nom, trait d'union dans le prénom",
            .born(
                "D'ESTRÉZELLES", ["Jean-Baptiste", "Noël"], "1968-12-25", .masculine, in: "80021"),
            tax: "3091838791"),
        Person(
            "ghislaine-trouve-malavaux", "nom composé et accentué",
            .born(
                "TROUVÉ-MALAVAUX", ["Ghislaine", "Aimée"], "1963-06-03", .feminine, in: "18033"),
            tax: "3091838804"),
        Person(
            "marie-bernadette-champdoizeau", "prénom plus long que treize caractères",
            .born(
                "CHAMPDOIZEAU", ["Marie-Bernadette", "Yvonne"], "1970-10-30", .feminine,
                in: "85191"),
            tax: "3091838917", jobSeeker: "2293158L"),
        Person(
            "camille-bourdarias-tulle", "homonyme : mêmes nom, prénom et date, née à Tulle",
            .born("BOURDARIAS", ["Camille", "Edmée"], "1994-04-18", .feminine, in: "19272"),
            tax: "3091839028", jobSeeker: "1104269W", student: "5738291046W"),
        Person(
            "camille-bourdarias-ajaccio", "homonyme : mêmes nom, prénom et date, née à Ajaccio",
            .born("BOURDARIAS", ["Camille", "Rosalie"], "1994-04-18", .feminine, in: "2A004"),
            tax: "3091839131", student: "6649302157X"),
        Person(
            "lucas-genty-lavaud", "sexe indéterminé à l'état civil",
            .born("GENTY-LAVAUD", ["Lucas"], "2000-09-09", .unspecified, in: "33063"),
            tax: "3091839244", student: "7750413268Y"),
    ]

    /// Births that are easily misread.
    static let distantPeople: [Person] = [
        Person(
            "petru-santarelli", "né en Haute-Corse (2B)",
            .born("SANTARELLI", ["Petru", "Orso"], "1983-01-06", .masculine, in: "2B033"),
            tax: "3091839357"),
        Person(
            "lisandra-casalonga", "née en Corse-du-Sud (2A)",
            .born("CASALONGA", ["Lisandra"], "1996-05-24", .feminine, in: "2A041"),
            tax: "3091839460", student: "8861524379Z"),
        Person(
            "elodie-hoareau-grondin", "née à La Réunion",
            .born("HOAREAU-GRONDIN", ["Élodie", "Anaïs"], "1987-08-15", .feminine, in: "97411"),
            tax: "3091839573", jobSeeker: "9015370C"),
        Person(
            "teva-tehuiotoa", "né en Polynésie française (987), pays France",
            .born("TEHUIOTOA", ["Teva"], "1991-07-14", .masculine, in: "98735"),
            tax: "3091839686"),
        Person(
            "malia-tuikalepa", "née à Wallis (986), pays France",
            .born("TUIKALEPA", ["Malia", "Sosefina"], "1989-03-30", .feminine, in: "98613"),
            tax: "3091839799"),
        Person(
            "amadou-diakhoumpa", "présumé né : jour et mois inconnus, né au Sénégal",
            .bornAbroad("DIAKHOUMPA", ["Amadou"], "1975", .masculine, country: "99341"),
            tax: "3091839802", jobSeeker: "8826481F"),
        Person(
            "nasrin-hakimzadeh", "présumée née : jour inconnu, née en Afghanistan",
            .bornAbroad("HAKIMZADEH", ["Nasrin"], "1992-11", .feminine, country: "99212"),
            tax: "3091839915"),
        Person(
            "fatoumata-sissokho-yelimane", "homonyme née le même jour dans le même pays",
            .bornAbroad(
                "SISSOKHO", ["Fatoumata", "Coumba"], "1988-12-31", .feminine, country: "99335"),
            tax: "3091841579"),
        Person(
            "fatoumata-sissokho-kayes", "homonyme née le même jour dans le même pays",
            .bornAbroad(
                "SISSOKHO", ["Fatoumata", "Awa"], "1988-12-31", .feminine, country: "99335"),
            tax: "3091841682"),
        Person(
            "joaquim-figueiredo-brandao", "né au Portugal, nom composé sans trait d'union",
            .bornAbroad(
                "FIGUEIREDO BRANDÃO", ["Joaquim", "José"], "1966-02-19", .masculine,
                country: "99139"),
            tax: "3091840026"),
        Person(
            "mouloud-aitouarab", "né en Algérie avant 1962 (92352)",
            .bornAbroad("AÏTOUARAB", ["Mouloud"], "1958-06-01", .masculine, country: "92352"),
            tax: "3091840139"),
    ]

    /// Records that mean something else than they seem to.
    static let recordedPeople: [Person] = [
        Person(
            "nolwenn-stephanopoli", "étudiante inscrite deux fois",
            .born("STÉPHANOPOLI", ["Nolwenn", "Iris"], "2004-01-22", .feminine, in: "29232"),
            tax: "3091840242", student: "9972635480A"),
        Person(
            "bastien-rouvillois", "admis, pas encore inscrit",
            .born("ROUVILLOIS", ["Bastien"], "2008-04-11", .masculine, in: "54395"),
            student: "1083746591B"),
        Person(
            "clothilde-arzur-penhoat", "étudiante que le ministère ne connaît pas (école privée)",
            .born("ARZUR-PENHOAT", ["Clothilde"], "2003-10-16", .feminine, in: "29151"),
            tax: "3091840355", student: "2194857602C"),
        Person(
            "ophelie-mazeyrat", "famille agricole, suivie par la MSA",
            .born("MAZEYRAT", ["Ophélie", "Clarisse"], "1986-11-02", .feminine, in: "15014"),
            tax: "3091840468"),
        Person(
            "regis-verdelhan", "quotient familial de 0, qui est une valeur",
            .born("VERDELHAN", ["Régis"], "1984-09-13", .masculine, in: "48095"),
            tax: "3091840571", jobSeeker: "7737592G"),
        Person(
            "edwige-sarrebourse", "quotient familial non calculable, qui n'est pas 0",
            .born("SARREBOURSE", ["Edwige"], "1977-07-07", .feminine, in: "45234"),
            tax: "3091840684"),
        Person(
            "thibault-peyrachon", "inscription de demandeur d'emploi close",
            .born("PEYRACHON", ["Thibault", "Rémi"], "1992-12-12", .masculine, in: "42218"),
            tax: "3091840797", jobSeeker: "6648603J"),
        Person(
            "karim-benslimane-roche", "plusieurs employeurs le même mois",
            .born("BENSLIMANE-ROCHE", ["Karim", "Adrien"], "1982-02-04", .masculine, in: "69383"),
            tax: "3091840800", jobSeeker: "5559714M"),
        Person(
            "sylvain-quatrefages", "sans caisse de rattachement (40406)",
            .born("QUATREFAGES", ["Sylvain"], "1995-03-03", .masculine, in: "30007"),
            tax: "3091840913"),
        Person(
            "perrine-hautecloche", "sans caisse de rattachement (40412)",
            .born("HAUTECLOCHE", ["Perrine"], "1998-06-18", .feminine, in: "62041"),
            tax: "3091841024"),
        Person(
            "mireille-estachy", "rattachée à la CNAF, qui n'a pas de dossier",
            .born("ESTACHY", ["Mireille", "Josèphe"], "1974-05-29", .feminine, in: "05061"),
            tax: "3091841137"),
        Person(
            "ludovic-bramoulle", "rattaché à la MSA, qui n'a pas de dossier",
            .born("BRAMOULLÉ", ["Ludovic"], "1989-09-27", .masculine, in: "22113"),
            tax: "3091841240"),
        Person(
            "adelphe-wulfranc", "personne qu'aucun détenteur ne connaît",
            .born("WULFRANC", ["Adelphe", "Gontran"], "1978-08-08", .masculine, in: "02691"),
            tax: "3091841353", jobSeeker: "4460825N", student: "3205968713D"),
    ]
}
