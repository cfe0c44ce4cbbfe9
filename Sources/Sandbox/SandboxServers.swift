import Curl
import HTTPMessages
import HTTPServing
package import Platform

/// The sandbox at work: FranceConnect, the five holders and the control service, on loopback.
package final class SandboxServers: Sendable {
    /// Where each listens: `franceconnect`, `bac_a_sable`, and the holders by id.
    package let urls: [String: String]
    /// The calls received; a bench may stop keeping them.
    package let log: CallLog

    private let servers: [HTTPServer]
    private let franceConnect: FranceConnect
    private let faults: FaultBoard

    private static let host = "127.0.0.1"

    private init(
        urls: [String: String], log: CallLog, servers: [HTTPServer],
        franceConnect: FranceConnect, faults: FaultBoard
    ) {
        self.urls = urls
        self.log = log
        self.servers = servers
        self.franceConnect = franceConnect
        self.faults = faults
    }

    /// FranceConnect's issuer.
    package var issuer: String { (urls["franceconnect"] ?? "") + "/api/v2" }

    /// Everyone, as `demo.json` lists them.
    package var people: [Person] { Town.standard.people }

    /// Registers the gateway at FranceConnect for some holders, once its address is known.
    package func register(_ providers: [SandboxConfiguration.DataProvider]) {
        franceConnect.state.register(providers)
    }

    /// Makes a holder refuse under a code of its own; nil repairs it.
    package func refuse(_ holder: String, under code: String?) {
        let entry = code.map {
            FaultBoard.Entry(fault: .refus, endsAt: .max, delay: .zero, code: $0)
        }
        faults.set(entry, for: holder)
    }

    /// The codes under which a holder can refuse.
    package static func refusalCodes(of holder: String) -> [String] {
        (Refusals.ofHolders[holder] ?? []).map(\.code)
    }

    /// Starts every server; the loops must be running.
    package static func start(
        loops: [EventLoop], configuration: SandboxConfiguration
    ) throws -> SandboxServers {
        let faults = FaultBoard()
        let log = CallLog()
        let fetcher = try KeySetFetcher(loops: loops)
        let clients = configuration.services.flatMap { [$0.client] + $0.clientsOfPurposes.values }
        let franceConnect = try FranceConnect(
            town: .standard, clients: clients, dataProviders: configuration.dataProviders,
            fetchKeys: { await fetcher.fetch($0) })
        let desk = ControlDesk(
            town: .standard, services: configuration.services, franceConnect: franceConnect,
            faults: faults, log: log)
        var handlers: [String: any HTTPHandler] = ["bac_a_sable": DeskServer(desk: desk)]
        handlers["franceconnect"] = DoubleServer(
            target: "franceconnect", faults: faults, log: log
        ) { request, now, fault, note in
            await franceConnect.answer(request, at: now, fault: fault, note: &note)
        }
        let judge = judge(franceConnect, faults)
        for holder in holders(configuration.credentials, judge) {
            handlers[holder.id] = DoubleServer(target: holder.id, faults: faults, log: log) {
                request, now, fault, note in
                let reply = holder.answer(request, at: now, note: &note)
                guard fault == .refus, !DoubleServer.isTokenRequest(request),
                    let code = faults.entry(for: holder.id, at: now)?.code
                else { return reply }
                return Refusals.reply(of: holder.id, under: code, at: now) ?? reply
            }
        }
        var urls: [String: String] = [:]
        var servers: [HTTPServer] = []
        for (id, handler) in handlers.sorted(by: { $0.key < $1.key }) {
            let endpoint = HTTPServer.Endpoint.plain(
                host: host, port: configuration.ports[id] ?? 0)
            var own = HTTPServer.Configuration(endpoints: [endpoint])
            // DGFIP names a field `ID_Teleservice`.
            own.limits.admitsUnderscores = true
            let server = try HTTPServer(configuration: own, loops: loops, handler: handler)
            server.start()
            urls[id] = "http://\(host):\(server.ports[0])"
            servers.append(server)
        }
        return SandboxServers(
            urls: urls, log: log, servers: servers, franceConnect: franceConnect,
            faults: faults)
    }

    /// Stops every server.
    package func stop() async {
        for server in servers {
            await server.shutdown(deadline: .now + .seconds(1))
        }
    }

    private static func holders(
        _ credentials: SandboxConfiguration.HolderCredentials, _ judge: @escaping TokenJudge
    ) -> [any HolderDouble] {
        [
            DGFIP(town: .standard, client: credentials.dgfip, judge: judge),
            CNAV(town: .standard, client: credentials.cnav),
            MESRI(
                town: .standard, keyForINE: credentials.mesriKeyForINE,
                keyForCivilStatus: credentials.mesriKeyForCivilStatus),
            FranceTravail(town: .standard, client: credentials.franceTravail, judge: judge),
            GIPMDS(town: .standard, client: credentials.gipMDS),
        ]
    }

    /// How the holders that introspect tokens themselves reach FranceConnect: not at all while it
    /// fails.
    private static func judge(
        _ franceConnect: FranceConnect, _ faults: FaultBoard
    ) -> TokenJudge {
        { token, _, now in
            let fault = faults.entry(for: "franceconnect", at: now)?.fault
            switch fault {
            case nil, .lent, .secret: break
            case .deconnecte, .expire: return .inactive
            default: return .unavailable
            }
            return franceConnect.verdict(on: token, at: now / 1000)
        }
    }
}

/// The control service behind HTTP.
private struct DeskServer: HTTPHandler {
    let desk: ControlDesk

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        do {
            let body = try await request.body.collect(limit: 1 << 16)
            let reply = desk.answer(
                DoubleRequest(head: request.head, body: body), at: WallClock.milliseconds())
            return HTTPResponse(
                status: reply.status, headers: HTTPHeaders(reply.headers),
                body: .bytes(reply.body))
        } catch {
            return respond(to: error)
        }
    }

    func respond(to failure: HTTPFailure) -> HTTPResponse { HTTPResponse(status: failure.status) }
}

/// Fetches data providers' key sets, with one client for each loop.
private struct KeySetFetcher: Sendable {
    private let clients: [ObjectIdentifier: HTTPClient]

    init(loops: [EventLoop]) throws(TransferError) {
        var configuration = HTTPClient.Configuration()
        configuration.addressRule = .any
        var clients: [ObjectIdentifier: HTTPClient] = [:]
        for loop in loops {
            clients[ObjectIdentifier(loop)] = try HTTPClient(
                loop: loop, configuration: configuration)
        }
        self.clients = clients
    }

    /// The set, or nothing within six seconds; called on one of the loops.
    func fetch(_ url: String) async -> [UInt8]? {
        guard let loop = EventLoop.current, let client = clients[ObjectIdentifier(loop)] else {
            return nil
        }
        let request = OutboundRequest(url: url, maxResponseBytes: 1 << 16, allowsPlainHTTP: true)
        guard let answer = try? await client.send(request, until: .now + .seconds(6)),
            answer.status == 200
        else { return nil }
        return answer.body
    }
}
