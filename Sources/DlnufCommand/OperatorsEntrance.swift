import API
import Cryptography
import Glibc
import HTTPMessages
import HTTPServing
import Platform
import Synchronization
import Vocabulary

/// The operators' listener: sockets of their own, which no caller's request reaches.
final class OperatorsEntrance: Sendable {
    /// What answers, once the gateway stands behind it.
    private final class Door: HTTPHandler {
        private let api = Mutex<OperatorsAPI?>(nil)

        func open(_ api: OperatorsAPI) { self.api.withLock { $0 = api } }

        func respond(to request: HTTPRequest) async -> HTTPResponse {
            guard let api = api.withLock({ $0 }) else {
                return Problem(.arretEnCours).response()
            }
            let shown = ShownCredentials(
                authorization: request.head.headers.all("Authorization"),
                certificate: request.clientCertificateSHA256, isLocal: !request.isEncrypted)
            return await api.respond(to: request.head, shown: shown) {
                (limit) async throws(HTTPFailure) in
                try await request.body.collect(limit: limit)
            }
        }

        func respond(to failure: HTTPFailure) -> HTTPResponse { Problem(failure).response() }
    }

    /// The ports of the listeners, 0 for a Unix socket.
    let ports: [UInt16]
    private let sockets: [String]
    private let door = Door()
    private let server: HTTPServer

    /// Takes the sockets; nothing is accepted before `open`.
    init(_ listeners: [OperatorsConfiguration.Listening], loops: [EventLoop]) throws(CommandFailure)
    {
        var endpoints: [HTTPServer.Endpoint] = []
        for listener in listeners { endpoints.append(try HTTPServer.Endpoint(listener)) }
        var settings = HTTPServer.Configuration(endpoints: endpoints)
        // Few people, and no reason for more.
        settings.connectionsMax = 200
        settings.handshakesMax = 50
        do throws(HTTPServerError) {
            server = try HTTPServer(configuration: settings, loops: loops, handler: door)
        } catch {
            throw CommandFailure(error, operators: listeners)
        }
        ports = server.ports
        sockets = listeners.compactMap { listener in
            if case .socket(let path) = listener { path } else { nil }
        }
    }

    /// Begins to answer.
    func open(_ api: OperatorsAPI) {
        door.open(api)
        server.start()
    }

    /// Answers what runs, then lets the sockets go.
    func stop(deadline: ContinuousClock.Instant) async {
        await server.shutdown(deadline: deadline)
        for path in sockets { try? Files.remove(path) }
    }
}

extension HTTPServer.Endpoint {
    fileprivate init(_ listener: OperatorsConfiguration.Listening) throws(CommandFailure) {
        switch listener {
        case .socket(let path): self = .unix(path: path)
        case .network(let listening): self = try .init(listening, requiresCertificate: true)
        }
    }
}

extension CommandFailure {
    /// Why the operators cannot be listened to.
    fileprivate init(
        _ error: HTTPServerError, operators listeners: [OperatorsConfiguration.Listening]
    ) {
        let places = listeners.map { listener in
            switch listener {
            case .socket(let path): path
            case .network(let listening): "\(listening.address):\(listening.port)"
            }
        }.joined(separator: ", ")
        let remedy = "Vérifiez « operateurs.ecoute » : l'adresse, le dossier et ses droits."
        switch error {
        case .cannotListen(let cause) where cause.code == EADDRINUSE:
            self.init(
                .system, "Un autre programme écoute déjà pour les opérateurs : \(places).",
                remedy: "Arrêtez-le, ou changez « operateurs.ecoute ».")
        case .cannotListen(let cause):
            self.init(
                .system,
                "La passerelle ne peut pas écouter pour les opérateurs : \(places) "
                    + "(\(cause.text)).", remedy: remedy)
        case .addressMalformed:
            self.init(
                .configuration, "Une adresse de « operateurs.ecoute » n'en est pas une.",
                remedy: "Donnez une adresse IP, comme 127.0.0.1.")
        }
    }
}
