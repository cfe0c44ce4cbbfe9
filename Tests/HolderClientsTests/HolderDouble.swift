import Connectors
import Curl
import Foundation
import HTTPMessages
import HTTPServing
import HolderClients
import JSONText
import Platform
import Resilience
import Synchronization
import Vocabulary

/// A holder as a real HTTP server, which answers as a test tells it to.
final class HolderDouble: HTTPHandler {
    struct Call: Sendable {
        let method: String
        let target: String
        let headers: HTTPHeaders
        let body: String
        /// Where the call comes in the order of those to the same path.
        let number: Int

        var path: String { String(target.prefix { $0 != "?" }) }
    }

    private let calls = Mutex<[Call]>([])
    private let script: @Sendable (Call) async -> HTTPResponse

    init(_ script: @escaping @Sendable (Call) async -> HTTPResponse) {
        self.script = script
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let body = (try? await request.body.collect(limit: 100_000)) ?? []
        let target = request.head.target
        let call = calls.withLock { calls in
            let path = target.prefix { $0 != "?" }
            let call = Call(
                method: request.head.method.rawValue, target: target,
                headers: request.head.headers, body: String(decoding: body, as: UTF8.self),
                number: calls.count { $0.path == path } + 1)
            calls.append(call)
            return call
        }
        return await script(call)
    }

    func respond(to failure: HTTPFailure) -> HTTPResponse {
        HTTPResponse(status: failure.status)
    }

    /// The paths that were called, in order.
    var paths: [String] { calls.withLock { $0.map(\.path) } }
    var all: [Call] { calls.withLock { $0 } }
}

func json(_ text: String, status: Int = 200, _ headers: [(String, String)] = []) -> HTTPResponse {
    var response = HTTPResponse(
        status: status, contentType: "application/json", body: Array(text.utf8))
    for (name, value) in headers { response.headers.add(name, value) }
    return response
}

