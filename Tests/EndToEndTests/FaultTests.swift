import Foundation
import HTTPMessages
import JSONText
import Testing

extension `The demonstration` {
    @Suite struct `A holder that is ill` {
        @Test func `costs its own fields alone, within the caller's deadline`() async throws {
            let demo = try await Shared.demo
            let example = try demo.example("demande-complete-identite")
            let began = ContinuousClock.now
            let reply = try await demo.withFault("muet", on: "gip-mds") {
                try await demo.send(example, headers: [("Prefer", "wait=2")])
            }
            // Not a measure of speed: the holder would be silent for two minutes.
            #expect(ContinuousClock.now - began < .seconds(20))
            #expect(reply.status == 200)
            #expect(reply.headers["Preference-Applied"] == "wait=2")
            #expect(reply.member("statut") == "partiel", "\(reply.text)")
            #expect(reply.member("donnees.revenu_fiscal.annee_revenus") != nil)
            #expect(reply.member("donnees.demandeur_emploi.est_inscrit") == "true")
            #expect(reply.member("donnees.salaires") == nil)
            #expect(reply.member("manquants.0.motif") == "detenteur_trop_lent")
            #expect(reply.member("manquants.0.repli") == "reessayer")
        }

        @Test(
            arguments: [
                ("500", "detenteur_indisponible"), ("coupe", nil), ("illisible", nil),
                ("enorme", "reponse_irrecevable"), ("quota", "detenteur_quota"),
                ("maintenance", "detenteur_maintenance"), ("arret", "detenteur_indisponible"),
                ("identite", "identite_discordante"),
            ])
        func `is told apart by its failure, and gives nothing`(
            _ fault: String, _ reason: String?
        ) async throws {
            let demo = try await Shared.demo
            let example = try demo.example("revenu-fiscal-identite")
            let reply = try await demo.withFault(fault, on: "dgfip") {
                try await demo.send(example)
            }
            #expect(reply.status == 200)
            #expect(reply.member("statut") == "aucun", "\(fault): \(reply.text)")
            #expect(reply.member("donnees") == "{}")
            let given = try #require(reply.member("manquants.0.motif"))
            if let reason {
                #expect(given == reason)
            } else {
                #expect(["detenteur_indisponible", "reponse_irrecevable"].contains(given))
            }
        }

        @Test func `leaves 200 and "aucun" when all are down`() async throws {
            let demo = try await Shared.demo
            let example = try demo.example("demande-complete-identite")
            let reply = try await demo.withFault("arret", on: "tous") {
                try await demo.send(example)
            }
            #expect(reply.status == 200)
            #expect(reply.member("statut") == "aucun")
            let missing = try #require(reply.member("manquants"))
            let list = try JSONPlace(root: try parseJSON(Array(missing.utf8))).array(max: 100)
            #expect(list.count == 5)
        }
    }

    @Suite struct `What was not asked` {
        @Test func `is dropped, and the journal says what it was`() async throws {
            let demo = try await Shared.demo
            let reply = try await demo.send(try demo.example("revenu-fiscal-identite"))
            #expect(reply.status == 200)
            // DGFIP sent the whole tax sheet: names, addresses, parts, and some thirty members
            // more.
            let data = try #require(reply.member("donnees"))
            let place = JSONPlace(root: try parseJSON(Array(data.utf8)))
            let sets = try place.anyObject().members
            #expect(sets.map(\.name) == ["revenu_fiscal"])
            let fields = try #require(try sets.first?.place.anyObject()).members.map(\.name)
            #expect(Set(fields) == ["annee_revenus", "revenu_fiscal_reference"])
            let exchange = try #require(reply.member("echange"))
            let outcome = try #require(try demo.records(exchange: exchange).last).text
            #expect(outcome.contains("revenu_fiscal.nombre_parts"), "\(outcome)")
            #expect(outcome.contains("revenu_fiscal.adresse"))
        }
    }

    @Suite struct `A caller who leaves` {
        @Test func `cancels the holder calls, and the outcome is recorded`() async throws {
            let demo = try await Shared.demo
            let example = try demo.example("demande-complete-identite")
            try await demo.clearCalls()
            let before = try demo.records().count
            try await demo.withFault("muet", on: "gip-mds") {
                let key = try demo.key(of: example.service)
                let caller = Process()
                caller.executableURL = URL(filePath: "/usr/bin/curl")
                caller.arguments = [
                    "--silent", "--output", "/dev/null", "\(demo.gateway)/v1/echanges",
                    "-H", "Authorization: Bearer \(key)", "-H", "Content-Type: application/json",
                    "--data-binary", String(decoding: example.body, as: UTF8.self),
                ]
                try caller.run()
                try await demo.awaitCall(to: "gip-mds", of: "/salaires")
                kill(caller.processIdentifier, SIGKILL)
                caller.waitUntilExit()
                try await demo.awaitAbandonedCall(to: "gip-mds")
            }
            let records = try await demo.awaitRecords(before + 2)
            let outcome = try #require(records.last).text
            #expect(outcome.contains("\"annule\""), "\(outcome)")
            let next = try await demo.send(try demo.example("revenu-fiscal-identite"))
            #expect(next.status == 200)
        }
    }
}

extension RunningDemo {
    /// Returns once a double has received a call whose path contains a text.
    func awaitCall(to target: String, of path: String) async throws {
        try await awaiting("a call to \(target)") { reply in
            reply.member(target)?.contains(path) == true
        }
    }

    /// Returns once a double has seen a caller leave.
    func awaitAbandonedCall(to target: String) async throws {
        try await awaiting("an abandoned call to \(target)") { reply in
            reply.member(target)?.contains("\"abandonne\":true") == true
        }
    }

    /// Returns the records once there are as many.
    func awaitRecords(_ count: Int) async throws -> [Reply] {
        for _ in 0..<200 {
            let records = try records()
            if records.count >= count { return records }
        }
        throw Missing(what: "\(count) records")
    }

    /// Asks for the calls until they are as wanted; asking is the wait.
    private func awaiting(_ what: String, _ isThere: (Reply) -> Bool) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while ContinuousClock.now < deadline {
            if isThere(try await send(.get, "\(sandbox)/sandbox/appels")) { return }
        }
        throw Missing(what: what)
    }
}
