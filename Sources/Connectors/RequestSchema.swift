import JSONText
import Vocabulary

/// The schemas of what a holder is asked, from the lists of their reader.
enum RequestSchema {
    static let definitions: [(name: String, schema: JSONSchema)] = [
        ("compte", account), ("requete", request), ("valeurs", values), ("valeur", value),
        ("valeur_json", jsonValue), ("valeur_decrite", described),
        (
            "champs_nommes",
            .list(
                "Des champs du jeu, sans son nom.", of: .text("Un champ.", max: 150), min: 1,
                max: 50)
        ),
    ]

    static let environments = JSONSchema.object(
        "Les adresses que le détenteur annonce ; elles n'ouvrent aucun droit.",
        HolderEnvironment.allCases.map(\.rawValue),
        Dictionary(
            uniqueKeysWithValues: HolderEnvironment.allCases.map { environment in
                (
                    environment.rawValue,
                    JSONSchema.object(
                        "Les adresses de cet environnement.", ConnectorMembers.environment,
                        required: ConnectorMembers.environment,
                        [
                            "origines": .map(
                                "L'adresse de chaque origine, par nom.",
                                of: .text(
                                    "https://hôte, au besoin avec un préfixe.", max: 300,
                                    pattern: "^https://[^/?#@]"))
                        ])
                )
            }))

    // MARK: - Accounts

    private static let account = JSONSchema.object(
        "Un compte auprès du serveur de jetons du détenteur.", ConnectorMembers.account,
        required: ["origine", "chemin", "client_id", "envoi"],
        [
            "origine": .reference("nom_lie"),
            "chemin": .text("Le chemin, sans variable.", max: 300, pattern: "^/"),
            "client_id": .reference("secret"),
            "client_secret": .reference("secret"),
            "envoi": .choice("Comment le client se prouve.", ClientProof.Kind.self),
            "portee": .anyOf(
                "La portée demandée.",
                [
                    .reference("modele"),
                    .list(
                        "Plusieurs, dont certaines selon les champs demandés.",
                        of: .anyOf("Une portée.", [.reference("modele"), scope]), max: 20),
                ]),
            "parametres": .map(
                "Ce que la demande de jeton dit d'autre.",
                of: .text("Un texte sans variable.", max: 200, pattern: "^[^{]*$")),
            "cle_privee": .reference("secret", "La clé privée qui signe, en PEM."),
            "algorithme": .choice("Comment elle signe.", ClientAssertion.Algorithm.self),
            "cle_id": .reference("secret", "Le nom que le détenteur donne à la clé."),
            "audience": .reference(
                "secret", "À qui l'assertion s'adresse, si ce n'est à l'adresse du jeton."),
            "duree_s": .integer(
                "La durée d'une assertion, en secondes.", 5...Int64(ClientAssertion.maximumLife)),
        ])

    private static let scope = JSONSchema.object(
        "Une portée selon les champs demandés.", ConnectorMembers.scope, required: ["valeur"],
        conditions.merging(["valeur": .reference("modele")]) { $1 })

    private static let conditions: [String: JSONSchema] = [
        "si_champs": .reference("champs_nommes", "Seulement si l'un d'eux est demandé."),
        "sauf_champs": .reference("champs_nommes", "Seulement si aucun n'est demandé."),
    ]

    // MARK: - Requests

    private static let request = JSONSchema.object(
        "Ce que le détenteur reçoit.", ConnectorMembers.request,
        required: ["origine", "methode", "chemin", "authentification"],
        [
            "origine": .reference("nom_lie"),
            "methode": .choice("La méthode.", ConnectorDocumentReader.HolderMethod.self),
            "chemin": .anyOf(
                "Le chemin, avec ses variables.",
                [
                    .text("Un chemin.", max: 500),
                    .list(
                        "Plusieurs, dont le premier qui vaut pour les champs demandés.",
                        of: .anyOf("Un chemin.", [.text("Un chemin.", max: 500), path]), min: 1,
                        max: 10),
                ]),
            "personne_dans_url": .flag("Vrai quand l'URL dit quelque chose de la personne."),
            "parametres": .reference("valeurs", "Les paramètres de l'URL."),
            "entetes": .reference("valeurs", "Les en-têtes."),
            "corps": .object(
                "Le corps : une de ces trois sortes.", ConnectorMembers.body,
                [
                    "json": .reference("valeur_json"), "formulaire": .reference("valeurs"),
                    "texte": .reference("modele"), "type": .text("Le type de média.", max: 128),
                ]
            ).requiringOne(of: ["json", "formulaire", "texte"]),
            "authentification": authentication,
        ])

