import Credentials
package import Exchanges
package import HTTPMessages
package import JSONText
import Journal
import Policies
import Publications
package import Resilience
package import Vocabulary

/// Whether the gateway can carry exchanges now.
package struct Readiness: Sendable, Equatable {
    package let hasPolicies: Bool
    package let canWriteJournal: Bool
    package let hasKeys: Bool
    /// Whether it can tell who calls.
    package let knowsCallers: Bool
    package let isStopping: Bool

    package init(
        hasPolicies: Bool, canWriteJournal: Bool, hasKeys: Bool, knowsCallers: Bool = true,
        isStopping: Bool
    ) {
        self.hasPolicies = hasPolicies
        self.canWriteJournal = canWriteJournal
        self.hasKeys = hasKeys
        self.knowsCallers = knowsCallers
        self.isStopping = isStopping
    }

    package var isReady: Bool {
        hasPolicies && canWriteJournal && hasKeys && knowsCallers && !isStopping
    }
}

/// What the surface needs of the program around it.
package struct GatewayParts: Sendable {
    package let carrier: ExchangeCarrier
    package let generation: @Sendable () -> Generation
    package let authentication: CallerAuthentication
    package let readiness: @Sendable () -> Readiness
    /// The public half of the keys to which FranceConnect encrypts.
    package let publicKeys: @Sendable () -> [UInt8]
    package let newExchange: @Sendable () -> ExchangeID
    package let clocks: Clocks
    package let limits: RequestLimits
    /// The longest exchange, which `Prefer: wait` can only shorten.
    package let exchangeTimeout: Duration
    /// The schemas of the documents that the program reads.
    package let schemas: [PublishedSchema]
    /// How the holders are now.
    package let holders: @Sendable () -> [HolderState]

    package init(
        carrier: ExchangeCarrier,
        generation: @escaping @Sendable () -> Generation,
        authentication: CallerAuthentication,
        readiness: @escaping @Sendable () -> Readiness,
        publicKeys: @escaping @Sendable () -> [UInt8],
        newExchange: @escaping @Sendable () -> ExchangeID,
        clocks: Clocks,
        limits: RequestLimits,
        exchangeTimeout: Duration,
        schemas: [PublishedSchema] = [],
        holders: @escaping @Sendable () -> [HolderState] = { [] }
    ) {
        self.carrier = carrier
        self.generation = generation
        self.authentication = authentication
        self.readiness = readiness
        self.publicKeys = publicKeys
        self.newExchange = newExchange
        self.clocks = clocks
        self.limits = limits
        self.exchangeTimeout = exchangeTimeout
        self.schemas = schemas
        self.holders = holders
    }
}

