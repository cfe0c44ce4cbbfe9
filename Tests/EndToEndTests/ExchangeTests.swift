import HTTPMessages
import JSONText
import Testing

/// One demonstration for all suites that leave it as they found it.
enum Shared {
    private static let task = Task { try await RunningDemo() }

    static var demo: RunningDemo {
        get async throws { try await task.value }
    }
}

/// Suites that share a demonstration run one test at a time: they look at the calls that holders
/// received.
@Suite(.serialized) struct `The demonstration` {
    @Suite struct `A data set` {
        /// Each pair of data set and mode, with leaves that must have come from the holder.
        static let pairs: [(example: String, member: String, value: String)] = [
            (
                "revenu-fiscal-franceconnect",
                "donnees.revenu_fiscal.revenu_fiscal_reference", "22804"
            ),
            ("revenu-fiscal-identite", "donnees.revenu_fiscal.revenu_fiscal_reference", "22804"),
            (
                "quotient-familial-franceconnect",
                "donnees.quotient_familial.valeur@tranche", "B"
            ),
            ("quotient-familial-identite", "donnees.quotient_familial.nombre_enfants", "2"),
            ("statut-etudiant-franceconnect", "donnees.statut_etudiant.est_inscrit", "true"),
            ("statut-etudiant-identite", "donnees.statut_etudiant.est_inscrit", "true"),
            ("demandeur-emploi-identite", "donnees.demandeur_emploi.est_inscrit", "true"),
        ]

        @Test(arguments: pairs)
        func `comes from its holder over HTTP`(
            _ pair: (example: String, member: String, value: String)
        ) async throws {
            let demo = try await Shared.demo
            let example = try demo.example(pair.example)
            let before = try await demo.callsToAll()
            let reply = try await demo.send(example)
            #expect(reply.status == 200)
            #expect(reply.member("statut") == "complet", "\(reply.text)")
            #expect(reply.member(pair.member) == pair.value, "\(reply.text)")
            #expect(reply.member("manquants") == "[]")
            #expect(try await demo.callsToAll() > before)
        }

        @Test func `gives three months of allowances under FranceConnect`() async throws {
            let demo = try await Shared.demo
            let reply = try await demo.send(try demo.example("demandeur-emploi-franceconnect"))
            #expect(reply.member("statut") == "complet", "\(reply.text)")
            let paid = reply.member("donnees.demandeur_emploi.indemnites.0.montant_allocations")
            #expect(paid.flatMap(Double.init).map { $0 > 0 } == true, "\(reply.text)")
            let date = reply.member("donnees.demandeur_emploi.indemnites.0.date_versement")
            #expect(date?.count == 10)
        }

        @Test(arguments: ["salaires-franceconnect", "salaires-identite"])
        func `gives three months of salaries`(_ name: String) async throws {
            let demo = try await Shared.demo
            let reply = try await demo.send(try demo.example(name))
            #expect(reply.member("statut") == "complet", "\(reply.text)")
            for index in 0..<3 {
                let month = reply.member("donnees.salaires.mensuels.\(index).mois")
                #expect(month?.count == 7, "\(reply.text)")
                let amount = reply.member("donnees.salaires.mensuels.\(index).montant_net_social")
                #expect(amount.flatMap(Double.init) != nil)
            }
            #expect(reply.member("donnees.salaires.mensuels.3") == nil)
        }

        @Test func `has its receipt in the journal, decision first`() async throws {
            let demo = try await Shared.demo
            let reply = try await demo.send(try demo.example("revenu-fiscal-identite"))
            let exchange = try #require(reply.member("echange"))
            let records = try demo.records(exchange: exchange)
            #expect(records.count == 2)
            #expect(records.last?.member("indice") == reply.member("recu.indice"))
            #expect(records.last?.member("feuille") == reply.member("recu.empreinte"))
        }
    }

    @Suite struct `A field outside the purpose` {
        @Test func `refuses the request by name, and nobody is called`() async throws {
            let demo = try await Shared.demo
            let example = try demo.example("refus-hors-finalite")
            let token = try await demo.token(for: example.person, service: example.service)
            let body = String(decoding: example.body, as: UTF8.self)
                .replacing("\"JETON\"", with: "\"\(token)\"")
            try await demo.clearCalls()
            let reply = try await demo.exchange(Array(body.utf8), service: example.service)
            #expect(reply.status == 403)
            #expect(reply.headers["Content-Type"] == "application/problem+json")
            #expect(reply.member("code") == "demande_refusee")
            #expect(reply.member("refus.0.champ") == "quotient_familial.valeur")
            #expect(reply.member("refus.0.motif") == "forme_non_autorisee")
            #expect(reply.member("refus.0.alternative") == "quotient_familial.valeur@tranche")
            #expect(reply.member("refus.1.champ") == "quotient_familial.adresse.commune")
            #expect(reply.member("refus.1.motif") == "champ_hors_finalite")
            #expect(reply.member("refus.2.champ") == "revenu_fiscal.revenu_fiscal_reference")
            #expect(try await demo.callsToAll() == 0)
            let exchange = try #require(reply.member("echange"))
            #expect(try demo.records(exchange: exchange).count == 1)
        }
    }

    @Suite struct `Explain` {
        @Test func `gives the verdict of the exchange and calls nobody`() async throws {
            let demo = try await Shared.demo
            try await demo.clearCalls()
            for (fields, permitted) in [
                ("\"quotient_familial.valeur@tranche\"", "true"),
                ("\"quotient_familial.valeur\"", "false"),
            ] {
                let body = """
                    {"finalite": "commune-demo/tarification-cantine", "mode": "franceconnect",
                     "destinataire": "99900106800017", "champs": [\(fields)]}
                    """
                let reply = try await demo.send(
                    .post, "\(demo.gateway)/v1/echanges/explication",
                    headers: [
                        ("Authorization", "Bearer \(try demo.key(of: "commune-demo"))"),
                        ("Content-Type", "application/json"),
                    ], body: Array(body.utf8))
                #expect(reply.status == 200)
                #expect(reply.member("permis") == permitted, "\(reply.text)")
                #expect(reply.member("niveau_requis") == "eidas1")
            }
            #expect(try await demo.callsToAll() == 0)
        }
    }
}
