import JSONText
import Vocabulary

// The schemas of `components`: what callers send first, then what they read.

// MARK: - Requests

func writeRequestSchemas(to writer: inout JSONWriter, _ catalogue: FieldCatalogue) {
    writer.record(
        "Demande", "Ce qu'un service demande sur une personne.",
        required: ["finalite", "destinataire", "champs", "usager"]
    ) { writer in
        writer.questionProperties()
        writer.property("usager", "Usager")
        writer.property(
            "dossier", "string",
            "La référence du dossier, qui relie plusieurs échanges ; jamais un numéro de personne.",
            pattern: "^[A-Za-z0-9._-]{1,64}$")
    }
    writer.record(
        "DemandeDExplication", "La même demande, sans personne.",
        required: ["finalite", "destinataire", "champs", "mode"]
    ) { writer in
        writer.questionProperties()
        writer.choice("mode", "Comment l'usager serait identifié.", Mode.self)
        writer.choice("role", "La place de l'usager dans le dossier.", DossierRole.self)
    }
    writer.fieldSchema(catalogue)
    writer.periodSchema(catalogue)
    writer.record("Initiateur", "Qui est à l'initiative.", required: ["qualite"]) { writer in
        writer.choice("qualite", "En quelle qualité.", InitiatorQuality.self)
        writer.property(
            "agent", "string", "La référence opaque de l'agent, propre au service.",
            bytes: 1...128)
    }
    writer.usagerSchemas()
}

extension JSONWriter {
    /// What an exchange and its dry run have in common.
    fileprivate mutating func questionProperties() {
        property(
            "finalite", "string", "La finalité : « service/finalite ».",
            pattern: "^[a-z][a-z0-9_-]{0,63}/[a-z][a-z0-9_-]{0,63}$")
        property(
            "destinataire", "string", "Le SIRET de l'administration qui utilisera les données.",
            pattern: "^[0-9]{14}$")
        object("champs") { writer in
            writer.member("type", "array")
            writer.member("minItems", 1)
            writer.member("maxItems", RequestLimits().fields)
            writer.member("uniqueItems", true)
            writer.object("items") { $0.reference("Champ") }
        }
        property("periodes", "Periodes")
        property("initiateur", "Initiateur")
    }

    fileprivate mutating func fieldSchema(_ catalogue: FieldCatalogue) {
        object("Champ") { writer in
            writer.member(
                "description",
                """
                Un champ, ou « champ@forme » pour n'en recevoir qu'une réponse. Un champ composé \
                vaut pour toutes ses feuilles.
                """)
            writer.array("anyOf") { writer in
                writer.object { $0.reference("ChampDuCatalogue") }
                writer.object { writer in
                    let kinds = FormKind.allCases.map(\.rawValue).joined(separator: "|")
                    writer.member("type", "string")
                    writer.member(
                        "pattern", "^[^@]{1,200}@(\(kinds))(\\.[a-z][a-z0-9_-]{0,63})?$")
                }
            }
        }
        object("ChampDuCatalogue") { writer in
            writer.member("description", "Les champs des jeux de données en vigueur.")
            writer.member("type", "string")
            let names = fieldNames(catalogue)
            if !names.isEmpty { writer.member("enum", names) }
        }
    }

    fileprivate mutating func periodSchema(_ catalogue: FieldCatalogue) {
        record(
            "Periodes", "La période de chaque jeu ; absente, celle de la finalité vaut.",
            required: []
        ) { writer in
            for dataset in catalogue.datasets.values.sorted(by: { $0.id < $1.id }) {
                writer.object(dataset.id.text) { writer in
                    writer.member("description", dataset.label)
                    writer.closedObject(required: []) {
                        $0.periodProperties(dataset.periodKind.members)
                    }
                }
            }
        }
    }

