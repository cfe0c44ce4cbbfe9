import Journal
import Platform
import SQLite
import Synchronization
import Testing
import Vocabulary

@testable import Storage

@Suite struct `Counting in the journal's transactions` {
    @Test func `grants exactly the limit to many at once, and records no more`() async throws {
        let bench = try JournalBench()
        let store = try bench.open { $0.batch = 16 }
        let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<300 { group.addTask { try await bench.claim(store, limit: 117) != nil } }
            var granted = 0
            for try await isGranted in group where isGranted { granted += 1 }
            return granted
        }
        #expect(granted == 117)
        #expect(store.usedPlaces == 0)
        store.close()
        let permitted = try results(bench.path).count { $0 == "permise" }
        #expect(permitted == 117)
        #expect(try bench.counter() == 117)
        // What was found stands in the records, each number once.
        let found = try rows(bench.path).compactMap { row -> Int? in
            guard case .decision(let record) = try PlacedRecord(row.bytes).record else {
                return nil
            }
            return record.verdict == .permitted ? record.counts.first?.found : nil
        }
        #expect(found.sorted() == Array(1...117))
    }

    @Test func `goes on after a restart`() async throws {
        let bench = try JournalBench()
        for round in 0..<3 {
            let store = try bench.open()
            for turn in 0..<2 {
                let found = try await bench.claim(store, limit: 5)
                #expect(found?.first?.found == (round * 2 + turn < 5 ? round * 2 + turn + 1 : nil))
            }
            store.close()
        }
    }

    /// Whatever a crash leaves, the counter is the number of permitted decisions.
    @Test func `agrees with the records wherever a crash cuts`() async throws {
        let bench = try JournalBench()
        let store = try bench.open { $0.batch = 8 }
        for crash in 0..<5 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<60 {
                    group.addTask { _ = try await bench.claim(store, limit: 10_000) }
                }
                var done = 0
                for try await _ in group {
                    done += 1
                    if done == 10 * crash { break }
                }
                let copy = "\(bench.folder)/crash\(crash).sqlite"
                try copyJournal(bench.path, to: copy)
                try await group.waitForAll()
            }
            let copy = "\(bench.folder)/crash\(crash).sqlite"
            try JournalStore.open(JournalStore.Configuration(path: copy)).close()
            let permitted = try results(copy).count { $0 == "permise" }
            #expect(try bench.counter(in: copy) == Int64(permitted))
        }
        store.close()
    }

    @Test func `keeps a refused exchange's place for the record of its refusal`() async throws {
        let bench = try JournalBench()
        let store = try bench.open { $0.places = 2 }
        for _ in 0..<3 { _ = try await bench.claim(store, limit: 1) }
        #expect(store.usedPlaces == 0)
        store.close()
        #expect(try results(bench.path) == ["permise", "complet", "refusee", "refusee"])
    }

    @Test func `tells what a counter holds, and takes nothing`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        for _ in 0..<3 { _ = try await bench.claim(store, limit: 9) }
        for _ in 0..<2 {
            let values = try await bench.loop.run { try await store.values([Fixture.counter()]) }
            #expect(values == [3])
        }
        store.close()
    }

    @Test func `deletes the counters of windows that ended, a few at a time`() async throws {
        let bench = try JournalBench()
        let database = try Database(path: bench.path, access: .readWrite)
        for number in 1000..<2200 {
            try database.execute(
                "INSERT INTO compteurs VALUES (\(number), x'00', 1), "
                    + "(\(Int64.max), x'\(number)', 1)")
        }
        let clock = Clock()
        let store = try bench.open { $0.now = { clock.tick() } }
        for _ in 0..<4 { _ = try await bench.claim(store, limit: 1000) }
        store.close()
        let past = try database.firstInt64("SELECT count(*) FROM compteurs WHERE fin_ms < 2200")
        let rest = try database.firstInt64("SELECT count(*) FROM compteurs WHERE fin_ms >= 2200")
        #expect(past == 0 && rest == 1201)
    }

    @Test func `begins in a journal from before there were counters`() async throws {
        let bench = try JournalBench()
        let first = try bench.open()
        let receipts = try await bench.exchange(first)
        first.close()
        let database = try Database(path: bench.path, access: .readWrite)
        for table in ["compteurs", "acces", "retablissements"] {
            try database.execute("DROP TABLE \(table)")
        }
        #expect(try JournalReader(path: bench.path).accesses().isEmpty)
        let store = try bench.open()
        #expect(try await bench.claim(store, limit: 5)?.first?.found == 1)
        store.close()
        #expect(try rows(bench.path).prefix(2).map(\.leaf) == receipts.map(\.leaf))
        #expect(try bench.counter() == 1)
    }
}

