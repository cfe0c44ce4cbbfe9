import Credentials
import JSONText
import Platform
import Policies
import Registry
import Synchronization
import Vocabulary

/// The registry of credentials as a file holds it, read again whenever the file changes.
///
/// A stamp is asked of the file system at every request, which costs a system call: a credential
/// that was revoked is refused from the very next request. A file that cannot be read opens nothing
/// to anybody, for it may be the one that revokes.
final class CredentialFile: Sendable {
    let path: String
    private let state: Mutex<State>

    private struct State {
        var stamp: Files.Stamp?
        var registry: ServiceRegistry?
    }

    /// Opens a file, which must be there and in order.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        let stamp = Files.stamp(path)
        let registry = try CredentialFile.read(path)
        state = Mutex(State(stamp: stamp, registry: registry))
    }

    /// The registry as the file is now.
    func current() throws(Problem) -> ServiceRegistry {
        let stamp = Files.stamp(path)
        let registry = state.withLock { state in
            if state.stamp != stamp || stamp == nil { reload(&state, stamp) }
            return state.registry
        }
        guard let registry else { throw Problem(.titresIndisponibles, retryAfterSeconds: 5) }
        return registry
    }

    /// Whether the registry can be read now.
    var isReadable: Bool { (try? current()) != nil }

    private func reload(_ state: inout State, _ stamp: Files.Stamp?) {
        // The stamp is that of before the reading: what is written meanwhile has another.
        let isNews = state.stamp != stamp
        state.stamp = stamp
        state.registry = try? CredentialFile.read(path)
        guard isNews else { return }
        if let registry = state.registry {
            LogLine("titres_relus").with("clients", registry.clients.count).write()
        } else {
            LogLine("titres_illisibles", level: .error)
                .with("suite", "aucun service n'est admis tant que le registre ne se lit pas")
                .write()
        }
    }

    /// Reads a registry; refuses one that others may write or read.
    static func read(_ path: String) throws(CommandFailure) -> ServiceRegistry {
        guard Files.exists(path) else {
            throw CommandFailure(
                .configuration, "Il n'y a pas de registre des titres « \(path) ».",
                remedy: "Créez-le avec « dlnuf services new », ou corrigez « titres.registre ».")
        }
        guard let mode = try? Files.mode(path), mode & 0o077 == 0 else {
            throw CommandFailure(
                .configuration, "D'autres que son propriétaire ont accès au registre \(path).",
                remedy: "Retirez-leur ce droit : chmod 600 \(path)")
        }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(path, maxBytes: ServiceRegistry.maximumBytes)
        } catch {
            throw CommandFailure(
                .configuration, "Le registre des titres \(path) ne se lit pas (\(error.text)).",
                remedy: "Vérifiez le chemin et les droits.")
        }
        do throws(RegistryUnreadable) {
            return try ServiceRegistry.read(bytes)
        } catch {
            throw CommandFailure(error, in: path)
        }
    }

    /// Changes a registry, alone: reads it, or begins one, and puts the new one in its place whole.
    static func change(
        _ path: String, _ body: (ServiceRegistry) throws -> ServiceRegistry
    ) throws {
        try Files.locked(path) {
            let registry = Files.exists(path) ? try read(path) : ServiceRegistry()
            let changed = try body(registry)
            try Files.writeAtomically(path, changed.bytes, mode: 0o600)
        }
    }
}

extension CommandFailure {
    /// Why a file is no registry of credentials: every mistake at once.
    fileprivate init(_ error: RegistryUnreadable, in path: String) {
        switch error {
        case .notJSON(let error):
            self.init(
                .configuration, "\(path) : \(error.message)",
                remedy: "Rétablissez le registre des titres depuis sa sauvegarde.")
        case .mistakes(let mistakes):
            let lines = mistakes.map { mistake in
                let place = "\(path):\(mistake.position.line):\(mistake.position.column)"
                return "\(place) : \(mistake.path) : \(mistake.message) \(mistake.remedy)"
            }
            self.init(
                .configuration, "Le registre des titres \(path) n'est pas en ordre.",
                remedy: lines.joined(separator: "\n        "))
        }
    }
}

extension CredentialFile {
    /// Checks that every client of this environment belongs to a service that has purposes.
    func check(
        against registry: Registry, in environment: GatewayConfiguration.Environment
    ) throws(CommandFailure) {
        let services = Set(registry.policies.services.keys)
        let clients = (try? current())?.clients ?? []
        let unknown = clients.filter {
            $0.environment == environment.ofCredentials && !services.contains($0.service)
                && $0.credentials.contains { $0.revokedAt == nil }
        }
        guard unknown.isEmpty else {
            throw CommandFailure(
                .configuration,
                "Des titres nomment un service inconnu : "
                    + unknown.map(\.service.text).joined(separator: ", ") + ".",
                remedy: "Révoquez-les, ou ajoutez le dossier du service.")
        }
    }
}
