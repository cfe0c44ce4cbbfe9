import API
import Platform
import Registry
import Storage
import Synchronization

extension Gateway {
    /// What tells services from strangers.
    struct Callers: Sendable {
        let registry: CredentialFile
        let authentication: CallerAuthentication
    }

    /// Opens the registry of credentials and the memory of used assertions, and draws the secrets
    /// of this life of the gateway.
    func callers(
        _ configuration: GatewayConfiguration, of documents: Registry
    ) throws(CommandFailure) -> Callers {
        let settings = configuration.credentials
        let registry = try CredentialFile(settings.registry)
        try registry.check(against: documents, in: configuration.environment)
        let replays = try storing { () throws(JournalStoreError) in
            try ReplayStore(path: settings.replays)
        }
        self.replays.withLock { $0 = replays }
        return Callers(
            registry: registry,
            authentication: CallerAuthentication(
                registry: registry.current,
                environment: configuration.environment.ofCredentials, issuer: settings.issuer,
                replays: replays, random: Randomness.bytes))
    }
}