@Suite struct `A suspended access in the journal` {
    @Test func `stays so after a restart, until an operator's request is taken up`() async throws {
        let bench = try JournalBench()
        var store = try bench.open()
        for _ in 0..<3 { try await bench.miss(store, limit: 2) }
        #expect(try await bench.claim(store, limit: 50, access: Fixture.access()) == nil)
        store.close()

        let suspended = try JournalReader(path: bench.path).accesses()
        #expect(suspended.map(\.mark) == [try Fixture.access()])
        #expect(suspended.first?.state.suspension?.count.found == 3)
        store = try bench.open()
        #expect(try await bench.claim(store, limit: 50, access: Fixture.access()) == nil)
        // Another access, or none, goes on.
        #expect(try await bench.claim(store, limit: 50) != nil)

        let motive = try #require(OperatorText("vu avec le service"))
        #expect(try bench.requestRestoration(of: "cnaf-2026", motive))
        #expect(try !bench.requestRestoration(of: "autre-cle", motive))
        #expect(try JournalReader(path: bench.path).accesses().first?.request == motive.text)
        #expect(try await bench.claim(store, limit: 50, access: Fixture.access()) != nil)
        store.close()

        let reader = try JournalReader(path: bench.path)
        #expect(try reader.accesses().map(\.state.suspension) == [nil])
        #expect(try reader.accesses().first?.request == nil)
        let acts = try reader.events().map { event -> EventAct? in
            guard case .event(let record) = event.placed.record else { return nil }
            return record.act
        }
        let access = try Fixture.access()
        let cause = FoundCount(counter: "echecs_par_heure", found: 3, limit: 2)
        #expect(
            acts == [
                .accessSuspended(access, found: cause), .accessRestored(access, motive: motive),
            ])
    }

    @Test func `releases nothing of what still ran when it was found out`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        let refused = try await bench.loop.run {
            let facts = try Fixture.facts()
            let reservation = try store.reserve()
            let decision = try await reservation.append(Fixture.decision(facts))
            for _ in 0..<3 { try await bench.miss(store, limit: 2) }
            let outcome = Draft(
                OutcomeRecord(facts: facts, decision: decision.index, outcome: .complete),
                telling: try Fixture.sighting(limit: 2, isMiss: false))
            let isRefused = try await reservation.claim(outcome).isExceeded
            _ = try await reservation.append(Fixture.outcome(facts, decision))
            return isRefused
        }
        #expect(refused && store.usedPlaces == 0)
        store.close()
    }
}

/// A clock that goes on by a minute each time it is read.
private final class Clock: Sendable {
    private let minutes = Atomic<Int64>(0)

    func tick() -> Timestamp {
        let passed = minutes.add(1, ordering: .relaxed).newValue
        return Timestamp(milliseconds: WallClock.milliseconds()).adding(seconds: 60 * passed)
    }
}

extension JournalBench {
    /// Records an exchange that takes one count, or its refusal, and gives what was found unless it
    /// was refused.
    fileprivate func claim(
        _ store: JournalStore, limit: Int, access: AccessMark? = nil
    ) async throws -> [FoundCount]? {
        try await loop.run {
            let facts = try Fixture.facts()
            let reservation = try store.reserve()
            let claims = [
                CounterClaim(bound: .parJour, limit: limit, counter: try Fixture.counter())
            ]
            let draft = Fixture.decision(facts, taking: Counting(claims: claims, access: access))
            switch try await reservation.claim(draft) {
            case .exceeded:
                _ = try await reservation.append(Fixture.decision(facts, .refused))
                return nil
            case .recorded(let receipt, let found):
                _ = try await reservation.append(Fixture.outcome(facts, receipt))
                return found
            }
        }
    }

    /// Records an exchange in which nobody was recognised.
    fileprivate func miss(_ store: JournalStore, limit: Int) async throws {
        try await loop.run {
            let facts = try Fixture.facts()
            let reservation = try store.reserve()
            let decision = try await reservation.append(Fixture.decision(facts))
            let draft = Draft(
                OutcomeRecord(facts: facts, decision: decision.index, outcome: .nothing),
                telling: try Fixture.sighting(limit: limit))
            _ = try await reservation.claim(draft)
        }
    }

    fileprivate func requestRestoration(
        of credential: String, _ motive: OperatorText
    ) throws -> Bool {
        try JournalStore.requestRestoration(
            in: path, of: credential, for: try Fixture.access().purpose, motive: motive,
            at: Timestamp(milliseconds: WallClock.milliseconds()))
    }

    /// What the counter of the tests holds on the disk.
    fileprivate func counter(in path: String? = nil) throws -> Int64? {
        let database = try Database(path: path ?? self.path, access: .readOnly)
        return try database.firstInt64(
            "SELECT nombre FROM compteurs WHERE nom = CAST('par_jour cnaf/aide-logement' AS BLOB)")
    }
}

extension Fixture {
    static func access() throws -> AccessMark {
        AccessMark(
            service: try #require(ServiceID("cnaf")), credential: "cnaf-2026",
            purpose: try #require(PurposeID("cnaf/aide-logement")), mode: .identite)
    }

    static func counter() throws -> CounterKey {
        CounterKey(
            .parJour, of: try #require(PurposeID("cnaf/aide-logement")),
            over: CountingPeriod.annee.window(
                around: Timestamp(milliseconds: WallClock.milliseconds())))
    }

    static func sighting(limit: Int, isMiss: Bool = true) throws -> Sighting {
        let hour = CountingPeriod.annee.window(
            around: Timestamp(milliseconds: WallClock.milliseconds()))
        return Sighting(
            access: try access(), isMiss: isMiss,
            misses: CounterKey(.echecsParHeure, of: try access(), over: hour),
            missesPerHour: limit, missesInHundred: 99)
    }
}
