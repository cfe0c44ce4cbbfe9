import Foundation
import Glibc
import HTTPMessages
import JSONText
import Platform
import SQLite
import Testing

/// The bounds of a purpose, as its service meets them.
@Suite(.serialized) struct `A bounded purpose` {
    @Test func `counts to its bounds, says what is left, and counts on after a restart`()
        async throws
    {
        let town = try Town()
        try town.replace(
            Town.policy, "\"par_jour\": 20000",
            "\"par_jour\": 5, \"par_personne_et_dossier\": {\"appels\": 3, \"par\": \"annee\"}")
        let demo = town.deployment.demo
        var serving = try town.deployment.serve()

        for left in [4, 3, 2] {
            let reply = try await demo.send(try demo.example("quotient-familial-identite"))
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.member("quotas.0.borne") == "par_jour")
            #expect(reply.member("quotas.0.limite") == "5")
            #expect(reply.member("quotas.0.reste") == "\(left)")
            #expect(reply.headers["RateLimit-Policy"]?.hasPrefix("\"par_jour\";q=5;w=") == true)
            #expect(reply.headers["RateLimit"]?.hasPrefix("\"par_jour\";r=\(left);t=") == true)
        }
        // The person's own bound: a refusal without any number of theirs.
        let person = try await demo.send(try demo.example("quotient-familial-identite"))
        #expect(person.status == 429, "\(person.text)")
        #expect(person.member("code") == "quota_epuise")
        #expect(person.member("refus.0.motif") == "borne_par_personne_atteinte")
        #expect(person.member("refus.1") == nil && person.headers["Retry-After"] == nil)
        #expect(!person.text.contains("par_personne_et_dossier"))
        #expect(person.member("quotas.0.reste") == "2")

        // Explaining takes nothing.
        for _ in 0..<2 { #expect(try await town.left() == "2") }
        for left in [1, 0] {
            let reply = try await demo.send(try demo.example("quotient-familial-franceconnect"))
            #expect(reply.status == 200 && reply.member("quotas.0.reste") == "\(left)")
        }
        try await expectExhausted(demo)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        serving = try town.deployment.serve()
        try await expectExhausted(demo)
        #expect(try await town.left() == "0")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)

        let decisions = try town.deployment.records().filter { $0.kind == "decision" }
        #expect(decisions.count { $0.verdict == "permise" } == 5)
        #expect(decisions.count { $0.verdict == "refusee" } == 3)
        #expect(
            decisions.first?.record.contains(
                "\"comptes\":[{\"compteur\":\"par_jour\",\"trouve\":1,\"limite\":5},") == true)
    }

    private func expectExhausted(_ demo: RunningDemo) async throws {
        let reply = try await demo.send(try demo.example("quotient-familial-franceconnect"))
        #expect(reply.status == 429, "\(reply.text)")
        #expect(reply.member("code") == "quota_epuise" && reply.member("action") == "reessayer")
        #expect(reply.member("refus.0.motif") == "borne_atteinte")
        #expect(reply.member("donnees") == nil)
        #expect(reply.headers["RateLimit"]?.hasPrefix("\"par_jour\";r=0;t=") == true)
        let seconds = try #require(reply.headers["Retry-After"].flatMap { Int($0) })
        #expect((1...90_000).contains(seconds))
    }
}

/// A script with a valid key that tries identities, and others beside it.
@Suite(.serialized) struct `A script that probes` {
    @Test func `is stopped, and an honest service beside it is not`() async throws {
        let deployment = try Deployment()
        let demo = deployment.demo
        var serving = try deployment.serve()
        var answered = 0
        for turn in 0..<100 {
            let reply = try await demo.exchange(
                try demo.invented(turn), service: "cnaf")
            if reply.status == 200 {
                answered += 1
                #expect(reply.member("statut") == "aucun", "\(reply.text)")
            } else {
                #expect(reply.status == 403, "\(reply.text)")
                #expect(reply.member("refus.0.motif") == "sondage_presume")
                #expect(reply.member("action") == "contacter_passerelle")
                #expect(reply.member("quotas") == nil)
            }
            guard turn % 4 == 0 else { continue }
            // Honest ones: another service, and another purpose under the very key of the script.
            for name in ["quotient-familial-identite", "revenu-fiscal-identite"] {
                let honest = try await demo.send(try demo.example(name))
                #expect(honest.status == 200 && honest.member("statut") == "complet")
            }
        }
        // The forty-first miss among the last hundred is the last that is answered.
        #expect(answered == 41)
        try await serving.awaitLog("\"event\":\"acces_suspendu\"")
        #expect(serving.log.contains("\"borne\":\"echecs_sur_cent\",\"trouve\":41,\"limite\":40"))
        #expect(serving.log.ranges(of: "\"event\":\"acces_suspendu\"").count == 1)
        try await expectStopped(demo)

        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        serving = try deployment.serve()
        try await expectStopped(demo)
        try expectShown(deployment)
        try restore(deployment)
        let known = try demo.example("salaires-identite")
        #expect(try await demo.send(known).status == 200)
        try await serving.awaitLog("\"event\":\"acces_retabli\"")
        let events = try deployment.records().filter { $0.kind == "evenement" }
        #expect(events.contains { $0.record.contains("\"acces_suspendu\"") })
        #expect(events.contains { $0.record.contains("clé remplacée") })
    }

