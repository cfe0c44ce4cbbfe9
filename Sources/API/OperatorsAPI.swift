import Exchanges
package import HTTPMessages
import JSONText
import Journal
package import Vocabulary

/// What the operators' surface needs of the program around it.
package struct OperatorsParts: Sendable {
    package let credentials: OperatorsCredentials
    package let desk: any RevisionDesk
    /// Every metric, as it is now.
    package let metrics: @Sendable () async -> [MetricFamily]
    package let wall: @Sendable () -> Timestamp

    package init(
        credentials: OperatorsCredentials,
        desk: any RevisionDesk,
        metrics: @escaping @Sendable () async -> [MetricFamily],
        wall: @escaping @Sendable () -> Timestamp
    ) {
        self.credentials = credentials
        self.desk = desk
        self.metrics = metrics
        self.wall = wall
    }
}

/// The operators' HTTP API, version 1, on a listener of its own.
///
/// Nothing here answers before the caller is known, not even that an address does not exist.
package struct OperatorsAPI: Sendable {
    /// Reads the whole body, up to so many bytes.
    package typealias BodyReading = (Int) async throws(HTTPFailure) -> [UInt8]

    enum Route: Sendable {
        case myself
        case metrics
        case openAPI
        case propose
        case revisions
        case waitingRevisions
        case revision
        case approve
        case withdraw
    }

    let parts: OperatorsParts
    private let routes: RouteTable<Route>

    package init(_ parts: OperatorsParts) {
        self.parts = parts
        var routes = RouteTable<Route>()
        for operation in OperatorsOperation.all {
            routes.add(operation.method, operation.path, operation.route)
        }
        self.routes = routes
    }

    /// Answers one request.
    package func respond(
        to head: HTTPRequestHead, shown: ShownCredentials, readingBody body: BodyReading
    ) async -> HTTPResponse {
        do throws(Problem) {
            let party = try parts.credentials.party(shown, at: parts.wall())
            switch routes.match(head.method, head.segments) {
            case .notFound:
                throw Problem(.ressourceInconnue)
            case .methodNotAllowed(let allowed):
                var response = Problem(.methodeRefusee).response()
                response.headers.add("Allow", allowed.map(\.rawValue).joined(separator: ", "))
                return response
            case .found(let route, let parameters):
                return try await respond(route, parameters, party, head, body)
            }
        } catch {
            return error.response()
        }
    }

    private func respond(
        _ route: Route, _ parameters: RouteParameters, _ party: OperatorsParty,
        _ head: HTTPRequestHead, _ body: BodyReading
    ) async throws(Problem) -> HTTPResponse {
        switch route {
        case .myself:
            return json(party.document)
        case .openAPI:
            return json(operatorsOpenAPIDocument)
        case .propose:
            return try await propose(parameters, party, head, body)
        case .revisions:
            return try await revisions(parameters, party)
        case .waitingRevisions:
            return try await waitingRevisions(party)
        case .revision:
            return try await revision(parameters, party)
        case .approve:
            return try await approve(parameters, party)
        case .withdraw:
            return try await withdraw(parameters, party)
        case .metrics:
            _ = try party.requiredPerson()
            var response = HTTPResponse(
                status: 200, contentType: [MetricFamily].mediaType,
                body: Array(await parts.metrics().text.utf8))
            response.headers.add("Cache-Control", "no-store")
            return response
        }
    }

    func json(_ body: [UInt8], status: Int = 200) -> HTTPResponse {
        var response = HTTPResponse(status: status, contentType: "application/json", body: body)
        response.headers.add("Cache-Control", "no-store")
        return response
    }
}

extension OperatorsParty {
    /// The operator's name; a holder has not the right.
    func requiredPerson() throws(Problem) -> OperatorText {
        guard case .person(let name) = self else {
            throw Problem(.droitManquant, detail: "Seul un opérateur peut faire cela.")
        }
        return name
    }

    fileprivate var document: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("nom", name.text)
            switch self {
            case .person: writer.member("qualite", "operateur")
            case .holder(let holder, _):
                writer.member("qualite", "detenteur")
                writer.member("detenteur", holder.text)
            }
        }
        return writer.bytes
    }
}
