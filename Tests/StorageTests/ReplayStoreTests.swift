import Cryptography
import Platform
import SQLite
import Testing
import Vocabulary

@testable import Storage

@Suite struct `The memory of used assertions` {
    private let folder: String
    private let now = Timestamp(milliseconds: 1_795_219_467_123)

    init() throws { folder = try Files.temporaryDirectory(prefix: "rejeux") }

    private var path: String { "\(folder)/rejeux" }

    private func name(_ number: Int) -> [UInt8] { sha256(Array("\(number)".utf8)) }

    @Test func `takes a name once, restarts included`() async throws {
        defer { try? Files.removeTree(folder) }
        let end = now.adding(seconds: 60)
        let store = try ReplayStore(path: path)
        #expect(try await store.take(name(1), until: end, at: now))
        #expect(try await store.take(name(1), until: end, at: now) == false)
        store.close()
        #expect(try Files.mode(path) == 0o600)
        let again = try ReplayStore(path: path)
        #expect(try await again.take(name(1), until: end, at: now) == false)
        #expect(try await again.take(name(2), until: end, at: now))
        again.close()
    }

    @Test func `gives one name to one of fifty who ask at once`() async throws {
        defer { try? Files.removeTree(folder) }
        let store = try ReplayStore(path: path)
        for round in 0..<10 {
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask { [now] in
                        try await store.take(
                            sha256(Array("\(round)".utf8)), until: now.adding(seconds: 60),
                            at: now)
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
        store.close()
    }

    /// A clock set back does not make new what may have been forgotten.
    @Test func `forgets what has ended, and never takes it again`() async throws {
        defer { try? Files.removeTree(folder) }
        let store = try ReplayStore(path: path, capacity: 2)
        let end = now.adding(seconds: 60)
        #expect(try await store.take(name(1), until: end, at: now))
        #expect(try await store.take(name(2), until: end, at: now))
        await #expect(throws: Problem.self) { try await store.take(name(3), until: end, at: now) }
        let later = now.adding(seconds: 120)
        #expect(try await store.take(name(3), until: later.adding(seconds: 60), at: later))
        #expect(try await store.take(name(1), until: end, at: now) == false)
        store.close()
        let again = try ReplayStore(path: path, capacity: 2)
        #expect(try await again.take(name(1), until: end, at: now) == false)
        again.close()
    }

    @Test func `takes nothing while it cannot write, and goes on afterwards`() async throws {
        defer { try? Files.removeTree(folder) }
        let store = try ReplayStore(path: path)
        let end = now.adding(seconds: 60)
        #expect(try await store.take(name(1), until: end, at: now))
        let other = try Database(path: path, access: .readWrite)
        // Another's transaction holds the file for longer than the store waits.
        try other.execute("BEGIN IMMEDIATE")
        do {
            _ = try await store.take(name(2), until: end, at: now)
            Issue.record("taken while nothing could be written")
        } catch {
            #expect(error.code == .titresIndisponibles)
        }
        try other.execute("ROLLBACK")
        #expect(try await store.take(name(2), until: end, at: now))
        store.close()
        await #expect(throws: Problem.self) { try await store.take(name(3), until: end, at: now) }
    }

    @Test func `refuses a file that is another's`() throws {
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically(path, Array("autre chose, assez long pour un en-tête".utf8))
        #expect(throws: JournalStoreError.self) { try ReplayStore(path: path) }
        let base = "\(folder)/base"
        let database = try Database(path: base, access: .create)
        try database.execute("CREATE TABLE autre (a)")
        #expect(throws: JournalStoreError.self) { try ReplayStore(path: base) }
    }
}
