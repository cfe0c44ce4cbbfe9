import Foundation
import Platform
import Testing

@Suite struct `The check` {
    @Test func `passes what ships with the warnings that are due, and no other`() throws {
        let outcome = try Program.run(["check"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("8 finalités : aucune erreur, "))
        // Those that come when the demonstration's habilitations end are due then.
        let warnings = outcome.errors.split(separator: "\n")
            .filter { !$0.contains("2028-12-31") }
        #expect(warnings.count == 6)
        #expect(warnings.count { $0.contains("n'a pas été relue") } == 5)
        #expect(warnings.count { $0.contains("a pris fin le 2026-06-30") } == 1)
        #expect(
            warnings.allSatisfy { $0.wholeMatch(of: /\S+:\d+:\d+ : avertissement : .*/) != nil })
    }

    @Test func `refuses them where it is strict`() throws {
        let outcome = try Program.run(["check", "--strict"])
        #expect(outcome.status == 65)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("avertissements : --strict n'en admet aucun."))
    }

    @Test func `says the mistakes of a contract, and none of those that depend on it`() throws {
        let folder = try Files.temporaryDirectory(prefix: "contrats")
        defer { try? Files.removeTree(folder) }
        let connectors = URL(filePath: folder).appending(path: "connectors")
        try FileManager.default.copyItem(
            at: Program.repository.appending(path: "connectors"), to: connectors)
        let contract = connectors.appending(path: "datasets/statut_etudiant.json").path()
        let text = String(decoding: try Files.read(contract, maxBytes: 1 << 20), as: UTF8.self)
        try Files.writeAtomically(
            contract,
            Array(
                text.replacing("\"repli\"", with: "\"replis\"")
                    .replacing("\"type\": \"booleen\"", with: "\"type\": \"bool\"").utf8))
        let outcome = try Program.run(["check", "--connectors", connectors.path()])
        #expect(outcome.status == 65)
        let errors = outcome.errors.split(separator: "\n").filter { $0.contains(" : erreur : ") }
        #expect(errors.count == 4)
        #expect(errors.allSatisfy { $0.hasPrefix("connectors/datasets/statut_etudiant.json:") })
    }

    @Test func `plays every example, and says all in which a connector does otherwise`() throws {
        let folder = try Files.temporaryDirectory(prefix: "exemples")
        defer { try? Files.removeTree(folder) }
        let connectors = URL(filePath: folder).appending(path: "connectors")
        try FileManager.default.copyItem(
            at: Program.repository.appending(path: "connectors"), to: connectors)
        let examples = connectors.appending(path: "cnav/quotient_familial/examples")
        for (name, old, new) in [
            ("trouve", #""quotient_familial.valeur": 742"#, #""quotient_familial.valeur": 743"#),
            ("trouve", "moisDemande=10", "moisDemande=11"),
            ("inconnu", #""issue": "personne_inconnue""#, #""issue": "obtenu""#),
        ] {
            let path = examples.appending(path: "\(name).json").path()
            let text = String(decoding: try Files.read(path, maxBytes: 1 << 20), as: UTF8.self)
            try #require(text.contains(old))
            try Files.writeAtomically(path, Array(text.replacing(old, with: new).utf8))
        }
        for command in [["check"], ["connectors", "check"]] {
            let outcome = try Program.run(command + ["--connectors", connectors.path()])
            #expect(outcome.status == 65)
            let errors = outcome.errors.split(separator: "\n")
                .filter { $0.contains(" : erreur : ") }
            #expect(errors.count == 3)
            #expect(
                errors.allSatisfy {
                    $0.hasPrefix("connectors/cnav/quotient_familial/examples/")
                })
            #expect(errors.contains { $0.contains("« 743 »") && $0.contains("« 742 »") })
        }
    }
}
