import Journal
import Platform
import SQLite
import Testing
import Vocabulary

@testable import Storage

@Suite struct `A journal reader` {
    @Test func `sees what was acknowledged while the writer goes on`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        let reader = try JournalReader(path: bench.path)
        #expect(try reader.count() == 0)
        for round in 1...3 {
            _ = try await bench.exchange(store)
            #expect(try reader.count() == Int64(round * 2))
        }
        var indexes: [Int64] = []
        try reader.forEach { record in
            #expect(record.isIntact)
            indexes.append(record.placed.index)
            return record.placed.index < 4
        }
        #expect(indexes == [0, 1, 2, 3, 4])
        store.close()
    }

    @Test func `hands over only what its filter admits, in order`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        let facts = try Fixture.facts()
        for _ in 0..<3 { _ = try await bench.exchange(store) }
        try await bench.loop.run {
            _ = try await store.reserve().append(Fixture.decision(facts, .refused))
        }
        store.close()
        let reader = try JournalReader(path: bench.path)
        #expect(try indexes(reader, AuditFilter(exchange: facts.exchange)) == [6])
        #expect(try indexes(reader, AuditFilter(service: ServiceID("cnaf"))).count == 7)
        #expect(try indexes(reader, AuditFilter(service: ServiceID("dss"))).isEmpty)
        #expect(try indexes(reader, AuditFilter(to: CalendarDate("2020-01-01"))).isEmpty)
    }

    @Test func `passes over records that were erased, and stops at damaged ones`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        for _ in 0..<2 { _ = try await bench.exchange(store) }
        store.close()
        let writer = try Database(path: bench.path, access: .readWrite)
        try writer.execute("UPDATE enregistrements SET octets = NULL, sel = NULL WHERE indice = 1")
        let reader = try JournalReader(path: bench.path)
        #expect(try indexes(reader, AuditFilter()) == [0, 2, 3])
        try writer.execute("UPDATE enregistrements SET octets = x'7b7d' WHERE indice = 2")
        #expect(throws: JournalStoreError.damaged(index: 2)) {
            _ = try indexes(reader, AuditFilter())
        }
    }

    @Test func `gives back the documents and the keys that records name`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        let policy = JournalDocument(kind: "politique", bytes: Array("{}".utf8))
        try await store.keep([policy])
        let pivot = PivotIdentity(
            birthName: "A", usageName: nil, givenNames: ["B"], birthDate: .year(2000),
            mayBePresumed: false, sex: .feminin, birthCountry: PivotIdentity.france,
            birthCommune: "75107")
        let mark = store.keyring.person(pivot, at: store.configuration.now())
        store.close()
        let reader = try JournalReader(path: bench.path)
        #expect(try reader.document(hash: policy.hash) == policy.bytes)
        #expect(try reader.document(hash: "absent") == nil)
        #expect(try reader.keyring().everyName(of: pivot).contains { $0 == mark })
    }

    @Test func `reads what a killed gateway left`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        for _ in 0..<3 { _ = try await bench.exchange(store) }
        let path = bench.folder + "/killed.sqlite"
        try copyJournal(bench.path, to: path)
        store.close()
        #expect(try indexes(JournalReader(path: path), AuditFilter()) == Array(0..<6))
    }

    @Test func `refuses what is no journal`() throws {
        let path = "/nonexistent/journal.sqlite"
        #expect(throws: JournalStoreError.absent(path: path)) { _ = try JournalReader(path: path) }
    }

    private func indexes(_ reader: JournalReader, _ filter: AuditFilter) throws -> [Int64] {
        var indexes: [Int64] = []
        try reader.forEach(filter) { record in
            indexes.append(record.placed.index)
            return true
        }
        return indexes
    }
}
