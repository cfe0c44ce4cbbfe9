import Foundation
import Journal
import Platform
import SQLite
import Testing
import Vocabulary

@testable import Storage

@Suite struct `A journal that cannot write` {
    @Test func `promises nothing until it has written again`() async throws {
        let bench = try JournalBench()
        let health = HealthLog()
        let store = try bench.open { $0.healthChanged = health.note }
        _ = try await bench.exchange(store)
        let fault = try Fault(bench.path)
        try fault.begin(on: ["enregistrements", "marques"])
        await #expect(throws: JournalUnavailable.unwritable) { try await bench.exchange(store) }
        #expect(!store.isWritable)
        #expect(throws: JournalUnavailable.unwritable) { _ = try store.reserve() }
        try fault.end(on: ["enregistrements", "marques"])
        await health.next(.writable)
        _ = try await bench.exchange(store)
        store.close()
        #expect(store.usedPlaces == 0)
        #expect(try rows(bench.path).map(\.index) == [0, 1, 2, 3])
    }

    @Test func `gives back the places of exchanges that it met while it could not write`()
        async throws
    {
        let bench = try JournalBench()
        let health = HealthLog()
        let store = try bench.open { $0.healthChanged = health.note }
        let fault = try Fault(bench.path)
        await #expect(throws: JournalUnavailable.unwritable) {
            try await bench.loop.run {
                // Reserved while all was well; the failure is known before its first record.
                let early = try store.reserve()
                try fault.begin(on: ["enregistrements", "marques"])
                let other = try store.reserve()
                _ = try? await other.append(Fixture.decision(try Fixture.facts()))
                #expect(!store.isWritable)
                _ = try await early.append(Fixture.decision(try Fixture.facts()))
            }
        }
        #expect(store.usedPlaces == 0)
        try fault.end(on: ["enregistrements", "marques"])
        await health.next(.writable)
        store.close()
    }

    @Test func `gives the decision an outcome once it writes again`() async throws {
        let bench = try JournalBench()
        let health = HealthLog()
        let store = try bench.open { $0.healthChanged = health.note }
        let fault = try Fault(bench.path)
        await #expect(throws: JournalUnavailable.unwritable) {
            try await bench.loop.run {
                let facts = try Fixture.facts()
                let reservation = try store.reserve()
                let decision = try await reservation.append(Fixture.decision(facts))
                try fault.begin(on: ["enregistrements", "marques"])
                _ = try await reservation.append(Fixture.outcome(facts, decision))
            }
        }
        try fault.end(on: ["enregistrements", "marques"])
        await health.next(.writable)
        store.close()
        #expect(store.usedPlaces == 0)
        #expect(try results(bench.path) == ["permise", "interrompu"])
    }

    @Test func `takes over what reached the disk without being acknowledged`() async throws {
        let bench = try JournalBench()
        let health = HealthLog()
        let store = try bench.open { $0.healthChanged = health.note }
        _ = try await bench.exchange(store)
        let fault = try Fault(bench.path)
        try fault.begin(on: ["enregistrements", "marques"])
        await #expect(throws: JournalUnavailable.unwritable) { try await bench.exchange(store) }
        try fault.end(on: ["enregistrements"])
        do {
            let other = try JournalConnection(path: bench.path)
            let sequencer = Sequencer(after: try other.head())
            let batch = sequencer.prepare(
                [Fixture.decision(try Fixture.facts())], salts: Randomness.bytes(32),
                now: store.configuration.now())
            try other.write(
                batch.rows, counting: CounterLedger(), openMark: nil, purge: nil)
        }
        try fault.end(on: ["marques"])
        await health.next(.writable)
        _ = try await bench.exchange(store)
        store.close()
        #expect(
            try results(bench.path)
                == ["permise", "complet", "permise", "interrompu", "permise", "complet"])
        #expect(try rows(bench.path).map(\.index) == Array(0..<6))
    }

    @Test func `owes the documents that it could not keep, and keeps them first`() async throws {
        let bench = try JournalBench()
        let health = HealthLog()
        let store = try bench.open { $0.healthChanged = health.note }
        let policy = JournalDocument(kind: "politique", bytes: Array("{}".utf8))
        let fault = try Fault(bench.path)
        try fault.begin(on: ["documents", "marques"])
        await #expect(throws: JournalUnavailable.unwritable) { try await store.keep([policy]) }
        #expect(!store.isWritable)
        try fault.end(on: ["documents", "marques"])
        await health.next(.writable)
        store.close()
        #expect(try JournalReader(path: bench.path).document(hash: policy.hash) == policy.bytes)
    }

    @Test func `never goes on when its last acknowledged record is gone`() async throws {
        let bench = try JournalBench()
        let health = HealthLog()
        let store = try bench.open { $0.healthChanged = health.note }
        _ = try await bench.exchange(store)
        let fault = try Fault(bench.path)
        try fault.begin(on: ["enregistrements", "marques"])
        await #expect(throws: JournalUnavailable.unwritable) { try await bench.exchange(store) }
        try Database(path: bench.path, access: .readWrite)
            .execute("DELETE FROM enregistrements WHERE indice = 1")
        try fault.end(on: ["enregistrements", "marques"])
        await health.next(.contradicted)
        #expect(!store.isWritable)
        #expect(throws: JournalUnavailable.unwritable) { _ = try store.reserve() }
        store.close()
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "mounting a tmpfs needs root"))
    func `stops on a full disk, loses nothing, and goes on once there is space`() async throws {
        let disk = try SmallDisk(megabytes: 8)
        let fillers = (0..<3).map { "\(disk.path)/remplissage\($0)" }
        for filler in fillers {
            try Files.writeAtomically(filler, [UInt8](repeating: 1, count: 1 << 20))
        }
        let bench = try JournalBench(folder: disk.path)
        let health = HealthLog()
        let store = try bench.open { $0.healthChanged = health.note }
        for filler in fillers {
            var receipts: [Receipt] = []
            await #expect(throws: JournalUnavailable.unwritable) {
                while true { receipts += try await bench.exchange(store) }
            }
            #expect(throws: JournalUnavailable.unwritable) { _ = try store.reserve() }
            try Files.remove(filler)
            await health.next(.writable)
            let kept = try rows(bench.path)
            for receipt in receipts { #expect(kept[Int(receipt.index)].leaf == receipt.leaf) }
            _ = try await bench.exchange(store)
        }
        store.close()
        let kept = try rows(bench.path)
        #expect(kept.map(\.index) == Array(0..<Int64(kept.count)))
        #expect(kept.count(where: { $0.result == "permise" }) * 2 == kept.count)
    }
}

