import Exchanges
import Foundation
import Journal
import Policies
import Testing
import Vocabulary

@Suite struct `An exchange under bounds` {
    private let purpose: PurposeID

    init() throws { purpose = try #require(PurposeID("cnaf/aide-logement")) }

    /// The shipped purpose under other bounds.
    private func policies(_ bounds: String) throws -> PolicySet {
        try Shipped.policies(bounds: bounds, of: purpose)
    }

    private func request(
        _ givenName: String = "Gwenaelle", mode: Mode = .identite, dossier: String? = "D-1"
    ) throws -> ExchangeRequest {
        try Given.request(
            purpose.text, Given.income, mode: mode, pivot: Given.pivot(named: givenName),
            dossier: dossier)
    }

    @Test func `tells what is left with its answer, and asks nobody beyond`() async throws {
        let world = World()
        let policies = try policies("{\"par_jour\": 2, \"par_seconde\": 2}")
        let answers = [
            try await world.carry(request("Anna"), under: policies),
            try await world.carry(request("Berthe"), under: policies),
        ]
        #expect(
            answers.map { $0.quotas.map(\.bound) } == [
                [.parJour, .parSeconde], [.parJour, .parSeconde],
            ])
        #expect(answers.map { $0.quotas.map(\.remaining) } == [[1, 1], [0, 0]])
        let problem = try await Given.problem {
            try await world.carry(try request("Cécile"), under: policies)
        }
        #expect(problem.code == .quotaEpuise && problem.action == .reessayer)
        #expect(problem.refusals.map(\.reason) == [.borneAtteinte])
        #expect(problem.quotas.map(\.remaining) == [0, 0])
        // At 00:04:27.123 UTC, 01:04 in Paris.
        #expect(problem.retryAfterSeconds == 22 * 3600 + 55 * 60 + 33)
        #expect(world.steps.count { $0 == .asked("dgfip") } == 2)
        let refused = try #require(world.decisions.last)
        #expect(refused.verdict == .refused && refused.person != nil)
        #expect(refused.counts.first == FoundCount(counter: "par_jour", found: 3, limit: 2))
        #expect(
            policies.judge(policies.decide(try request().question), by: refused.counts)
                .refusals.map(\.reason) == [.borneAtteinte])
    }

    @Test func `bounds a person by dossier, in both modes, and says no number of theirs`()
        async throws
    {
        let world = World(introspecting: { _ throws(Problem) in
            Given.introspection(scopes: [
                "dgfip_rfr", "dgfip_annee_n_moins_1", "dgfip_annee_n_moins_2",
            ])
        })
        let policies = try policies(
            "{\"par_jour\": 9, \"par_personne_et_dossier\": {\"appels\": 1, \"par\": \"mois\"}}")
        _ = try await world.carry(request(), under: policies)
        for mode in Mode.allCases {
            let problem = try await Given.problem {
                try await world.carry(try request(mode: mode), under: policies)
            }
            #expect(problem.refusals.map(\.reason) == [.borneParPersonneAtteinte], "\(mode)")
            #expect(problem.retryAfterSeconds == nil)
            #expect(problem.quotas.map(\.bound) == [.parJour] && problem.quotas[0].remaining == 8)
        }
        // Another dossier, another person, and no dossier at all have counts of their own.
        _ = try await world.carry(request(dossier: "D-2"), under: policies)
        _ = try await world.carry(request("Autre"), under: policies)
        _ = try await world.carry(request(dossier: nil), under: policies)
        let problem = try await Given.problem {
            try await world.carry(try request(dossier: nil), under: policies)
        }
        #expect(problem.refusals.map(\.reason) == [.borneParPersonneAtteinte])
    }

    @Test(
        arguments: [
            ("{\"sondage\": {\"personnes_par_dossier\": 2}}", "D-1"),
            ("{\"sondage\": {\"personnes_par_jour\": 2}}", nil),
            ("{\"sondage\": {\"variantes_par_jour\": 2}}", nil),
        ] as [(String, String?)])
    func `suspends the identity mode past a bound on persons, and not the other`(
        bounds: String, dossier: String?
    ) async throws {
        let world = World()
        let policies = try policies(bounds)
        for name in ["Anna", "Berthe", "Anna"] {
            _ = try await world.carry(request(name, dossier: dossier), under: policies)
        }
        for name in ["Cécile", "Anna"] {
            let problem = try await Given.problem {
                try await world.carry(try request(name, dossier: dossier), under: policies)
            }
            #expect(problem.code == .demandeRefusee && problem.action == .contacterPasserelle)
            #expect(problem.refusals.map(\.reason) == [.sondagePresume])
            #expect(problem.quotas.isEmpty && problem.retryAfterSeconds == nil)
        }
        #expect(world.steps.count { $0 == .asked("dgfip") } == 3)
    }

    /// What a holder may say, and whether it is a miss; nil where it says nothing of the person.
    static let replies: [(reason: MissingReason?, isMiss: Bool?)] = [
        (nil, false), (.personneInconnue, true), (.personneAmbigue, true),
        (.identiteDiscordante, true), (.nonDetenu, false), (.sansValeur, false),
        (.nonCouvert, nil), (.detenteurIndisponible, nil), (.detenteurQuota, nil),
        (.reponseIrrecevable, nil),
    ]

    @Test(arguments: replies)
    func `counts a miss where nobody was recognised`(
        reply: (reason: MissingReason?, isMiss: Bool?)
    ) async throws {
        let world = World(answering: { ask, _ in
            guard let reason = reply.reason else { return Given.reply(to: ask) }
            return HolderReply(
                status: reason.concernsPerson ? .sansResultat : .indisponible,
                missing: reason)
        })
        let policies = try policies("{\"sondage\": {\"echecs_par_heure\": 3}}")
        for _ in 0..<4 { _ = try await world.carry(request(), under: policies) }
        let access = AccessMark(
            service: purpose.service, credential: "essai-2026", purpose: purpose, mode: .identite)
        let state = world.state(of: access)
        #expect(state.recentMisses == (reply.isMiss == true ? 4 : 0))
        #expect((state.suspension != nil) == (reply.isMiss == true))
        let next = try? await world.carry(request(), under: policies)
        #expect((next == nil) == (reply.isMiss == true))
    }

    @Test func `counts as a miss an identity that disagrees beside one that is known`() async throws
    {
        let world = World(answering: { ask, _ in
            ask.service.holder.text == "dgfip"
                ? Given.reply(to: ask)
                : HolderReply(status: .sansResultat, missing: .identiteDiscordante)
        })
        let policies = try policies("{\"sondage\": {\"echecs_par_heure\": 1}}")
        let request = {
            try Given.request(purpose.text, Given.income + ["salaires.mensuels[].mois"])
        }
        _ = try await world.carry(request(), under: policies)
        _ = try await world.carry(request(), under: policies)
        let problem = try await Given.problem {
            try await world.carry(try request(), under: policies)
        }
        #expect(problem.refusals.map(\.reason) == [.sondagePresume])
    }

    @Test func `takes nothing where a purpose without bounds is FranceConnected`() async throws {
        let world = World()
        let policies = try Shipped.policies(
            bounds: "{}", of: try #require(PurposeID("cnaf/prime-activite")))
        let answer = try await world.carry(
            Given.request("cnaf/prime-activite", Given.wages, mode: .franceconnect),
            under: policies)
        #expect(answer.quotas.isEmpty && world.decisions.first?.counts == [])
    }

    /// Neither a record nor a counter's name holds anything of the person.
    @Test func `names counters after nobody`() async throws {
        let world = World()
        let policies = try policies(
            "{\"par_personne_et_dossier\": {\"appels\": 9, \"par\": \"annee\"}}")
        _ = try await world.carry(request(), under: policies)
        let names = world.counterNames
        #expect(names.count == 7)
        for name in names {
            let text = String(decoding: name, as: UTF8.self)
            for part in ["Kervadelis", "KERVADELIS", "Gwenaelle", "1990", "D-1"] {
                #expect(!text.contains(part))
            }
        }
        #expect(names.count { $0.count == 16 } == 6)
    }
}

