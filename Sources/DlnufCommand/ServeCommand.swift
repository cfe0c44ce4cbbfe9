import Cryptography
import FranceConnectClient
import JOSE
import Platform
import Registry
import Vocabulary

extension Command {
    static let serve = Command(
        "serve",
        summary: "Sert la passerelle telle qu'un fichier la configure.",
        usage: "--config FICHIER",
        options: [
            Option(name: "config", value: "FICHIER", summary: "la configuration (obligatoire)")
        ],
        details: """
            La passerelle refuse de démarrer plutôt que de deviner : configuration, documents et
            journal sont vérifiés d'abord. SIGTERM ou SIGINT l'arrêtent dans l'ordre : elle
            n'accepte plus, répond à ce qui est en cours, ferme le journal. SIGHUP lui fait relire
            connecteurs et finalités : tout change d'un coup, ou rien si une erreur s'y trouve.
            « dlnuf sandbox » écrit une configuration d'exemple.
            """
    ) { arguments in
        let configuration = try GatewayConfiguration.read(try arguments.required("config"))
        let registry = try loadDocuments(
            connectors: configuration.connectors, policies: configuration.policies,
            signatures: configuration.signatures,
            environment: configuration.environment.ofHolders)
        let keys = try encryptionKeys(configuration)
        let gateway = try Gateway(
            listeners: configuration.listeners, loops: configuration.loops)
        try await gateway.start(configuration, registry: registry, keys: keys)
        for port in gateway.ports {
            LogLine("passerelle_prete").with("port", Int(port)).write()
        }
        await waitForEnd(reloading: gateway)
        await gateway.stop(within: .seconds(20))
        LogLine("passerelle_arretee").write()
        return 0
    }

    private static func encryptionKeys(
        _ configuration: GatewayConfiguration
    ) throws(CommandFailure) -> EncryptionKeySet {
        let algorithm = configuration.franceConnect.encryption
        do throws(CryptographyError) {
            return try EncryptionKeySet(
                pem: configuration.franceConnect.decryptionKeys.map {
                    (pem: Array($0.reveal().utf8), algorithm: algorithm)
                })
        } catch {
            throw CommandFailure(
                .configuration, "Une clé de « cles_dechiffrement » n'est pas lisible.",
                remedy: "Donnez une clé PEM : RSA pour RSA-OAEP, P-256 pour ECDH-ES.")
        }
    }
}

/// Waits for SIGTERM or SIGINT; on SIGHUP, has the gateway read its documents again.
func waitForEnd(reloading gateway: Gateway? = nil) async {
    guard let loop = EventLoop.current, let signals = try? ShutdownSignals(loop: loop) else {
        return
    }
    while let signal = try? await signals.next() {
        guard signal == .reload else { return }
        gateway?.requestReload()
    }
}

/// The documents of two folders, or every mistake of theirs on standard error.
func loadDocuments(
    connectors: String, policies: String, signatures: SignatureRule = .none,
    environment: HolderEnvironment? = nil
) throws(CommandFailure) -> Registry {
    let reading = loadRegistry(
        connectors: connectors, policies: policies, signatures: signatures,
        environment: environment)
    guard let registry = reading.registry else {
        throw SetRefusal(reading.errors).complained()
    }
    return registry
}

/// The contracts alone, for an audit that needs no policy.
func contracts(_ folder: String) throws(CommandFailure) -> FieldCatalogue {
    let reading = loadContracts(folder)
    guard let catalogue = reading.catalogue else {
        for diagnostic in reading.diagnostics { Console.complain(diagnostic.text + "\n") }
        throw CommandFailure(
            .configuration, "Les contrats des jeux de données ne se lisent pas.",
            remedy: "Donnez leur dossier avec --connectors.")
    }
    return catalogue
}
