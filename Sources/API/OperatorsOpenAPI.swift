import HTTPMessages
import JSONText
import Registrations
import Vocabulary

/// One operation of the operators' API: its route, and how it is described.
struct OperatorsOperation: Sendable {
    let method: HTTPMethod
    let path: String
    let route: OperatorsAPI.Route
    let name: String
    let summary: String
    let description: String
    /// The status of success, and what it holds.
    let status: Int
    let answer: String
    /// What else may be answered than what any operation may.
    let refusals: [ProblemCode]
    var mediaType = "application/json"
    var takesProposal = false

    private static let revisions = "/v1/operateurs/connecteurs/{detenteur}/{jeu}/revisions"

    /// The whole API: what is served is what is described.
    static let all: [OperatorsOperation] = [
        OperatorsOperation(
            method: .get, path: "/v1/operateurs/moi", route: .myself, name: "quiSuisJe",
            summary: "Dire qui appelle.",
            description: "Le nom que le déploiement donne à l'accréditation, et sa qualité.",
            status: 200, answer: "Appelant", refusals: []),
        OperatorsOperation(
            method: .get, path: "/metrics", route: .metrics, name: "lireLesMesures",
            summary: "Les mesures, pour Prometheus.",
            description: "Réservé aux opérateurs. Rien n'y nomme une personne ni un échange.",
            status: 200, answer: "Mesures", refusals: [.droitManquant],
            mediaType: [MetricFamily].mediaType),
        OperatorsOperation(
            method: .get, path: "/v1/operateurs/openapi.json", route: .openAPI,
            name: "lireLaDescription", summary: "Ce document.",
            description: "La description OpenAPI de cette écoute.", status: 200,
            answer: "Description", refusals: []),
        OperatorsOperation(
            method: .get, path: "/v1/operateurs/revisions", route: .waitingRevisions,
            name: "listerCeQuiAttend", summary: "Les connecteurs qui attendent une approbation.",
            description: "Réservé aux opérateurs ; les plus anciens d'abord.", status: 200,
            answer: "Revisions", refusals: [.droitManquant]),
        OperatorsOperation(
            method: .post, path: revisions, route: .propose, name: "proposer",
            summary: "Proposer un connecteur.",
            description: """
                Réservé au détenteur, sous son propre nom. Le document est vérifié et ses exemples \
                sont joués aussitôt, sans réseau ; rien n'est gardé de ce qui a une erreur.
                """,
            status: 201, answer: "Revision",
            refusals: [
                .jsonInvalide, .corpsTropGrand, .typeDeContenuRefuse, .droitManquant,
                .ressourceInconnue, .revisionRefusee, .revisionDejaTraitee, .documentsOccupes,
                .depotIndisponible, .journalIndisponible,
            ], takesProposal: true),
        OperatorsOperation(
            method: .get, path: revisions, route: .revisions, name: "listerLesRevisions",
            summary: "Les connecteurs proposés pour un jeu, et leur état.",
            description: """
                Les plus récents d'abord. « differences » dit en phrases ce que changerait chaque \
                révision qui attend.
                """,
            status: 200, answer: "Revisions", refusals: [.ressourceInconnue]),
        OperatorsOperation(
            method: .get, path: revisions + "/{empreinte}", route: .revision,
            name: "lireUneRevision", summary: "Une proposition, octet pour octet.",
            description: "Ce que lit qui approuve.", status: 200, answer: "Proposition",
            refusals: [.ressourceInconnue, .depotIndisponible]),
        OperatorsOperation(
            method: .post, path: revisions + "/{empreinte}/approbations", route: .approve,
            name: "approuver", summary: "Approuver une révision, par son empreinte.",
            description: """
                Réservé aux opérateurs : deux différents, et jamais qui propose. À la seconde, tous \
                les documents sont relus et vérifiés ensemble ; le connecteur sert aussitôt, ou la \
                réponse dit ce qui s'y oppose et rien ne change. Le corps est vide.
                """,
            status: 200, answer: "Revision",
            refusals: [
                .droitManquant, .ressourceInconnue, .revisionRefusee, .revisionDejaTraitee,
                .documentsOccupes, .depotIndisponible, .journalIndisponible,
            ]),
        OperatorsOperation(
            method: .delete, path: revisions + "/{empreinte}", route: .withdraw, name: "retirer",
            summary: "Retirer une révision.",
            description: """
                Réservé aux opérateurs. Si elle servait, ce qui servait avant elle sert aussitôt.
                """,
            status: 200, answer: "Revision",
            refusals: [
                .droitManquant, .ressourceInconnue, .revisionRefusee, .revisionDejaTraitee,
                .documentsOccupes, .journalIndisponible,
            ]),
    ]
}

