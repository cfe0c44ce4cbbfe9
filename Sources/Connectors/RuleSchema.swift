import JSONText
import Vocabulary

/// The schema of what an answer means and of what it is worth, from the lists of their readers.
enum RuleSchema {
    static let definitions: [(name: String, schema: JSONSchema)] = [
        ("regle", rule), ("condition_entete", header), ("condition_corps", body),
        ("fraicheur", freshness),
    ]

    private static let freshness = JSONSchema.object(
        "Jusqu'à quand les données du détenteur sont complètes, qui que soit l'usager.",
        ConnectorMembers.freshness, required: ["rythme"],
        [
            "rythme": .choice(
                "Quand il les renouvelle.", ConnectorDocumentReader.Rhythm.self),
            "des_le": .anyOf(
                "Le jour du mois à partir duquel le mois précédent est complet.",
                [
                    .integer("Un jour.", 1...28),
                    .choice(
                        "Le lundi qui suit le premier samedi et dimanche.",
                        [ConnectorDocumentReader.firstWeekend]),
                ]),
        ])

    private static let rule = JSONSchema.object(
        "Ce que veut dire une réponse ; toutes les conditions valent ensemble.",
        ConnectorMembers.rule, required: ["issue"],
        [
            "statut": .list(
                "Les statuts HTTP : 404, ou « 5xx ».",
                of: .anyOf(
                    "Un statut.",
                    [
                        .integer("Un statut.", 100...599),
                        .text("Une centaine.", pattern: "^[1-5]xx$"),
                    ]), max: 20),
            "entete": oneOrSeveral("condition_entete", "Un en-tête, ou plusieurs ensemble."),
            "corps": oneOrSeveral("condition_corps", "Une valeur du corps, ou plusieurs."),
            "issue": .reference("issue"),
            "reessayable": .flag("Faux quand redemander donnera la même réponse."),
            "reessayer_apres": .object(
                "Où la réponse dit quand redemander : des secondes, ou un instant.",
                ConnectorMembers.retrySource,
                ["entete": .text("Un en-tête.", max: 64), "pointeur": .reference("pointeur")]
            ).requiringOne(of: ConnectorMembers.retrySource),
            "reessayer_apres_s": .integer(
                "Quand réessayer, en secondes, si elle ne le dit pas.", 1...86_400),
        ]
    ).requiringOne(of: ["statut", "entete", "corps"])

    private static func oneOrSeveral(_ name: String, _ description: String) -> JSONSchema {
        .anyOf(
            description,
            [
                .reference(name),
                .list(
                    "Plusieurs, qui valent ensemble.", of: .reference(name),
                    max: ConnectorDocumentReader.maximumConditions),
            ])
    }

    private static let header = JSONSchema.object(
        "Un en-tête, et ses valeurs si elles comptent.", ConnectorMembers.header,
        required: ["nom"],
        [
            "nom": .text("Son nom.", max: 64),
            "valeurs": .list("Ses valeurs.", of: .text("Une valeur.", max: 1024), max: 20),
            "absent": absent,
        ])

    private static let body = JSONSchema.object(
        "Une valeur du corps.", ConnectorMembers.bodyCondition, required: ["pointeur"],
        [
            "pointeur": .reference("pointeur"), "valeurs": texts("Égale à."),
            "contient": texts("Contient."), "commence_par": texts("Commence par."),
            "finit_par": texts("Finit par."), "absent": absent,
        ]
    ).requiringOne(of: ["valeurs", "contient", "commence_par", "finit_par", "absent"])

    private static let absent = JSONSchema.flag("Vrai quand il ne doit pas y en avoir.")

    private static func texts(_ description: String) -> JSONSchema {
        .list(description, of: .text("Un texte.", max: 200), max: 40)
    }
}
