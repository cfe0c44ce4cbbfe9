import JSONText
package import Journal
import Vocabulary

/// `GET /v1/openapi.json`: the API described from the types that serve it.
///
/// - Parameter known: the names of the generation in force, which make the lists of fields and
///   periods.
/// - Returns: a whole OpenAPI 3.1 document, in French.
package func openAPIDocument(_ known: KnownNames) -> [UInt8] {
    openAPIDocument(info: writeInfo, operations: generalOperations) { writer in
        writeRequestSchemas(to: &writer, known.catalogue)
        writeAnswerSchemas(to: &writer, .general) { $0.dataSchema(known.catalogue) }
        writeProblemSchemas(to: &writer)
        writeHolderSchemas(to: &writer)
        writeServiceSchemas(to: &writer)
    }
}

/// An OpenAPI 3.1 document of some operations and of the schemas that they refer to.
func openAPIDocument(
    info: (inout JSONWriter) -> Void, operations: [APIOperation],
    schemas: (inout JSONWriter) -> Void
) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
        writer.member("openapi", "3.1.0")
        writer.object("info", info)
        writer.array("servers") { writer in
            writer.object { $0.member("url", "/") }
        }
        writer.array("tags") { writer in
            let used = Set(operations.map(\.tag))
            for tag in APITag.allCases where used.contains(tag) { writer.tag(tag) }
        }
        writer.object("paths") { writer in
            for operation in operations { writer.path(operation) }
        }
        writer.object("components") { writer in
            writer.object("securitySchemes", writeCallersSecurity)
            writer.object("schemas", schemas)
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

/// The parts under which tools show the operations.
enum APITag: String, CaseIterable {
    case echanges = "Échanges"
    case titres = "Titres"
    case finalites = "Finalités"
    case reference = "Référence"
    case exploitation = "Exploitation"

    var description: String {
        switch self {
        case .echanges: "Demander des données, ou savoir d'avance ce qui serait permis."
        case .titres: "Obtenir un jeton d'accès qu'un voleur ne peut pas employer."
        case .finalites:
            "Ce que chaque finalité peut demander, ce que l'usager doit savoir, le registre public."
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
struct APIOperation {
    /// Which codes of the catalogue an operation may answer.
    enum Kind {
        case exchange
        case explanation
        case reading
        /// A public document, which may name a purpose that does not exist.
        case publication
        /// What the words of OAuth 2.0 answer.
        case token
    }

    let path: String
    let name: String
    let tag: APITag
    let kind: Kind
    let summary: String
    var description: String
    var mediaType = "application/json"
    let answer: String
    let answerSchema: String
    var answerExamples: [APIExample] = []
    /// What a 503 may hold instead of a problem.
    var unavailableSchema: String?
    var requestSchema: String?
    var requestExamples: [APIExample] = []
    /// The ways of naming the usager that the operation knows.
    var modes = Set(Mode.allCases)

    /// What stands in braces in the path.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
    }
}

private let generalOperations =
    [exchangeOperation, explanationOperation, tokenOperation, authorizationServerOperation]
    + publicationOperations + readingOperations

let exchangeOperation = APIOperation(
    path: "/v1/echanges",
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

let explanationOperation = APIOperation(
    path: "/v1/echanges/explication",
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

let problemsOperation = APIOperation(
    path: "/v1/problemes", name: "lireLesProblemes", tag: .reference, kind: .reading,
    summary: "Le catalogue des erreurs et des motifs.",
    description: "Un code, un sens, un statut.",
    answer: "Le catalogue.", answerSchema: "Catalogue")

private let readingOperations: [APIOperation] = [
    problemsOperation, holdersOperation,
    APIOperation(
        path: GatewayAPI.schemasPath, name: "lireLesSchemas", tag: .reference, kind: .publication,
        summary: "Les schémas des documents que l'on écrit.",
        description: "Contrats, connecteurs, services, finalités, cas : chacun a le sien.",
        answer: "La liste des schémas.", answerSchema: "Document"),
    APIOperation(
        path: GatewayAPI.schemasPath + "/{nom}", name: "lireUnSchema", tag: .reference,
        kind: .publication,
        summary: "Le schéma d'une sorte de document.",
        description: "JSON Schema 2020-12, tiré des listes que le lecteur lui-même emploie.",
        mediaType: "application/schema+json",
        answer: "Le schéma.", answerSchema: "Document"),
    APIOperation(
        path: "/v1/openapi.json", name: "lireLaDescription", tag: .reference, kind: .reading,
        summary: "Ce document.",
        description: "La description suit les jeux de données en vigueur.",
        answer: "La description de l'API.", answerSchema: "Document"),
    APIOperation(
        path: GatewayAPI.publicKeysPath, name: "lireLesClesPubliques", tag: .exploitation,
        kind: .reading,
        summary: "Les clés publiques auxquelles FranceConnect chiffre.",
        description: "Un ensemble de clés JWK (RFC 7517).",
        mediaType: "application/jwk-set+json",
        answer: "Les clés publiques.", answerSchema: "Cles"),
    APIOperation(
        path: "/livez", name: "estVivant", tag: .exploitation, kind: .reading,
        summary: "La passerelle tourne.",
        description: "Répond tant que le processus sert des requêtes.",
        answer: "La passerelle tourne.", answerSchema: "Vie"),
    APIOperation(
        path: "/readyz", name: "estPret", tag: .exploitation, kind: .reading,
        summary: "La passerelle peut échanger.",
        description: """
            Prête veut dire : finalités chargées, journal inscriptible, clés présentes. Sinon \
            la réponse est 503, et le même document dit ce qui manque.
            """,
        answer: "La passerelle est prête.", answerSchema: "Etat", unavailableSchema: "Etat"),
]

extension JSONWriter {
    fileprivate mutating func path(_ operation: APIOperation) {
        let asks = operation.requestSchema != nil
        object(operation.path) { writer in
            writer.object(asks ? "post" : "get") { writer in
                writer.member("operationId", operation.name)
                writer.member("tags", [operation.tag.rawValue])
                writer.member("summary", operation.summary)
                writer.member("description", operation.description)
                if operation.kind == .token {
                    writer.tokenOperation(operation)
                } else {
                    writer.operation(operation)
                }
            }
        }
    }

    private mutating func operation(_ operation: APIOperation) {
        if operation.kind == .exchange {
            array("parameters") { $0.preferParameter() }
        }
        if !operation.pathParameters.isEmpty {
            array("parameters") { writer in
                for name in operation.pathParameters { writer.pathParameter(name) }
            }
        }
        if let schema = operation.requestSchema {
            array("security") { writer in
                for scheme in SecurityScheme.allCases {
                    writer.object { $0.member(scheme.rawValue, [String]()) }
                }
            }
            object("requestBody") { writer in
                writer.member("required", true)
                writer.content("application/json", schema, operation.requestExamples)
            }
        }
        object("responses") { $0.responses(operation) }
    }

    private mutating func pathParameter(_ name: String) {
        object { writer in
            writer.member("name", name)
            writer.member("in", "path")
            writer.member("required", true)
            writer.object("schema") { writer in
                writer.member("type", "string")
                writer.member("pattern", "^[a-z][a-z0-9_-]{0,63}$")
            }
        }
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
        if operation.tag == .finalites {
            object("304") { $0.member("description", "Le document n'a pas changé (ETag).") }
        }
        let codes = ProblemCode.allCases.filter(operation.mayAnswer)
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
            401: ["WWW-Authenticate", "DPoP-Nonce"], 429: ["Retry-After"] + JSONWriter.rateLimits,
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

extension APIOperation {
    /// Whether the operation may answer a code of the catalogue.
    ///
    /// What no operation answers belongs to other addresses: an unknown path, another method.
    fileprivate func mayAnswer(_ code: ProblemCode) -> Bool {
        if let isOfCaller = code.isOfCaller { return isOfCaller && requestSchema != nil }
        return switch code {
        case .ressourceInconnue: kind == .publication && !pathParameters.isEmpty
        case .methodeRefusee: false
        case .corpsTropGrand, .longueurRequise, .typeDeContenuRefuse, .jsonInvalide,
            .requeteInvalide, .tropDeChamps, .serviceNonAuthentifie:
            kind != .reading && kind != .publication
        case .demandeRefusee, .quotaEpuise, .jetonFranceConnectInactif, .identiteInexploitable,
            .franceConnectIrrecevable, .franceConnectIndisponible, .franceConnectTropLent,
            .passerelleMalConfiguree, .journalIndisponible:
            kind == .exchange && (modes.contains(.franceconnect) || !code.isOfFranceConnect)
        default:
            true
        }
    }
}

extension ProblemCode {
    /// Whether only an exchange with a FranceConnect token can end so.
    fileprivate var isOfFranceConnect: Bool {
        [
            .jetonFranceConnectInactif, .identiteInexploitable, .franceConnectIrrecevable,
            .franceConnectIndisponible, .franceConnectTropLent, .passerelleMalConfiguree,
        ].contains(self)
    }
}