/// `GET /v1/operateurs/openapi.json`: the operators' API, from the table that serves it.
let operatorsOpenAPIDocument: [UInt8] = {
    var writer = JSONWriter()
    writer.object { writer in
        writer.member("openapi", "3.1.0")
        writer.object("info") { writer in
            writer.member("title", "Passerelle « Dites-le-nous une fois » : exploitation")
            writer.member("version", "1")
            writer.member(
                "description",
                """
                Ce que servent les opérateurs et les détenteurs, sur une écoute à part : une socket \
                Unix, ou TLS avec un certificat exigé. Qui n'est pas reconnu reçoit 401.
                """)
        }
        writer.object("paths") { writer in
            var paths: [String] = []
            for operation in OperatorsOperation.all where !paths.contains(operation.path) {
                paths.append(operation.path)
                writer.object(operation.path) { writer in
                    for one in OperatorsOperation.all where one.path == operation.path {
                        writer.object(one.method.rawValue.lowercased(), one.write)
                    }
                }
            }
        }
        writer.object("components") { writer in
            writer.object("securitySchemes", writeSecurity)
            writer.object("schemas", writeSchemas)
        }
        writer.array("security") { writer in
            writer.object { $0.member("cle", [String]()) }
            writer.object { $0.member("certificat", [String]()) }
        }
    }
    return writer.bytes
}()

private func writeSecurity(to writer: inout JSONWriter) {
    writer.object("cle") { writer in
        writer.member("type", "http")
        writer.member("scheme", "bearer")
        writer.member(
            "description", "La clé d'un détenteur, ou celle d'un opérateur sur la socket Unix.")
    }
    writer.object("certificat") { writer in
        writer.member("type", "mutualTLS")
        writer.member("description", "Le certificat que nomme « operateurs ».")
    }
}

