package import JSONText
import Vocabulary

/// The schemas of the documents that this module reads.
package let policySchemas: [PublishedSchema] = [
    PublishedSchema(
        name: "politique", title: "Une finalité : policies/<service>/<finalité>/policy.json",
        schema: PolicyReader.schema, definitions: sharedDefinitions + PolicyReader.definitions),
    PublishedSchema(
        name: "cas", title: "Un cas d'une finalité : policies/<service>/<finalité>/cases/*.json",
        schema: CaseMembers.schema, definitions: sharedDefinitions),
    PublishedSchema(
        name: "service", title: "Un service : policies/<service>/service.json",
        schema: ServiceMembers.schema, definitions: sharedDefinitions),
    PublishedSchema(
        name: "jeu-de-donnees", title: "Le contrat d'un jeu : connectors/datasets/<jeu>.json",
        schema: DatasetMembers.schema, definitions: sharedDefinitions + periodDefinitions),
]

/// A name of the catalogue: a service, a data set, a holder.
private let catalogueName = "[a-z][a-z0-9_-]{0,63}"

/// What several of the documents hold.
private let sharedDefinitions: [(name: String, schema: JSONSchema)] = [
    (
        "siret",
        .text("Un numéro SIRET, dont la clé doit être juste.", pattern: "^[0-9]{14}$")
    ),
    (
        "champ",
        .text(
            "Le nom complet d'un champ : jeu.champ, et [] après une liste.",
            max: FieldPath.maximumBytes,
            pattern: "^\(catalogueName)(\\.\(catalogueName)(\\[\\])?)+$")
    ),
    (
        "nom",
        .text("Un nom en minuscules, chiffres, « _ » ou « - ».", pattern: "^\(catalogueName)$")
    ),
    (
        "finalite",
        .text("Une finalité : service/nom.", pattern: "^\(catalogueName)/\(catalogueName)$")
    ),
    (
        "categorie_dpv",
        .text(
            "Un terme du vocabulaire DPV du W3C, avec son préfixe.", max: 120,
            pattern: "^\(catalogueName):[A-Za-z0-9_-]+$")
    ),
    ("mode", .choice("La façon d'identifier l'usager.", Mode.self)),
    ("note", .text("Une remarque pour les relecteurs ; elle ne décide de rien.", max: noteBytes)),
]

extension JSONSchema {
    static let siret = JSONSchema.reference("siret")
    static let field = JSONSchema.reference("champ")
    static let name = JSONSchema.reference("nom")
    static let note = JSONSchema.reference("note")

    /// A sentence that must say something.
    static func sentence(_ description: String, max: Int = 400) -> JSONSchema {
        .text(description, max: max, isFilled: true)
    }
}

// MARK: - Services

/// The members of `service.json`.
enum ServiceMembers {
    static let all = [
        "service", "nom", "siret", "nature", "contacts", "delegue_protection_donnees", "detient",
        "note",
    ]

    static let schema = JSONSchema.object(
        "Un fournisseur de services, sans aucun secret.", all,
        required: ["service", "nom", "siret", "nature"],
        [
            "service": .name.described("Le nom de son dossier."),
            "nom": .sentence("Son nom, comme l'usager le connaît."),
            "siret": .siret,
            "nature": .choice(
                "« administration » pour ses propres démarches, « editeur » pour d'autres.",
                ServiceDescription.Kind.self),
            "contacts": .list(
                "À qui écrire au sujet du service.",
                of: .text("Une adresse de courriel.", max: 400), max: 10),
            "delegue_protection_donnees": .text(
                "À qui écrire pour exercer ses droits sur ses données.", max: 200),
            "detient": .list(
                "Les jeux de données que ce service détient déjà lui-même.", of: .name, max: 10),
            "note": .note,
        ])
}

// MARK: - Periods

extension PeriodRule {
    static let members = ["annee", "mois", "date", "intervalle"]

    static let schema = JSONSchema.object(
        "Les périodes que l'on peut demander ; chaque jeu a la sienne.", members,
        [
            "annee": .reference("recul", "Des années civiles."),
            "mois": .reference("recul", "Des mois civils."),
            "date": .object(
                "Un jour, autour de celui de la demande.", Around.members,
                required: Around.members,
                [
                    "jours_avant": .integer("Combien de jours avant.", 0...7300),
                    "jours_apres": .integer("Combien de jours après.", 0...366),
                ]),
            "intervalle": .object(
                "Des mois qui se suivent.", Stretch.members, required: Stretch.members,
                [
                    "mois_defaut": .integer("Leur nombre quand rien n'est dit.", 1...120),
                    "mois_max": .integer("Leur nombre au plus.", 1...120),
                    "anteriorite_max": .integer(
                        "Combien de mois avant celui de la demande le premier peut être.", 0...240),
                ]),
        ]
    ).with("minProperties", .integer(1))
}

extension PeriodRule.Back {
    static let members = ["recul_defaut", "recul_min", "recul_max"]

    static let schema = JSONSchema.object(
        "Combien d'années, ou de mois, avant celle ou celui de la demande.", members,
        required: members,
        [
            "recul_defaut": .integer("Le recul quand rien n'est dit.", 0...240),
            "recul_min": .integer("Le plus petit recul permis.", 0...240),
            "recul_max": .integer("Le plus grand recul permis.", 0...240),
        ])
}

extension PeriodRule.Around {
    static let members = ["jours_avant", "jours_apres"]
}

extension PeriodRule.Stretch {
    static let members = ["mois_defaut", "mois_max", "anteriorite_max"]
}

/// The definitions on which a rule of periods draws.
let periodDefinitions: [(name: String, schema: JSONSchema)] = [
    ("recul", PeriodRule.Back.schema), ("periodes", PeriodRule.schema),
]
