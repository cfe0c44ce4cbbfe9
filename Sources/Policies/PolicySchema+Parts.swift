import JSONText
import Vocabulary

// What the lists of a policy hold: legal bases, habilitations, initiators, rules, forms.
extension PolicyReader {
    static let definitions: [(name: String, schema: JSONSchema)] =
        periodDefinitions + [
            (
                "base_legale",
                .anyOf("Un texte, ou une délibération.", [textSchema, deliberationSchema])
            ),
            ("habilitation", habilitationSchema), ("initiateur", initiatorSchema),
            ("regle", ruleSchema), ("forme", formSchema),
        ]

    private static let legalTextProperties: [String: JSONSchema] = [
        "texte": .sentence("Le texte et l'article."),
        "url": .text("Où le lire.", max: 300, pattern: "^https://."),
        "a_confirmer": .flag("Vrai quand la référence n'a pas été relue."),
    ]

    private static let textSchema = JSONSchema.object(
        "Un texte publié, avec son adresse.", textMembers, required: ["texte"],
        legalTextProperties.merging(
            ["nature": .choice("Un texte, si rien n'est dit.", [LegalBasis.Kind.texte.rawValue])]
        ) { first, _ in first }
    ).with(
        "anyOf",
        .list([
            .schema(JSONSchema([("required", .list([.text("url")]))])),
            .schema(
                JSONSchema([
                    (
                        "properties",
                        .schemas([("a_confirmer", JSONSchema([("const", .flag(true))]))])
                    ),
                    ("required", .list([.text("a_confirmer")])),
                ])),
        ]))

    private static let deliberationSchema = JSONSchema.object(
        "Ce qu'une assemblée a décidé pour son territoire.", deliberationMembers,
        required: ["nature", "texte", "autorite", "date"],
        legalTextProperties.merging([
            "nature": .choice("Une délibération.", [LegalBasis.Kind.deliberation.rawValue]),
            "autorite": .sentence("L'assemblée qui a délibéré.", max: 200),
            "date": .date("Le jour de la délibération."),
            "numero": .text("Son numéro.", max: 64),
            "destinataire": .reference("siret", "Le seul destinataire pour qui elle vaut."),
        ]) { first, _ in first })

    private static let habilitationSchema = JSONSchema.object(
        "Le droit d'un destinataire, et de qui demande en son nom.", habilitationMembers,
        required: ["numero", "destinataire", "du", "au"],
        [
            "numero": .sentence("Le numéro de l'habilitation.", max: 64),
            "nom": .text("Le nom du destinataire.", max: 200),
            "destinataire": .reference("siret", "L'administration qui utilisera les données."),
            "delegataire": .reference("siret", "Le service qui demande en son nom."),
            "du": .date("Le premier jour."),
            "au": .date("Le dernier jour, compris."),
        ])

    private static let initiatorSchema = JSONSchema.object(
        "Qui peut être à l'initiative, et dans quels modes.", initiatorMembers,
        required: ["qualite"],
        [
            "qualite": .choice("En quelle qualité.", InitiatorQuality.self),
            "modes": .list(
                "Les modes ; absents, ceux où cette qualité peut agir.", of: .reference("mode"),
                max: 32, isUnique: true),
            "motif": .text("Pourquoi.", max: 400),
        ])

    private static let ruleSchema = JSONSchema.object(
        "Un champ que la finalité peut demander.", fieldMembers,
        required: ["champ", "justification", "formes"],
        [
            "champ": .field,
            "justification": .sentence(
                "Quelle règle de la démarche a besoin de ce champ ; l'usager la lit.", max: 1000),
            "formes": .list(
                "Sous quelles formes ; la première est celle à proposer.",
                of: .reference("forme"), min: 1, max: 12),
            "repli": .choice("Que faire sans la donnée.", Fallback.self),
        ])

    // MARK: Forms

    private static let formSchema = JSONSchema.anyOf(
        "Comment le champ peut sortir : sa valeur, ou seulement une réponse sur elle.",
        [thresholdSchema, bracketsSchema, countSchema, plainSchema])

    private static func form(
        _ description: String, _ kinds: [FormKind], _ parameters: [String],
        _ properties: [String: JSONSchema] = [:]
    ) -> JSONSchema {
        let shared: [String: JSONSchema] = [
            "forme": .choice("La forme.", kinds.map(\.rawValue)),
            "nom": .name.described("Pour en distinguer plusieurs : champ@forme.nom."),
            "motif": .sentence("Pourquoi cette forme, et pas une moindre."),
        ]
        return .object(
            description, formMembers.filter { shared[$0] != nil || parameters.contains($0) },
            required: ["forme"] + parameters, shared.merging(properties) { first, _ in first })
    }

    private static let thresholdSchema = form(
        "Si la valeur atteint ou non une borne.", [.seuil], parameters(of: .seuil),
        [
            "comparaison": .choice(
                "Comment la valeur se compare.", FormDefinition.Comparison.self),
            "borne": .number("La borne."),
        ])

    private static let bracketsSchema = form(
        "Le libellé de la tranche où tombe la valeur.", [.tranche], parameters(of: .tranche),
        [
            "tranches": .list(
                "De la plus basse à la plus haute ; la première n'a pas de borne.",
                of: .object(
                    "Une tranche.", bracketMembers, required: ["libelle"],
                    [
                        "libelle": .sentence("Ce que le service recevra.", max: 60),
                        "a_partir_de": .number("La borne basse, comprise."),
                    ]), min: 1, max: 100)
        ])

    private static let countSchema = form(
        "Combien de personnes n'ont pas cet âge.", [.nombreMoinsDe],
        parameters(of: .nombreMoinsDe), ["ans": .integer("L'âge, en années.", 1...130)])

    private static let plainSchema = form(
        "Une forme sans paramètre.", FormKind.allCases.filter { parameters(of: $0).isEmpty }, [])
}
