import Foundation
import Glibc
import Platform
import SQLite
import Testing

/// What was in force, and comes back with one command.
@Suite(.serialized) struct `A restore` {
    private static let rule = "commune-demo/tarification-cantine"

    @Test func `writes back what was in force, byte for byte, and the gateway takes it`()
        async throws
    {
        let town = try Town()
        let serving = try town.deployment.serve()
        try town.takeOutChildren(version: 2)
        serving.signal(SIGHUP)
        try await serving.awaitLog("\"documents_en_vigueur\"", times: 2)
        #expect(try await town.explain().rule == "\(Self.rule)@2")
        let restored = try town.restore(
            ["--precedente", "--signaler", "\(serving.identifier)"])
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(restored.output.contains("les a mis en vigueur"), "\(restored.output)")
        #expect(try await town.explain().rule == "\(Self.rule)@1")
        let shipped = Program.repository.path
        for name in ["connectors", "policies"] {
            #expect(try same("\(shipped)/\(name)", "\(town.documents)/\(name)"))
        }
        #expect(
            try Files.list(town.deployment.folder).contains { $0.hasPrefix("documents.remplace") })
        let generations = try Program.run(
            ["policies", "generations", "--journal", town.deployment.journal])
        #expect(generations.output.ranges(of: " fichiers, non signés").count == 3)
        #expect(generations.output.ranges(of: "(en vigueur)").count == 1)
        // And forward again, by the hash that the list shows.
        let second = try town.events()[1].generation
        let forward = try town.restore([
            "--generation", String(second.prefix(12)), "--signaler", "\(serving.identifier)",
        ])
        #expect(forward.status == 0, "\(forward.errors)")
        #expect(try await town.explain().rule == "\(Self.rule)@2")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test func `changes nothing where anything is missing`() async throws {
        let town = try Town()
        let serving = try town.deployment.serve()
        let alone = try town.restore(["--precedente"])
        #expect(alone.status == 65 && alone.errors.contains("Aucune génération n'a précédé"))
        #expect(try town.restore(["--generation", "abcdef123456"]).status == 65)
        #expect(try town.restore([]).status == 64)
        #expect(try town.restore(["--precedente", "--signaler", "1"]).status == 64)
        try town.takeOutChildren(version: 2)
        serving.signal(SIGHUP)
        try await serving.awaitLog("\"documents_en_vigueur\"", times: 2)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        let changed = try town.read(Town.policy)
        try town.write("notes.txt", [])
        let foreign = try town.restore(["--precedente"])
        #expect(foreign.status == 64 && foreign.errors.contains("contient autre chose"))
        try Files.remove("\(town.documents)/notes.txt")
        let database = try Database(path: town.deployment.journal, access: .readWrite)
        try database.execute(
            "DELETE FROM documents WHERE nature = 'cas' AND CAST(octets AS TEXT) LIKE '%La tranche et le%'"
        )
        let torn = try town.restore(["--precedente"])
        #expect(torn.status == 65 && torn.errors.contains("n'a pas gardé"), "\(torn.errors)")
        #expect(try town.read(Town.policy) == changed)
        #expect(try Files.list(town.documents) == ["connectors", "policies"])
        #expect(
            try Files.list(town.deployment.folder).allSatisfy { !$0.hasPrefix("documents.") })
    }

    @Test func `is not needed for a version that was changed in place: it is refused`()
        async throws
    {
        let town = try Town()
        let serving = try town.deployment.serve()
        try town.takeOutChildren(version: 1)
        serving.signal(SIGHUP)
        try await serving.awaitLog("documents_refuses")
        #expect(serving.log.contains("\(Town.policy):3:"), "\(serving.log)")
        #expect(serving.log.contains("Changez « version » : écrivez 2."), "\(serving.log)")
        #expect(try await town.explain(["quotient_familial.nombre_enfants"]).isPermitted)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        // Nor does the gateway start with it.
        let refused = try Program.run(["serve", "--config", town.deployment.configuration])
        #expect(refused.status == 78 && refused.errors.contains("Changez « version »"))
    }

    /// Whether two folders hold the same files.
    private func same(_ left: String, _ right: String) throws -> Bool {
        func files(_ folder: String) throws -> [String: [UInt8]] {
            var found: [String: [UInt8]] = [:]
            for name in try Files.list(folder) {
                let path = "\(folder)/\(name)"
                if Files.kind(path) == .directory {
                    for (below, bytes) in try files(path) { found["\(name)/\(below)"] = bytes }
                } else {
                    found[name] = try Files.read(path, maxBytes: 1 << 20)
                }
            }
            return found
        }
        return try files(left) == files(right)
    }
}

extension Town {
    func restore(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run(
            ["policies", "restore", "--journal", deployment.journal, "--vers", documents]
                + arguments)
    }
}