/// Awaits what the store says of its health.
final class HealthLog: Sendable {
    private let stream: AsyncStream<JournalHealth>
    private let continuation: AsyncStream<JournalHealth>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    var note: @Sendable (JournalHealth) -> Void {
        { [continuation] health in continuation.yield(health) }
    }

    func next(_ wanted: JournalHealth) async {
        for await health in stream where health == wanted { return }
    }
}

/// Makes every insertion into a table fail, as a broken disk would.
struct Fault: Sendable {
    let path: String

    init(_ path: String) throws {
        self.path = path
    }

    func begin(on tables: [String]) throws {
        try change(
            tables.flatMap { table in
                ["INSERT", "UPDATE"].map { event in
                    """
                    CREATE TRIGGER panne_\(table)_\(event) BEFORE \(event) ON \(table)
                    BEGIN SELECT RAISE(ABORT, 'panne'); END
                    """
                }
            })
    }

    func end(on tables: [String]) throws {
        try change(
            tables.flatMap { table in
                ["INSERT", "UPDATE"].map { "DROP TRIGGER panne_\(table)_\($0)" }
            })
    }

    private func change(_ statements: [String]) throws {
        let database = try Database(path: path, access: .readWrite)
        try database.setBusyTimeout(5_000)
        try database.transaction { () throws(SQLiteError) in
            for statement in statements { try database.execute(statement) }
        }
    }
}

/// A file system in memory, full after a few megabytes.
final class SmallDisk {
    let path: String

    static let isAvailable = getuid() == 0 && (try? SmallDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        path = try Files.temporaryDirectory(prefix: "dlnuf-tmpfs")
        guard try run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path]) == 0
        else {
            try Files.removeTree(path)
            throw SystemError(code: EPERM, operation: "mount")
        }
    }

    deinit {
        _ = try? run("umount", ["-l", path])
        try? Files.removeTree(path)
    }

    private func run(_ program: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
