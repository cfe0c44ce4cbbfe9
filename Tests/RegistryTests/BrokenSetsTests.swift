import Foundation
import Platform
import Policies
import Registry
import Testing

/// One way to break a sound set of documents by hand.
struct BrokenSet: Sendable, CustomTestStringConvertible {
    let name: String
    /// What is done to the folder of the purpose, beside what the corpus lays over it.
    var change: @Sendable (_ purpose: URL) throws -> Void = { _ in }

    var testDescription: String { name }

    static let all =
        [
            "base-absente", "cas-qui-echoue", "champ-inconnu", "dates-qui-se-chevauchent",
            "finalite-d-un-autre-dossier", "membres-en-double", "type-faux", "utf8-invalide",
        ].map { BrokenSet(name: $0) } + [
            BrokenSet(name: "cinquante-megaoctets") { purpose in
                let policy = purpose.appending(path: "policy.json")
                try FileHandle(forUpdating: policy).truncate(atOffset: 50 << 20)
            },
            BrokenSet(name: "lien-symbolique") { purpose in
                let policy = purpose.appending(path: "policy.json")
                try FileManager.default.removeItem(at: policy)
                try FileManager.default.createSymbolicLink(
                    atPath: policy.path(), withDestinationPath: "../service.json")
            },
            BrokenSet(name: "hors-du-dossier") { purpose in
                let cases = purpose.appending(path: "cases")
                try FileManager.default.removeItem(at: cases)
                try FileManager.default.createSymbolicLink(
                    atPath: cases.path(), withDestinationPath: "../../../ailleurs")
            },
            BrokenSet(name: "nom-de-fichier-invalide") { purpose in
                let path = Array("\(purpose.path())cases/".utf8CString.dropLast())
                let file = fopen(path + [-23, 0], "w")
                #expect(file != nil)
                if let file { fclose(file) }
            },
            BrokenSet(name: "fichier-inconnu") { purpose in
                try Data("À relire".utf8).write(to: purpose.appending(path: "notes.txt"))
            },
            BrokenSet(name: "aucun-cas-refuse") { purpose in
                try FileManager.default.removeItem(
                    at: purpose.appending(path: "cases/refuse-la-valeur.json"))
            },
            BrokenSet(name: "politique-absente") { purpose in
                try FileManager.default.removeItem(at: purpose.appending(path: "policy.json"))
            },
        ]
}

@Suite struct `A set broken by hand` {
    private static let corpus = Folders.shipped.root.appending(path: "Tests/Corpus/finalites")

    /// A copy of the sound set, with what a broken one lays over it.
    private func withSet(
        _ broken: BrokenSet?, _ body: (RegistryReading, URL) throws -> Void
    ) throws {
        let root = URL(filePath: try Files.temporaryDirectory(prefix: "finalites"))
        defer { try? Files.removeTree(root.path()) }
        let folder = root.appending(path: "policies")
        try lay("saine", over: folder)
        if let broken {
            try lay(broken.name, over: folder)
            try broken.change(folder.appending(path: "ville/cantine/"))
        }
        try body(
            loadRegistry(connectors: Folders.shipped.connectors, policies: folder.path()), root)
    }

    private func lay(_ name: String, over folder: URL) throws {
        let files = FileManager.default
        let own = Self.corpus.appending(path: name)
        for path in (try? files.subpathsOfDirectory(atPath: own.path()))?.sorted() ?? [] {
            let (from, to) = (own.appending(path: path), folder.appending(path: path))
            if from.hasDirectoryPath || !path.hasSuffix(".json") {
                try files.createDirectory(at: to, withIntermediateDirectories: true)
            } else {
                try Data(contentsOf: from).write(to: to)
            }
        }
    }

    @Test func `is sound before it is broken`() throws {
        try withSet(nil) { reading, _ in
            #expect(reading.registry?.policies.policies.count == 1)
            #expect(reading.diagnostics.isEmpty)
        }
    }

    @Test(arguments: BrokenSet.all)
    func `gives no registry, and messages that a jurist can act on`(broken: BrokenSet) throws {
        try withSet(broken) { reading, root in
            #expect(reading.registry == nil)
            #expect(!reading.errors.isEmpty)
            for error in reading.errors {
                #expect(error.file.hasPrefix("policies"))
                #expect(!error.message.isEmpty && !error.remedy.isEmpty)
                #expect(!error.text.contains(root.path()))
            }
        }
    }

    /// All messages side by side, to be read aloud.
    @Test func `says the same from one version of the program to the next`() throws {
        var text = ""
        for broken in BrokenSet.all {
            try withSet(broken) { reading, _ in
                text += "\n== \(broken.name)\n" + reading.errors.map { $0.text + "\n" }.joined()
            }
        }
        try expectGolden(text, "finalites-cassees.txt")
    }

    @Test func `of fifty megabytes is not read into memory`() throws {
        let root = URL(filePath: try Files.temporaryDirectory(prefix: "finalites"))
        defer { try? Files.removeTree(root.path()) }
        let folder = root.appending(path: "policies")
        try lay("saine", over: folder)
        let policy = folder.appending(path: "ville/cantine/policy.json")
        // A hole on disk that no memory could hold: read at all, it would end the process.
        try FileHandle(forUpdating: policy).truncate(atOffset: 1 << 43)
        let reading = loadRegistry(
            connectors: Folders.shipped.connectors, policies: folder.path())
        #expect(reading.errors.map(\.file).contains("policies/ville/cantine/policy.json"))
    }
}
