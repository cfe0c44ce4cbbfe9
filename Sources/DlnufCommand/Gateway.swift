import API
import Cryptography
import Curl
import Exchanges
import FranceConnectClient
import Glibc
import HTTPMessages
import HTTPServing
import HolderClients
import JOSE
import JSONText
import Journal
import Platform
import Policies
import Registry
import Storage
import Synchronization
import Vocabulary

/// The loops of one process, started.
struct Loops: Sendable {
    let all: [EventLoop]

    init(_ count: Int) throws(SystemError) {
        var loops: [EventLoop] = []
        for index in 0..<count {
            let loop = try EventLoop(name: "boucle-\(index)")
            try loop.start()
            loops.append(loop)
        }
        all = loops
    }

    func stop() {
        for loop in all { loop.stop() }
    }
}

/// What the listening sockets answer with, once the gateway stands behind them.
///
/// The sockets are opened first, so that the port is known, and taken, before anything else is told
/// of it.
final class FrontDoor: HTTPHandler {
    private let api = Mutex<GatewayAPI?>(nil)

    func open(_ api: GatewayAPI) {
        self.api.withLock { $0 = api }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let api = api.withLock({ $0 }) else {
            return Problem(.arretEnCours).response()
        }
        return await api.respond(
            to: request.head, certificate: request.clientCertificateSHA256
        ) { (limit) async throws(HTTPFailure) in
            try await request.body.collect(limit: limit)
        }
    }

    func respond(to failure: HTTPFailure) -> HTTPResponse {
        Problem(failure).response()
    }
}

/// Something that happens once and that any thread may ask about.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() {
        value.store(true, ordering: .releasing)
    }
}

/// One running gateway: sockets, loops, journal, clients, and the API over them.
final class Gateway: Sendable {
    let loops: Loops
    let ports: [UInt16]
    private let door: FrontDoor
    private let server: HTTPServer
    private let store = Mutex<JournalStore?>(nil)
    /// The assertions that were used.
    let replays = Mutex<ReplayStore?>(nil)
    private let documents = Mutex<DocumentKeeper?>(nil)
    /// Where operators connect, if the deployment has any.
    private let operators = Mutex<OperatorsEntrance?>(nil)

    private let stopping = Flag()

    /// Takes the sockets; nothing is accepted before `start`.
    init(listeners: [GatewayConfiguration.Listening], loops count: Int) throws {
        let endpoints = try listeners.map { try HTTPServer.Endpoint($0) }
        loops = try Loops(count)
        door = FrontDoor()
        do throws(HTTPServerError) {
            server = try HTTPServer(
                configuration: HTTPServer.Configuration(endpoints: endpoints), loops: loops.all,
                handler: door)
        } catch {
            throw CommandFailure(error, listeners: listeners)
        }
        ports = server.ports
    }

    /// Opens the journal, wires the parts and begins to answer.
    func start(
        _ configuration: GatewayConfiguration, registry: Registry, keys: EncryptionKeySet
    ) async throws(CommandFailure) {
        let store = try storing { () throws(JournalStoreError) in
            var settings = JournalStore.Configuration(path: configuration.journal)
            settings.accessChanged = logAccess
            return try JournalStore.open(settings)
        }
        let callers = try callers(configuration, of: registry)
        let clients = try httpClients(configuration)
        let clocks = Clocks(
            wall: { Timestamp(milliseconds: WallClock.milliseconds()) },
            monotonic: { ContinuousClock.now })
        let documents = try await DocumentKeeper.start(
            with: registry,
            DocumentKeeper.Surroundings(
                configuration: configuration, clients: clients,
                lanes: LaneRegister(LaneEdge(now: clocks.monotonic, wall: clocks.wall)),
                clocks: clocks, store: store,
                revisions: RevisionFolder(configuration.revisions)))
        let introspector = FranceConnectIntrospector(
            configuration.franceConnectClient, encryptionKeys: keys,
            send: transport(over: clients), clocks: clocks)
        let carrier = ExchangeCarrier(
            journal: RecordingPort(store), franceConnect: introspector, clocks: clocks,
            demandsBoundCredential: configuration.environment == .production)
        self.store.withLock { $0 = store }
        self.documents.withLock { $0 = documents }
        door.open(
            GatewayAPI(
                GatewayParts(
                    carrier: carrier,
                    generation: {
                        let set = documents.current
                        return Generation(
                            policies: set.policies, known: set.known, keyring: store.keyring,
                            holders: set.holders)
                    },
                    authentication: callers.authentication,
                    readiness: { [stopping] in
                        Readiness(
                            hasPolicies: !documents.current.policies.isEmpty,
                            canWriteJournal: store.isWritable,
                            hasKeys: !keys.entries.isEmpty
                                && store.keyring.covers(
                                    Timestamp(milliseconds: WallClock.milliseconds())),
                            knowsCallers: callers.registry.isReadable,
                            isStopping: stopping.isRaised)
                    },
                    publicKeys: { keys.publicDocument },
                    newExchange: {
                        ExchangeID(
                            time: Timestamp(milliseconds: WallClock.milliseconds()),
                            random: Randomness.bytes(10))
                    },
                    clocks: clocks,
                    limits: RequestLimits(),
                    exchangeTimeout: configuration.exchangeTimeout,
                    schemas: publishedSchemas,
                    holders: { documents.current.holderStates(on: clocks.wall().parisDate) }
                )))
        let entrance = try openOperators(configuration, documents, store)
        operators.withLock { $0 = entrance }
        server.start()
        // So that the first exchange need not wait; should FranceConnect be away, it asks again.
        loops.all.first?.spawn { try? await introspector.prepare() }
    }