let grant = json(#"{"access_token":"jeton-1","token_type":"Bearer","expires_in":3600}"#)

/// Two loops, a holder on one of them, and the clients that ask it.
struct Bench {
    let loops: [EventLoop]
    let double: HolderDouble
    let server: HTTPServer
    let clients: HolderClients
    let clock: DrivenClock
    /// What another set of documents would be bound to.
    let rebind: @Sendable (_ resilience: String) throws -> HolderClients

    init(
        _ connectors: [String], secret: String = "secret-invente",
        secrets: [String: String] = [:], port: UInt16? = nil,
        deadPorts: Int = 0, resilience: String = "{}", clock: DrivenClock = DrivenClock(),
        changing old: String = "", to new: String = "",
        _ script: @escaping @Sendable (HolderDouble.Call) async -> HTTPResponse
    ) throws {
        loops = [try EventLoop(name: "un"), try EventLoop(name: "deux")]
        for loop in loops { try loop.start() }
        double = HolderDouble(script)
        var serving = HTTPServer.Configuration(endpoints: [.plain(host: "127.0.0.1", port: 0)])
        serving.limits.admitsUnderscores = true
        server = try HTTPServer(configuration: serving, loops: [loops[0]], handler: double)
        server.start()
        var configuration = HTTPClient.Configuration()
        configuration.addressRule = .any
        var own: [HTTPClient] = []
        for loop in loops { own.append(try HTTPClient(loop: loop, configuration: configuration)) }
        let made = try connectors.map { try connector($0, changing: old, to: new) }
        let origin = HolderBinding.Origin(
            // Nobody listens on the ports of old services.
            baseURLs: (0..<deadPorts).map { "http://127.0.0.1:\($0 + 1)" }
                + ["http://127.0.0.1:\(port ?? server.ports[0])"],
            reach: Reach(admitsThisMachine: true), allowsPlainHTTP: true)
        var bindings: [ConnectorKey: HolderBinding] = [:]
        for connector in made {
            bindings[ConnectorKey(connector)] = HolderBinding(
                origins: Dictionary(
                    uniqueKeysWithValues: connector.origins.map { ($0.text, origin) }),
                secrets: Dictionary(
                    uniqueKeysWithValues: connector.secrets.map {
                        ($0.text, Sensitive(secrets[$0.text] ?? secret))
                    }),
                receives: connector.relayed)
        }
        self.clock = clock
        let lanes = LaneRegister(
            LaneEdge(now: { clock.now }, wall: { clock.wall }, random: { clock.random }))
        rebind = { [bindings, own] resilience in
            var configuration = HolderClients.Configuration(bindings: bindings)
            let changes = try changes(resilience)
            for connector in made { configuration.resilience[connector.holder] = changes }
            return try HolderClients(
                made, configuration: configuration, send: holderTransport(over: own), lanes: lanes)
        }
        clients = try rebind(resilience)
    }

    func ask(
        _ holder: String, _ question: HolderQuestion, within: Duration = .seconds(20), loop: Int = 1
    ) async throws -> HolderReply {
        try await loops[loop].run { [clients, clock] in
            await clients.answer(
                question, from: HolderID(checked: holder), until: clock.now.advanced(by: within))
        }
    }

    /// How a holder's lane is.
    func snapshot(_ holder: String) throws -> LaneSnapshot {
        let state = clients.states().first { $0.holder.text == holder }
        guard let snapshot = state?.snapshot else { throw TestFailure(text: "no lane") }
        return snapshot
    }

    func stop() async {
        await server.shutdown(deadline: ContinuousClock.now)
        for loop in loops { loop.stop() }
    }
}

/// Clocks that a test puts forward, and a draw that it chooses.
final class DrivenClock: Sendable {
    private let state = Mutex((ahead: Duration.zero, random: 0.0))
    private let day: String

    /// - Parameter day: the legal day on which it is noon in UTC, a Monday unless said.
    init(day: String = "2026-11-16") {
        self.day = day
    }

    var now: ContinuousClock.Instant {
        ContinuousClock.now.advanced(by: state.withLock { $0.ahead })
    }

    var wall: Timestamp {
        let days = CalendarDate(day)?.daysSinceEpoch ?? 0
        let ahead = state.withLock { $0.ahead }
        return Timestamp(
            milliseconds: days * 86_400_000 + 43_200_000 + Int64(ahead / .milliseconds(1)))
    }

    var random: Double { state.withLock { $0.random } }

    func advance(by span: Duration) {
        state.withLock { $0.ahead += span }
    }

    func draw(_ random: Double) {
        state.withLock { $0.random = random }
    }
}

struct TestFailure: Error {
    let text: String
}

/// What a deployment's member `resilience` changes.
func changes(_ text: String) throws -> ResilienceChanges {
    var reader = ResilienceReader()
    reader.readLimits(JSONPlace(root: try parseJSON(Array(text.utf8))))
    guard reader.mistakes.isEmpty else { throw TestFailure(text: "\(reader.mistakes.all)") }
    return reader.changes
}

func connector(
    _ path: String, changing old: String = "", to new: String = ""
) throws -> Connector {
    let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("connectors/\(path)/connector.json")
    var text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    if !old.isEmpty { text = text.replacingOccurrences(of: old, with: new) }
    let document = ConnectorDocument(Array(text.utf8))
    guard let connector = document.connector else {
        throw TestFailure(text: document.mistakes.map(\.message).joined())
    }
    return connector
}

/// An invented usager.
func pivot(birth: String = "1990-05-17", mayBePresumed: Bool = false) throws -> PivotIdentity {
    guard let date = PartialDate(birth) else { throw TestFailure(text: "no date") }
    return PivotIdentity(
        birthName: "Le Goff", usageName: nil, givenNames: ["Anaïs", "Marie"], birthDate: date,
        mayBePresumed: mayBePresumed, sex: .feminin, birthCountry: "99100", birthCommune: "2A004")
}

func question(
    _ fields: [String], mode: Mode = .identite, period: Period? = .year(2024),
    pivot: PivotIdentity? = nil, identifiers: [IdentifierKind: Sensitive<String>] = [:]
) throws -> HolderQuestion {
    let leaves = fields.compactMap { FieldPath($0) }
    guard let dataset = leaves.first?.dataset, let siret = Siret("13002526500013"),
        let purpose = PurposeID("cnaf/aide-logement"), let today = CalendarDate("2026-11-20")
    else { throw TestFailure(text: "no question") }
    return HolderQuestion(
        dataset: dataset, mode: mode, leaves: Set(leaves), period: period, today: today,
        pivot: Sensitive(try pivot ?? HolderClientsTests.pivot()), identifiers: identifiers,
        recipient: siret, purpose: purpose,
        exchange: ExchangeID(
            time: Timestamp(milliseconds: 1_790_000_000_000),
            random: Array(repeating: 7, count: 10)))
}

extension HolderReading {
    subscript(_ name: String) -> LeafReading? {
        leaves.first { $0.key.text == name }?.value
    }
}
