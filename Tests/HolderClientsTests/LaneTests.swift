import Connectors
import HTTPMessages
import HolderClients
import Platform
import Resilience
import Synchronization
import Testing
import Vocabulary

private let students = "mesri/statut_etudiant"
private let family = "cnav/quotient_familial"

/// A student's question: one POST with a key, and no token.
private func student() throws -> HolderQuestion {
    try question(
        ["statut_etudiant.est_inscrit"],
        period: .date(try #require(CalendarDate("2026-11-20"))))
}

/// A holder that is well and does not know the person: to a lane, an answer like any other.
private let unknown = json("{}", status: 404)

/// What lets handlers pass once it is open, and tells who has come to it.
private final class Gate: Sendable {
    private let state = Mutex(
        (isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))
    private let arrivals = AsyncStream<Void>.makeStream()

    func pass() async {
        arrivals.continuation.yield()
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Returns once so many have come.
    func arrived(_ count: Int) async {
        var left = count
        for await _ in arrivals.stream {
            left -= 1
            if left == 0 { return }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// What a holder does, as a test changes it.
private final class Behaviour: Sendable {
    private let response: Mutex<HTTPResponse>

    init(_ response: HTTPResponse) { self.response = Mutex(response) }

    var now: HTTPResponse {
        get { response.withLock { $0 } }
        set { response.withLock { $0 = newValue } }
    }
}

extension Bench {
    /// Asks so many times at once, on both loops in turn.
    fileprivate func ask(_ count: Int, _ question: HolderQuestion) async throws -> [HolderReply] {
        try await withThrowingTaskGroup(of: HolderReply.self) { group in
            for index in 0..<count {
                group.addTask { try await ask("mesri", question, loop: index % 2) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

@Suite struct `A holder that fails again and again` {
    private let rules = #"""
        {"disjoncteur": {"echecs_consecutifs": 3, "ouverture_s": 3600, "sondes": 2},
         "repetition": {"nombre": 0}}
        """#

    @Test func `is left alone, tried by exactly its probes, and asked again`() async throws {
        let behaviour = Behaviour(json("{}", status: 500))
        let gate = Gate()
        let isTrial = Flag()
        let bench = try Bench([students], resilience: rules) { _ in
            if isTrial.isRaised { await gate.pass() }
            return behaviour.now
        }
        let question = try student()
        for _ in 0..<3 {
            #expect(try await bench.ask("mesri", question).missing == .detenteurIndisponible)
        }
        let refused = try await bench.ask(20, question)
        #expect(refused.allSatisfy { $0.missing == .detenteurIndisponible })
        #expect(refused.allSatisfy { (3000...3600).contains($0.retryAfterSeconds ?? 0) })
        #expect(bench.double.paths.count == 3, "an open breaker lets no call through")
        #expect(try bench.snapshot("mesri").condition == .suspended)

        behaviour.now = unknown
        isTrial.raise()
        bench.clock.advance(by: .seconds(3600))
        #expect(try bench.snapshot("mesri").condition == .onTrial)
        async let trial = bench.ask(20, question)
        await gate.arrived(2)
        // Eighteen are refused while the two probes are under way: only then may these end.
        while try bench.snapshot("mesri").counters.refusals[.breaker] != 38 { await Task.yield() }
        gate.open()
        let replies = try await trial
        #expect(replies.count { $0.missing == .nonCouvert } == 2)
        #expect(replies.count { $0.missing == .detenteurIndisponible } == 18)
        #expect(bench.double.paths.count == 5)
        #expect(try bench.snapshot("mesri").condition == .available)
        #expect(try await bench.ask("mesri", question).missing == .nonCouvert)
        await bench.stop()
    }

    @Test func `stays left alone when other documents come into force`() async throws {
        let bench = try Bench([students], resilience: rules) { _ in json("{}", status: 500) }
        let question = try student()
        for _ in 0..<3 { _ = try await bench.ask("mesri", question) }
        let other = try bench.rebind(#"{"simultanes": 7, "disjoncteur": {"sondes": 1}}"#)
        let reply = try await bench.loops[0].run {
            await other.answer(
                question, from: HolderID(checked: "mesri"),
                until: .now.advanced(by: .seconds(20)))
        }
        #expect(reply.missing == .detenteurIndisponible)
        #expect(bench.double.paths.count == 3)
        await bench.stop()
    }

    @Test func `is not one that says that the person is unknown`() async throws {
        let bench = try Bench([students], resilience: rules) { _ in unknown }
        let replies = try await bench.ask(30, try student())
        #expect(replies.allSatisfy { $0.missing == .nonCouvert })
        #expect(bench.double.paths.count == 30)
        await bench.stop()
    }

    @Test func `is not one to which a service gives no time`() async throws {
        let gate = Gate()
        let bench = try Bench([students], resilience: rules) { _ in
            await gate.pass()
            return unknown
        }
        let question = try student()
        for _ in 0..<5 {
            let reply = try await bench.ask("mesri", question, within: .milliseconds(200))
            #expect(reply.missing == .detenteurTropLent)
        }
        #expect(try bench.snapshot("mesri").condition == .available)
        gate.open()
        await bench.stop()
    }

    @Test func `is one that lets its own time for a first byte pass`() async throws {
        let gate = Gate()
        let bench = try Bench(
            [students], resilience: rules, changing: #""repetable": true"#,
            to: #""repetable": true, "delais": {"connexion_ms": 100, "premier_octet_ms": 100}"#
        ) { _ in
            await gate.pass()
            return unknown
        }
        let question = try student()
        for _ in 0..<3 {
            #expect(try await bench.ask("mesri", question).missing == .detenteurTropLent)
        }
        #expect(try bench.snapshot("mesri").condition == .suspended)
        gate.open()
        await bench.stop()
    }
}

/// Something that happens once and that any thread may ask about.
private final class Flag: Sendable {
    private let value = Mutex(false)
    var isRaised: Bool { value.withLock { $0 } }
    func raise() { value.withLock { $0 = true } }
}

@Suite struct `A holder that is slow` {
    @Test func `has so many calls at once, and takes nothing from another`() async throws {
        let gate = Gate()
        let bench = try Bench(
            [students, family], resilience: #"{"simultanes": 4, "file": 6, "attente_ms": 30000}"#
        ) {
            call in
            if call.path == "/token" { return grant }
            guard call.path.hasPrefix("/supdata") else {
                return json(#"{"errorCode":"40409"}"#, status: 404)
            }
            await gate.pass()
            return unknown
        }
        let question = try student()
        async let slow = bench.ask(50, question)
        await gate.arrived(4)
        while try bench.snapshot("mesri").counters.refusals[.queueFull] != 40 {
            await Task.yield()
        }
        let full = try bench.snapshot("mesri")
        #expect(full.underWay == 4)
        #expect(full.waiting == 6)
        // The other holder's exchanges go on, on the same loops.
        let month = Period.month(try #require(YearMonth("2026-10")))
        let other = try HolderClientsTests.question(["quotient_familial.valeur"], period: month)
        for index in 0..<10 {
            #expect(
                try await bench.ask("cnav", other, loop: index % 2).missing == .personneInconnue)
        }
        gate.open()
        let replies = try await slow
        #expect(replies.count { $0.missing == .nonCouvert } == 10)
        #expect(replies.count { $0.missing == .detenteurIndisponible } == 40)
        let after = try bench.snapshot("mesri")
        #expect(after.underWay == 0)
        #expect(after.waiting == 0)
        await bench.stop()
    }

    @Test func `is no longer waited for by a caller who leaves`() async throws {
        let gate = Gate()
        let bench = try Bench(
            [students], resilience: #"{"simultanes": 1, "attente_ms": 30000}"#
        ) { _ in
            await gate.pass()
            return unknown
        }
        let question = try student()
        async let first = bench.ask("mesri", question)
        await gate.arrived(1)
        let leaving = Task { try await bench.ask("mesri", question) }
        while try bench.snapshot("mesri").waiting != 1 { await Task.yield() }
        let staying = Task { try await bench.ask("mesri", question) }
        while try bench.snapshot("mesri").waiting != 2 { await Task.yield() }
        leaving.cancel()
        #expect(try await leaving.value.status == .annule)
        #expect(try bench.snapshot("mesri").waiting == 1)
        gate.open()
        #expect(try await first.missing == .nonCouvert)
        #expect(try await staying.value.missing == .nonCouvert)
        #expect(bench.double.paths.count == 2, "whoever left never called")
        await bench.stop()
    }

    @Test func `is not waited for longer than its patience`() async throws {
        let gate = Gate()
        let bench = try Bench([students], resilience: #"{"simultanes": 1, "attente_ms": 50}"#) {
            _ in
            await gate.pass()
            return unknown
        }
        let question = try student()
        async let first = bench.ask("mesri", question)
        await gate.arrived(1)
        let reply = try await bench.ask("mesri", question)
        #expect(reply.missing == .detenteurIndisponible)
        #expect(try bench.snapshot("mesri").counters.refusals[.queueSlow] == 1)
        gate.open()
        _ = try await first
        await bench.stop()
    }
}

@Suite struct `What a holder asks for` {
    @Test func `is obeyed by all loops, for as long as it said`() async throws {
        let behaviour = Behaviour(json("{}", status: 429, [("Retry-After", "1700")]))
        let bench = try Bench([students]) { _ in behaviour.now }
        let question = try student()
        #expect(try await bench.ask("mesri", question, loop: 0).missing == .detenteurQuota)
        behaviour.now = unknown
        let refused = try await bench.ask("mesri", question, loop: 1)
        #expect(refused.missing == .detenteurQuota)
        #expect((1000...1700).contains(refused.retryAfterSeconds ?? 0))
        #expect(bench.double.paths.count == 1)
        bench.clock.advance(by: .seconds(1700))
        #expect(try await bench.ask("mesri", question, loop: 1).missing == .nonCouvert)
        await bench.stop()
    }

    @Test func `is a date where it writes one, on its own clock`() async throws {
        let bench = try Bench([students]) { _ in
            // The server writes its own Date.
            let until = WallClock.milliseconds() / 1000 + 3000
            let text = String(decoding: HTTPDate.format(secondsSinceEpoch: until), as: UTF8.self)
            return json("{}", status: 503, [("Retry-After", text)])
        }
        let question = try student()
        #expect(try await bench.ask("mesri", question).missing == .detenteurMaintenance)
        let refused = try await bench.ask("mesri", question)
        #expect(refused.missing == .detenteurMaintenance)
        #expect((2000...3001).contains(refused.retryAfterSeconds ?? 0))
        #expect(bench.double.paths.count == 1)
        await bench.stop()
    }

    @Test func `is not asked beyond its quota`() async throws {
        let bench = try Bench([students], resilience: #"{"par_heure": 3}"#) { _ in unknown }
        let replies = try await bench.ask(10, try student())
        #expect(replies.count { $0.missing == .nonCouvert } == 3)
        let refused = replies.filter { $0.missing == .detenteurQuota }
        #expect(refused.count == 7)
        #expect(refused.allSatisfy { (3000...3660).contains($0.retryAfterSeconds ?? 0) })
        #expect(bench.double.paths.count == 3)
        await bench.stop()
    }

    @Test func `is smoothed where its quota is one of a second`() async throws {
        let bench = try Bench(
            [students], resilience: #"{"par_seconde": 20, "attente_ms": 5000}"#
        ) { _ in unknown }
        let replies = try await bench.ask(30, try student())
        #expect(replies.count { $0.missing == .nonCouvert } == 30)
        await bench.stop()
    }

    @Test func `is left alone during the maintenance that it announced`() async throws {
        // Sunday, 13:00 in Paris; ten hours later it is 23:00.
        let clock = DrivenClock(day: "2026-11-22")
        let bench = try Bench([family], clock: clock) { call in
            call.path == "/token" ? grant : json(#"{"errorCode":"40409"}"#, status: 404)
        }
        let question = try question(
            ["quotient_familial.valeur"], period: .month(try #require(YearMonth("2026-10"))))
        clock.advance(by: .seconds(10 * 3600 + 600))
        let refused = try await bench.ask("cnav", question)
        #expect(refused.missing == .detenteurMaintenance)
        #expect((1000...2100).contains(refused.retryAfterSeconds ?? 0))
        #expect(bench.double.paths == [])
        #expect(try bench.snapshot("cnav").condition == .maintenance)
        clock.advance(by: .seconds(2100))
        #expect(try await bench.ask("cnav", question).missing == .personneInconnue)
        await bench.stop()
    }
}

@Suite struct `A call made again` {
    private let bad = json("{}", status: 502)

    @Test func `is one that may be, after a 502, and brings its answer`() async throws {
        let bench = try Bench([students]) { [bad] call in call.number == 1 ? bad : unknown }
        #expect(try await bench.ask("mesri", try student()).missing == .nonCouvert)
        #expect(bench.double.paths.count == 2)
        #expect(try bench.snapshot("mesri").counters.repetitions == 1)
        await bench.stop()
    }

    @Test func `is none that its connector does not say may be`() async throws {
        let bench = try Bench(
            [students], changing: #""repetable": true"#, to: #""repetable": false"#
        ) { [bad] _ in bad }
        #expect(try await bench.ask("mesri", try student()).missing == .detenteurIndisponible)
        #expect(bench.double.paths.count == 1)
        await bench.stop()
    }

    @Test(arguments: [500, 404, 400, 200])
    func `is none after anything else`(status: Int) async throws {
        let bench = try Bench([students]) { _ in json("{}", status: status) }
        _ = try await bench.ask("mesri", try student())
        #expect(bench.double.paths.count == 1)
        await bench.stop()
    }

    @Test func `is one after an outcome that the connector says to repeat`() async throws {
        let bench = try Bench(
            [students], changing: #"{"statut": [404], "issue": "non_couvert"},"#,
            to: """
                {"statut": [404], "issue": "non_couvert"},
                {"statut": [500], "issue": "detenteur_indisponible", "reessayable": true},
                """
        ) { call in call.number == 1 ? json("{}", status: 500) : unknown }
        #expect(try await bench.ask("mesri", try student()).missing == .nonCouvert)
        await bench.stop()
    }

    @Test func `keeps to its budget`() async throws {
        let bench = try Bench(
            [students],
            resilience: #"""
                {"disjoncteur": {"echecs_consecutifs": 1000, "appels_minimum": 1000},
                 "repetition": {"pour_cent": 20, "minimum": 3}}
                """#
        ) { [bad] _ in bad }
        _ = try await bench.ask(40, try student())
        #expect((43...48).contains(bench.double.paths.count))
        await bench.stop()
    }

    @Test func `is none that would come after the exchange's end`() async throws {
        let clock = DrivenClock()
        clock.draw(1)
        let bench = try Bench(
            [students], resilience: #"{"repetition": {"pause_ms": 10000}}"#, clock: clock
        ) { [bad] _ in bad }
        let reply = try await bench.ask("mesri", try student(), within: .seconds(4))
        #expect(reply.missing == .detenteurIndisponible)
        #expect(bench.double.paths.count == 1)
        await bench.stop()
    }

    @Test func `goes to the next address when the first does not accept`() async throws {
        let bench = try Bench([students], deadPorts: 2) { _ in unknown }
        let question = try student()
        #expect(try await bench.ask("mesri", question).missing == .nonCouvert)
        #expect(try bench.snapshot("mesri").counters.addressFailures == 2)
        #expect(try await bench.ask(20, question).allSatisfy { $0.missing == .nonCouvert })
        let after = try bench.snapshot("mesri")
        #expect(after.counters.addressFailures == 2, "the dead ones rest")
        #expect(after.counters.repetitions == 0)
        #expect(after.condition == .available)
        await bench.stop()
    }
}
