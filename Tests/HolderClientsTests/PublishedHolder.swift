import Connectors
import Curl
import Foundation
import HTTPMessages
import HTTPServing
import HolderClients
import JSONText
import Platform
import Vocabulary

/// API Particulier behind HTTP, and the clients that ask it under connectors written for the tests.
struct PublishedHolder {
    let loops: [EventLoop]
    let double: HolderDouble
    let server: HTTPServer
    /// Clients that have met no answer yet.
    let freshClients: @Sendable () throws -> HolderClients

    static let datasets = ["quotient_familial", "statut_etudiant", "demandeur_emploi"]

    init(_ script: @escaping @Sendable (HolderDouble.Call) -> HTTPResponse) throws {
        loops = [try EventLoop(name: "un"), try EventLoop(name: "deux")]
        for loop in loops { try loop.start() }
        double = HolderDouble { script($0) }
        server = try HTTPServer(
            configuration: .init(endpoints: [.plain(host: "127.0.0.1", port: 0)]),
            loops: [loops[0]], handler: double)
        server.start()
        var settings = HTTPClient.Configuration()
        settings.addressRule = .any
        var own: [HTTPClient] = []
        for loop in loops { own.append(try HTTPClient(loop: loop, configuration: settings)) }
        let origin = HolderBinding.Origin(
            baseURLs: ["http://127.0.0.1:\(server.ports[0])"],
            reach: Reach(admitsThisMachine: true), allowsPlainHTTP: true)
        var connectors: [Connector] = []
        var bindings: [ConnectorKey: HolderBinding] = [:]
        for dataset in Self.datasets {
            let connector = try Self.connector(dataset)
            connectors.append(connector)
            bindings[ConnectorKey(connector)] = HolderBinding(
                origins: ["api": origin], secrets: ["jeton-d-habilitation": Sensitive("jeton")],
                receives: connector.relayed)
        }
        freshClients = { [connectors, bindings, own] in
            try HolderClients(
                connectors, configuration: .init(bindings: bindings),
                send: holderTransport(over: own),
                lanes: LaneRegister(LaneEdge(now: { ContinuousClock.now })))
        }
    }

    private static func connector(_ dataset: String) throws -> Connector {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Corpus/api-particulier/\(dataset).json")
        let document = ConnectorDocument([UInt8](try Data(contentsOf: file)))
        guard let connector = document.connector else {
            throw TestFailure(
                text: document.mistakes.map { "\($0.path): \($0.message)" }.joined(separator: "\n"))
        }
        return connector
    }

    /// Asks as if nothing had been asked before: a quota that one case meets is not the next one's.
    func ask(_ question: HolderQuestion) async throws -> HolderReply {
        let clients = try freshClients()
        return try await loops[1].run {
            await clients.answer(
                question, from: HolderID(checked: "api-particulier"),
                until: ContinuousClock.now.advanced(by: .seconds(20)))
        }
    }

    func stop() async {
        await server.shutdown(deadline: ContinuousClock.now)
        for loop in loops { loop.stop() }
    }
}
