import Exchanges
import Journal
import Policies
import Synchronization
import Testing
import Vocabulary

@Suite struct `A FranceConnected usager` {
    let policies: PolicySet
    let fields = Given.wages + ["statut_etudiant.est_inscrit"]

    init() throws { policies = try Shipped.policies() }

    @Test func `is introspected once for each holder that is handed the identity`() async throws {
        let world = World()
        let payments = [
            "demandeur_emploi.indemnites[].date_versement",
            "demandeur_emploi.indemnites[].montant_allocations",
        ]
        _ = try await world.carry(
            Given.request("cnaf/prime-activite", fields + payments, mode: .franceconnect),
            under: policies)
        let introspected = world.steps.prefix(3).dropFirst()
        #expect(Set(introspected) == [.introspected("gip-mds"), .introspected("mesri")])
        #expect(world.steps.count { if case .introspected = $0 { true } else { false } } == 2)
        #expect(world.steps.count { if case .asked = $0 { true } else { false } } == 3)
    }

    @Test func `is introspected all the same where each holder judges the token`() async throws {
        let world = World()
        _ = try await world.carry(
            Given.request("cnaf/aide-logement", Given.income, mode: .franceconnect),
            under: policies)
        #expect(world.steps.prefix(2) == [.reserved, .introspected("dgfip")])
    }

    @Test(
        arguments: [
            Given.introspection(client: "fc:dhup"),
            Given.introspection(
                pivot: PivotIdentity(
                    birthName: "Autre", usageName: nil, givenNames: ["Gwenaelle"],
                    birthDate: .year(1990), mayBePresumed: false, sex: .feminin,
                    birthCountry: "99100", birthCommune: "29019")),
        ])
    func `is nobody where two introspections disagree`(other: Introspection) async throws {
        let world = World { holder throws(Problem) in
            holder.text == "mesri" ? other : Given.introspection()
        }
        let problem = try await refused(by: world)
        #expect(problem.code == .franceConnectIrrecevable)
        #expect(world.decisions.map(\.problem) == [.franceConnectIrrecevable])
    }

    @Test(
        arguments: [
            .jetonFranceConnectInactif, .franceConnectIndisponible, .passerelleMalConfiguree,
        ] as [ProblemCode])
    func `is recorded as refused where one introspection fails`(code: ProblemCode) async throws {
        let world = World { holder throws(Problem) in
            if holder.text == "mesri" { throw Problem(code) }
            return Given.introspection()
        }
        let problem = try await refused(by: world)
        #expect(problem.code == code)
        let record = try #require(world.decisions.first)
        #expect(record.verdict == .refused)
        #expect(record.problem == code)
        #expect(record.person == nil)
    }

    @Test func `counts at the lowest level that was told`() async throws {
        let world = World { holder throws(Problem) in
            Given.introspection(level: holder.text == "mesri" ? .eidas1 : .eidas3)
        }
        _ = try await world.carry(
            Given.request("cnaf/prime-activite", fields, mode: .franceconnect), under: policies)
        #expect(world.decisions.map(\.level) == [.eidas1])
    }

    @Test(arguments: [(2, 10, 2), (60, 10, 10), (60, 1, 1)])
    func `bounds the exchange by the end of the token`(
        life: Int64, patience: Int, bound: Int
    ) async throws {
        let deadlines = Mutex<Set<ContinuousClock.Instant>>([])
        let world = World { holder throws(Problem) in
            Given.introspection(endingIn: holder.text == "mesri" ? life : 60)
        } answering: { ask, deadline in
            deadlines.withLock { _ = $0.insert(deadline) }
            return Given.reply(to: ask)
        }
        _ = try await world.carry(
            Given.request("cnaf/prime-activite", fields, mode: .franceconnect), under: policies,
            within: .seconds(patience))
        let expected = World.instant.advanced(by: .seconds(bound))
        #expect(deadlines.withLock { $0 } == [expected])
    }

    @Test func `has left where the token ends now`() async throws {
        let world = World { _ throws(Problem) in Given.introspection(endingIn: 0) }
        #expect(try await refused(by: world).code == .jetonFranceConnectInactif)
    }

    /// Carries an exchange that must end before any holder is asked, with one record.
    private func refused(by world: World) async throws -> Problem {
        let problem = try await Given.problem {
            try await world.carry(
                try Given.request("cnaf/prime-activite", fields, mode: .franceconnect),
                under: policies)
        }
        #expect(!world.steps.contains { if case .asked = $0 { true } else { false } })
        #expect(world.records.count == 1)
        return problem
    }
}
