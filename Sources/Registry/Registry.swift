package import Connectors
package import Policies

/// One generation of documents, read, checked against each other and indexed.
package struct Registry: Sendable {
    package let policies: PolicySet
    package let connectors: [Connector]
}

/// What loading gave: a registry if nothing forbids it, and every remark.
package struct RegistryReading: Sendable {
    /// Nil where one diagnostic is an error: a set that does not pass never replaces one that does.
    package let registry: Registry?
    /// In the order of the files.
    package let diagnostics: [Diagnostic]

    /// The errors alone.
    package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .erreur } }
}

/// Reads the folders `connectors` and `policies`, every mistake at once.
package func loadRegistry(
    connectors connectorsFolder: String,
    policies policiesFolder: String,
    limits: RegistryLimits = .init()
) -> RegistryReading {
    var connectorTree = DocumentTree(limits: limits)
    connectorTree.read(connectorsFolder, as: "connectors")
    var policyTree = DocumentTree(limits: limits)
    policyTree.read(policiesFolder, as: "policies")
    var loader = RegistryLoader(
        diagnostics: connectorTree.diagnostics + policyTree.diagnostics)
    let registry = loader.load(connectorTree.documents, policyTree.documents)
    let diagnostics = loader.diagnostics
    let isSound = diagnostics.allSatisfy { $0.severity != .erreur }
    return RegistryReading(registry: isSound ? registry : nil, diagnostics: diagnostics)
}
