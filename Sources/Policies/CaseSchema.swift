import JSONText
import Vocabulary

/// The members of `cases/*.json`.
enum CaseMembers {
    static let all = ["cas", "question", "personne", "attendu", "note"]
    static let question = [
        "service", "destinataire", "champs", "mode", "periodes", "initiateur", "role", "le",
    ]
    static let initiator = ["qualite", "agent"]
    static let period = ["annee", "mois", "date", "du", "au"]
    static let connectedPerson = ["client", "niveau", "portees", "identifiants"]
    static let typedPerson = ["identifiants"]
    static let expected = ["verdict", "refus"]
    static let refusal = ["champ", "motif"]

    /// What a case may expect.
    enum Verdict: String, CaseIterable {
        case permis
        case refuse
    }

    static let schema = JSONSchema.object(
        "Une demande qui doit passer, ou être refusée pour des motifs précis.", all,
        required: ["cas", "question", "attendu"],
        [
            "cas": .sentence("Ce que le cas montre, en une phrase."),
            "question": questionSchema,
            "personne": personSchema,
            "attendu": expectedSchema,
            "note": .note,
        ]
    )
    .with("if", .schema(isConnected))
    .with("then", .schema(person(JSONSchema([("required", .list([.text("niveau")]))]))))
    .with("else", .schema(person(onlyTyped)))

    /// A FranceConnect session has a level; without one there are identifiers alone.
    private static let isConnected = JSONSchema([
        (
            "properties",
            .schemas([
                (
                    "question",
                    JSONSchema([
                        (
                            "properties",
                            .schemas([
                                (
                                    "mode",
                                    JSONSchema([
                                        ("const", .text(Mode.franceconnect.rawValue))
                                    ])
                                )
                            ])
                        )
                    ])
                )
            ])
        )
    ])

    private static func person(_ schema: JSONSchema) -> JSONSchema {
        JSONSchema([("properties", .schemas([("personne", schema)]))])
    }

    private static let onlyTyped = JSONSchema([
        (
            "propertyNames",
            .schema(JSONSchema([("enum", .list(typedPerson.map { .text($0) }))]))
        )
    ])

    private static let questionSchema = JSONSchema.object(
        "La demande, sans personne.", question, required: ["destinataire", "mode", "le"],
        [
            "service": .name.described("Qui demande, s'il n'est pas le service de la finalité."),
            "destinataire": .siret,
            "champs": .list(
                "Les champs demandés, au besoin sous une forme : champ@forme.",
                of: .text("Un champ.", max: 400), max: 1000),
            "mode": .reference("mode"),
            "periodes": .map(
                "La période de chaque jeu.",
                of: .object(
                    "Une année, un mois, un jour ou des mois qui se suivent.", period,
                    [
                        "annee": .integer("L'année.", 1...9999), "mois": .month,
                        "date": .date("Le jour."), "du": .month, "au": .month,
                    ]),
                names: "^[a-z][a-z0-9_-]{0,63}$"),
            "initiateur": .object(
                "Qui est à l'initiative ; l'usager si rien n'est dit.", initiator,
                required: ["qualite"],
                [
                    "qualite": .choice("En quelle qualité.", InitiatorQuality.self),
                    "agent": .text("La référence de l'agent dans son service.", max: 64),
                ]),
            "role": .choice("La place de l'usager dans le dossier.", DossierRole.self),
            "le": .date("Le jour de la demande."),
        ])

    private static let identifiers = JSONSchema.list(
        "Les sortes d'identifiants donnés.",
        of: .choice("Une sorte d'identifiant.", IdentifierKind.self), max: 32, isUnique: true)

    private static let personSchema = JSONSchema.object(
        "Ce que l'identification aurait montré ; absente, le cas s'arrête avant elle.",
        connectedPerson,
        [
            "client": .text("Le client FranceConnect du jeton.", max: 70),
            "niveau": .choice("Le niveau de garantie.", AssuranceLevel.allCases.map(\.text)),
            "portees": .map(
                "Les portées annoncées, par détenteur ; « * » les dit de tous.",
                of: .list("Des portées.", of: .text("Une portée.", max: 100), max: 100)),
            "identifiants": identifiers,
        ])

    private static let expectedSchema = JSONSchema.object(
        "Ce que la décision doit être.", expected, required: ["verdict"],
        [
            "verdict": .choice("« permis » ou « refuse ».", Verdict.self),
            "refus": .list(
                "Chaque refus attendu, et aucun autre.",
                of: .object(
                    "Un refus.", refusal, required: ["motif"],
                    [
                        "champ": .text("Le champ refusé ; absent, toute la demande.", max: 300),
                        "motif": .choice("Le motif publié.", RefusalReason.self),
                    ]), max: 1000),
        ]
    ).with("anyOf", .list([.schema(permit), .schema(refused)]))

    private static let permit = JSONSchema([
        (
            "properties",
            .schemas([
                ("verdict", JSONSchema([("const", .text(Verdict.permis.rawValue))])),
                ("refus", JSONSchema([("maxItems", .integer(0))])),
            ])
        )
    ])
    private static let refused = JSONSchema([
        (
            "properties",
            .schemas([
                ("verdict", JSONSchema([("const", .text(Verdict.refuse.rawValue))])),
                ("refus", JSONSchema([("minItems", .integer(1))])),
            ])
        ),
        ("required", .list([.text("refus")])),
    ])
}

extension JSONSchema {
    /// A month of a year.
    fileprivate static let month = JSONSchema.text(
        "Un mois : AAAA-MM.", pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$")
}
