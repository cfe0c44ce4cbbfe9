import Connectors
import JSONText
import Onboarding
import Policies
import Registrations
import Vocabulary

/// Turns documents into a registry, keeping every remark.
struct RegistryLoader {
    var diagnostics: [Diagnostic]
    /// The documents that decide, whose hash is the generation.
    private var deciding: [(path: String, bytes: [UInt8])] = []

    private let environment: HolderEnvironment?
    private var holders: [HolderDocument] = []

    init(diagnostics: [Diagnostic], environment: HolderEnvironment? = nil) {
        self.diagnostics = diagnostics
        self.environment = environment
    }

    mutating func load(
        _ connectorTree: [Document], _ policyTree: [Document],
        signatures: SignatureRule = .none, revisions: [ApprovedRevision] = []
    ) -> Registry {
        let base = (connectorTree + policyTree).map(SetFile.init)
        let connectorFiles = connectorTree.replacing(revisions)
        let files = revisions.isEmpty ? base : (connectorFiles + policyTree).map(SetFile.init)
        let policyFiles = policyTree.filter { !SetFile.isSeal($0.path) }
        for file in connectorFiles + policyFiles where !isPlainPath(file.path) {
            diagnostics.append(
                Diagnostic(
                    .erreur, file: file.path, message: "Ce nom de fichier n'est pas admis.",
                    remedy: "N'employez que lettres sans accent, chiffres, « - », « _ » et « . »."))
        }
        let catalogue = loadContracts(connectorFiles)
        let connectors = connectors(connectorFiles, catalogue)
        let services = services(policyFiles)
        let policies = policies(policyFiles, catalogue, services)
        let set = PolicySet(
            generation: PolicySet.generation(of: deciding),
            catalogue: catalogue,
            services: services,
            policies: policies,
            holders: connectors.flatMap { $0.services(in: environment) }
        )
        var check = ManifestCheck(base, signatures)
        let manifest = check.run()
        diagnostics += check.diagnostics
        let cases = cases(policyFiles)
        // A case that fails because its policy was not read would only repeat the mistake.
        if diagnostics.allSatisfy({ $0.severity != .erreur }) {
            play(cases, on: set)
        }
        return Registry(
            policies: set,
            connectors: connectors,
            holders: holders,
            files: files,
            base: Inventory(of: base),
            manifest: manifest
        )
    }

    /// Reads contracts whose paths begin with `connectors/datasets`.
    mutating func loadContracts(_ files: [Document]) -> Catalogue {
        let documents = datasets(files)
        let named = files.compactMap { file in
            file.names.first == "datasets"
                ? file.names.last?.withoutJSONSuffix.flatMap { DatasetID($0) } : nil
        }
        return Catalogue(
            documents, unread: Set(named).subtracting(documents.map(\.contract.id)))
    }

    /// Reads contracts, connectors and holders, and no policy.
    mutating func loadHolders(_ files: [Document]) -> HoldersReading.Holders {
        let connectors = connectors(files, loadContracts(files))
        return HoldersReading.Holders(documents: holders, connectors: connectors)
    }

    // MARK: - Connectors

    /// Reads contracts and connectors, playing their examples.
    mutating func loadConnectors(_ files: [Document]) -> (Catalogue, [Connector]) {
        let catalogue = loadContracts(files)
        return (catalogue, connectors(files, catalogue))
    }

    private mutating func datasets(_ files: [Document]) -> [DatasetDocument] {
        var documents: [DatasetDocument] = []
        for file in files where file.names.first == "datasets" {
            guard file.names.count == 2, let name = file.names.last?.withoutJSONSuffix else {
                refuseUnknown(file, expected: "connectors/datasets/<jeu>.json")
                continue
            }
            deciding.append((file.path, file.bytes))
            if let document = keep(readDataset(file.bytes, named: name), from: file) {
                documents.append(document)
            }
        }
        if files.allSatisfy({ $0.names.first != "datasets" }) {
            diagnostics.append(
                Diagnostic(
                    .erreur, file: "connectors/datasets",
                    message: "Aucun jeu de données n'est décrit.",
                    remedy: "Vérifiez le dossier des connecteurs."))
        }
        return documents
    }

    private mutating func connectors(
        _ files: [Document], _ catalogue: Catalogue
    ) -> [Connector] {
        var connectors: [Connector] = []
        var examples: [Document] = []
        for file in files where file.names.first != "datasets" {
            switch file.names.count {
            case 2 where file.names[1] == "holder.json": readHolder(file, catalogue)
            case 3 where file.names[2] == "connector.json":
                deciding.append((file.path, file.bytes))
                if let connector = connector(file, catalogue) { connectors.append(connector) }
            case 4 where file.names[2] == "examples" && file.names[3].withoutJSONSuffix != nil:
                examples.append(file)
            default:
                refuseUnknown(file, expected: "connectors/<détenteur>/<jeu>/connector.json")
            }
        }
        for file in examples { play(file, with: connectors) }
        return connectors
    }

