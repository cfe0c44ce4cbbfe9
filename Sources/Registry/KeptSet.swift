package import Vocabulary

/// A document of a set that was in force, as a journal kept it.
package struct KeptDocument: Sendable {
    /// Its place in the set: `policies/cnaf/rsa/policy.json`.
    package let path: String
    /// The document, byte for byte.
    package let bytes: [UInt8]

    /// Puts a document back at its place.
    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// Loads a set whose documents a journal kept, as it was loaded from its folders then.
package func loadRegistry(
    kept documents: [KeptDocument], environment: HolderEnvironment? = nil
) -> RegistryReading {
    let files = documents.sorted { $0.path < $1.path }
        .map { Document(path: $0.path, bytes: $0.bytes) }
    var loader = RegistryLoader(diagnostics: [], environment: environment)
    let registry = loader.load(
        files.filter { $0.path.hasPrefix("connectors/") },
        files.filter { $0.path.hasPrefix("policies/") })
    let isSound = loader.diagnostics.allSatisfy { $0.severity != .erreur }
    return RegistryReading(registry: isSound ? registry : nil, diagnostics: loader.diagnostics)
}
