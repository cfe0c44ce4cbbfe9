import Credentials
import Platform
import Synchronization
package import Vocabulary

/// The names of the assertions that were used, on disk: none is taken twice, whatever restarts.
///
/// One thread writes, and a commit takes all that waits for it. A store that is full, or cannot
/// write, takes nothing: then no token is issued either.
package final class ReplayStore: ReplayPort {
    /// How many names are remembered at most: at seventy seconds each, some 14,000 a second.
    package static let defaultCapacity: Int64 = 1_000_000
    /// How many requests may wait for the disk.
    private static let places = 4_096

    private let thread: EventLoop
    private let writer: LoopBound<ReplayWriter>
    private let queue = Mutex(Queue())

    private struct Queue {
        var waiting: [Waiting] = []
        var isWriting = false
        var isClosed = false
    }

    private struct Waiting: Sendable {
        let name: ReplayName
        let done: UnsafeContinuation<ReplayVerdict, Never>
    }

    /// Opens the store of a path, and makes it where nothing is there.
    package init(
        path: String, capacity: Int64 = ReplayStore.defaultCapacity
    ) throws(JournalStoreError) {
        let writer = try ReplayWriter(path: path, capacity: capacity)
        do throws(SystemError) {
            thread = try EventLoop(name: "rejeux")
            try thread.start()
        } catch {
            throw .system(error)
        }
        self.writer = LoopBound(writer, on: thread)
    }

    /// Takes a name, once; returns when that is durable.
    package func take(
        _ key: [UInt8], until end: Timestamp, at now: Timestamp
    ) async throws(Problem) -> Bool {
        let verdict: ReplayVerdict = await withUnsafeContinuation { continuation in
            let waiting = Waiting(
                name: ReplayName(key: key, end: end, now: now), done: continuation)
            let isTaken: Bool? = queue.withLock { queue in
                guard !queue.isClosed, queue.waiting.count < Self.places else { return nil }
                queue.waiting.append(waiting)
                defer { queue.isWriting = true }
                return !queue.isWriting
            }
            switch isTaken {
            case nil: continuation.resume(returning: .unwritable)
            case true?: thread.submit { self.work() }
            case false?: break
            }
        }
        switch verdict {
        case .first: return true
        case .taken: return false
        case .unwritable: throw Problem(.titresIndisponibles, retryAfterSeconds: 5)
        }
    }

    /// Takes no more names, and ends the thread once those that wait are written.
    package func close() {
        queue.withLock { $0.isClosed = true }
        thread.stop()
    }

    private func work() {
        while true {
            let batch = queue.withLock { queue in
                let batch = Array(queue.waiting.prefix(256))
                queue.waiting.removeFirst(batch.count)
                queue.isWriting = !batch.isEmpty
                return batch
            }
            guard !batch.isEmpty else { return }
            let verdicts = writer.value.take(batch.map(\.name))
            for (waiting, verdict) in zip(batch, verdicts) {
                waiting.done.resume(returning: verdict)
            }
        }
    }
}

/// A name to take, and when.
struct ReplayName: Sendable {
    let key: [UInt8]
    let end: Timestamp
    let now: Timestamp
}

/// What became of a name.
enum ReplayVerdict: Sendable {
    /// Nobody had it, and it is durable.
    case first
    /// Somebody had it.
    case taken
    /// It cannot be made durable.
    case unwritable
}
