import Foundation
import Platform
import Policies
import Registry
import Testing
import Vocabulary

@Suite struct `The shipped documents` {
    @Test func `make a registry without an error`() throws {
        let reading = Folders.shipped.load()
        #expect(reading.errors.map(\.text) == [])
        let registry = try #require(reading.registry)
        #expect(registry.policies.policies.count == 8)
        #expect(registry.connectors.count == 5)
        #expect(registry.policies.generation.utf8.count == 64)
    }

    @Test func `warn of every legal basis that was not read again`() {
        let warnings = Folders.shipped.load().diagnostics.filter { $0.severity == .avertissement }
        #expect(warnings.count { $0.message.contains("n'a pas été relue") } == 5)
    }

    @Test func `serve the five data sets in both modes`() throws {
        let holders = try #require(Folders.shipped.load().registry).policies.holders
        let pairs = Set(holders.map { "\($0.dataset) \($0.mode.rawValue)" })
        #expect(pairs.count == 10)
    }

    @Test func `keep their generation from one load to the next`() throws {
        let first = try #require(Folders.shipped.load().registry)
        let second = try #require(Folders.shipped.load().registry)
        #expect(first.policies.generation == second.policies.generation)
    }
}

@Suite struct `A broken set` {
    @Test(arguments: Breakage.all)
    func `is refused with the file, the place and a remedy`(breakage: Breakage) throws {
        let folders = try Folders.copy()
        defer { folders.remove() }
        try breakage.apply(folders)
        let reading = folders.load()
        #expect(reading.registry == nil)
        let diagnostic = reading.errors.first {
            $0.file == breakage.file && $0.message.contains(breakage.message)
        }
        #expect(diagnostic != nil, "\(reading.errors.map(\.text))")
        #expect(diagnostic?.remedy.isEmpty == false)
        #expect(diagnostic?.text.contains(folders.root.path()) == false)
    }

    @Test func `tells the mistakes of all its files at once`() throws {
        let folders = try Folders.copy()
        defer { folders.remove() }
        try folders.replace("policies/cnaf/rsa/policy.json", "\"etape\"", "\"etapes\"")
        try folders.replace("policies/dss/service.json", "\"administration\"", "\"autre\"")
        try folders.replace("connectors/datasets/salaires.json", "\"decimal\"", "\"nombre\"")
        let files = Set(folders.load().errors.map(\.file))
        #expect(
            files.isSuperset(of: [
                "connectors/datasets/salaires.json", "policies/cnaf/rsa/policy.json",
                "policies/dss/service.json",
            ]))
    }

    @Test func `is read under its limits`() throws {
        let limits = RegistryLimits(fileBytes: 1 << 20, files: 10, totalBytes: 1 << 20)
        let folders = Folders.shipped
        let reading = loadRegistry(
            connectors: folders.connectors, policies: folders.policies, limits: limits)
        #expect(reading.registry == nil)
        #expect(reading.errors.contains { $0.message.contains("plus de 10 fichiers") })
    }

    @Test func `may not be there at all`() {
        let reading = loadRegistry(connectors: "/nulle/part", policies: "/nulle/part")
        #expect(reading.registry == nil)
        #expect(reading.errors.contains { $0.message.hasPrefix("Ce dossier est illisible") })
    }
}

/// One way to break the shipped documents, and what must be said of it.
struct Breakage: Sendable, CustomTestStringConvertible {
    let file: String
    let message: String
    let apply: @Sendable (Folders) throws -> Void

    var testDescription: String { "\(file) : \(message)" }

    static let rsa = "policies/cnaf/rsa/policy.json"

    static let all = [
        Breakage(file: rsa, message: "doit être un nombre entier") {
            try $0.replace(rsa, "\"version\": 1", "\"version\": \"un\"")
        },
        Breakage(file: rsa, message: "n'existe dans aucun jeu de données") {
            try $0.replace(rsa, "mensuels[].mois", "mensuel[].mois")
        },
        Breakage(file: rsa, message: "Il manque le membre « bases_legales »") {
            try $0.replace(rsa, "\"bases_legales\"", "\"base_legale\"")
        },
        Breakage(file: rsa, message: "deux membres du même objet") {
            try $0.replace(rsa, "\"etat\":", "\"etat\": \"active\", \"etat\":")
        },
        Breakage(file: rsa, message: "se chevauchent") {
            try $0.replace(rsa, "99900109200017", "99900108400014")
        },
        Breakage(file: rsa, message: "ces octets ne sont pas du texte UTF-8") {
            try $0.write(rsa, Data([0x7B, 0x22, 0xFF, 0x22]))
        },
        Breakage(
            file: rsa, message: "pèse 2 097 152 octets ; un document en compte au plus 1 048 576"
        ) {
            try $0.write(rsa, Data(repeating: 0x20, count: 2 << 20))
        },
        Breakage(
            file: "policies/cnaf/rsa/cases/permet-l-usager.json", message: "devrait passer"
        ) {
            try $0.replace(rsa, "\"etat\": \"active\"", "\"etat\": \"suspendue\"")
        },
        Breakage(file: "policies/cnaf/rsa/cases", message: "aucun cas qui doive passer") {
            for file in ["permet-l-usager", "permet-un-agent-nomme"] {
                try $0.delete("policies/cnaf/rsa/cases/\(file).json")
            }
        },
        Breakage(
            file: "policies/dss/simulation-droits/policy.json",
            message: "est aussi celui d'un autre service"
        ) {
            try $0.replace("policies/dss/simulation-droits/policy.json", "fc:dss", "fc:cnaf")
        },
        Breakage(file: "policies/cnaf/notes.txt", message: "n'a pas sa place ici") {
            try $0.write("policies/cnaf/notes.txt", Data())
        },
        Breakage(file: rsa, message: "Le service « cnaf » n'est pas décrit") {
            try $0.delete("policies/cnaf/service.json")
        },
        Breakage(file: "connectors/datasets/salaires.json", message: "n'a pas une valeur permise") {
            try $0.replace("connectors/datasets/salaires.json", "\"decimal\"", "\"nombre\"")
        },
        Breakage(
            file: "connectors/mesri/statut_etudiant/connector.json", message: "avant la fin"
        ) {
            try $0.write("connectors/mesri/statut_etudiant/connector.json", Data("[1,2".utf8))
        },
    ]
}

/// A pair of folders to load.
struct Folders {
    let root: URL

    static let shipped = Folders(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    var connectors: String { root.appending(path: "connectors").path() }
    var policies: String { root.appending(path: "policies").path() }

    func load() -> RegistryReading {
        loadRegistry(connectors: connectors, policies: policies)
    }

    /// A copy of the shipped folders that a test may break.
    static func copy() throws -> Folders {
        let root = URL(filePath: try Files.temporaryDirectory(prefix: "registre"))
        for name in ["connectors", "policies"] {
            try FileManager.default.copyItem(
                at: shipped.root.appending(path: name), to: root.appending(path: name))
        }
        return Folders(root: root)
    }

    func remove() {
        try? FileManager.default.removeItem(at: root)
    }

    func replace(_ path: String, _ old: String, _ new: String) throws {
        let url = root.appending(path: path)
        let text = try String(contentsOf: url, encoding: .utf8)
        try Data(text.replacing(old, with: new).utf8).write(to: url)
    }

    func write(_ path: String, _ data: Data) throws {
        try data.write(to: root.appending(path: path))
    }

    func delete(_ path: String) throws {
        try FileManager.default.removeItem(at: root.appending(path: path))
    }
}
