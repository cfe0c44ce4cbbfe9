import JSONText
import Vocabulary

/// The schema of a connector's readings, from the lists of their reader.
enum ReadingSchema {
    static let definitions: [(name: String, schema: JSONSchema)] = [
        ("lecture", reading), ("concordance", agreement), ("champ", field), ("date", dated),
        ("parties", dateParts), ("condition", condition), ("place", place),
    ]

    private static let pointer = JSONSchema.reference("pointeur")
    /// Where a scalar stands.
    private static let source = JSONSchema.reference("place")

    private static let place = JSONSchema.anyOf(
        "Où lire une valeur : au premier de ces pointeurs qui en a une.",
        [
            .reference("pointeur"),
            .list(
                "Plusieurs noms possibles.", of: .reference("pointeur"), min: 1,
                max: ReadingDocumentReader.maximumAlternatives),
        ])

    private static let condition = JSONSchema.object(
        "Une condition sur chaque élément.", ConnectorMembers.condition,
        required: ConnectorMembers.condition, ["pointeur": source, "valeurs": words])

    private static let reading = JSONSchema.object(
        "Comment lire une réponse ; elle compare une identité, ou dit pourquoi elle ne le fait pas.",
        ConnectorMembers.reading, required: ["types"],
        [
            "types": .list("Les types de média admis.", of: .text("Un type.", max: 128), max: 10),
            "taille_max": .integer("La taille au plus, en octets.", 1...16_777_216),
            "profondeur_max": .integer("L'imbrication au plus.", 1...64),
            "issues": .list("Ce que veut dire la réponse.", of: .reference("regle"), max: 40),
            "concordance": .reference("concordance"),
            "sans_concordance": .reference("phrase", "Pourquoi il n'y a pas d'identité."),
            "repete": .map(
                "Ce que la réponse répète de la question, et qui doit être juste.", of: pointer,
                names: "^(\(ReadingDocumentReader.echoable.joined(separator: "|")))$"),
            "listes": .map("Les listes, par nom du contrat.", of: list),
            "champs": .map("Les champs, par nom du contrat.", of: .reference("champ")),
            "retient": .map(
                "Ce qu'une étape suivante emploie, par nom.", of: RequestSchema.kept),
        ]
    ).with(
        "oneOf",
        .list(
            ["concordance", "sans_concordance"].map {
                .schema(JSONSchema([("required", .list([.text($0)]))]))
            }))

    private static let list = JSONSchema.object(
        "Une liste du contrat.", ConnectorMembers.list, required: ["elements"],
        [
            "elements": pointer,
            "dans_la_periode": .reference("date", "La date qui doit être dans la période."),
            "condition": .reference("condition", "Ce qui doit valoir pour qu'un élément compte."),
            "par_mois": .reference("date", "La date par laquelle grouper."),
        ])

    private static let dated = JSONSchema.object(
        "Une date, et comment elle s'écrit.", ConnectorMembers.dated, required: ["pointeur"],
        ["pointeur": source, "format": .choice("Le format.", DateFormat.self)])

    private static let dateParts = JSONSchema.object(
        "Une date en plusieurs valeurs.", ConnectorMembers.dateParts, required: ["annee"],
        ["jour": source, "mois": source, "annee": source]
    ).with(
        "dependentRequired", .schema(JSONSchema([("jour", .list([.text("mois")]))])))

    // MARK: - Agreement

    private static let agreement = JSONSchema.object(
        "L'identité que rend le détenteur, et qui doit être celle de l'usager.",
        ConnectorMembers.agreement, required: ["personnes"],
        [
            "personnes": .list(
                "Les personnes dont l'une doit être l'usager.", of: person, min: 1, max: 4),
            "tolerances": .object(
                "Ce que le détenteur coupe ou confond.", ConnectorMembers.tolerances,
                [
                    "coupe_nom": .integer("Où il coupe le nom.", 10...100),
                    "coupe_prenoms": .integer("Où il coupe les prénoms.", 10...100),
                    "premier_prenom_seul": .flag("Vrai quand il ne rend que le premier."),
                    "prenoms_en_plus": .flag(
                        "Vrai quand il en rend après ceux que l'usager a dits."),
                    "prenoms_sans_ordre": .flag("Vrai quand il les rend dans un autre ordre."),
                    "nom_usage_admis": .flag("Vrai quand il rend le nom d'usage."),
                ]),
        ])

    private static let person: JSONSchema = {
        let trait = JSONSchema.anyOf(
            "Où se lit ce trait.",
            [
                source,
                .object(
                    "Un trait à convertir.", ConnectorMembers.trait,
                    [
                        "pointeur": source, "joindre": joiner, "parties": .reference("parties"),
                        "format": .choice("Le format d'une date.", DateFormat.self),
                        "valeurs": texts,
                    ]
                ).requiringOne(of: ["pointeur", "parties"]),
            ])
        var properties = ["liste": pointer]
        for name in Trait.allCases { properties[name.rawValue] = trait }
        return .object(
            "Une personne, ou une liste de personnes.", ConnectorMembers.person,
            required: Trait.required.map(\.rawValue), properties)
    }()

    private static let texts = JSONSchema.map(
        "Ce que devient chaque valeur du détenteur.", of: .text("Une valeur.", max: 200))

    // MARK: - Fields

    private static let field = JSONSchema.object(
        "Où se lit un champ, et comment le convertir.", ConnectorMembers.field,
        [
            "pointeur": source, "joindre": joiner, "parties": .reference("parties"),
            "constante": .anything("Ce que le connecteur dit de toute réponse."),
            "entete": .text("Un en-tête.", max: 64),
            "autre_personne": .choice("Un trait de l'autre personne.", Trait.self),
            "calcul": .choice("Un calcul.", ReadingDocumentReader.Calculation.self),
            "type": .choice("Le type du champ.", FieldType.self),
            "format": .choice("Le format d'une date.", DateFormat.self),
            "unite": .choice("Ce que comptent les montants.", AmountUnit.self),
            "ecriture": .choice("Comment s'écrivent les nombres.", NumberWriting.self),
            "valeurs": texts,
            "vrai": words, "faux": words,
            "motifs": .map(
                "Les valeurs qui sont des motifs.",
                of: .choice("Un motif.", MissingReason.self)),
            "partie": .choice("Une partie d'un texte.", TextPart.self),
            "si_absent": .choice("Le motif d'une absence.", MissingReason.self),
            "si_null": .choice("Le motif de null.", MissingReason.self),
            "liste": pointer,
            "dans_la_periode": .reference("date", "La date qui doit être dans la période."),
            "debut": .reference("date"), "fin": .reference("date"),
            "condition": .reference("condition"),
        ]
    ).requiringOne(of: ["pointeur", "parties", "entete", "constante", "autre_personne", "calcul"])

    private static let joiner = JSONSchema.text("Ce qui joint les textes d'une liste.", max: 8)

    private static let words = JSONSchema.list(
        "Des textes.", of: .text("Un texte.", max: 1024), max: 20)
}
