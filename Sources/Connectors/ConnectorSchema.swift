package import JSONText
import Vocabulary

/// The schemas of the documents that this module reads.
package let connectorSchemas: [PublishedSchema] = [
    PublishedSchema(
        name: "connecteur",
        title: "Un connecteur : connectors/<détenteur>/<jeu>/connector.json",
        schema: ConnectorSchema.document, definitions: ConnectorSchema.definitions),
    PublishedSchema(
        name: "exemple-de-connecteur",
        title: "Un exemple : connectors/<détenteur>/<jeu>/examples/*.json",
        schema: ExampleSchema.document),
]

/// The schema of a connector's document, from the lists of its reader.
enum ConnectorSchema {
    private static let name = "^[a-z][a-z0-9_-]{0,63}$"

    static let document = JSONSchema.object(
        "Comment interroger un détenteur, et comment lire ce qu'il répond.",
        ConnectorMembers.document,
        required: ["format", "detenteur", "jeu", "libelle", "lectures", "modes"],
        [
            "format": .choice("Le format du document.", [ConnectorDocument.format]),
            "detenteur": .text("Le détenteur : le nom de son dossier.", pattern: name),
            "jeu": .text("Le jeu de données : le nom de son dossier.", pattern: name),
            "libelle": .reference("phrase", "Le nom de l'API."),
            "contrat_fictif": .flag("Vrai quand aucune API publique n'existe."),
            "couverture": .reference("phrase", "Ce que les réponses couvrent."),
            "couverture_selon_issue": .map(
                "Ce qu'il faut savoir en plus, par issue.", of: .reference("phrase"),
                names: "^(\(CallOutcome.allNames.joined(separator: "|")))$"),
            "fraicheur": .reference("fraicheur"),
            "environnements": RequestSchema.environments,
            "certificats": .list(
                "Les origines auxquelles la passerelle montre un certificat.",
                of: .reference("nom_lie"), max: 10),
            "requetes": .map(
                "Les requêtes que plusieurs étapes font, par nom.", of: .reference("requete")),
            "comptes": .map(
                "Les comptes qui donnent un jeton d'accès, par nom.", of: .reference("compte")),
            "modes": modes,
            "lectures": .map(
                "Comment lire une réponse, par nom.", of: .reference("lecture")),
            "resilience": ResilienceSchema.resilience,
            "maintenances": ResilienceSchema.maintenances,
            "sante": ResilienceSchema.health,
            JSONRemaining.member: JSONRemaining.schema,
        ])

    private static let modes = JSONSchema.object(
        "Comment servir chaque façon d'identifier l'usager.", Mode.allCases.map(\.rawValue),
        [
            Mode.franceconnect.rawValue: mode(
                "Avec un jeton FranceConnect.", ConnectorMembers.franceConnectMode),
            Mode.identite.rawValue: mode("Avec l'état civil.", ConnectorMembers.mode),
        ]
    ).with("minProperties", .integer(1))

    private static func mode(_ description: String, _ members: [String]) -> JSONSchema {
        .object(
            description, members, required: ["etapes"],
            [
                "disponibilite": availability,
                "niveau_minimum": .choice(
                    "Le niveau de garantie que le détenteur demande lui-même ; "
                        + "absent, tous conviennent.", AssuranceLevel.allCases.map(\.text)),
                "identifiant": .choice(
                    "L'identifiant sans lequel il ne répond pas.", IdentifierKind.self),
                "date_presumee": .choice(
                    "Que faire d'une date de naissance présumée.",
                    ConnectorDocumentReader.PresumedDate.self),
                "etapes": .list(
                    "Les appels, dans l'ordre.", of: .reference("etape"), min: 1,
                    max: ConnectorDocumentReader.maximumSteps),
            ])
    }

    static let definitions: [(name: String, schema: JSONSchema)] =
        [
            (
                "phrase",
                .text("Une phrase.", max: 500, isFilled: true)
            ),
            ("nom_lie", .text("Un nom que le déploiement lie.", pattern: name)),
            (
                "secret",
                .object(
                    "Le nom d'un secret, jamais sa valeur.", ["secret"], required: ["secret"],
                    ["secret": .reference("nom_lie")])
            ),
            (
                "modele",
                .text("Un texte qui peut contenir des variables {…}.", max: 500)
            ),
            ("pointeur", .text("Un pointeur JSON ; * pour chaque élément.", max: 300)),
            ("issue", .choice("L'issue.", CallOutcome.allNames)), ("etape", step),
        ] + RequestSchema.definitions + RuleSchema.definitions + ReadingSchema.definitions

    // MARK: - Calls

    private static let step = JSONSchema.object(
        "Un appel.", ConnectorMembers.step, required: ["nom", "requete", "lecture"],
        [
            "nom": .reference("phrase", "Le nom de l'étape."),
            "toujours": .flag("Vrai quand l'appel se fait quels que soient les champs."),
            "si_identifiant": .choice("Seulement avec cet identifiant.", IdentifierKind.self),
            "sauf_identifiant": .choice("Seulement sans cet identifiant.", IdentifierKind.self),
            "si_champs": .reference("champs_nommes", "Seulement si l'un d'eux est demandé."),
            "sauf_champs": .reference("champs_nommes", "Seulement si aucun n'est demandé."),
            "requete": .anyOf(
                "La requête, ou le nom de l'une de celles de « requetes ».",
                [.text("Un nom.", max: 64), .reference("requete")]),
            "delai_ms": .integer("Le temps au plus, en millisecondes.", 100...60_000),
            "delais": ResilienceSchema.times,
            "repetable": .flag(
                "Vrai quand refaire l'appel est sans effet ; absent, vrai pour GET seulement."),
            "issues": .list(
                "Ce que veut dire une réponse, avant toute lecture.", of: .reference("regle"),
                max: 40),
            "lecture": .text("La lecture qui s'applique.", max: 64),
        ])

}

extension JSONSchema {
    /// The same schema, of an object that has one at least of those members.
    func requiringOne(of members: [String]) -> JSONSchema {
        with(
            "anyOf",
            .list(
                members.map { .schema(JSONSchema([("required", .list([.text($0)]))])) }))
    }
}
