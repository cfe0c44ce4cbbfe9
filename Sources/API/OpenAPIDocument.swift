import JSONText
package import Journal
import Vocabulary

/// `GET /v1/openapi.json`: the API described from the types that serve it.
///
/// - Parameter known: the names of the generation in force, which make the lists of fields and
///   periods.
/// - Returns: a whole OpenAPI 3.1 document, in French.
package func openAPIDocument(_ known: KnownNames) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
        writer.member("openapi", "3.1.0")
        writer.object("info", writeInfo)
        writer.array("servers") { writer in
            writer.object { $0.member("url", "/") }
        }
        writer.array("tags") { writer in
            for tag in APITag.allCases { writer.tag(tag) }
        }
        writer.object("paths", writePaths)
        writer.object("components") { writer in
            writer.object("securitySchemes", writeSecurity)
            writer.object("schemas") { writer in
                writeRequestSchemas(to: &writer, known.catalogue)
                writeAnswerSchemas(to: &writer, known.catalogue)
                writeProblemSchemas(to: &writer)
                writeServiceSchemas(to: &writer)
            }
        }
    }
    return writer.bytes
}

private func writeInfo(to writer: inout JSONWriter) {
    writer.member("title", "Passerelle « Dites-le-nous une fois »")
    writer.member("version", "1")
    writer.member("summary", "Les données que l'administration détient déjà, champ par champ.")
    writer.member(
        "description",
        """
        Un service demande, pour une finalité approuvée et un destinataire habilité, des champs \
        que d'autres administrations détiennent. La passerelle décide champ par champ, consigne sa \
        décision, interroge les détenteurs et ne rend que ce qui a été demandé et permis. Toute \
        erreur est un document « application/problem+json » (RFC 9457) dont le « code » est \
        stable.
        """)
}

private func writeSecurity(to writer: inout JSONWriter) {
    writer.object("cle") { writer in
        writer.member("type", "http")
        writer.member("scheme", "bearer")
        writer.member(
            "description",
            """
            La clé du service, remise par l'exploitant. Elle n'est jamais un jeton FranceConnect : \
            celui-ci se donne dans « usager.franceconnect.jeton ».
            """)
    }
}

/// The parts under which tools show the operations.
private enum APITag: String, CaseIterable {
    case echanges = "Échanges"
    case reference = "Référence"
    case exploitation = "Exploitation"

    var description: String {
        switch self {
        case .echanges: "Demander des données, ou savoir d'avance ce qui serait permis."
        case .reference: "Ce que l'API peut dire, et comment elle se décrit."
        case .exploitation: "Ce que lisent les sondes et FranceConnect."
        }
    }
}

extension JSONWriter {
    fileprivate mutating func tag(_ tag: APITag) {
        object { writer in
            writer.member("name", tag.rawValue)
            writer.member("description", tag.description)
        }
    }
}

// MARK: - Operations

/// One method of one path.
private struct APIOperation {
    /// Which codes of the catalogue an operation may answer.
    enum Kind {
        case exchange
        case explanation
        case reading
    }

    let name: String
    let tag: APITag
    let kind: Kind
    let summary: String
    let description: String
    var mediaType = "application/json"
    let answer: String
    let answerSchema: String
    var answerExamples: [APIExample] = []
    /// What a 503 may hold instead of a problem.
    var unavailableSchema: String?
    var requestSchema: String?
    var requestExamples: [APIExample] = []
}

private func writePaths(to writer: inout JSONWriter) {
    writer.path("/v1/echanges", "post", exchangeOperation)
    writer.path("/v1/echanges/explication", "post", explanationOperation)
    for (path, operation) in readingOperations {
        writer.path(path, "get", operation)
    }
}

private let exchangeOperation = APIOperation(
    name: "echanger",
    tag: .echanges,
    kind: .exchange,
    summary: "Demander des données sur une personne.",
    description: """
        Tout ou rien : un champ que la finalité ne permet pas refuse la demande entière, et le \
        refus nomme chaque champ. Une demande permise reçoit 200 dès qu'un détenteur a été \
        interrogé : chaque feuille demandée est dans « donnees » ou dans « manquants ».
        """,
    answer: "L'échange a eu lieu ; « statut » dit s'il est complet.",
    answerSchema: "Reponse",
    answerExamples: [.partialAnswer],
    requestSchema: "Demande",
    requestExamples: [.identityRequest, .tokenRequest]
)

private let explanationOperation = APIOperation(
    name: "expliquer",
    tag: .echanges,
    kind: .explanation,
    summary: "Savoir d'avance ce qui serait permis, sans nommer personne.",
    description: """
        C'est la première décision de l'échange, sur la même demande sans usager : aucun détenteur \
        n'est interrogé et rien n'est consigné.
        """,
    answer: "La décision, permise ou refusée.",
    answerSchema: "Explication",
    requestSchema: "DemandeDExplication",
    requestExamples: [.explanationRequest]
)