extension OperatorsOperation {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("operationId", name)
        writer.member("summary", summary)
        writer.member("description", description)
        let parameters = path.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
        if !parameters.isEmpty {
            writer.array("parameters") { writer in
                for name in parameters { writer.operatorsParameter(name) }
            }
        }
        if takesProposal {
            writer.object("requestBody") { writer in
                writer.member("required", true)
                writer.schemaContent("application/json", "Proposition")
            }
        }
        writer.object("responses") { writer in
            writer.object(String(status)) { writer in
                writer.member("description", summary)
                writer.schemaContent(mediaType, answer)
            }
            let codes = [.operateurNonAuthentifie, .methodeRefusee] + refusals
            for status in Set(codes.map(\.entry.status)).sorted() {
                let names = codes.filter { $0.entry.status == status }.map(\.rawValue)
                writer.object(String(status)) { writer in
                    writer.member("description", "Codes : \(names.joined(separator: ", ")).")
                    writer.schemaContent(Problem.mediaType, "Probleme")
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func operatorsParameter(_ name: String) {
        object { writer in
            writer.member("name", name)
            writer.member("in", "path")
            writer.member("required", true)
            writer.object("schema") { writer in
                writer.member("type", "string")
                writer.member(
                    "pattern",
                    name == "empreinte" ? "^[0-9a-f]{64}$" : "^[a-z][a-z0-9_-]{0,63}$")
            }
        }
    }

    fileprivate mutating func schemaContent(_ mediaType: String, _ schema: String) {
        object("content") { writer in
            writer.object(mediaType) { writer in
                writer.object("schema") { $0.member("$ref", "#/components/schemas/\(schema)") }
            }
        }
    }
}

private func writeSchemas(to writer: inout JSONWriter) {
    writer.object("Mesures") { $0.member("type", "string") }
    writer.object("Description") { $0.member("type", "object") }
    writer.record("Appelant", "Qui appelle.", required: ["nom", "qualite"]) { writer in
        writer.property("nom", "string", "Le nom de l'accréditation.")
        writer.property("qualite", "string", "« operateur » ou « detenteur ».")
        writer.property("detenteur", "string", "Le détenteur, si c'en est un.")
    }
    writer.record(
        "Proposition", "Un connecteur et les exemples qui le montrent.",
        required: ProposalMembers.document
    ) { writer in
        writer.property("connecteur", "object", "Le document : schéma « connecteur ».")
        writer.property(
            "exemples", "object", "Par nom : schéma « exemple-de-connecteur », un au moins.")
    }
    writer.record("Revisions", "Des connecteurs proposés.", required: ["revisions"]) { writer in
        writer.property("detenteur", "string", "Le détenteur.")
        writer.property("jeu", "string", "Le jeu de données.")
        writer.property("en_vigueur", "string", "L'empreinte de la révision qui sert.")
        writer.list("revisions", of: "Revision")
    }
    writer.record(
        "Revision", "Un connecteur proposé.",
        required: [
            "detenteur", "jeu", "empreinte", "connecteur", "etat", "proposee_par", "proposee_le",
            "approbations",
        ]
    ) { writer in
        writer.property("detenteur", "string", "Le détenteur.")
        writer.property("jeu", "string", "Le jeu de données.")
        writer.property("empreinte", "string", "SHA-256 de la proposition.")
        writer.property("connecteur", "string", "SHA-256 du document du connecteur.")
        writer.choice("etat", "Où elle en est.", RevisionState.self)
        writer.property("proposee_par", "string", "L'accréditation du détenteur.")
        writer.property("proposee_le", "string", "Quand (RFC 3339).")
        writer.list("approbations", of: "Approbation")
        writer.property("approbations_manquantes", "integer", "Combien il en manque.")
        writer.property("approuvee_le", "string", "Quand la seconde est venue.")
        writer.property("refusee_le", "string", "Quand tous les documents ne l'ont pas admise.")
        writer.property("retiree_par", "string", "Qui l'a retirée.")
        writer.property("retiree_le", "string", "Quand.")
        writer.property("differences", "array", "Ce qu'elle changerait, en phrases.")
    }
    writeRefusalSchemas(to: &writer)
}

private func writeRefusalSchemas(to writer: inout JSONWriter) {
    writer.record("Approbation", "Une approbation.", required: ["operateur", "le"]) { writer in
        writer.property("operateur", "string", "Qui a approuvé.")
        writer.property("le", "string", "Quand (RFC 3339).")
    }
    writer.record(
        "Probleme", "Un refus ou une erreur (RFC 9457).",
        required: ["type", "code", "title", "status", "detail", "action"]
    ) { writer in
        writer.property("type", "string", "L'adresse du code dans le catalogue.")
        writer.choice("code", "Le code, stable.", ProblemCode.self)
        writer.property("title", "string", "Ce qui s'est passé.")
        writer.property("status", "integer", "Le statut HTTP.")
        writer.property("detail", "string", "Ce qui s'est passé cette fois, et quoi faire.")
        writer.choice("action", "Ce que l'appelant fait maintenant.", ProblemCode.Action.self)
        writer.property("reessayer_apres_s", "integer", "Quand recommencer, en secondes.")
        writer.list("erreurs", of: "Erreur")
    }
    writer.record(
        "Erreur", "Une erreur d'un document.", required: ["fichier", "message", "remede"]
    ) { writer in
        writer.property("fichier", "string", "Le document.")
        writer.property("ligne", "integer", "La ligne, à partir de 1.")
        writer.property("colonne", "integer", "La colonne, en octets.")
        writer.property("membre", "string", "Le membre en cause.")
        writer.property("message", "string", "Ce qui ne va pas.")
        writer.property("remede", "string", "Quoi faire.")
    }
}
