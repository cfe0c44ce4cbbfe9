import Foundation
import JSONText
import Platform
import Testing

/// What a service's developer, an approver and an auditor run before and after a change.
@Suite struct `A review from the command line` {
    private func request(_ members: String) throws -> String {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-revue")
        let path = "\(folder)/demande.json"
        try Files.writeAtomically(
            path,
            Array(
                """
                {"finalite": "commune-demo/tarification-cantine",
                 "destinataire": "99900106800017", \(members)}
                """.utf8))
        return path
    }

    @Test func `explains a refused request, and its correction passes`() throws {
        let fields = #""champs": ["quotient_familial.valeur", "quotient_familial.moi"]"#
        let path = try request("\(fields), \"mode\": \"identite\"")
        let refused = try Program.run(["explain", path, "--le", "2026-11-20"])
        #expect(refused.status == 2, "\(refused.errors)")
        #expect(refused.output.contains("forme_non_autorisee"))
        let shown = try Program.run(["explain", path, "--json"])
        let document = try parseJSON(Array(shown.output.utf8))
        let corrected = try #require(document["corrigee"]?["demande"])
        var writer = JSONWriter()
        writer.value(corrected)
        let permitted = try Program.run(["explain", "-"], input: writer.text)
        #expect(permitted.status == 0, "\(permitted.output)\(permitted.errors)")
        #expect(permitted.output.contains("Ce qu'il faut dire à l'usager"))
    }

    @Test func `takes no person`() throws {
        let path = try request(#""champs": ["quotient_familial.mois"], "usager": {}"#)
        let outcome = try Program.run(["explain", path])
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("ne prend aucune personne"))
    }

    @Test func `says in French what a change opens and closes`() throws {
        let candidate = try changedPolicy { text in
            text.replacingOccurrences(of: "2028-12-31", with: "2027-06-30")
                .replacingOccurrences(of: "\"version\": 1", with: "\"version\": 2")
        }
        let outcome = try Program.run([
            "policies", "diff", "policies/cnaf/aide-logement", candidate,
        ])
        #expect(outcome.status == 1, "\(outcome.errors)")
        #expect(outcome.output.contains("perd l'accès du 1er juillet 2027 au 31 décembre 2028"))
        let none = try Program.run(["policies", "diff", "policies", "policies"])
        #expect(none.status == 0 && none.output == "Aucune différence.\n")
    }

    @Test func `replays a journal under the documents of its time, and under a candidate`()
        async throws
    {
        let known = try await KnownJournal.shared.value
        let journal = known.deployment.journal
        let own = try Program.run(["policies", "replay", "--journal", journal])
        #expect(own.status == 0, "\(own.output)\(own.errors)")
        #expect(own.output.contains("Rien ne bascule"))
        let others = try otherPolicies()
        let kept = try Program.run([
            "policies", "replay", "--journal", journal, "--policies", others,
        ])
        #expect(kept.status == 0, "\(kept.output)\(kept.errors)")
        #expect(kept.output.contains("les documents de l'époque, que le journal a gardés"))
        let candidate = try changedPolicy { text in
            text.replacingOccurrences(of: "\"etat\": \"active\"", with: "\"etat\": \"suspendue\"")
        }
        let outcome = try Program.run([
            "policies", "replay", "--journal", journal, "--policy", candidate, "--json",
        ])
        #expect(outcome.status == 1, "\(outcome.errors)")
        let document = try parseJSON(Array(outcome.output.utf8))
        let closed = document["services"]?["cnaf"]?["bascules"]?["permise_puis_refusee"]?.integer
        #expect(closed ?? 0 > 0)
        #expect(document["bascules"]?[0]?["refuses"]?[0]?["motif"]?.string == "finalite_inactive")
    }

    private func changedPolicy(_ change: (String) -> String) throws -> String {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-revue")
        let source = Program.repository.appending(path: "policies/cnaf/aide-logement/policy.json")
        let text = change(try String(contentsOf: source, encoding: .utf8))
        try Files.writeAtomically("\(folder)/policy.json", Array(text.utf8))
        return "\(folder)/policy.json"
    }

    /// The shipped policies, of which one says another contact: another generation.
    private func otherPolicies() throws -> String {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-revue")
        let copy = URL(filePath: "\(folder)/policies")
        try FileManager.default.copyItem(
            at: Program.repository.appending(path: "policies"), to: copy)
        let file = copy.appending(path: "cnaf/rsa/policy.json")
        let text = try String(contentsOf: file, encoding: .utf8)
            .replacingOccurrences(of: "finalites@dlnuf.example", with: "autre@dlnuf.example")
        try Files.writeAtomically(file.path, Array(text.utf8))
        return copy.path
    }
}
