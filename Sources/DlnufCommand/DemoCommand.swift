import API
import Cryptography
import Curl
import FranceConnectClient
import HTTPMessages
import JOSE
import JSONText
import Platform
import Policies
import Registry
import Sandbox
import Storage
import Vocabulary

extension Command {
    static let demo = Command(
        "demo",
        summary: "Lance bac à sable et passerelle sur cette machine, et montre des échanges.",
        usage: "[--port PORT] [--data DOSSIER] [--connectors DOSSIER] [--policies DOSSIER]",
        options: [
            Option(
                name: "port", value: "PORT", summary: "le port de la passerelle (défaut : libre)"),
            Option(
                name: "data", value: "DOSSIER",
                summary: "où vont le journal et demo.json (défaut : un dossier temporaire)"),
            .connectors,
            .policies,
        ],
        details: """
            Toutes les clés sont faites à neuf. DOSSIER/demo.json (mode 0600) dit à n'importe quel
            programme où tout se trouve et quoi essayer. Ctrl-C arrête tout.
            """
    ) { arguments in
        let demo = try await Demonstration.start(
            port: try arguments.port("port") ?? 0,
            folder: arguments["data"],
            connectors: arguments.connectors,
            policies: arguments.policies)
        try await demo.show()
        await waitForEnd(reloading: demo.gateway)
        Console.write("\nArrêt…\n")
        await demo.stop()
        return 0
    }
}

/// The sandbox and the gateway of one demonstration.
struct Demonstration: Sendable {
    let gateway: Gateway
    let sandbox: SandboxServers
    let sandboxLoops: Loops
    let keys: DemoKeys
    let operators: DemoOperators
    let registry: Registry
    let folder: String

    var gatewayURL: String { "http://127.0.0.1:\(gateway.ports.first ?? 0)" }
    var journal: String { Demonstration.journal(in: folder) }

    static func journal(in folder: String) -> String { "\(folder)/journal.sqlite" }
    static func credentials(in folder: String) -> String { "\(folder)/titres.json" }

    /// Starts everything and writes `demo.json`.
    static func start(
        port: UInt16, folder: String?, connectors: String, policies: String
    ) async throws -> Demonstration {
        let registry = try loadDocuments(
            connectors: connectors, policies: policies, environment: .sandbox)
        let folder = try folder ?? Files.temporaryDirectory(prefix: "dlnuf-demo")
        try Files.createDirectory(folder)
        let journal = journal(in: folder)
        if !Files.exists(journal) {
            try storing { () throws(JournalStoreError) in
                try JournalStore.create(
                    journal, at: Timestamp(milliseconds: WallClock.milliseconds()))
            }
        }
        let keys = try DemoKeys(policies: registry.policies)
        try keys.writeRegistry(credentials(in: folder))
        let gateway = try Gateway(
            listeners: [GatewayConfiguration.Listening(address: "127.0.0.1", port: port)],
            loops: GatewayConfiguration.defaultLoops)
        let port = gateway.ports.first ?? 0
        let sandboxLoops = try Loops(1)
        let sandbox = try SandboxServers.start(
            loops: sandboxLoops.all,
            configuration: SandboxConfiguration(
                policies: registry.policies, keys: keys,
                keysURL: "http://127.0.0.1:\(port)\(GatewayAPI.publicKeysPath)",
                encryption: .ecdhES))
        let demo = Demonstration(
            gateway: gateway, sandbox: sandbox, sandboxLoops: sandboxLoops, keys: keys,
            operators: DemoOperators(folder: folder, holders: SandboxConfiguration.holderIDs),
            registry: registry, folder: folder)
        try await gateway.start(
            demo.configuration(connectors: connectors, policies: policies),
            registry: registry,
            keys: try EncryptionKeySet.generate(for: [.ecdhES]))
        try Files.writeAtomically("\(folder)/demo.json", demo.document, mode: 0o600)
        return demo
    }

    private var document: [UInt8] {
        demoDocument(
            gateway: gatewayURL, sandbox: sandbox, keys: keys, operators: operators,
            journal: journal)
    }

    func stop() async {
        await gateway.stop(within: .seconds(5))
        await sandbox.stop()
        sandboxLoops.stop()
    }

    /// What `dlnuf serve` would be told of this sandbox.
    private func configuration(connectors: String, policies: String) -> GatewayConfiguration {
        GatewayConfiguration(
            environment: .bacASable,
            listeners: [],
            loops: GatewayConfiguration.defaultLoops,
            connectors: connectors,
            policies: policies,
            journal: journal,
            credentials: GatewayConfiguration.CredentialSettings(
                registry: Demonstration.credentials(in: folder), issuer: gatewayURL),
            franceConnect: keys.franceConnect(issuer: sandbox.issuer),
            holders: sandbox.grants(to: registry.connectors, keys: keys),
            exchangeTimeout: .seconds(10),
            operators: operators.configuration
        )
    }
}