/// The callers' HTTP API, version 1: requests to exchanges, problems to documents.
///
/// It is a value over its parts and knows no socket: a request's head, and a way to read the body
/// once the caller is known.
package struct GatewayAPI: Sendable {
    /// Reads the whole body, up to so many bytes.
    package typealias BodyReading = (Int) async throws(HTTPFailure) -> [UInt8]

    enum Route: Sendable {
        case exchange
        case explanation
        case token
        case authorizationServer
        case problems
        case holders
        /// A document that speaks of all purposes.
        case published(PublishedDocument)
        /// A document of the purpose that the path names.
        case publishedOfPurpose(@Sendable (PurposeID) -> PublishedDocument)
        case openAPI
        case schemas
        case schema
        case publicKeys
        case alive
        case ready
    }

    let parts: GatewayParts
    let publications = PublicationCache()
    private let routes: RouteTable<Route>

    package init(_ parts: GatewayParts) {
        self.parts = parts
        var routes = RouteTable<Route>()
        routes.add(.post, "/v1/echanges", .exchange)
        routes.add(.post, "/v1/echanges/explication", .explanation)
        routes.add(.post, GatewayAPI.tokenPath, .token)
        routes.add(.get, GatewayAPI.metadataPath, .authorizationServer)
        routes.add(.get, "/v1/problemes", .problems)
        routes.add(.get, GatewayAPI.holdersPath, .holders)
        routes.add(.get, "/v1/openapi.json", .openAPI)
        routes.add(.get, GatewayAPI.schemasPath, .schemas)
        routes.add(.get, GatewayAPI.schemasPath + "/{nom}", .schema)
        routes.add(.get, GatewayAPI.publicKeysPath, .publicKeys)
        routes.add(.get, "/livez", .alive)
        routes.add(.get, "/readyz", .ready)
        GatewayAPI.addPublications(to: &routes)
        self.routes = routes
    }

    /// Where anybody reads how the holders are.
    package static let holdersPath = "/v1/detenteurs"

    /// Where the schemas of the documents are listed, each below its own name.
    package static let schemasPath = "/v1/schemas"

    /// Where FranceConnect fetches the gateway's encryption keys.
    package static let publicKeysPath = "/.well-known/jwks.json"

    /// Answers one request.
    ///
    /// The certificate is the SHA-256 of the one that the connection presents.
    package func respond(
        to head: HTTPRequestHead, certificate: [UInt8]? = nil, readingBody body: BodyReading
    ) async -> HTTPResponse {
        switch routes.match(head.method, head.segments) {
        case .notFound:
            return Problem(.ressourceInconnue).response()
        case .methodNotAllowed(let allowed):
            var response = Problem(.methodeRefusee).response()
            response.headers.add("Allow", allowed.map(\.rawValue).joined(separator: ", "))
            return response
        case .found(let route, let parameters):
            let asking = Asking(head: head, certificate: certificate)
            var response = await respond(route, parameters, asking, body)
            if head.headers.contains("DPoP") {
                // The next proof must repeat it (RFC 9449, 8.2).
                let nonce = parts.authentication.nonces.current(at: parts.clocks.wall())
                response.headers.set("DPoP-Nonce", nonce)
            }
            return response
        }
    }

    /// A request but for its body, and what its connection presents.
    struct Asking {
        let head: HTTPRequestHead
        let certificate: [UInt8]?
    }

    private func respond(
        _ route: Route, _ parameters: RouteParameters, _ asking: Asking, _ body: BodyReading
    ) async -> HTTPResponse {
        let head = asking.head
        switch route {
        case .exchange:
            return await exchange(asking, body)
        case .explanation:
            do throws(Problem) {
                return try await explanation(asking, body)
            } catch {
                return error.response()
            }
        case .token:
            return await token(head, asking.certificate, body)
        case .authorizationServer:
            return json(authorizationServer(), isPublic: true)
        case .problems:
            return json(problemCatalogue(), isPublic: true)
        case .holders:
            return holderStates()
        case .openAPI:
            return json(openAPIDocument(parts.generation().known), isPublic: true)
        case .schemas:
            return json(parts.schemaList(), isPublic: true)
        case .schema:
            return parts.schema(named: parameters["nom"] ?? "")
        case .published(let document):
            return publication(document, head)
        case .publishedOfPurpose(let document):
            return publication(document, of: parameters, head)
        case .publicKeys:
            return HTTPResponse(
                status: 200, contentType: "application/jwk-set+json", body: parts.publicKeys())
        case .alive:
            return json(Array("{\"statut\":\"vivant\"}".utf8))
        case .ready:
            let readiness = parts.readiness()
            return json(readiness.document, status: readiness.isReady ? 200 : 503)
        }
    }

    // MARK: - The exchange

    private func exchange(_ asking: Asking, _ body: BodyReading) async -> HTTPResponse {
        let id = parts.newExchange()
        let head = asking.head
        do throws(Problem) {
            let caller = try caller(asking)
            let wait = Preference.wait(head.headers.all("Prefer"))
            let started = parts.clocks.monotonic()
            let bytes = try await read(body, head)
            let generation = parts.generation()
            let request = try request(bytes, id, caller, generation)
            let timeout = wait.map { min($0, parts.exchangeTimeout) } ?? parts.exchangeTimeout
            let answer = try await parts.carrier.carry(
                request, under: generation, until: started.advanced(by: timeout))
            var response = json(answer.body())
            response.addRateLimits(answer.quotas, at: parts.clocks.wall())
            if wait != nil {
                response.headers.add("Preference-Applied", "wait=\(timeout.components.seconds)")
            }
            return response
        } catch {
            return error.response(exchange: id, at: parts.clocks.wall())
        }
    }

    private func request(
        _ bytes: [UInt8], _ id: ExchangeID, _ caller: Caller, _ generation: Generation
    ) throws(Problem) -> ExchangeRequest {
        let body = try reader(generation).exchange(bytes)
        return ExchangeRequest(
            id: id,
            caller: caller,
            question: body.question.asked(
                by: caller.service, mode: body.usager.mode, role: body.role,
                at: parts.clocks.wall()),
            usager: body.usager,
            dossier: body.dossier
        )
    }

    private func explanation(
        _ asking: Asking, _ body: BodyReading
    ) async throws(Problem) -> HTTPResponse {
        let caller = try caller(asking)
        let bytes = try await read(body, asking.head)
        let generation = parts.generation()
        let asked = try reader(generation).explanation(bytes)
        let question = asked.question.asked(
            by: caller.service, mode: asked.mode, role: asked.role, at: parts.clocks.wall())
        let decision = generation.policies.decide(question)
        let quotas = await parts.carrier.quotas(of: decision, under: generation)
        var explanation = Explanation(decision, under: generation.policies, quotas: quotas)
        explanation.credential = Explanation.Credential(
            kind: caller.kind,
            isEnough: !parts.carrier.refuses(caller.kind, for: question.mode))
        return json(explanation.json)
    }

    private func reader(_ generation: Generation) -> RequestReader {
        RequestReader(
            limits: parts.limits, catalogue: generation.known.catalogue,
            today: parts.clocks.wall().parisDate)
    }

    private func caller(_ asking: Asking) throws(Problem) -> Caller {
        try parts.authentication.caller(
            asking.head, certificate: asking.certificate, at: parts.clocks.wall())
    }

    private func read(
        _ body: BodyReading, _ head: HTTPRequestHead
    ) async throws(Problem) -> [UInt8] {
        try await head.readJSON(body, limit: parts.limits.bytes)
    }

    private func json(
        _ body: [UInt8], status: Int = 200, isPublic: Bool = false
    ) -> HTTPResponse {
        var response = HTTPResponse(
            status: status, contentType: "application/json", body: body)
        response.headers.add("Cache-Control", isPublic ? "public, max-age=3600" : "no-store")
        return response
    }
}

extension Readiness {
    /// The document of `/readyz`, which names what is missing.
    fileprivate var document: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("statut", isReady ? "pret" : "indisponible")
            writer.member("finalites", hasPolicies)
            writer.member("journal", canWriteJournal)
            writer.member("cles", hasKeys)
            writer.member("titres", knowsCallers)
            if isStopping { writer.member("arret", true) }
        }
        return writer.bytes
    }
}