    private static let path = JSONSchema.object(
        "Un chemin selon les champs demandés.", ConnectorMembers.path, required: ["valeur"],
        conditions.merging(["valeur": .text("Un chemin.", max: 500)]) { $1 })

    private static let authentication = JSONSchema.anyOf(
        "Comment la passerelle s'authentifie.",
        [
            .choice(
                "Sans compte, ou par le jeton de l'usager.", ["aucune", "jeton_franceconnect"]),
            JSONSchema.object(
                "Par un compte, par une clé dans un en-tête, ou par un mot de passe.",
                ConnectorMembers.authentication,
                [
                    "compte": .text("Le nom du compte.", max: 64),
                    "cle": .object(
                        "Une clé.", ConnectorMembers.key, required: ["entete", "secret"],
                        [
                            "entete": .text("L'en-tête qui la porte.", max: 64),
                            "prefixe": .text("Ce qui la précède, espace comprise.", max: 20),
                            "secret": .reference("nom_lie"),
                        ]),
                    "basic": .object(
                        "Un nom et un mot de passe.", ConnectorMembers.basic,
                        required: ConnectorMembers.basic,
                        [
                            "utilisateur": .reference("secret"),
                            "mot_de_passe": .reference("secret"),
                        ]),
                ]
            ).requiringOne(of: ConnectorMembers.authentication)
                .with("maxProperties", .integer(1)),
        ])

    static let kept = JSONSchema.object(
        "Une valeur retenue pour une étape suivante.", ConnectorMembers.kept,
        required: ["pointeur", "caracteres", "longueur_max"],
        [
            "pointeur": .reference("pointeur"),
            "caracteres": .choice("Les caractères dont elle est faite.", KeptPlan.Characters.self),
            "longueur_min": .integer(
                "Sa longueur au moins ; absente, celle du plus.",
                1...Int64(KeptPlan.maximumLength)),
            "longueur_max": .integer("Sa longueur au plus.", 1...Int64(KeptPlan.maximumLength)),
            "si_absent": .choice("L'issue quand la réponse ne l'a pas.", MissingReason.self),
        ])

    // MARK: - Values

    private static let values = JSONSchema.map("Des valeurs, par nom.", of: .reference("valeur"))

    private static let value = JSONSchema.anyOf(
        "Un modèle, ou une valeur décrite.",
        [.reference("modele"), .reference("valeur_decrite")])

    private static let described = JSONSchema.object(
        "Une valeur : un modèle, une liste ou un objet.", ConnectorMembers.value,
        conditions.merging([
            "valeur": .reference("modele"),
            "liste": .anyOf(
                "Les prénoms, ou des valeurs.",
                [
                    .reference("modele"),
                    .list("Des valeurs.", of: .reference("valeur_json"), max: 50),
                ]),
            "objet": .map("Un objet JSON.", of: .reference("valeur_json")),
            "separateur": .text("Ce qui joint une liste en un texte.", max: 3),
            "type": .choice("Comment l'écrire en JSON.", RequestValue.Writing.self),
            "valeurs": .map(
                "Ce que le détenteur écrit pour chaque valeur.", of: .text("Un texte.", max: 64)),
            "facultatif": .flag("Vrai quand la valeur peut manquer."),
            "si_absent": .choice(
                "L'issue quand la valeur manque.", MissingReason.self),
        ]) { $1 }
    ).requiringOne(of: ["valeur", "liste", "objet"])

    private static let jsonValue = JSONSchema.anyOf(
        "Une valeur JSON dont les textes sont des modèles, ou une valeur décrite.",
        [
            .reference("modele"), .reference("valeur_decrite"), ofType("number"),
            ofType("boolean"), ofType("null"),
            .list("Une liste.", of: .reference("valeur_json"), max: 50),
            JSONSchema.map("Un objet.", of: .reference("valeur_json"))
                .with("not", .schema(JSONSchema().requiringOne(of: ["valeur", "liste", "objet"]))),
        ])

    private static func ofType(_ name: String) -> JSONSchema {
        JSONSchema([("type", .text(name))])
    }
}
