package import Connectors
package import Journal
package import Policies
package import Registrations
package import Vocabulary

/// One generation of documents, read, checked against each other and indexed.
package struct Registry: Sendable {
    package let policies: PolicySet
    package let connectors: [Connector]
    /// What is known of the holders beside their connectors.
    package let holders: [HolderDocument]
    /// Every file of the set, byte for byte, which the journal keeps as long as a record names it.
    package let files: [SetFile]
    /// The files of the folders, before any revision took the place of some of them.
    package let base: Inventory
    /// The manifest that two people signed, where one was asked for and holds.
    package let manifest: ManifestMark?

    /// Every file with its hash.
    package var inventory: Inventory { Inventory(of: files) }
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
///
/// - Parameters:
///   - connectorsFolder: the folder of the contracts and the connectors.
///   - policiesFolder: the folder of the services and their purposes.
///   - limits: what the documents may weigh.
///   - signatures: by whom they must be signed; the bytes that are verified are those that are
///     parsed.
///   - revisions: connectors that two operators approved, in the place of those of the folder; no
///     signature is asked for them.
///   - environment: where the set serves, which says since when each mode does; nil where it is
///     only read.
///   - today: the day on which a jurist reviews the policies, who is then told of over-asking too;
///     nil where they are only loaded.
/// - Returns: the documents, where none has an error, and every remark.
package func loadRegistry(
    connectors connectorsFolder: String,
    policies policiesFolder: String,
    limits: RegistryLimits = .init(),
    signatures: SignatureRule = .none,
    revisions: [ApprovedRevision] = [],
    environment: HolderEnvironment? = nil,
    reviewedOn today: CalendarDate? = nil
) -> RegistryReading {
    var connectorTree = DocumentTree(limits: limits)
    connectorTree.read(connectorsFolder, as: "connectors")
    var policyTree = DocumentTree(limits: limits)
    policyTree.read(policiesFolder, as: "policies")
    var loader = RegistryLoader(
        diagnostics: connectorTree.diagnostics + policyTree.diagnostics,
        environment: environment)
    let registry = loader.load(
        connectorTree.documents, policyTree.documents, signatures: signatures,
        revisions: revisions)
    loader.name(revisions)
    if let today {
        loader.review(registry.policies, policyTree.documents, today)
    }
    let diagnostics = loader.diagnostics.inReadingOrder
    let isSound = diagnostics.allSatisfy { $0.severity != .erreur }
    return RegistryReading(registry: isSound ? registry : nil, diagnostics: diagnostics)
}

/// What loading the contracts alone gave.
package struct ContractsReading: Sendable {
    /// Nil where one diagnostic is an error.
    package let catalogue: FieldCatalogue?
    package let diagnostics: [Diagnostic]
}

/// What loading the connectors alone gave.
package struct HoldersReading: Sendable {
    /// The holders: their documents, and how they are asked.
    package struct Holders: Sendable {
        package let documents: [HolderDocument]
        package let connectors: [Connector]
    }

    /// Nil where one diagnostic is an error.
    package let holders: Holders?
    package let diagnostics: [Diagnostic]
}

/// Reads the folder of the connectors alone, for a reader who needs no policy.
package func loadHolders(
    _ connectorsFolder: String, limits: RegistryLimits = .init()
) -> HoldersReading {
    var tree = DocumentTree(limits: limits)
    tree.read(connectorsFolder, as: "connectors")
    var loader = RegistryLoader(diagnostics: tree.diagnostics)
    let holders = loader.loadHolders(tree.documents)
    let errors = loader.diagnostics.inReadingOrder.filter { $0.severity == .erreur }
    return HoldersReading(holders: errors.isEmpty ? holders : nil, diagnostics: errors)
}

/// Reads the contracts of the data sets alone, for a reader who needs no policy.
package func loadContracts(
    _ connectorsFolder: String, limits: RegistryLimits = .init()
) -> ContractsReading {
    var tree = DocumentTree(limits: limits)
    tree.read("\(connectorsFolder)/datasets", as: "connectors/datasets")
    var loader = RegistryLoader(diagnostics: tree.diagnostics)
    let catalogue = loader.loadContracts(tree.documents)
    let isSound = loader.diagnostics.allSatisfy { $0.severity != .erreur }
    return ContractsReading(
        catalogue: isSound ? catalogue.fields : nil, diagnostics: loader.diagnostics)
}

/// What loading the connectors without any policy gave.
package struct ConnectorsReading: Sendable {
    /// One connector's folder.
    package struct Shelf: Sendable {
        package let connector: Connector
        /// The connector's own document.
        package let document: SetFile
        /// Its examples, in the order of their names.
        package let examples: [SetFile]
    }

    package let catalogue: FieldCatalogue
    /// The connectors that read, in the order of their folders.
    package let shelves: [Shelf]
    /// In the order of the files.
    package let diagnostics: [Diagnostic]
    /// The folders that hold a connector's document, read or not: `dgfip/revenu_fiscal`.
    package let names: [String]
}

/// Reads the contracts and the connectors, for a holder who needs no policy.
///
/// - Parameters:
///   - connectorsFolder: the connectors, and contracts of their own.
///   - contractsFolder: whose contracts serve where the first has none of that name.
///   - limits: what the documents may weigh.
/// - Returns: what reads, with its examples, and every remark.
package func loadConnectors(
    _ connectorsFolder: String, contracts contractsFolder: String? = nil,
    limits: RegistryLimits = .init()
) -> ConnectorsReading {
    var tree = DocumentTree(limits: limits)
    tree.read(connectorsFolder, as: "connectors")
    var documents = tree.documents
    if let contractsFolder, contractsFolder != connectorsFolder {
        var other = DocumentTree(limits: limits)
        other.read("\(contractsFolder)/datasets", as: "connectors/datasets")
        let own = Set(documents.map(\.path))
        documents += other.documents.filter { !own.contains($0.path) }
    }
    var loader = RegistryLoader(diagnostics: tree.diagnostics)
    let (catalogue, connectors) = loader.loadConnectors(documents)
    let shelves = connectors.compactMap { connector -> ConnectorsReading.Shelf? in
        let folder = "connectors/\(connector.holder)/\(connector.dataset)/"
        let own = tree.documents.filter { $0.path.hasPrefix(folder) }.map(SetFile.init)
        guard let document = own.first(where: { $0.path == folder + "connector.json" }) else {
            return nil
        }
        let examples = own.filter { $0.path.hasPrefix(folder + "examples/") }
        return ConnectorsReading.Shelf(
            connector: connector, document: document, examples: examples)
    }
    return ConnectorsReading(
        catalogue: catalogue.fields, shelves: shelves,
        diagnostics: loader.diagnostics.inReadingOrder,
        names: tree.documents.filter { $0.names.count == 3 && $0.names[2] == "connector.json" }
            .map { $0.names.prefix(2).joined(separator: "/") })
}
