import JSONText
import Vocabulary

/// The schema of a connector's example, from the lists of its reader.
enum ExampleSchema {
    static let document = JSONSchema.object(
        "Une question, ce que le détenteur entend et répond, et ce qui en est lu.",
        ConnectorMembers.example, required: ["description", "question", "appels", "issue"],
        [
            "description": text("Ce que l'exemple montre."),
            "question": question,
            "appels": .list("Les appels, dans l'ordre.", of: call, max: 8),
            "issue": .choice(
                "L'issue attendue.", ["obtenu"] + MissingReason.allCases.map(\.rawValue)),
            "valeurs": .map("Les valeurs lues, par champ.", of: .anything("Une valeur.")),
            "manquants": .map(
                "Ce qui manque, et pourquoi.", of: .choice("Un motif.", MissingReason.self)),
            "listes": .map(
                "La longueur des listes.", of: .integer("Une longueur.", 0...10_000)),
            "abandonnes": .list(
                "Les champs reçus et laissés de côté.", of: text("Un champ."), max: 100),
            "inconnus": .integer("Combien de membres inconnus.", 0...10_000),
        ])

    private static func text(_ description: String) -> JSONSchema {
        .text(description, max: 1024)
    }

    private static let headers = JSONSchema.map("Des en-têtes.", of: text("Une valeur."))

    private static let call = JSONSchema.object(
        "Un appel.", ConnectorMembers.call, required: ConnectorMembers.call,
        [
            "requete": .object(
                "Ce que le détenteur reçoit.", ConnectorMembers.sent,
                required: ["methode", "cible"],
                [
                    "methode": text("La méthode."), "cible": text("Le chemin et la requête."),
                    "entetes": headers, "corps": text("Le corps."),
                ]),
            "reponse": .object(
                "Ce que le détenteur répond.", ConnectorMembers.reply, required: ["statut"],
                [
                    "statut": .integer("Le statut HTTP.", 100...599), "entetes": headers,
                    "corps": .anything("Le corps, en JSON."),
                    "texte": .anything("Le corps, en texte, s'il n'est pas en JSON."),
                ]),
        ])

    private static let question = JSONSchema.object(
        "Ce que la passerelle demande ; la personne est inventée.", ConnectorMembers.question,
        required: ["mode", "champs", "jour", "destinataire", "finalite", "echange", "identite"],
        [
            "mode": .choice("La façon d'identifier l'usager.", Mode.self),
            "champs": .list("Les champs.", of: text("Un champ."), max: 100),
            "periode": .object(
                "La période.", ConnectorMembers.period,
                [
                    "annee": .integer("L'année.", 1000...9999), "mois": text("Le mois."),
                    "date": .date("Le jour."), "du": text("Le premier mois."),
                    "au": text("Le dernier mois."),
                ]),
            "jour": .date("Le jour de la question."),
            "destinataire": .text("Un SIRET.", pattern: "^[0-9]{14}$"),
            "finalite": text("La finalité."),
            "echange": text("L'identifiant de l'échange."),
            "identite": .object(
                "L'état civil.", ConnectorMembers.identity,
                required: [
                    "nom_naissance", "prenoms", "date_naissance", "sexe", "code_pays_naissance",
                ],
                [
                    "nom_naissance": text("Le nom de naissance."),
                    "nom_usage": text("Le nom d'usage."),
                    "prenoms": .list("Les prénoms.", of: text("Un prénom."), max: 10),
                    "date_naissance": text("Le jour, le mois ou l'année."),
                    "sexe": .choice("Le sexe.", Sex.self),
                    "code_pays_naissance": text("Le code du pays."),
                    "code_commune_naissance": text("Le code de la commune."),
                ]),
            "identifiants": .object(
                "Les identifiants donnés.", IdentifierKind.allCases.map(\.rawValue),
                Dictionary(
                    uniqueKeysWithValues: IdentifierKind.allCases.map {
                        ($0.rawValue, text("Sa valeur."))
                    })),
            "jeton": text("Un jeton FranceConnect inventé."),
        ])
}
