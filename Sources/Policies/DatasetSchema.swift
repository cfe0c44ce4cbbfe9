import JSONText
import Vocabulary

/// The members of `connectors/datasets/<dataset>.json`.
enum DatasetMembers {
    static let all = [
        "jeu", "libelle", "description", "detenteur", "contrat_propre", "periode", "repli",
        "reservee_a", "usager", "champs", "note", JSONRemaining.member,
    ]
    static let usager = ["detenteur", "rectification", "libelles"]
    static let period = ["nature", "regle", "mois_en_arriere"]
    static let field = [
        "champ", "type", "valeurs", "libelle", "sensibilite", "portees_franceconnect",
        "portee_propre", "categorie_dpv", "ligne_d114_9_1", "derive", "fin_intervalle", "note",
    ]
    static let decree = ["ligne", "a_confirmer"]

    static let schema = JSONSchema.object(
        "Le contrat d'un jeu de données : les champs qu'une finalité peut demander.", all,
        required: ["jeu", "libelle", "description", "detenteur", "periode", "repli", "champs"],
        [
            "jeu": .name.described("Le nom du jeu, qui est aussi celui du fichier."),
            "libelle": .sentence("Le nom du jeu, pour l'usager."),
            "description": .sentence("Ce que le jeu contient.", max: 2000),
            "detenteur": .sentence("L'administration qui le détient."),
            "contrat_propre": .flag("Vrai quand aucun contrat public n'existe."),
            "periode": periodSchema,
            "repli": .choice("Que faire sans la donnée.", Fallback.self),
            "reservee_a": .anything("À qui un décret réserve ce jeu."),
            "usager": .object(
                "Comment parler du jeu à l'usager.", usager,
                required: ["detenteur", "rectification"],
                [
                    "detenteur": .sentence("Qui détient ses données.", max: 200),
                    "rectification": .sentence("Comment les faire corriger."),
                    "libelles": .map(
                        "Le nom de chaque champ, pour l'usager.",
                        of: .text("Un libellé.", max: 400)),
                ]),
            "champs": .list("Les champs, un par feuille.", of: fieldSchema, min: 1, max: 500),
            "note": .note,
            JSONRemaining.member: JSONRemaining.schema,
        ])

    private static let periodSchema = JSONSchema.object(
        "La période sur laquelle le jeu se demande.", period, required: ["nature", "regle"],
        [
            "nature": .choice("La nature de cette période.", PeriodKind.self),
            "regle": .reference("periodes"),
            "mois_en_arriere": .integer("Jusqu'où le détenteur remonte, en mois.", 0...600),
        ])

    private static let fieldSchema = JSONSchema.object(
        "Un champ du jeu.", field,
        required: ["champ", "type", "libelle", "sensibilite", "categorie_dpv"],
        [
            "champ": .text("Son nom dans le jeu, sans celui du jeu.", max: 128),
            "type": .choice("Ce que sont ses valeurs.", FieldType.self),
            "valeurs": .list(
                "Les valeurs d'une énumération.", of: .text("Une valeur.", max: 400), max: 100),
            "libelle": .sentence("Son nom, pour l'usager."),
            "sensibilite": .choice("À quel point il touche la personne.", Sensitivity.self),
            "portees_franceconnect": .list(
                "Les portées FranceConnect qui l'annoncent : une suffit.",
                of: .text("Une portée.", max: 400), max: 16),
            "portee_propre": .flag("Vrai quand la portée est inventée ici."),
            "categorie_dpv": .sentence("Sa catégorie dans le vocabulaire DPV du W3C."),
            "ligne_d114_9_1": .object(
                "La ligne du tableau de l'article D114-9-1 du CRPA.", decree,
                required: ["ligne"],
                [
                    "ligne": .sentence("Les mots du tableau."),
                    "a_confirmer": .flag("Vrai quand la ligne n'a pas été relue."),
                ]),
            "derive": .flag("Vrai quand le connecteur calcule le champ."),
            "fin_intervalle": .text(
                "Le champ qui ferme l'intervalle que celui-ci ouvre.", max: 128),
            "note": .note,
        ])
}

/// How much a field touches the person.
enum Sensitivity: String, CaseIterable {
    case courante
    case personnelle
    case hautementPersonnelle = "hautement_personnelle"
}