    private mutating func connector(_ file: Document, _ catalogue: Catalogue) -> Connector? {
        guard let holder = HolderID(file.names[0]), let dataset = DatasetID(file.names[1]) else {
            refuseUnknown(file, expected: "connectors/<détenteur>/<jeu>/connector.json")
            return nil
        }
        // A contract with mistakes says nothing of the fields, and neither do we.
        let hasContract = !catalogue.unread.contains(dataset)
        let document = ConnectorDocument(
            file.bytes, catalogue: hasContract ? catalogue.fields : nil)
        let connector = keep(
            DocumentReading(
                value: document.connector, mistakes: document.mistakes, warnings: []),
            from: file)
        guard let connector, connector.holder == holder, connector.dataset == dataset else {
            if connector != nil {
                diagnostics.append(
                    Diagnostic(
                        .erreur, file: file.path,
                        message: "Le connecteur ne porte pas le nom de ses dossiers.",
                        remedy: "Écrivez « \(holder) » et « \(dataset) », ou déplacez le fichier."))
            }
            return nil
        }
        return connector
    }

    /// A holder's document decides nothing.
    private mutating func readHolder(_ file: Document, _ catalogue: Catalogue) {
        guard let holder = HolderID(file.names[0]) else {
            refuseUnknown(file, expected: "connectors/<détenteur>/holder.json")
            return
        }
        let known = catalogue.unread.isEmpty ? Set(catalogue.fields.datasets.keys) : nil
        let reading = Registrations.readHolder(file.bytes, named: holder, datasets: known)
        diagnostics += reading.mistakes.map { Diagnostic(.erreur, file: file.path, $0) }
        if let document = reading.holder { holders.append(document) }
    }

    /// An example decides nothing, and its connector must do what it says.
    private mutating func play(_ file: Document, with connectors: [Connector]) {
        guard let dataset = DatasetID(file.names[1]) else { return }
        let connector = connectors.first {
            $0.holder.text == file.names[0] && $0.dataset == dataset
        }
        // A connector with mistakes of its own is not also told that it does not do as it should.
        let mistakes =
            connector.map { examine(file.bytes, with: $0) }
            ?? ConnectorExampleDocument(file.bytes, dataset: dataset).mistakes
        diagnostics += mistakes.map { Diagnostic(.erreur, file: file.path, $0) }
    }

    // MARK: - Policies

    private mutating func services(_ files: [Document]) -> [ServiceDescription] {
        var services: [ServiceDescription] = []
        for file in files where file.names.count == 2 {
            guard file.names[1] == "service.json" else {
                refuseUnknown(file, expected: "policies/<service>/service.json")
                continue
            }
            deciding.append((file.path, file.bytes))
            let reading = readService(file.bytes, named: file.names[0])
            if let service = keep(reading, from: file) { services.append(service) }
        }
        return services
    }

    private mutating func policies(
        _ files: [Document], _ catalogue: Catalogue, _ services: [ServiceDescription]
    ) -> [Policy] {
        let byID = Dictionary(services.map { ($0.id, $0) }) { first, _ in first }
        let written = Set(files.filter { $0.names.count == 2 }.compactMap(\.names.first))
        var clients: [FranceConnectClient: ServiceID] = [:]
        var policies: [Policy] = []
        for file in files where file.names.count != 2 {
            let isCase =
                file.names.count == 4 && file.names[2] == "cases"
                && file.names[3].withoutJSONSuffix != nil
            guard isCase || file.names.count == 3 && file.names[2] == "policy.json",
                let purpose = file.purpose
            else {
                refuseUnknown(file, expected: "policies/<service>/<finalité>/policy.json")
                continue
            }
            if isCase { continue }
            deciding.append((file.path, file.bytes))
            let service = byID[purpose.service]
            if service == nil, !written.contains(purpose.service.text) {
                diagnostics.append(
                    Diagnostic(
                        .erreur, file: file.path,
                        message: "Le service « \(purpose.service) » n'est pas décrit.",
                        remedy: "Écrivez policies/\(purpose.service)/service.json."))
            }
            let reading = readPolicy(
                file.bytes, of: purpose, catalogue: catalogue, service: service)
            guard let policy = keep(reading, from: file) else {
                continue
            }
            checkClients(of: policy, among: &clients, in: file)
            policies.append(policy)
        }
        checkPlaces(files)
        return policies
    }

