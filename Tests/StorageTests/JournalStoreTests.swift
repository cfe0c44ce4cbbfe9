import Journal
import Platform
import SQLite
import Testing
import Vocabulary

@testable import Storage

@Suite struct `A journal store` {
    @Test func `gives each record its place, and the receipt of what the file holds`() async throws
    {
        let bench = try JournalBench()
        let store = try bench.open()
        var receipts: [Receipt] = []
        for _ in 0..<5 { receipts += try await bench.exchange(store) }
        store.close()
        #expect(receipts.map(\.index) == Array(0..<10))
        let rows = try rows(bench.path)
        #expect(rows.map(\.leaf) == receipts.map(\.leaf))
        for row in rows {
            #expect(Leaf.hash(ofEntry: Leaf.entry(salt: row.salt, record: row.bytes)) == row.leaf)
            #expect(try PlacedRecord(row.bytes).index == row.index)
        }
    }

    @Test func `goes on where it was left`() async throws {
        let bench = try JournalBench()
        for round in 0..<3 {
            let store = try bench.open()
            let receipts = try await bench.exchange(store)
            #expect(receipts.map(\.index) == [Int64(round * 2), Int64(round * 2 + 1)])
            store.close()
        }
    }

    @Test func `commits what many tasks append at once, without gaps`() async throws {
        let bench = try JournalBench()
        let store = try bench.open { $0.batch = 64 }
        let indexes = try await withThrowingTaskGroup(of: [Receipt].self) { group in
            for _ in 0..<500 { group.addTask { try await bench.exchange(store) } }
            var receipts: [Receipt] = []
            for try await more in group { receipts += more }
            return receipts.map(\.index).sorted()
        }
        #expect(indexes == Array(0..<1000))
        #expect(store.usedPlaces == 0)
        store.close()
    }

    @Test func `promises no more places than it has, and gives them back`() throws {
        let bench = try JournalBench()
        let store = try bench.open { $0.places = 4 }
        var first: JournalReservation? = try store.reserve()
        let second = try store.reserve()
        #expect(first != nil)
        #expect(throws: JournalUnavailable.saturated) { _ = try store.reserve() }
        first = nil
        let third = try store.reserve()
        #expect(store.usedPlaces == 4)
        withExtendedLifetime((second, third)) {}
        store.close()
        #expect(throws: JournalUnavailable.unwritable) { _ = try store.reserve() }
    }