    /// Asking all at once tells no more than asking in turn.
    @Test func `learns no more by asking a hundred times at once`() async throws {
        let deployment = try Deployment()
        let demo = deployment.demo
        let serving = try deployment.serve()
        let replies = try await withThrowingTaskGroup(of: RunningDemo.Reply.self) { group in
            for turn in 0..<100 {
                let body = try demo.invented(turn)
                group.addTask { try await demo.exchange(body, service: "cnaf") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.count { $0.status == 200 } <= 41)
        for reply in replies where reply.status != 200 {
            #expect(reply.status == 403, "\(reply.text)")
            #expect(reply.member("refus.0.motif") == "sondage_presume")
        }
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        // What was begun is recorded to its end all the same.
        var checker = JournalChecker()
        _ = try checker.check(try deployment.records(), holding: [])
    }

    /// Given names tried on one birth name and date are few.
    @Test func `is stopped sooner when it tries one birth name and date`() async throws {
        let deployment = try Deployment()
        let demo = deployment.demo
        let serving = try deployment.serve()
        var statuses: [Int] = []
        for name in ["Ana", "Bea", "Cora", "Dora", "Eva", "Fany", "Gaia", "Hana"] {
            let body = try demo.invented(0, givenName: name)
            statuses.append(try await demo.exchange(body, service: "cnaf").status)
        }
        #expect(statuses == [200, 200, 200, 200, 200, 403, 403, 403])
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    private func expectStopped(_ demo: RunningDemo) async throws {
        let known = try await demo.send(try demo.example("salaires-identite"))
        #expect(known.status == 403, "\(known.text)")
        #expect(known.member("refus.0.motif") == "sondage_presume")
        // Whoever proves who they are is served.
        let proved = try await demo.send(try demo.example("salaires-franceconnect"))
        #expect(proved.status == 200, "\(proved.text)")
    }

    private func expectShown(_ deployment: Deployment) throws {
        let shown = try Program.run(["audit", "suspensions", "--journal", deployment.journal])
        #expect(shown.status == 0 && shown.output.contains("cnaf/prime-activite"))
        #expect(shown.output.contains("echecs_sur_cent : 41 sur 40"))
        #expect(shown.output.contains("Accès suspendus : 1"))
    }

    private func restore(_ deployment: Deployment) throws {
        let command = [
            "journal", "retablir", "--journal", deployment.journal, "--finalite",
            "cnaf/prime-activite", "--motif", "clé remplacée, script retiré", "--acces",
        ]
        let name = try #require(
            try Files.read("\(deployment.folder)/titres.json", maxBytes: 1 << 20)
                .key(of: "cnaf"))
        let wrong = try Program.run(command + ["autre"])
        #expect(wrong.status == 65 && wrong.errors.contains("n'est pas suspendu"))
        let right = try Program.run(command + [name])
        #expect(right.status == 0, "\(right.errors)")
    }
}

extension [UInt8] {
    /// The name of a service's key in a registry of credentials.
    fileprivate func key(of service: String) throws -> String? {
        let clients = try parseJSON(self)["clients"]?.elements ?? []
        let own = clients.first { $0["service"]?.string == service }
        let key = own?["titres"]?.elements?.first { $0["type"]?.string == "cle_api" }
        return key?["nom"]?.string
    }
}

extension RunningDemo {
    /// A request about somebody who does not exist; another for each number.
    fileprivate func invented(_ number: Int, givenName: String? = nil) throws -> [UInt8] {
        let letters = String(
            decoding: String(number).utf8.map { $0 - 48 + UInt8(ascii: "A") }, as: UTF8.self)
        var body = String(decoding: try example("salaires-identite").body, as: UTF8.self)
        body = body.replacing(
            /"nom_naissance":"[^"]*"/, with: "\"nom_naissance\":\"Inventé\(letters)\"")
        if let givenName {
            body = body.replacing(/"prenoms":\[[^\]]*\]/, with: "\"prenoms\":[\"\(givenName)\"]")
        }
        return Array(body.utf8)
    }
}

extension Town {
    /// What explain says is left of the day's bound.
    fileprivate func left() async throws -> String? {
        let demo = deployment.demo
        let body = """
            {"finalite": "commune-demo/tarification-cantine", "mode": "identite",
             "destinataire": "99900106800017", "champs": ["quotient_familial.valeur@tranche"]}
            """
        let reply = try await demo.send(
            .post, "\(demo.gateway)/v1/echanges/explication",
            headers: [
                ("Authorization", "Bearer \(try demo.key(of: "commune-demo"))"),
                ("Content-Type", "application/json"),
            ], body: Array(body.utf8))
        #expect(reply.status == 200 && reply.headers["RateLimit"] == nil)
        return reply.member("quotas.0.reste")
    }
}
