import Foundation
import Glibc
import HTTPMessages
import Platform
import Testing

/// Documents that change under a gateway that serves.
@Suite(.serialized) struct `A reload` {
    @Test func `puts changed documents in force, all at once, and the journal says so`()
        async throws
    {
        let town = try Town()
        let serving = try town.deployment.serve()
        #expect(try await town.explain().rule == "commune-demo/tarification-cantine@1")
        #expect(try await town.explain(["quotient_familial.nombre_enfants"]).isPermitted)
        try town.takeOutChildren(version: 2)
        serving.signal(SIGHUP)
        try await serving.awaitLog("documents_en_vigueur", times: 2)
        let after = try await town.explain(["quotient_familial.nombre_enfants"])
        #expect(!after.isPermitted && after.rule == "commune-demo/tarification-cantine@2")
        let acts = try town.events()
        #expect(acts.map(\.act) == ["generation_en_vigueur", "generation_en_vigueur"])
        #expect(acts.map(\.cause) == ["demarrage", "rechargement"])
        #expect(acts[0].generation != acts[1].generation)
        let listed = try Program.run(
            ["audit", "list", "--nature", "evenement", "--journal", town.deployment.journal])
        #expect(listed.output.contains("événement : documents en vigueur"), "\(listed.errors)")
        #expect(listed.output.contains("par rechargement"))
        // Nothing changed since: nothing is swapped, and nothing recorded.
        serving.signal(SIGHUP)
        try await serving.awaitLog("documents_inchanges")
        #expect(try town.events().count == 2)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test func `of a set with a mistake changes nothing, and says every mistake`() async throws {
        let town = try Town()
        let serving = try town.deployment.serve()
        let before = try await town.explain()
        for (count, breakage) in Breakage.all.enumerated() {
            let seen = serving.log.count
            try await town.restoring(breakage.file) {
                try breakage.apply(town)
                serving.signal(SIGHUP)
                try await serving.awaitLog("\"documents_refuses\"", times: count + 1)
            }
            let remarks = serving.log.dropFirst(seen)
            #expect(remarks.contains(breakage.says), "\(breakage.says) : \(remarks)")
            let folder = breakage.file.split(separator: "/").prefix(2).joined(separator: "/")
            #expect(remarks.contains("\"remarque\":\"\(folder)"))
            #expect(try await town.explain() == before)
            #expect(try await town.isReady())
            let event = try #require(try town.events().last)
            #expect(event.act == "generation_refusee" && event.generation == before.generation)
        }
        #expect(try town.events().count == Breakage.all.count + 1)
        // What was mended meanwhile is what serves already.
        serving.signal(SIGHUP)
        try await serving.awaitLog("documents_inchanges")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test func `of a set that names what the deployment has not changes nothing`() async throws {
        let town = try Town()
        let serving = try town.deployment.serve()
        try town.replace(Town.policy, "\"version\": 1", "\"version\": 2")
        try town.replace(
            Town.policy, "\"fc:commune-demo\"", "\"fc:commune-demo\", \"fc:nouveau\"")
        serving.signal(SIGHUP)
        try await serving.awaitLog("\"documents_refuses\"")
        #expect(serving.log.contains("n'ont pas d'identifiant : fc:nouveau."))
        #expect(try await town.explain().rule == "commune-demo/tarification-cantine@1")
        try town.replace(Town.policy, ", \"fc:nouveau\"", "")
        let connector = "connectors/cnav/quotient_familial/connector.json"
        try await town.restoring(connector) {
            try town.replace(connector, "\"cnav-client-id\"", "\"cnav-autre\"")
            serving.signal(SIGHUP)
            try await serving.awaitLog("\"documents_refuses\"", times: 2)
        }
        #expect(serving.log.contains("cnav-autre"), "\(serving.log)")
        #expect(try await town.explain().rule == "commune-demo/tarification-cantine@1")
        serving.signal(SIGHUP)
        try await serving.awaitLog("\"documents_en_vigueur\"", times: 2)
        #expect(try await town.explain().rule == "commune-demo/tarification-cantine@2")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test func `is not noticed by those who ask meanwhile`() async throws {
        let town = try Town()
        let serving = try town.deployment.serve()
        let demo = town.deployment.demo
        let example = try demo.example("demande-complete-identite")
        let isOver = Whistle()
        let answers = try await withThrowingTaskGroup(of: [RunningDemo.Reply].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var replies: [RunningDemo.Reply] = []
                    while !isOver.hasBlown {
                        replies.append(try await demo.send(example))
                    }
                    return replies
                }
            }
            for round in 1...10 {
                // Every other set is broken: the one before goes on.
                try town.takeOutChildren(version: round + 1)
                if round.isMultiple(of: 2) {
                    try town.replace(Town.policy, "\"etat\":", "\"etats\":")
                }
                serving.signal(SIGHUP)
                let sound = (round + 1) / 2
                try await serving.awaitLog("\"documents_en_vigueur\"", times: sound + 1)
                try await serving.awaitLog("\"documents_refuses\"", times: round - sound)
                if round.isMultiple(of: 2) {
                    try town.replace(Town.policy, "\"etats\":", "\"etat\":")
                }
            }
            isOver.blow()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(answers.count >= 4)
        #expect(answers.allSatisfy { $0.status == 200 && $0.member("statut") == "complet" })
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        let entries = try town.deployment.records()
        #expect(entries.count { $0.outcome == "complet" } == answers.count)
        #expect(entries.count { $0.kind == "evenement" } == 11)
    }

