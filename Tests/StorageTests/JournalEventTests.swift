import Journal
import Platform
import SQLite
import Testing
import Vocabulary

@testable import Storage

@Suite struct `An event in the journal` {
    @Test func `takes its place among the exchanges, and outlives a restart`() async throws {
        let bench = try JournalBench()
        var events: [EventRecord] = []
        for round in 0..<3 {
            let store = try bench.open()
            _ = try await bench.exchange(store)
            let event = try Fixture.event(.generationRefused(mistakes: round))
            let receipt = try await bench.loop.run { try await store.record(event) }
            #expect(receipt.index == Int64(round * 3 + 2))
            #expect(receipt.kind == .event && receipt.exchange == event.id)
            events.append(event)
            store.close()
            #expect(store.usedPlaces == 0)
        }
        #expect(try results(bench.path).count { $0 == "generation_refusee" } == 3)
        for row in try rows(bench.path) {
            #expect(Leaf.hash(ofEntry: Leaf.entry(salt: row.salt, record: row.bytes)) == row.leaf)
        }
        let reader = try JournalReader(path: bench.path)
        #expect(try reader.events().map(\.placed.record) == events.map { .event($0) })
        var seen: [Int64] = []
        try reader.forEach(AuditFilter(kind: .event)) { stored in
            seen.append(stored.placed.index)
            return true
        }
        #expect(seen == [2, 5, 8])
    }

    @Test func `leaves the exchange that runs beside it open, and closes none`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        let copy = bench.folder + "/killed.sqlite"
        try await bench.loop.run {
            let reservation = try store.reserve()
            _ = try await reservation.append(Fixture.decision(try Fixture.facts()))
            _ = try await store.record(try Fixture.event(.generationRefused(mistakes: 1)))
            // What kill -9 leaves: the files as they are while the exchange runs.
            try copyJournal(bench.path, to: copy)
        }
        store.close()
        try JournalStore.open(JournalStore.Configuration(path: copy)).close()
        #expect(try results(copy) == ["permise", "generation_refusee", "interrompu"])
        try JournalStore.open(JournalStore.Configuration(path: copy)).close()
        #expect(try results(copy).count == 3)
    }

    @Test func `is refused, and promises nothing, while the disk refuses`() async throws {
        let bench = try JournalBench()
        let store = try bench.open { $0.places = 1 }
        var place: JournalReservation? = try store.reserve(places: 1)
        #expect(place != nil)
        #expect(await failure(bench, store) == .saturated)
        place = nil
        try Database(path: bench.path, access: .readWrite).execute(
            """
            CREATE TRIGGER refus BEFORE INSERT ON enregistrements
            BEGIN SELECT RAISE(ABORT, 'disque plein'); END
            """)
        #expect(await failure(bench, store) == .unwritable)
        #expect(await failure(bench, store) == .unwritable)
        store.close()
        #expect(try results(bench.path).isEmpty)
    }

    @Test func `is looked for by an index that older journals get when they are opened`()
        async throws
    {
        let bench = try JournalBench()
        try Database(path: bench.path, access: .readWrite)
            .execute("DROP INDEX IF EXISTS evenements")
        let store = try bench.open()
        _ = try await bench.loop.run {
            try await store.record(try Fixture.event(.generationRefused(mistakes: 1)))
        }
        store.close()
        let database = try Database(path: bench.path, access: .readOnly)
        let plan = try database.prepare(
            """
            EXPLAIN QUERY PLAN SELECT indice, octets FROM enregistrements
            WHERE nature = 'evenement' AND octets IS NOT NULL ORDER BY indice
            """)
        #expect(try plan.step())
        #expect(plan.text(3).contains("INDEX evenements"))
    }

    @Test func `says where the journal is damaged`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        _ = try await bench.exchange(store)
        _ = try await bench.loop.run {
            try await store.record(try Fixture.event(.generationRefused(mistakes: 1)))
        }
        store.close()
        try Database(path: bench.path, access: .readWrite).execute(
            "UPDATE enregistrements SET octets = x'7B7D' WHERE indice = 2")
        let reader = try JournalReader(path: bench.path)
        #expect(throws: JournalStoreError.damaged(index: 2)) { _ = try reader.events() }
    }

    private func failure(
        _ bench: JournalBench, _ store: JournalStore
    ) async -> JournalUnavailable? {
        do {
            _ = try await bench.loop.run {
                try await store.record(try Fixture.event(.generationRefused(mistakes: 1)))
            }
            return nil
        } catch {
            return error as? JournalUnavailable
        }
    }
}

extension Fixture {
    static func event(_ act: EventAct) throws -> EventRecord {
        let time = Timestamp(milliseconds: WallClock.milliseconds())
        return EventRecord(
            id: ExchangeID(time: time, random: Randomness.bytes(10)), instant: time,
            generation: "generation", act: act)
    }
}
