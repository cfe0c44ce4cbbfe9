import Exchanges
import Journal
import Policies
import Synchronization
import Testing
import Vocabulary

@Suite struct `The holders of an exchange` {
    let policies: PolicySet
    let household = ["quotient_familial.enfants[].prenoms", "revenu_fiscal.annee_revenus"]

    init() throws { policies = try Shipped.policies() }

    private func request(_ fields: [String]) throws -> ExchangeRequest {
        try Given.request("dhup/logement-social", fields, recipient: "99900103500016")
    }

    @Test func `are asked at the same time`() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let first = Mutex(true)
        let world = World.answering { ask, _ in
            let isFirst = first.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            // The first waits for the second: one after the other, they would wait for ever.
            if isFirst { for await _ in arrivals { break } } else { arrived.yield() }
            return Given.reply(to: ask)
        }
        let answer = try await world.carry(request(household), under: policies)
        #expect(answer.sources.count == 2)
        #expect(answer.state == .complet)
    }

    @Test func `fail one by one, and the others' data leave`() async throws {
        let world = World.answering { ask, _ in
            guard ask.service.holder.text == "dgfip" else { return Given.reply(to: ask) }
            return HolderReply(
                status: .indisponible, missing: .detenteurTropLent, retryAfterSeconds: 30)
        }
        let answer = try await world.carry(request(household), under: policies)
        #expect(answer.state == .partiel)
        let missing = try #require(answer.releases.flatMap(\.missing).first)
        #expect(missing.text == "revenu_fiscal.annee_revenus")
        #expect(missing.reason == .detenteurTropLent)
        #expect(missing.fallback == .reessayer)
        #expect(missing.retryAfterSeconds == 30)
        let record = try #require(world.outcomes.first)
        #expect(record.outcome == .partial)
        #expect(record.released == ["quotient_familial.enfants[].prenoms"])
        #expect(record.withheld.map(\.field) == ["revenu_fiscal.annee_revenus"])
    }

    @Test func `may all fail, and the answer still comes`() async throws {
        let world = World.answering { _, _ in
            HolderReply(status: .indisponible, missing: .detenteurIndisponible)
        }
        let answer = try await world.carry(request(household), under: policies)
        #expect(answer.state == .aucun)
        #expect(answer.releases.allSatisfy { $0.leaves.isEmpty && $0.extents.isEmpty })
        #expect(world.outcomes.map(\.outcome) == [.nothing])
    }

    @Test func `say "none" with an empty array, which is recorded as released`() async throws {
        let children = ["quotient_familial.enfants[].prenoms"]
        let world = World.answering { ask, _ in
            let array = Given.array(of: ask.leaves[0].contract.path)
            let extents = array.map { [HolderReading.Extent(path: $0, indices: [], count: 0)] }
            return HolderReply(status: .obtenu, reading: HolderReading(extents: extents ?? []))
        }
        let answer = try await world.carry(request(children), under: policies)
        #expect(answer.state == .complet)
        #expect(answer.releases.flatMap(\.extents).map(\.count) == [0])
        let record = try #require(world.outcomes.first)
        #expect(record.released == children)
        #expect(record.withheld.isEmpty)
    }

    @Test func `give one source for each call that was to bring leaves`() async throws {
        let fields = ["revenu_fiscal.annee_revenus", "revenu_fiscal.situation_familiale"]
        let world = World.answering { ask, _ in
            var reply = Given.reply(to: ask)
            let paths = ask.leaves.map(\.contract.path)
            var reading = reply.reading
            reading.leaves[LeafInstance(path: paths[1])] = .missing(.detenteurTropLent)
            reply = HolderReply(status: .obtenu, reading: reading, retryAfterSeconds: 9)
            reply.calls = [
                HolderCall(fields: [paths[0]], status: .obtenu, missing: nil),
                HolderCall(
                    fields: [paths[1]], status: .indisponible, missing: .detenteurTropLent),
            ]
            return reply
        }
        let answer = try await world.carry(request(fields), under: policies)
        #expect(answer.state == .partiel)
        #expect(answer.sources.map(\.fields) == [[fields[0]], [fields[1]]])
        #expect(answer.sources.map(\.status) == [.obtenu, .indisponible])
        #expect(answer.sources.map { $0.obtainedAt == nil } == [false, true])
        #expect(answer.releases.flatMap(\.missing).map(\.retryAfterSeconds) == [9])
        let record = try #require(world.outcomes.first)
        #expect(record.sources.map(\.status) == [.unavailable, .answered])
        #expect(record.withheld.map(\.field) == [fields[1]])
    }

    @Test func `are cut when the caller leaves, and the outcome is recorded`() async throws {
        let (asked, tell) = AsyncStream.makeStream(of: Void.self)
        let world = World.answering { _, _ in
            tell.yield()
            await cancellation()
            return HolderReply(status: .annule, missing: .detenteurIndisponible)
        }
        let request = try request(household)
        let exchange = Task { [policies] in
            try await Given.problem { try await world.carry(request, under: policies) }
        }
        for await _ in asked { break }
        exchange.cancel()
        #expect(try await exchange.value.code == .appelantParti)
        let record = try #require(world.outcomes.first)
        #expect(record.outcome == .cancelled)
        #expect(record.released.isEmpty)
        #expect(world.steps.last == .recorded(.outcome))
    }

    @Test func `are never asked where the caller left during the introspection`() async throws {
        let (asked, tell) = AsyncStream.makeStream(of: Void.self)
        let world = World { _ throws(Problem) in
            tell.yield()
            await cancellation()
            throw Problem(.franceConnectIndisponible)
        }
        let request = try Given.request("cnaf/prime-activite", Given.wages, mode: .franceconnect)
        let exchange = Task { [policies] in
            try await Given.problem { try await world.carry(request, under: policies) }
        }
        for await _ in asked { break }
        exchange.cancel()
        #expect(try await exchange.value.code == .appelantParti)
        #expect(world.decisions.map(\.problem) == [.appelantParti])
        #expect(world.steps == [.reserved, .introspected("gip-mds"), .recorded(.decision)])
    }
}

/// Waits until the task is cancelled.
private func cancellation() async {
    let (never, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in never {}
    continuation.finish()
}