    /// The members of a period, as requests and answers write them.
    mutating func periodProperties(_ members: [String]) {
        for name in members {
            switch name {
            case "annee":
                object(name) { writer in
                    writer.member("type", "integer")
                    writer.member("minimum", 1900)
                    writer.member("maximum", 2200)
                }
            case "date":
                property(name, "string", "Un jour.", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
            default:
                property(name, "string", "Un mois, compris.", pattern: monthPattern)
            }
        }
    }

    fileprivate mutating func usagerSchemas() {
        object("Usager") { writer in
            writer.member(
                "description",
                "La personne : un jeton FranceConnect, ou une identité complète ; jamais les deux.")
            writer.closedObject(required: []) { writer in
                writer.property("franceconnect", "FranceConnect")
                writer.property("identite", "Identite")
                writer.property("identifiants", "Identifiants")
                writer.choice("role", "La place de l'usager dans le dossier.", DossierRole.self)
            }
            writer.array("oneOf") { writer in
                writer.object { $0.member("required", ["franceconnect"]) }
                writer.object { $0.member("required", ["identite"]) }
            }
        }
        franceConnectSchema()
        identitySchema()
        record(
            "Identifiants",
            "Au plus un identifiant de chaque sorte que la finalité admet. Jamais le NIR.",
            required: []
        ) { writer in
            for kind in IdentifierKind.allCases {
                writer.property(kind.rawValue, "string", kind.described)
            }
        }
    }

    /// The token by which FranceConnect knows a person.
    mutating func franceConnectSchema() {
        record(
            "FranceConnect", "La session FranceConnect de l'usager.", required: ["jeton"]
        ) { writer in
            writer.property(
                "jeton", "string", "Le jeton d'accès, tel que FranceConnect l'a remis.",
                pattern: "^[A-Za-z0-9._~+/-]+=*$", bytes: 1...4096)
        }
    }

    /// The civil identity of a person.
    mutating func identitySchema() {
        record(
            "Identite", "L'identité pivot, telle que l'état civil l'écrit.",
            required: [
                "nom_naissance", "prenoms", "date_naissance", "sexe", "code_pays_naissance",
            ]
        ) { writer in
            writer.property("nom_naissance", "string", "Le nom de naissance.", bytes: 1...400)
            writer.property("nom_usage", "string", "Le nom d'usage, s'il diffère.", bytes: 1...400)
            writer.object("prenoms") { writer in
                writer.member("description", "Dans l'ordre de l'état civil.")
                writer.member("type", "array")
                writer.member("minItems", 1)
                writer.object("items") { $0.member("type", "string") }
            }
            writer.property(
                "date_naissance", "string",
                "AAAA-MM-JJ, ou AAAA-MM, ou AAAA si le reste est inconnu.",
                pattern: partialDatePattern)
            writer.choice("sexe", "Le sexe de l'état civil.", Sex.self)
            writer.property(
                "code_pays_naissance", "string", "Le code du pays (COG) ; 99100 est la France.",
                pattern: "^(99[0-9]{3}|92352)$")
            writer.property(
                "code_commune_naissance", "string",
                "Le code de la commune à la naissance (COG), pour qui est né en France.",
                pattern: "^[0-9][0-9AB][0-9]{3}$")
        }
    }
}

/// Every field of the catalogue, and the composite ones above them.
private func fieldNames(_ catalogue: FieldCatalogue) -> [String] {
    var names: Set<String> = []
    for field in catalogue.allFields {
        let parts = field.path.text.split(separator: ".")
        for length in 2...max(2, parts.count) {
            names.insert(parts.prefix(length).joined(separator: "."))
        }
    }
    return names.sorted()
}

let monthPattern = "^[0-9]{4}-[0-9]{2}$"
let partialDatePattern = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"

// MARK: - Answers

/// What an answer may name: everything, or one purpose's part of it.
struct AnswerScope {
    /// The data sets and holders that a source may be, nil for any.
    var datasets: [String]?
    var holders: [String]?
    /// The fields as an answer asks them of its sources, nil for any.
    var fields: [String]?
    /// How long the data may be kept, in days; nil where each purpose says it.
    var retentionDays: Int?