extension Given {
    /// Somebody of the same name and birth date.
    fileprivate static func pivot(named givenName: String) -> PivotIdentity {
        PivotIdentity(
            birthName: pivot.birthName, usageName: nil, givenNames: [givenName],
            birthDate: pivot.birthDate, mayBePresumed: false, sex: .feminin,
            birthCountry: pivot.birthCountry, birthCommune: pivot.birthCommune)
    }
}

extension Shipped {
    /// The shipped policies, one of them under other bounds.
    fileprivate static func policies(bounds: String, of purpose: PurposeID) throws -> PolicySet {
        let shipped = try policies()
        let shippedBytes = try bytes("policies/\(purpose.text)/policy.json")
        var document = try #require(
            try JSONSerialization.jsonObject(with: Data(shippedBytes)) as? [String: Any])
        document["bornes"] = try JSONSerialization.jsonObject(with: Data(bounds.utf8))
        let reading = readPolicy(
            Array(try JSONSerialization.data(withJSONObject: document)), of: purpose,
            catalogue: shipped.catalogue, service: shipped.services[purpose.service])
        let policy = try #require(reading.value, "\(reading.mistakes)")
        return PolicySet(
            generation: "essai", catalogue: shipped.catalogue,
            services: Array(shipped.services.values),
            policies: shipped.policies.filter { $0.id != purpose } + [policy],
            holders: shipped.holders)
    }
}
