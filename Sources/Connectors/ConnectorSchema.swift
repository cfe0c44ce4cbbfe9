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
            ("issue", .choice("L'issue.", CallOutcome.allNames)),
            ("compte", account), ("etape", step), ("requete", request), ("valeurs", values),
        ] + RuleSchema.definitions + ReadingSchema.definitions

    private static let account = JSONSchema.object(
        "Un compte auprès du serveur de jetons du détenteur.", ConnectorMembers.account,
        required: ["origine", "chemin", "client_id", "client_secret", "envoi"],
        [
            "origine": .reference("nom_lie"),
            "chemin": .text("Le chemin, sans variable.", max: 300, pattern: "^/"),
            "client_id": .reference("secret"),
            "client_secret": .reference("secret"),
            "envoi": .choice("Où mettre le secret.", ClientCredentials.Placement.self),
            "portee": .reference("modele", "La portée demandée."),
        ])

    // MARK: - Calls

    private static let step = JSONSchema.object(
        "Un appel.", ConnectorMembers.step, required: ["nom", "requete", "lecture"],
        [
            "nom": .reference("phrase", "Le nom de l'étape."),
            "toujours": .flag("Vrai quand l'appel se fait quels que soient les champs."),
            "si_identifiant": .choice("Seulement avec cet identifiant.", IdentifierKind.self),
            "sauf_identifiant": .choice("Seulement sans cet identifiant.", IdentifierKind.self),
            "requete": .reference("requete"),
            "delai_ms": .integer("Le temps au plus, en millisecondes.", 100...60_000),
            "delais": ResilienceSchema.times,
            "repetable": .flag(
                "Vrai quand refaire l'appel est sans effet ; absent, vrai pour GET seulement."),
            "issues": .list(
                "Ce que veut dire une réponse, avant toute lecture.", of: .reference("regle"),
                max: 40),
            "lecture": .text("La lecture qui s'applique.", max: 64),
        ])

    private static let request = JSONSchema.object(
        "Ce que le détenteur reçoit.", ConnectorMembers.request,
        required: ["origine", "methode", "chemin", "authentification"],
        [
            "origine": .reference("nom_lie"),
            "methode": .choice("La méthode.", ConnectorDocumentReader.HolderMethod.self),
            "chemin": .text("Le chemin, avec ses variables.", max: 500),
            "personne_dans_url": .flag("Vrai quand l'URL dit quelque chose de la personne."),
            "parametres": .reference("valeurs", "Les paramètres de l'URL."),
            "entetes": .reference("valeurs", "Les en-têtes."),
            "corps": .object(
                "Le corps : une de ces trois sortes.", ConnectorMembers.body,
                [
                    "json": .reference("valeurs"), "formulaire": .reference("valeurs"),
                    "texte": .reference("modele"), "type": .text("Le type de média.", max: 128),
                ]
            ).requiringOne(of: ["json", "formulaire", "texte"]),
            "authentification": authentication,
        ])

    private static let authentication = JSONSchema.anyOf(
        "Comment la passerelle s'authentifie.",
        [
            .choice(
                "Sans compte, ou par le jeton de l'usager.", ["aucune", "jeton_franceconnect"]),
            .object(
                "Par un compte, ou par une clé dans un en-tête.",
                ConnectorMembers.authentication,
                [
                    "compte": .text("Le nom du compte.", max: 64),
                    "cle": .object(
                        "Une clé.", ConnectorMembers.key, required: ConnectorMembers.key,
                        [
                            "entete": .text("L'en-tête qui la porte.", max: 64),
                            "secret": .reference("nom_lie"),
                        ]),
                ]
            ).requiringOne(of: ConnectorMembers.authentication),
        ])

    private static let values = JSONSchema.map(
        "Des valeurs, par nom.",
        of: .anyOf(
            "Un modèle, au besoin facultatif.",
            [
                .reference("modele"),
                .object(
                    "Un modèle qui peut manquer.", ConnectorMembers.value, required: ["valeur"],
                    [
                        "valeur": .reference("modele"),
                        "facultatif": .flag("Vrai quand la valeur peut manquer."),
                    ]),
            ]))
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