    static let general = AnswerScope()
}

/// The schemas of an answer; `donnees` has one of its own.
func writeAnswerSchemas(
    to writer: inout JSONWriter, _ scope: AnswerScope, data: (inout JSONWriter) -> Void
) {
    writer.record(
        "Reponse", "Ce qui a été obtenu, de qui, et ce qui manque.",
        required: ["echange", "statut", "donnees", "sources", "manquants", "recu"]
    ) { writer in
        writer.property("echange", "string", "L'identifiant de l'échange (UUID version 7).")
        writer.choice(
            "statut", "« complet » si rien ne manque, « aucun » si rien n'est là.",
            ["complet", "partiel", "aucun"])
        writer.property("donnees", "Donnees")
        writer.list("sources", of: "Source")
        writer.list("manquants", of: "Manquant")
        writer.property("conservation", "Conservation")
        writer.list("quotas", of: "Quota")
        writer.property("recu", "Recu")
    }
    data(&writer)
    writer.sourceSchemas(scope)
    writer.explanationSchemas()
}

extension JSONWriter {
    fileprivate mutating func sourceSchemas(_ scope: AnswerScope) {
        record(
            "Source", "Un appel à un détenteur.",
            required: ["jeu", "champs", "detenteur", "statut"]
        ) { writer in
            writer.word("jeu", "Le jeu de données.", among: scope.datasets)
            writer.texts("champs", "Les champs demandés à ce détenteur.", among: scope.fields)
            writer.word("detenteur", "L'administration interrogée.", among: scope.holders)
            writer.choice("statut", "Comment l'appel s'est terminé.", SourceStatus.self)
            writer.property("obtenu_le", "string", "Quand la réponse est arrivée (RFC 3339).")
            writer.property("periode", "Periode")
            writer.property("couverture", "string", "Ce que le détenteur couvre.")
            writer.property(
                "a_jour_au", "string", "Le jour jusqu'auquel le détenteur a tout.")
        }
        record(
            "Manquant", "Une feuille accordée qui n'est pas dans la réponse.",
            required: ["champ", "motif", "repli"]
        ) { writer in
            writer.property("champ", "string", "La feuille, avec ses indices s'il y en a.")
            writer.choice("motif", "Pourquoi elle manque.", MissingReason.self)
            writer.property("reessayer_apres_s", "integer", "Quand redemander, en secondes.")
            writer.choice("repli", "Ce que le formulaire fait à la place.", Fallback.self)
        }
        record("Periode", "La période obtenue.", required: []) { writer in
            for name in ["annee", "mois", "date", "du", "au"] {
                let type = name == "annee" ? "integer" : "string"
                writer.object(name) { $0.member("type", type) }
            }
        }
        record(
            "Quota", "Ce qui reste d'une borne de la finalité ; jamais de celle d'une personne.",
            required: ["borne", "limite", "reste", "remise_a_zero_le"]
        ) { writer in
            writer.choice(
                "borne", "Ce qui est compté.", Bound.allCases.filter(\.isShown).map(\.rawValue))
            writer.property("limite", "integer", "Le nombre d'échanges que la borne admet.")
            writer.property("reste", "integer", "Combien il en reste.")
            writer.property("remise_a_zero_le", "string", "Quand le compte repart (RFC 3339).")
        }
        record(
            "Conservation", "Combien de temps garder les données.", required: ["jours_max"]
        ) { writer in
            writer.object("jours_max") { writer in
                writer.member("type", "integer")
                writer.member("description", "En jours.")
                if let days = scope.retentionDays { writer.member("const", days) }
            }
        }
        record(
            "Recu", "La place de l'échange dans le journal.", required: ["indice", "empreinte"]
        ) { writer in
            writer.property("indice", "integer", "Le rang de l'entrée.")
            writer.property(
                "empreinte", "string", "La feuille (SHA-256).", pattern: "^[0-9a-f]{64}$")
        }
    }
}

// MARK: - Problems and service

func writeProblemSchemas(to writer: inout JSONWriter) {
    writer.record(
        "Probleme", "Un refus ou une erreur (RFC 9457).",
        required: ["type", "code", "title", "status", "detail", "action"]
    ) { writer in
        writer.property("type", "string", "L'adresse du code dans le catalogue.")
        writer.choice("code", "Le code, stable.", ProblemCode.self)
        writer.property("title", "string", "Ce qui s'est passé.")
        writer.property("status", "integer", "Le statut HTTP.")
        writer.property("detail", "string", "Ce qui s'est passé cette fois, et quoi faire.")
        writer.property("membre", "string", "Le membre en cause : « champs[2] ».")
        writer.choice("action", "Ce que l'appelant fait maintenant.", ProblemCode.Action.self)
        writer.property("echange", "string", "L'identifiant de l'échange.")
        writer.property("reessayer_apres_s", "integer", "Quand recommencer, en secondes.")
        writer.list("refus", of: "Refus")
        writer.list("quotas", of: "Quota")
    }
    writer.record("Refus", "Un champ refusé.", required: ["motif", "explication"]) { writer in
        writer.property("champ", "string", "Le champ tel qu'il a été demandé.")
        writer.choice("motif", "Pourquoi.", RefusalReason.self)
        writer.property("explication", "string", "Le motif en une phrase.")
        writer.property("regle", "string", "La finalité et sa version.")
        writer.property("alternative", "string", "Ce qui serait permis.")
        writer.property("contact", "string", "À qui écrire.")
    }
    writer.record(
        "Catalogue", "Tous les codes et tous les motifs.",
        required: ["problemes", "motifs_de_refus", "motifs_d_absence"]
    ) { writer in
        for name in ["problemes", "motifs_de_refus", "motifs_d_absence"] {
            writer.object(name) { writer in
                writer.member("type", "array")
                writer.object("items") { $0.member("type", "object") }
            }
        }
    }
}

func writeServiceSchemas(to writer: inout JSONWriter) {
    writer.object("Texte") { writer in
        writer.member("type", "string")
        writer.member("description", "Un document qui se lit tel quel.")
    }
    writer.record("Vie", "La passerelle tourne.", required: ["statut"]) { writer in
        writer.choice("statut", "Toujours le même.", ["vivant"])
    }
    writer.record(
        "Etat", "Ce qui permet d'échanger.",
        required: ["statut", "finalites", "journal", "cles", "titres"]
    ) { writer in
        writer.choice("statut", "Si la passerelle peut échanger.", ["pret", "indisponible"])
        writer.property("finalites", "boolean", "Les finalités sont chargées.")
        writer.property("journal", "boolean", "Le journal peut écrire.")
        writer.property("cles", "boolean", "Les clés sont là.")
        writer.property("titres", "boolean", "Le registre des titres des services se lit.")
        writer.property("arret", "boolean", "La passerelle s'arrête.")
    }
    writer.tokenSchemas()
    for (name, description) in [
        ("Document", "Un document JSON, qui se décrit lui-même."),
        ("Cles", "Un ensemble de clés (RFC 7517)."),
    ] {
        writer.object(name) { writer in
            writer.member("type", "object")
            writer.member("description", description)
        }
    }
}

extension IdentifierKind {
    var described: String {
        switch self {
        case .numeroFiscal: "Les 13 chiffres du numéro fiscal."
        case .identifiantFranceTravail: "L'identifiant de France Travail."
        case .ine: "L'identifiant national de l'étudiant, 11 caractères."
        }
    }
}
