import JSONText
import Vocabulary

// The schema of a policy, from the lists of its reader.
extension PolicyReader {
    static let schema = JSONSchema.object(
        "Ce qu'une démarche peut demander, à qui, pourquoi, sur quel fondement et pour qui.",
        members,
        required: [
            "finalite", "version", "etat", "intitule", "demarche", "etape", "type", "rgpd",
            "bases_legales", "habilitations", "modes", "initiateurs", "champs", "conservation",
            "categories_dpv", "contact", "relecteur",
        ],
        identityProperties.merging(ruleProperties) { first, _ in first })

    private static let identityProperties: [String: JSONSchema] = [
        "finalite": .reference("finalite", "Le nom de la finalité : ceux de ses deux dossiers."),
        "version": .integer(
            "Le numéro de cette version ; un autre contenu est une autre version.",
            1...1_000_000),
        "etat": .choice("Seule une finalité « active » permet des demandes.", Policy.State.self),
        "intitule": .sentence("Ce que la finalité permet de faire, pour l'usager."),
        "demarche": .sentence("La démarche."),
        "etape": .choice("À quelle étape de la démarche.", Policy.Step.self),
        "type": .choice(
            "« demande » de l'usager (CRPA L114-8, I) ou « proactif » (L114-8, II).",
            Policy.Kind.self),
        "rgpd": .choice(
            "Le point de l'article 6, paragraphe 1, du RGPD qui fonde le traitement.",
            RGPDArticle.self),
        "contact": .sentence("À qui écrire au sujet de la finalité.", max: 200),
        "relecteur": .sentence("Qui a relu la finalité.", max: 200),
        "note": .note,
    ]

    private static let ruleProperties: [String: JSONSchema] = [
        "bases_legales": .list(
            "Les textes et les délibérations qui fondent la finalité.",
            of: .reference("base_legale"), min: 1, max: 20),
        "habilitations": .list(
            "Les destinataires habilités, avec leurs dates.", of: .reference("habilitation"),
            min: 1, max: 5000),
        "modes": modesSchema,
        "initiateurs": .list(
            "Qui peut être à l'initiative.", of: .reference("initiateur"), min: 1, max: 20),
        "roles": .list(
            "Les places que l'usager peut avoir dans le dossier.",
            of: .choice("Un rôle.", DossierRole.self), max: 32, isUnique: true),
        "champs": .list(
            "Ce que la finalité permet de demander, champ par champ.",
            of: .reference("regle"), min: 1, max: 1000),
        "champs_interdits": .list(
            "Ce que rien ne peut permettre.", of: .field, max: 500),
        "periodes": .map(
            "Les périodes permises, par jeu ; absentes, celles du jeu valent.",
            of: .reference("periodes"), names: "^[a-z][a-z0-9_-]{0,63}$"),
        "bornes": boundsSchema,
        "sans_concordance": .list(
            "Les jeux dont on accepte une réponse sans identité à comparer.",
            of: .object(
                "Un jeu, et pourquoi.", withoutIdentityMembers,
                required: withoutIdentityMembers,
                ["jeu": .name, "motif": .sentence("Pourquoi.")]), max: 20),
        "conservation": .object(
            "Combien de temps le service garde ce qu'il reçoit.", retentionMembers,
            required: retentionMembers,
            [
                "jours": .integer("En jours ; 0 quand rien ne quitte la session.", 0...3660),
                "motif": .sentence("Pourquoi ce temps."),
            ]),
        "obligations": .list(
            "Ce que le service doit faire.",
            of: .choice("Une obligation.", Policy.Obligation.self), max: 32, isUnique: true),
        "categories_dpv": .list(
            "Les finalités et les données, dans le vocabulaire DPV du W3C.",
            of: .reference("categorie_dpv"), min: 1, max: 32, isUnique: true),
    ]

    private static let modesSchema = JSONSchema.object(
        "Les façons admises d'identifier l'usager.", Mode.allCases.map(\.rawValue),
        [
            Mode.franceconnect.rawValue: .object(
                "Par un jeton FranceConnect.", franceConnectMembers,
                required: franceConnectMembers,
                [
                    "niveau_minimum": .choice(
                        "Le plus bas niveau de garantie admis.",
                        AssuranceLevel.allCases.map(\.text)),
                    "clients": .list(
                        "Les clients FranceConnect dont le jeton vaut pour cette finalité.",
                        of: .text(
                            "fc: puis un nom.", pattern: "^fc:[a-z][a-z0-9_-]{0,63}$"),
                        min: 1, max: 20),
                ]),
            Mode.identite.rawValue: .object(
                "Par l'état civil.", identityMembers,
                [
                    "identifiants": .list(
                        "Les identifiants admis à côté de l'état civil.",
                        of: .choice("Une sorte d'identifiant.", IdentifierKind.self), max: 32,
                        isUnique: true)
                ]),
        ]
    ).with("minProperties", .integer(1))

    private static let boundsSchema = JSONSchema.object(
        "Combien de fois la finalité peut servir ; les jours sont ceux de Paris.", boundsMembers,
        [
            Bound.parPersonneEtDossier.rawValue: .object(
                "Par personne et par dossier.", personBoundMembers,
                required: personBoundMembers,
                [
                    "appels": .integer("Le nombre d'appels.", 1...10_000),
                    "par": .choice("Le temps sur lequel ils se comptent.", PersonPeriod.self),
                ]),
            Bound.parJour.rawValue: .integer("Par jour.", 1...1_000_000_000),
            Bound.parSeconde.rawValue: .integer("Par seconde.", 1...1_000_000),
            "sondage": .object(
                "Contre qui cherche des personnes au hasard, dans le mode identité.",
                probingMembers,
                [
                    Bound.personnesParJour.rawValue: .integer(
                        "Personnes distinctes par jour.", 1...10_000_000),
                    Bound.personnesParDossier.rawValue: .integer(
                        "Personnes distinctes par dossier.", 1...1000),
                    Bound.variantesParJour.rawValue: .integer(
                        "Variantes d'un même état civil par jour.", 1...1000),
                    Bound.echecsParHeure.rawValue: .integer(
                        "Personnes introuvables par heure.", 1...1_000_000),
                    Bound.echecsSurCent.rawValue: .integer(
                        "Personnes introuvables sur les cent dernières.", 1...99),
                ]),
        ])
}
