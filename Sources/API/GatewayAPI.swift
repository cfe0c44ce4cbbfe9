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
    package let isStopping: Bool

    package init(hasPolicies: Bool, canWriteJournal: Bool, hasKeys: Bool, isStopping: Bool) {
        self.hasPolicies = hasPolicies
        self.canWriteJournal = canWriteJournal
        self.hasKeys = hasKeys
        self.isStopping = isStopping
    }

    package var isReady: Bool { hasPolicies && canWriteJournal && hasKeys && !isStopping }
}

/// What the surface needs of the program around it.
package struct GatewayParts: Sendable {
    package let carrier: ExchangeCarrier
    package let generation: @Sendable () -> Generation
    package let credentials: @Sendable () -> ServiceCredentials
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
        credentials: @escaping @Sendable () -> ServiceCredentials,
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
        self.credentials = credentials
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
    package func respond(
        to head: HTTPRequestHead, readingBody body: BodyReading
    ) async -> HTTPResponse {
        switch routes.match(head.method, head.segments) {
        case .notFound:
            return Problem(.ressourceInconnue).response()
        case .methodNotAllowed(let allowed):
            var response = Problem(.methodeRefusee).response()
            response.headers.add("Allow", allowed.map(\.rawValue).joined(separator: ", "))
            return response
        case .found(let route, let parameters):
            return await respond(route, parameters, head, body)
        }
    }

    private func respond(
        _ route: Route, _ parameters: RouteParameters, _ head: HTTPRequestHead,
        _ body: BodyReading
    ) async -> HTTPResponse {
        switch route {
        case .exchange:
            return await exchange(head, body)
        case .explanation:
            do throws(Problem) {
                return try await explanation(head, body)
            } catch {
                return error.response()
            }
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

    private func exchange(_ head: HTTPRequestHead, _ body: BodyReading) async -> HTTPResponse {
        let id = parts.newExchange()
        do throws(Problem) {
            let caller = try caller(head)
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
        _ head: HTTPRequestHead, _ body: BodyReading
    ) async throws(Problem) -> HTTPResponse {
        let caller = try caller(head)
        let bytes = try await read(body, head)
        let generation = parts.generation()
        let asked = try reader(generation).explanation(bytes)
        let question = asked.question.asked(
            by: caller.service, mode: asked.mode, role: asked.role, at: parts.clocks.wall())
        let decision = generation.policies.decide(question)
        let quotas = await parts.carrier.quotas(of: decision, under: generation)
        return json(
            Explanation(decision, under: generation.policies, quotas: quotas).json)
    }

    private func reader(_ generation: Generation) -> RequestReader {
        RequestReader(
            limits: parts.limits, catalogue: generation.known.catalogue,
            today: parts.clocks.wall().parisDate)
    }

    private func caller(_ head: HTTPRequestHead) throws(Problem) -> Caller {
        try parts.credentials().caller(
            authorization: head.headers.all("Authorization"), at: parts.clocks.wall())
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
            if isStopping { writer.member("arret", true) }
        }
        return writer.bytes
    }
}