    /// Has the documents read again, beside the exchanges; a set with a mistake changes nothing.
    func requestReload() {
        documents.withLock { $0 }?.requestReload()
    }

    /// Answers what runs, then closes the journal.
    func stop(within duration: Duration) async {
        stopping.raise()
        let deadline = ContinuousClock.now.advanced(by: duration)
        await server.shutdown(deadline: deadline)
        await operators.withLock { $0 }?.stop(deadline: deadline)
        documents.withLock { $0 }?.stop()
        replays.withLock { $0 }?.close()
        store.withLock { $0 }?.close()
    }

    private func httpClients(
        _ configuration: GatewayConfiguration
    ) throws(CommandFailure) -> [HTTPClient] {
        var settings = HTTPClient.Configuration()
        if configuration.environment == .bacASable {
            settings.addressRule = .any
        }
        var clients: [HTTPClient] = []
        for loop in loops.all {
            do throws(TransferError) {
                clients.append(try HTTPClient(loop: loop, configuration: settings))
            } catch {
                throw CommandFailure(
                    .system, "Le client HTTP ne démarre pas.",
                    remedy: "Vérifiez la mémoire et les descripteurs disponibles.")
            }
        }
        return clients
    }
}

extension HTTPServer.Endpoint {
    /// A listener of the configuration, its TLS files read.
    init(
        _ listening: GatewayConfiguration.Listening, requiresCertificate: Bool = false
    ) throws(CommandFailure) {
        guard let tls = listening.tls else {
            self = .plain(host: listening.address, port: listening.port)
            return
        }
        let chain = try Self.read(tls.certificate)
        let key = try Self.read(tls.key)
        let authorities = try tls.clientAuthorities.map(Self.read)
        let clients = authorities.map { authorities -> ClientCertificates in
            requiresCertificate
                ? .required(authoritiesPEM: authorities) : .optional(authoritiesPEM: authorities)
        }
        do {
            self = .tls(
                host: listening.address, port: listening.port,
                try TLSContext.server(
                    certificateChainPEM: chain, keyPEM: key,
                    clients: clients ?? .none))
        } catch {
            throw CommandFailure(
                .configuration,
                "Le certificat \(tls.certificate) et la clé \(tls.key) ne vont pas ensemble, ou "
                    + "ne sont pas du PEM.",
                remedy: "Donnez la chaîne complète, la clé de son premier certificat et des "
                    + "autorités lisibles.")
        }
    }

    private static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        do {
            return try Files.read(path, maxBytes: 1 << 20)
        } catch {
            throw CommandFailure(
                .configuration, "Le fichier \(path) d'une écoute ne se lit pas (\(error.text)).",
                remedy: "Vérifiez « ecoute », le chemin et les droits.")
        }
    }
}

extension CommandFailure {
    /// Why the gateway cannot listen.
    fileprivate init(_ error: HTTPServerError, listeners: [GatewayConfiguration.Listening]) {
        let places = listeners.map { "\($0.address):\($0.port)" }.joined(separator: ", ")
        switch error {
        case .cannotListen(let cause) where cause.code == EADDRINUSE:
            self.init(
                .system, "Un autre programme écoute déjà sur \(places).",
                remedy: "Arrêtez-le, ou changez « port ».")
        case .cannotListen(let cause):
            self.init(
                .system, "La passerelle ne peut pas écouter sur \(places) (\(cause.text)).",
                remedy: "Vérifiez l'adresse et les droits.")
        case .addressMalformed(let host):
            self.init(
                .configuration, "L'adresse d'écoute « \(shownName(host)) » n'en est pas une.",
                remedy: "Donnez une adresse IP, comme 127.0.0.1.")
        }
    }
}

extension GatewayConfiguration {
    /// What the introspector needs.
    var franceConnectClient: FranceConnectConfiguration {
        var client = FranceConnectConfiguration(
            issuer: franceConnect.issuer,
            registrations: franceConnect.registrations.mapValues { registration in
                FranceConnectConfiguration.Registration(
                    clientID: registration.clientID, secret: registration.secret,
                    signature: franceConnect.signature, encryption: franceConnect.encryption)
            },
            clients: Dictionary(
                franceConnect.clients.map { ($0.value, $0.key) },
                uniquingKeysWith: { one, _ in one })
        )
        client.allowsPlainHTTP = environment == .bacASable
        return client
    }
}