private let readingOperations: [(path: String, operation: APIOperation)] = [
    (
        "/v1/problemes",
        APIOperation(
            name: "lireLesProblemes", tag: .reference, kind: .reading,
            summary: "Le catalogue des erreurs et des motifs.",
            description: "Un code, un sens, un statut.",
            answer: "Le catalogue.", answerSchema: "Catalogue")
    ),
    (
        "/v1/openapi.json",
        APIOperation(
            name: "lireLaDescription", tag: .reference, kind: .reading,
            summary: "Ce document.",
            description: "La description suit les jeux de données en vigueur.",
            answer: "La description de l'API.", answerSchema: "Document")
    ),
    (
        GatewayAPI.publicKeysPath,
        APIOperation(
            name: "lireLesClesPubliques", tag: .exploitation, kind: .reading,
            summary: "Les clés publiques auxquelles FranceConnect chiffre.",
            description: "Un ensemble de clés JWK (RFC 7517).",
            mediaType: "application/jwk-set+json",
            answer: "Les clés publiques.", answerSchema: "Cles")
    ),
    (
        "/livez",
        APIOperation(
            name: "estVivant", tag: .exploitation, kind: .reading,
            summary: "La passerelle tourne.",
            description: "Répond tant que le processus sert des requêtes.",
            answer: "La passerelle tourne.", answerSchema: "Vie")
    ),
    (
        "/readyz",
        APIOperation(
            name: "estPret", tag: .exploitation, kind: .reading,
            summary: "La passerelle peut échanger.",
            description: """
                Prête veut dire : finalités chargées, journal inscriptible, clés présentes. Sinon \
                la réponse est 503, et le même document dit ce qui manque.
                """,
            answer: "La passerelle est prête.", answerSchema: "Etat", unavailableSchema: "Etat")
    ),
]

extension JSONWriter {
    fileprivate mutating func path(_ path: String, _ method: String, _ operation: APIOperation) {
        object(path) { writer in
            writer.object(method) { $0.operation(operation) }
        }
    }

    private mutating func operation(_ operation: APIOperation) {
        member("operationId", operation.name)
        member("tags", [operation.tag.rawValue])
        member("summary", operation.summary)
        member("description", operation.description)
        if operation.kind == .exchange {
            array("parameters") { $0.preferParameter() }
        }
        if let schema = operation.requestSchema {
            array("security") { writer in
                writer.object { $0.member("cle", [String]()) }
            }
            object("requestBody") { writer in
                writer.member("required", true)
                writer.content("application/json", schema, operation.requestExamples)
            }
        }
        object("responses") { $0.responses(operation) }
    }

    private mutating func preferParameter() {
        object { writer in
            writer.member("name", "Prefer")
            writer.member("in", "header")
            writer.member(
                "description",
                """
                « wait=N » (RFC 7240) borne l'échange à N secondes ; les détenteurs qui n'ont pas \
                répondu manquent alors. Une préférence illisible est ignorée.
                """)
            writer.object("schema") { writer in
                writer.member("type", "string")
                writer.member("examples", ["wait=5"])
            }
        }
    }

    private mutating func responses(_ operation: APIOperation) {
        object("200") { writer in
            writer.member("description", operation.answer)
            if operation.kind == .exchange { writer.headers(JSONWriter.rateLimits) }
            writer.content(operation.mediaType, operation.answerSchema, operation.answerExamples)
        }
        let codes = ProblemCode.allCases.filter(operation.kind.mayAnswer)
        for status in Set(codes.map(\.entry.status)).sorted() {
            let codes = codes.filter { $0.entry.status == status }
            object(String(status)) { writer in
                writer.member("description", codes.map(\.entry.title).joined(separator: " "))
                writer.headers(ofStatus: status)
                writer.object("content") { writer in
                    let examples = codes.map { APIExample(problem: $0) }
                    writer.media("application/problem+json", "Probleme", examples)
                    if status == 503, let schema = operation.unavailableSchema {
                        writer.media("application/json", schema, [])
                    }
                }
            }
        }
    }

    /// What is left of the purpose's bounds (draft-ietf-httpapi-ratelimit-headers).
    private static let rateLimits = ["RateLimit-Policy", "RateLimit"]

    private mutating func headers(ofStatus status: Int) {
        let names = [
            401: ["WWW-Authenticate"], 429: ["Retry-After"] + JSONWriter.rateLimits,
            503: ["Retry-After"],
        ]
        headers(names[status] ?? [])
    }

    private mutating func headers(_ names: [String]) {
        guard !names.isEmpty else { return }
        object("headers") { writer in
            for name in names {
                writer.object(name) { writer in
                    writer.object("schema") { $0.member("type", "string") }
                }
            }
        }
    }

    private mutating func content(
        _ mediaType: String, _ schema: String, _ examples: [APIExample]
    ) {
        object("content") { $0.media(mediaType, schema, examples) }
    }

    private mutating func media(
        _ mediaType: String, _ schema: String, _ examples: [APIExample]
    ) {
        object(mediaType) { writer in
            writer.object("schema") { $0.reference(schema) }
            guard !examples.isEmpty else { return }
            writer.object("examples") { writer in
                for example in examples {
                    writer.object(example.name) { writer in
                        writer.member("summary", example.summary)
                        writer.key("value")
                        writer.raw(example.value)
                    }
                }
            }
        }
    }
}

extension APIOperation.Kind {
    /// Whether the operation may answer a code of the catalogue.
    ///
    /// What no operation answers belongs to other addresses: an unknown path, another method.
    fileprivate func mayAnswer(_ code: ProblemCode) -> Bool {
        switch code {
        case .ressourceInconnue, .methodeRefusee:
            false
        case .corpsTropGrand, .longueurRequise, .typeDeContenuRefuse, .jsonInvalide,
            .requeteInvalide, .tropDeChamps, .serviceNonAuthentifie:
            self != .reading
        case .demandeRefusee, .quotaEpuise, .jetonFranceConnectInactif, .identiteInexploitable,
            .franceConnectIrrecevable, .franceConnectIndisponible, .franceConnectTropLent,
            .passerelleMalConfiguree, .journalIndisponible:
            self == .exchange
        default:
            true
        }
    }
}
