import Platform
import SQLite
import Synchronization

/// Brings the database file up to date with the log, off the commit path, on a thread of its own.
final class JournalCheckpointer: Sendable {
    private let path: String
    private let threshold: Int
    private let thread: EventLoop
    private let state = Mutex(State())

    private struct State {
        var bytes = 0
        var isRunning = false
    }

    /// So few pages are left to the writer, which needs no time for them.
    private static let finalPages = 256
    private static let passes = 4

    init(_ configuration: JournalStore.Configuration) throws(SystemError) {
        path = configuration.path
        threshold = configuration.checkpointBytes
        thread = try EventLoop(name: "journal-wal")
    }

    func start() throws(SystemError) { try thread.start() }

    func stop() { thread.stop() }

    /// Counts what was written and, once it is much, moves it; `finish` then asks the writer for
    /// the rest.
    func advance(by bytes: Int, finish: @escaping @Sendable () -> Void) {
        let isDue = state.withLock { state in
            state.bytes += bytes
            guard state.bytes >= threshold, !state.isRunning else { return false }
            state.bytes = 0
            state.isRunning = true
            return true
        }
        guard isDue else { return }
        thread.submit {
            if self.move() { finish() }
            self.state.withLock { $0.isRunning = false }
        }
    }

    /// Moves pages until few are left; the log cannot start again while the writer adds to it.
    private func move() -> Bool {
        do throws(SQLiteError) {
            let database = try Database(path: path, access: .readWrite)
            try database.setPragma("synchronous", "FULL")
            for _ in 0..<JournalCheckpointer.passes {
                let result = try database.checkpointPassively()
                if result.logged - result.moved <= JournalCheckpointer.finalPages { return true }
            }
            return false
        } catch {
            return false
        }
    }
}