    /// Every folder of a purpose holds its policy, and there is one purpose at least.
    private mutating func checkPlaces(_ files: [Document]) {
        let described = Set(
            files.filter { $0.names.last == "policy.json" }.compactMap(\.purpose))
        // A policy that was refused before it was read is there all the same.
        let refused = Set(diagnostics.map(\.file).filter { $0.hasSuffix("/policy.json") })
        let orphans = Set(files.filter { $0.names.count == 4 }.compactMap(\.purpose))
            .subtracting(described)
        for purpose in orphans.sorted()
        where !refused.contains("policies/\(purpose.text)/policy.json") {
            diagnostics.append(
                Diagnostic(
                    .erreur, file: "policies/\(purpose.text)",
                    message: "Ce dossier a des cas, et pas de finalité.",
                    remedy: "Ajoutez-y policy.json, ou retirez le dossier."))
        }
        if described.isEmpty, refused.isEmpty {
            diagnostics.append(
                Diagnostic(
                    .erreur, file: "policies", message: "Aucune finalité n'est décrite.",
                    remedy: "Vérifiez le dossier des finalités."))
        }
    }

    /// A FranceConnect client belongs to one service: its tokens must not open another's purposes.
    private mutating func checkClients(
        of policy: Policy, among owners: inout [FranceConnectClient: ServiceID],
        in file: Document
    ) {
        for client in policy.modes[.franceconnect]?.clients ?? [] {
            let owner = owners[client, default: policy.id.service]
            owners[client] = owner
            if owner == policy.id.service { continue }
            diagnostics.append(
                Diagnostic(
                    .erreur, file: file.path,
                    message: "Le client « \(client.symbol) » est aussi celui d'un autre service.",
                    remedy: "Donnez à chaque service ses propres clients FranceConnect."))
        }
    }

    // MARK: - Cases

    /// The cases, each with the purpose that it guards and the file that holds it.
    private typealias Cases = [(file: Document, purpose: PurposeID, policyCase: PolicyCase)]

    private mutating func cases(_ files: [Document]) -> Cases {
        files.filter { $0.names.count == 4 }.compactMap { file in
            guard let purpose = file.purpose,
                let policyCase = keep(readCase(file.bytes, of: purpose), from: file)
            else {
                return nil
            }
            return (file, purpose, policyCase)
        }
    }

    private mutating func play(_ cases: Cases, on set: PolicySet) {
        for (file, _, policyCase) in cases {
            if let failure = set.failure(of: policyCase) {
                diagnostics.append(Diagnostic(.erreur, file: file.path, failure))
            }
        }
        let permits = Set(cases.filter(\.policyCase.isPermitted).map(\.purpose))
        let refusals = Set(cases.filter { !$0.policyCase.isPermitted }.map(\.purpose))
        for policy in set.policies {
            if !permits.contains(policy.id) {
                refuseCases(of: policy, "La finalité n'a aucun cas qui doive passer.")
            }
            if !refusals.contains(policy.id) {
                refuseCases(of: policy, "La finalité n'a aucun cas qui doive être refusé.")
            }
        }
    }

    private mutating func refuseCases(of policy: Policy, _ message: String) {
        diagnostics.append(
            Diagnostic(
                .erreur, file: "policies/\(policy.id.text)/cases", message: message,
                remedy: "Ajoutez-en un : chaque finalité montre au moins une demande permise "
                    + "et une demande refusée."))
    }

    // MARK: - Remarks

    private mutating func keep<Value>(
        _ reading: DocumentReading<Value>, from file: Document
    ) -> Value? {
        diagnostics += reading.mistakes.map { Diagnostic(.erreur, file: file.path, $0) }
        diagnostics += reading.warnings.map { Diagnostic(.avertissement, file: file.path, $0) }
        return reading.value
    }

    private mutating func refuseUnknown(_ file: Document, expected: String) {
        diagnostics.append(
            Diagnostic(
                .erreur, file: file.path, message: "Ce fichier n'a pas sa place ici.",
                remedy: "Retirez-le, ou rangez-le sous \(expected)."))
    }
}

extension Document {
    /// The purpose that the path's first two names make.
    var purpose: PurposeID? {
        names.count < 3 ? nil : PurposeID("\(names[0])/\(names[1])")
    }
}

extension String {
    /// The name without `.json`, or nil where it does not end so.
    fileprivate var withoutJSONSuffix: String? {
        hasSuffix(".json") ? String(dropLast(5)) : nil
    }
}