    @Test func `records that an exchange was interrupted when it ends without outcome`()
        async throws
    {
        let bench = try JournalBench()
        let store = try bench.open()
        try await bench.loop.run {
            let reservation = try store.reserve()
            _ = try await reservation.append(Fixture.decision(try Fixture.facts()))
        }
        _ = try await bench.exchange(store)
        store.close()
        #expect(store.usedPlaces == 0)
        #expect(
            try results(bench.path).sorted() == ["complet", "interrompu", "permise", "permise"]
        )
    }

    @Test func `asks no outcome of a refusal`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        try await bench.loop.run {
            let reservation = try store.reserve()
            _ = try await reservation.append(Fixture.decision(try Fixture.facts(), .refused))
        }
        store.close()
        #expect(try results(bench.path) == ["refusee"])
    }

    @Test func `gives at its start the decisions without outcome one`() async throws {
        let bench = try JournalBench()
        let facts = try Fixture.facts()
        do {
            let store = try bench.open()
            try await bench.loop.run {
                let reservation = try store.reserve()
                _ = try await reservation.append(Fixture.decision(facts))
                // What kill -9 leaves: the files as they are while the exchange runs.
                try copyJournal(bench.path, to: bench.folder + "/killed.sqlite")
            }
            store.close()
        }
        let path = bench.folder + "/killed.sqlite"
        var configuration = JournalStore.Configuration(path: path)
        configuration.batch = 1
        try JournalStore.open(configuration).close()
        #expect(try results(path) == ["permise", "interrompu"])
        let outcome = try PlacedRecord(try #require(try rows(path).last).bytes)
        #expect(outcome.record.facts == facts)
        try JournalStore.open(configuration).close()
        #expect(try results(path).count == 2)
    }

    @Test func `has every acknowledged record after a crash at any moment`() async throws {
        let bench = try JournalBench()
        let store = try bench.open { $0.checkpointBytes = 100_000 }
        for crash in 0..<10 {
            let acknowledged = try await withThrowingTaskGroup(of: [Receipt].self) { group in
                for _ in 0..<100 { group.addTask { try await bench.exchange(store) } }
                var receipts: [Receipt] = []
                var taken = 0
                for try await more in group {
                    receipts += more
                    taken += 1
                    if taken == 10 * crash { break }
                }
                let copy = "\(bench.folder)/crash\(crash).sqlite"
                try copyJournal(bench.path, to: copy)
                return receipts
            }
            let copy = "\(bench.folder)/crash\(crash).sqlite"
            try JournalStore.open(JournalStore.Configuration(path: copy)).close()
            let rows = try rows(copy)
            #expect(rows.map(\.index) == Array(0..<Int64(rows.count)))
            for receipt in acknowledged {
                #expect(rows[Int(receipt.index)].leaf == receipt.leaf)
            }
        }
        store.close()
    }

    @Test func `is made once, and opened only where it was made`() throws {
        let bench = try JournalBench()
        let time = Timestamp(milliseconds: 1)
        #expect(throws: JournalStoreError.alreadyExists(path: bench.path)) {
            try JournalStore.create(bench.path, at: time)
        }
        let absent = bench.folder + "/absent.sqlite"
        #expect(throws: JournalStoreError.absent(path: absent)) {
            _ = try JournalStore.open(JournalStore.Configuration(path: absent))
        }
        #expect(!Files.exists(absent))
        let foreign = bench.folder + "/foreign.sqlite"
        try Files.writeAtomically(foreign, Array("SQLite format 3".utf8))
        #expect(throws: JournalStoreError.foreign(path: foreign)) {
            _ = try JournalStore.open(JournalStore.Configuration(path: foreign))
        }
        let other = bench.folder + "/other.sqlite"
        try Database(path: other, access: .create).execute("CREATE TABLE t (n)")
        #expect(throws: JournalStoreError.foreign(path: other)) {
            _ = try JournalStore.open(JournalStore.Configuration(path: other))
        }
    }

    @Test func `is written by one process at a time`() throws {
        let bench = try JournalBench()
        let store = try bench.open()
        #expect(throws: JournalStoreError.locked(path: bench.path)) { _ = try bench.open() }
        store.close()
        try bench.open().close()
    }

    @Test func `finds a gap at its start`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        for _ in 0..<2 { _ = try await bench.exchange(store) }
        store.close()
        try Database(path: bench.path, access: .readWrite)
            .execute("DELETE FROM enregistrements WHERE indice = 2")
        #expect(throws: JournalStoreError.damaged(index: 0)) { _ = try bench.open() }
    }

    @Test func `keeps documents once, under the hash of their bytes`() async throws {
        let bench = try JournalBench()
        let store = try bench.open()
        let policy = JournalDocument(kind: "politique", bytes: Array("abc".utf8))
        try await store.keep([policy, policy])
        try await store.keep([policy])
        store.close()
        let database = try Database(path: bench.path, access: .readOnly)
        let count = try database.firstInt64("SELECT count(*) FROM documents")
        let hash = try database.firstText("SELECT empreinte FROM documents")
        #expect(count == 1)
        #expect(hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `keeps its keys apart, for its owner alone`() throws {
        let bench = try JournalBench()
        let store = try bench.open()
        let time = Timestamp(milliseconds: WallClock.milliseconds())
        #expect(store.keyring.covers(time))
        store.close()
        let keys = bench.path + ".cles"
        #expect(try Files.mode(keys) == 0o600 && Files.mode(bench.path) == 0o600)
        let lines = String(decoding: try Files.read(keys, maxBytes: 4096), as: UTF8.self)
        #expect(lines.split(separator: "\n").count == 5)
        try Files.writeAtomically(keys, Array(lines.utf8), mode: 0o644)
        #expect(throws: JournalStoreError.keysUnreadable(path: keys)) { _ = try bench.open() }
        try Files.remove(keys)
        #expect(throws: JournalStoreError.keysAbsent(path: keys)) { _ = try bench.open() }
    }

    @Test func `measures its disk when it opens`() throws {
        let bench = try JournalBench()
        let store = try bench.open()
        #expect(store.selfTest.median > .zero && store.selfTest.longest >= store.selfTest.median)
        store.close()
    }
}

struct StoredRow {
    let index: Int64
    let salt: [UInt8]
    let bytes: [UInt8]
    let leaf: [UInt8]
    let result: String
}

func rows(_ path: String) throws -> [StoredRow] {
    let database = try Database(path: path, access: .readOnly)
    let select = try database.prepare(
        "SELECT indice, sel, octets, feuille, resultat FROM enregistrements ORDER BY indice"
    )
    var rows: [StoredRow] = []
    while try select.step() {
        rows.append(
            StoredRow(
                index: select.int64(0),
                salt: select.blob(1),
                bytes: select.blob(2),
                leaf: select.blob(3),
                result: select.text(4)
            )
        )
    }
    return rows
}

func results(_ path: String) throws -> [String] {
    try rows(path).map(\.result)
}

/// Copies a journal as a crash would leave it.
///
/// A reader's transaction keeps the log from starting again between the copies of the two files.
func copyJournal(_ path: String, to copy: String) throws {
    let limit = 1 << 30
    let reader = try Database(path: path, access: .readOnly)
    // The checkpointer's connection, when it closes, holds the file for an instant.
    try reader.setBusyTimeout(2_000)
    try reader.execute("BEGIN")
    _ = try reader.firstInt64("SELECT count(*) FROM marques")
    try Files.writeAtomically(copy + ".cles", Files.read(path + ".cles", maxBytes: limit))
    try Files.writeAtomically(copy, Files.read(path, maxBytes: limit))
    try Files.writeAtomically(copy + "-wal", Files.read(path + "-wal", maxBytes: limit))
    try reader.execute("COMMIT")
}
