import Foundation
import HTTPMessages
import JSONText
import Testing

extension `The demonstration` {
    /// What a load of exchanges came to.
    private struct Load {
        var replies: [RunningDemo.Reply] = []

        /// Whether each was answered, with every leaf that it asked for here or there.
        func isWhole(fields: Int) -> Bool {
            replies.allSatisfy { reply in
                guard reply.status == 200, let missing = reply.member("manquants"),
                    let list = try? JSONPlace(root: parseJSON(Array(missing.utf8))).array(max: 50)
                else { return false }
                let given = reply.member("donnees") == "{}" ? 0 : fields
                return given + list.count >= fields
            }
        }
    }

    @Suite struct `The way to a holder` {
        private func load(
            _ count: Int, _ example: RunningDemo.Example, on demo: RunningDemo
        ) async throws -> Load {
            try await withThrowingTaskGroup(of: RunningDemo.Reply.self) { group in
                for _ in 0..<count { group.addTask { try await demo.send(example) } }
                return try await group.reduce(into: Load()) { $0.replies.append($1) }
            }
        }

        /// Failures under load, the end of them, and the load all along: no exchange is lost, none
        /// is recorded by half, and the other holders' go on.
        @Test func `opens and closes under load without one exchange lost`() async throws {
            let demo = try await Shared.demo
            let ill = try demo.example("revenu-fiscal-identite")
            let well = try demo.example("statut-etudiant-identite")
            let before = try demo.records().count
            var all = Load()
            try await demo.setFault("500", on: "dgfip", seconds: 120)
            async let others = load(60, well, on: demo)
            all.replies += try await load(40, ill, on: demo).replies
            #expect(try await demo.holderStates()["dgfip"] == "suspendu")
            try await demo.clearCalls()
            let refused = try await load(30, ill, on: demo)
            if try await demo.holderStates()["dgfip"] == "suspendu" {
                #expect(try await demo.calls(to: "dgfip") == 0)
                #expect(
                    refused.replies.allSatisfy {
                        $0.member("manquants.0.motif") == "detenteur_indisponible"
                            && Int($0.member("manquants.0.reessayer_apres_s") ?? "") ?? 99 <= 5
                    })
            }
            all.replies += refused.replies
            try await demo.setFault("500", on: "dgfip", seconds: 0)
            try await demo.untilAsked("dgfip")
            all.replies += try await load(20, ill, on: demo).replies
            try await demo.untilAsked("dgfip")
            let last = try await load(20, ill, on: demo)
            #expect(last.replies.allSatisfy { $0.member("statut") == "complet" })
            all.replies += last.replies
            #expect(try await demo.holderStates()["dgfip"] != "suspendu")
            #expect(all.replies.count == 110)
            #expect(all.isWhole(fields: 2))
            let healthy = try await others.replies
            #expect(healthy.allSatisfy { $0.member("statut") == "complet" })
            // Each exchange has its decision and its outcome.
            let records = try demo.records().count - before
            #expect(records == 2 * (110 + 60))
        }

        @Test func `is told to anybody, and to nobody's detriment`() async throws {
            let demo = try await Shared.demo
            let reply = try await demo.send(.get, "\(demo.gateway)/v1/detenteurs")
            #expect(reply.status == 200)
            #expect(try await demo.holderStates().count == 5)
            #expect(reply.member("detenteurs.0.detenteur") == "cnav")
            #expect(reply.member("detenteurs.0.caisses.0.nom") == "CNAF")
            #expect(reply.member("detenteurs.0.caisses.1.etat") == "disponible")
            #expect(reply.member("detenteurs.0.modes.1.mode") == "identite")
        }

        @Test func `obeys Retry-After, and asks again afterwards`() async throws {
            let demo = try await Shared.demo
            let example = try demo.example("revenu-fiscal-identite")
            try await demo.withFault("maintenance", on: "dgfip") {
                let first = try await demo.send(example)
                #expect(first.member("manquants.0.motif") == "detenteur_maintenance")
                try await demo.clearCalls()
                let second = try await demo.send(example)
                #expect(second.member("manquants.0.motif") == "detenteur_maintenance")
                #expect(try await demo.calls(to: "dgfip") == 0)
            }
            #expect(try await demo.send(example).member("statut") == "complet")
        }
    }
}
