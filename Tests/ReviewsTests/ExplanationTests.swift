import API
import Exchanges
import JSONText
import Policies
import Testing
import Vocabulary

@Suite struct `An explanation` {
    private let policies: PolicySet

    init() throws { policies = try Shipped.policies() }

    /// Invariant 3: on every input, the dry run and the exchange come to the same.
    @Test(arguments: 0..<12)
    func `is the first decision of the exchange`(seed: UInt64) async throws {
        var asking = RandomAsking(policies: policies, random: SeededGenerator(seed: seed))
        let past = Past()
        for _ in 0..<80 {
            let request = asking.request()
            let introspection = asking.introspection(
                at: request.question.now, of: policies[request.question.purpose])
            let problem = await past.carry(
                request, under: policies.asGeneration(holders: past), introspection: introspection)
            let explanation = Explanation(of: request.question, under: policies)
            let document = try parseJSON(explanation.json)
            #expect(document["permis"]?.bool == explanation.decision.isPermitted)
            #expect(explanation.decision == policies.decide(request.question))
            #expect(document["refus"]?.elements?.count == explanation.decision.refusals.count)
            if explanation.decision.isPermitted {
                #expect(problem?.refusals.allSatisfy(\.isOfPerson) ?? true)
            } else {
                #expect(problem?.refusals == explanation.decision.refusals)
            }
            let fields = document["champs"]?.elements ?? []
            #expect(fields.count == request.question.fields.count)
            if past.asks.isEmpty { continue }
            #expect(Set(past.asks.map(\.foreseen)) == Set(policies.foresee(explanation.decision)))
            #expect(document["detenteurs"]?.elements?.count == past.asks.count)
            #expect(fields.allSatisfy { $0["verdict"]?.string == "permis" })
        }
    }

    @Test(arguments: 0..<12)
    func `shows the nearest request that would pass`(seed: UInt64) throws {
        var asking = RandomAsking(policies: policies, random: SeededGenerator(seed: seed))
        var permitted = 0
        for _ in 0..<100 {
            let decision = policies.decide(asking.question())
            guard let correction = policies.correction(of: decision) else { continue }
            #expect(!decision.isPermitted && !correction.changes.isEmpty)
            #expect(correction.decision == policies.decide(correction.question))
            if correction.decision.isPermitted { permitted += 1 }
            let reasons = Set(correction.decision.refusals.map(\.reason))
            let fixed: Set<RefusalReason> = [
                .finaliteInconnue, .finaliteInactive, .destinataireNonHabilite,
                .habilitationExpiree, .habilitationPasEncoreValable, .initiateurNonAutorise,
            ]
            #expect(reasons.isSubset(of: fixed), "\(correction.changes)")
            #expect(correction.question.recipient == decision.question.recipient)
            #expect(correction.question.service == decision.question.service)
        }
        #expect(permitted > 0)
    }

    @Test func `corrects a refused request into one that passes`() throws {
        let document = try explained(
            """
            {"finalite": "commune-demo/tarification-cantine", "mode": "identite",
             "destinataire": "99900106800017", "role": "enfant",
             "champs": ["quotient_familial.valeur", "quotient_familial.moi",
                        "revenu_fiscal.nombre_parts"],
             "periodes": {"quotient_familial": {"mois": "2020-01"}}}
            """)
        #expect(document["permis"]?.bool == false)
        #expect(document["champs"]?[0]?["verdict"]?.string == "refuse")
        #expect(document["champs"]?[0]?["motif"]?.string == "forme_non_autorisee")
        let corrected = try #require(document["corrigee"])
        #expect(corrected["permis"]?.bool == true)
        let request = try #require(corrected["demande"])
        #expect(
            request["champs"]?.elements?.compactMap(\.string) == [
                "quotient_familial.valeur@tranche", "quotient_familial.mois",
            ])
        #expect(request["periodes"] == nil && request["role"] == nil)
        var writer = JSONWriter()
        writer.value(request)
        #expect(try explained(writer.text)["permis"]?.bool == true)
    }

    @Test func `says in words what a form lets out and what the usager must be told`() throws {
        let document = try explained(
            """
            {"finalite": "commune-demo/tarification-cantine", "mode": "franceconnect",
             "destinataire": "99900106800017", "champs": ["quotient_familial.valeur@tranche"]}
            """)
        let leaf = try #require(document["champs"]?[0]?["feuilles"]?[0])
        #expect(leaf["recu"]?.string?.contains("tranche") == true)
        #expect(leaf["limite"]?.string?.contains("jamais le montant") == true)
        #expect(document["information_usager"]?.string?.contains("tranche") == true)
        #expect(document["clients_franceconnect"]?[0]?.string == "fc:commune-demo")
        #expect(document["detenteurs"]?[0]?["lus"]?[0]?.string == "quotient_familial.valeur")
    }

    @Test(arguments: ["\"usager\": {\"franceconnect\": {\"jeton\": \"x\"}}", "\"dossier\": \"D\""])
    func `takes no person`(member: String) throws {
        let body = """
            {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
             "champs": ["revenu_fiscal.annee_revenus"], "mode": "identite", \(member)}
            """
        let problem = #expect(throws: Problem.self) { try explained(body) }
        #expect(problem?.code == .requeteInvalide)
        #expect(problem?.detail?.hasPrefix("Une explication ne p") == true)
    }

    private func explained(_ body: String) throws -> JSONNode {
        let day = try #require(CalendarDate("2026-11-20"))
        let now = Timestamp(milliseconds: day.daysSinceEpoch * 86_400_000 + 43_200_000)
        let explanation = try explain(Array(body.utf8), as: nil, under: policies, at: now)
        #expect(!explanation.text.isEmpty)
        return try parseJSON(explanation.json)
    }
}

extension HolderAsk {
    fileprivate var foreseen: ForeseenAsk {
        ForeseenAsk(service: service, leaves: leaves, read: read.sorted(), period: period)
    }
}

extension Refusal {
    /// Whether only the second decision could give it.
    fileprivate var isOfPerson: Bool {
        [
            .clientFranceConnectNonAutorise, .niveauInsuffisant, .porteeAbsente,
            .identifiantNonAutorise, .identifiantManquant, .niveauNonServi,
        ].contains(reason)
    }
}
