import API
import Connectors
import Cryptography
import JSONText
import Platform
import Registry
import Sandbox
import Vocabulary

extension Command {
    static let sandbox = Command(
        "sandbox",
        summary: "Lance le bac à sable seul, et écrit la configuration d'une passerelle pour lui.",
        usage: "--data DOSSIER [--gateway-port PORT] [--connectors DOSSIER] [--policies DOSSIER]",
        options: [
            Option(
                name: "data", value: "DOSSIER",
                summary: "où vont passerelle.json, les secrets et demo.json (obligatoire)"),
            Option(
                name: "gateway-port", value: "PORT",
                summary: "le port où la passerelle écoutera (défaut : 8080)"),
            .connectors,
            .policies,
        ],
        details: """
            Ensuite, dans un autre terminal :
              dlnuf journal create DOSSIER/journal.sqlite
              dlnuf serve --config DOSSIER/passerelle.json
            """
    ) { arguments in
        let folder = try arguments.required("data")
        let connectors = arguments.connectors
        let policies = arguments.policies
        let port = try arguments.port("gateway-port") ?? 8080
        let registry = try loadDocuments(connectors: connectors, policies: policies)
        let keys = try DemoKeys(policies: registry.policies)
        let loops = try Loops(1)
        let sandbox = try SandboxServers.start(
            loops: loops.all,
            configuration: SandboxConfiguration(
                policies: registry.policies, keys: keys,
                keysURL: "http://127.0.0.1:\(port)/.well-known/jwks.json",
                encryption: .ecdhES))
        let files = DeploymentFiles(
            folder: folder, keys: keys, sandbox: sandbox,
            grants: sandbox.grants(to: registry.connectors, keys: keys),
            operators: DemoOperators(folder: folder, holders: SandboxConfiguration.holderIDs))
        try files.write(connectors: connectors, policies: policies, port: port)
        try Files.writeAtomically(
            "\(folder)/demo.json",
            demoDocument(
                gateway: "http://127.0.0.1:\(port)", sandbox: sandbox, keys: keys,
                operators: files.operators, journal: files.journal),
            mode: 0o600)
        Console.write(
            """
            Bac à sable prêt : \(sandbox.urls["bac_a_sable"] ?? "")
            Configuration d'une passerelle : \(folder)/passerelle.json

            """)
        await waitForEnd()
        await sandbox.stop()
        loops.stop()
        return 0
    }
}

/// The files of a deployment beside the sandbox: a configuration for `dlnuf serve`, and its
/// secrets.
struct DeploymentFiles {
    let folder: String
    let keys: DemoKeys
    let sandbox: SandboxServers
    let grants: [HolderID: GatewayConfiguration.HolderGrant]
    let operators: DemoOperators

    var journal: String { "\(folder)/journal.sqlite" }
    private var registry: String { "\(folder)/titres.json" }
    private var secretsFolder: String { "\(folder)/secrets" }

    func write(connectors: String, policies: String, port: UInt16) throws {
        try Files.createDirectory(folder)
        try Files.createDirectory(secretsFolder)
        for grant in grants.values {
            for (name, secret) in grant.secrets { try writeSecret(name, secret.reveal()) }
        }
        for (holder, registration) in keys.registrations {
            try writeSecret("franceconnect-\(holder)", registration.secret.reveal())
        }
        try keys.writeRegistry(registry)
        let key = try PrivateKey.generateP256()
        try writeSecret("dechiffrement", String(decoding: try key.pem(), as: UTF8.self))
        try Files.writeAtomically(
            "\(folder)/passerelle.json",
            configuration(connectors: connectors, policies: policies, port: port), mode: 0o600)
    }

    private func writeSecret(_ name: String, _ value: String) throws {
        try Files.writeAtomically("\(secretsFolder)/\(name)", Array(value.utf8), mode: 0o600)
    }

    private func configuration(connectors: String, policies: String, port: UInt16) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("environnement", GatewayConfiguration.Environment.bacASable.rawValue)
            writer.member(
                "ecoute",
                array: { writer in
                    writer.object { writer in
                        writer.member("adresse", "127.0.0.1")
                        writer.member("port", Int(port))
                    }
                })
            writer.member("connecteurs", connectors)
            writer.member("finalites", policies)
            writer.member("journal", journal)
            writer.member("titres", object: { writeCredentials(to: &$0, port: port) })
            writer.member("franceconnect", object: writeFranceConnect)
            writer.member("detenteurs", object: writeGrants)
            writer.member("operateurs", object: operators.writeConfiguration)
        }
        return writer.bytes
    }

    private func writeCredentials(to writer: inout JSONWriter, port: UInt16) {
        writer.member("registre", registry)
        writer.member("emetteur", "http://127.0.0.1:\(port)")
    }

    private func writeFranceConnect(to writer: inout JSONWriter) {
        writer.member("emetteur", sandbox.issuer)
        writer.member(
            "clients",
            object: { writer in
                for (client, id) in keys.clients.sorted(by: { $0.key.symbol < $1.key.symbol }) {
                    writer.member(client.symbol, id)
                }
            })
        writer.member(
            "enregistrements",
            object: { writer in
                for (holder, own) in keys.registrations.sorted(by: { $0.key < $1.key }) {
                    writer.key(holder.text)
                    writer.object { writer in
                        writer.member("client_id", own.clientID)
                        writer.key("secret")
                        writeReference("franceconnect-\(holder)", to: &writer)
                    }
                }
            })
        writer.member("chiffrement", "ECDH-ES")
        writer.member("signature", "ES256")
        writer.member("cles_dechiffrement", array: { writeReference("dechiffrement", to: &$0) })
    }

    private func writeGrants(to writer: inout JSONWriter) {
        for (holder, grant) in grants.sorted(by: { $0.key < $1.key }) {
            writer.key(holder.text)
            writer.object { writer in
                writer.member(
                    "origines",
                    object: { writer in
                        for (name, origin) in grant.origins.sorted(by: { $0.key < $1.key }) {
                            writer.member(name, object: { $0.member("adresses", origin.addresses) })
                        }
                    })
                writer.member(
                    "secrets",
                    object: { writer in
                        for name in grant.secrets.keys.sorted() {
                            writer.key(name)
                            writeReference(name, to: &writer)
                        }
                    })
                writer.member("recoit", grant.receives.map(\.text).sorted())
                // The doubles are never away.
                writer.member("maintenances", [String]())
            }
        }
    }

    private func writeReference(_ name: String, to writer: inout JSONWriter) {
        writer.object { $0.member("fichier", "\(secretsFolder)/\(name)") }
    }
}

extension SandboxServers {
    /// What the connectors of the holders that it plays need: each of their origins is the holder's
    /// double.
    func grants(
        to connectors: [Connector], keys: DemoKeys
    ) -> [HolderID: GatewayConfiguration.HolderGrant] {
        var grants: [HolderID: GatewayConfiguration.HolderGrant] = [:]
        for holder in SandboxConfiguration.holderIDs.map(HolderID.init(checked:)) {
            guard let url = urls[holder.text] else { continue }
            let own = connectors.filter { $0.holder == holder }
            let origin = GatewayConfiguration.Origin(addresses: [url])
            let names = Set(own.flatMap(\.origins).map(\.text) + [holder.text])
            grants[holder] = GatewayConfiguration.HolderGrant(
                origins: Dictionary(uniqueKeysWithValues: names.map { ($0, origin) }),
                secrets: keys.secrets[holder] ?? [:],
                receives: Set(own.flatMap(\.relayed)),
                // The doubles are there when the holders have announced that they are away.
                resilience: .withoutMaintenance)
        }
        return grants
    }
}