    @Test func `leaves an exchange that runs its own documents, to its last record`() async throws {
        let town = try Town()
        let serving = try town.deployment.serve()
        let demo = town.deployment.demo
        let example = try demo.example("demande-complete-identite")
        try await demo.withFault("muet", on: "gip-mds") {
            async let pending = demo.send(example, headers: [("Prefer", "wait=5")])
            try await demo.awaitCall(to: "gip-mds", of: "/token")
            try town.takeOutChildren(version: 2)
            serving.signal(SIGHUP)
            try await serving.awaitLog("documents_en_vigueur", times: 2)
            let reply = try await pending
            #expect(reply.status == 200, "\(reply.text)")
        }
        #expect(try await demo.send(example).member("statut") == "complet")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        let entries = try town.deployment.records()
        #expect(
            entries.map(\.kind) == [
                "evenement", "decision", "evenement", "issue", "decision", "issue",
            ])
        let (first, second) = (try town.events()[0].generation, try town.events()[1].generation)
        let generations = entries.map { $0.record.contains(first) ? 1 : 2 }
        #expect(generations == [1, 1, 2, 1, 2, 2])
        #expect(entries[2].record.contains(second))
    }

    @Test func `is refused while the journal cannot write, and done when it can`() async throws {
        let town = try Town()
        let serving = try town.deployment.serve()
        try town.takeOutChildren(version: 2)
        try town.breakJournal()
        serving.signal(SIGHUP)
        try await serving.awaitLog("documents_refuses")
        #expect(try await town.explain().rule == "commune-demo/tarification-cantine@1")
        try town.mendJournal()
        try await town.awaitReady()
        // What could not be recorded then is, as soon as it can.
        try town.awaitEvent("generation_refusee")
        serving.signal(SIGHUP)
        try await serving.awaitLog("documents_en_vigueur", times: 2)
        #expect(try await town.explain().rule == "commune-demo/tarification-cantine@2")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }
}

/// One way to break the documents of a deployment, and what the log must say.
struct Breakage: Sendable {
    let file: String
    let says: String
    let apply: @Sendable (Town) throws -> Void

    private static func replacing(
        _ old: String, _ new: String, in file: String = Town.policy, says: String
    ) -> Breakage {
        Breakage(file: file, says: says) { try $0.replace(file, old, new) }
    }

    private static func linking(_ file: String, to target: String, says: String) -> Breakage {
        Breakage(file: file, says: says) { town in
            try FileManager.default.createSymbolicLink(
                atPath: "\(town.documents)/\(file)", withDestinationPath: target)
        }
    }

    static let all = [
        linking(
            "policies/commune-demo/tarification-cantine/cases/lien.json",
            to: "refuse-la-valeur.json",
            says: "C'est un lien symbolique"),
        linking(
            "policies/commune-demo/ailleurs", to: "../../../connectors",
            says: "mène hors du dossier"),
        Breakage(file: "policies/commune-demo/été.json", says: "nom de fichier") {
            try $0.write("policies/commune-demo/été.json", [0x7B, 0x7D])
        },
        replacing("\"version\": 1", "\"version\": \"un\"", says: "doit être un nombre entier"),
        replacing("quotient_familial.annee", "quotient_familial.annees", says: "n'existe dans"),
        replacing("\"bases_legales\"", "\"base_legale\"", says: "bases_legales"),
        replacing("\"etat\":", "\"etat\": \"active\", \"etat\":", says: "deux membres"),
        replacing("99900107600010", "99900106800017", says: "se chevauchent"),
        replacing("fc:commune-demo", "fc:cnaf", says: "autre service"),
        replacing("\"active\"", "\"suspendue\"", says: "devrait passer"),
        replacing("{\n  \"finalite\"", "{\n  finalite", says: "Le document ne se lit pas"),
        replacing(
            "\"cnav\"", "\"autre\"", in: "connectors/cnav/quotient_familial/connector.json",
            says: "connector.json"),
        Breakage(file: Town.policy, says: "UTF-8") {
            try $0.write(Town.policy, [0x7B, 0x22, 0xFF, 0x22])
        },
        Breakage(file: Town.policy, says: "pèse 52") {
            try $0.write(Town.policy, [UInt8](repeating: 0x20, count: 50 << 20))
        },
        Breakage(file: "policies/commune-demo/notes.txt", says: "n'a pas sa place ici") {
            try $0.write("policies/commune-demo/notes.txt", [])
        },
        Breakage(file: "policies/dss/service.json", says: "service « dss » n'est pas décrit") {
            try Files.remove("\($0.documents)/policies/dss/service.json")
        },
    ]
}
