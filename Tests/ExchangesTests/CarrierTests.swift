import Exchanges
import Journal
import Policies
import Testing
import Vocabulary

@Suite struct `One exchange` {
    let policies: PolicySet

    init() throws { policies = try Shipped.policies() }

    @Test func `is decided, recorded, asked, recorded, answered, in this order`() async throws {
        let world = World()
        let answer = try await world.carry(
            Given.request("cnaf/aide-logement", Given.income), under: policies)
        #expect(
            world.steps
                == [.reserved, .recorded(.decision), .asked("dgfip"), .recorded(.outcome)])
        #expect(answer.state == .complet)
        #expect(answer.receipt.kind == .outcome)
        #expect(answer.receipt.index == 1)
        #expect(answer.releases.flatMap(\.leaves).count == 2)
    }

    @Test func `introspects before it records, and asks after`() async throws {
        let world = World()
        let answer = try await world.carry(
            Given.request("cnaf/prime-activite", Given.wages, mode: .franceconnect),
            under: policies)
        #expect(
            world.steps == [
                .reserved, .introspected("gip-mds"), .recorded(.decision), .asked("gip-mds"),
                .recorded(.outcome),
            ])
        #expect(answer.state == .complet)
        let record = try #require(world.decisions.first)
        #expect(record.client == .known(FranceConnectClient(symbol: "fc:cnaf")))
        #expect(record.level == .eidas1)
        #expect(record.person != nil)
    }

    @Test(arguments: Mode.allCases)
    func `asks nobody, FranceConnect neither, once the request is refused`(
        mode: Mode
    ) async throws {
        let world = World()
        let fields = Given.income + ["revenu_fiscal.nombre_parts", "inconnu.x"]
        let problem = try await Given.problem {
            try await world.carry(
                try Given.request("cnaf/aide-logement", fields, mode: mode), under: policies)
        }
        #expect(problem.code == .demandeRefusee)
        #expect(problem.refusals.map(\.field) == ["revenu_fiscal.nombre_parts", "inconnu.x"])
        #expect(world.steps == [.reserved, .recorded(.decision)])
        let record = try #require(world.decisions.first)
        #expect(record.verdict == .refused)
        #expect(record.person == nil)
        #expect(record.requested.unknownCount == 1)
    }

    @Test(
        arguments: [
            (Given.introspection(client: "fc:autre"), .clientFranceConnectNonAutorise),
            (Given.introspection(client: nil), .clientFranceConnectNonAutorise),
            (Given.introspection(scopes: []), .porteeAbsente),
        ] as [(Introspection, RefusalReason)])
    func `records a refusal of the person with the person, and asks nobody`(
        introspection: Introspection, reason: RefusalReason
    ) async throws {
        let world = World { _ throws(Problem) in introspection }
        let problem = try await Given.problem {
            try await world.carry(
                try Given.request("cnaf/prime-activite", Given.wages, mode: .franceconnect),
                under: policies)
        }
        #expect(Set(problem.refusals.map(\.reason)) == [reason])
        #expect(problem.action == .reconnecterUsager)
        #expect(world.steps == [.reserved, .introspected("gip-mds"), .recorded(.decision)])
        let record = try #require(world.decisions.first)
        #expect(record.verdict == .refused)
        #expect(record.person != nil)
        #expect(Set(record.refused.map(\.reason)) == [reason])
    }

    @Test func `refuses an identifier beside a token, which could be a stranger's`() async throws {
        let world = World()
        let problem = try await Given.problem {
            try await world.carry(
                try Given.request(
                    "cnaf/prime-activite", Given.wages, mode: .franceconnect,
                    identifiers: [.identifiantFranceTravail: Sensitive(Given.identifier)]),
                under: policies)
        }
        #expect(problem.refusals.map(\.reason) == [.identifiantNonAutorise])
        #expect(problem.action == .corrigerDemande)
        #expect(!world.steps.contains(.asked("gip-mds")))
    }

    /// Invariant 8.
    @Test func `asks nobody where nothing could be released`() async throws {
        let world = World()
        let deaf = try Shipped.policies(.init(returnIdentity: false))
        let problem = try await Given.problem {
            try await world.carry(
                try Given.request("cnaf/aide-logement", Given.income), under: deaf)
        }
        #expect(problem.refusals.map(\.reason).contains(.concordanceImpossible))
        let needy = try await Given.problem {
            try await world.carry(
                try Given.request("cnaf/aide-logement", ["demandeur_emploi.est_inscrit"]),
                under: policies)
        }
        #expect(needy.refusals.map(\.reason) == [.identifiantManquant])
        #expect(world.steps == [.reserved, .recorded(.decision), .reserved, .recorded(.decision)])
    }

    /// Invariant 2.
    @Test(arguments: JournalFailure.allCases)
    func `gives no data and asks no further once the journal fails`(
        failure: JournalFailure
    ) async throws {
        let world = World(failing: failure)
        let problem = try await Given.problem {
            try await world.carry(
                try Given.request("cnaf/prime-activite", Given.wages, mode: .franceconnect),
                under: policies)
        }
        #expect(problem.code == .journalIndisponible)
        #expect(problem.code.entry.status == 503)
        let steps: [Step] =
            switch failure {
            case .reserving: []
            case .decision: [.reserved, .introspected("gip-mds")]
            case .outcome:
                [
                    .reserved, .introspected("gip-mds"), .recorded(.decision), .asked("gip-mds"),
                ]
            }
        #expect(world.steps == steps)
    }

    @Test func `is not begun in a year whose keys are missing`() async throws {
        let world = World()
        let whole = Given.generation(policies, holders: world)
        let old = YearKey(year: 2025, secret: [UInt8](repeating: 1, count: 32))
        let generation = Generation(
            policies: policies, known: whole.known,
            keyring: Keyring(pseudonyms: [old], counters: [old]), holders: world)
        let carrier = ExchangeCarrier(
            journal: world, franceConnect: world,
            clocks: Clocks(wall: { World.now }, monotonic: { World.instant }))
        let problem = try await Given.problem {
            try await carrier.carry(
                try Given.request("cnaf/aide-logement", Given.income), under: generation,
                until: World.instant)
        }
        #expect(problem.code == .journalIndisponible)
        #expect(world.steps.isEmpty)
    }
}
