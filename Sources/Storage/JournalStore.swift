package import Journal
import Platform
import Synchronization
package import Vocabulary

/// The journal on disk: one writer, which commits in groups, on a thread of its own.
///
/// An exchange reserves its places before it calls anybody, appends its two records, and goes on
/// with receipts that exist only once the disk has them. After a failed write nothing more is
/// promised until the writer has reopened the file, found its last acknowledged record there and
/// written again.
package final class JournalStore: Sendable {
    /// What an operator may set.
    package struct Configuration: Sendable {
        /// The database file; the keys lie beside it.
        package var path: String
        /// How many records may be promised or waiting at once.
        package var places: Int
        /// How many records a transaction takes at most.
        package var batch: Int
        /// After how many bytes of log the file is brought up to date.
        package var checkpointBytes: Int
        /// How long the writer waits between two attempts to write again.
        package var retryInterval: Duration
        /// Where the wall time comes from.
        package var now: @Sendable () -> Timestamp
        /// Told on the writer's thread whenever the journal stops or begins again to write.
        package var healthChanged: @Sendable (JournalHealth) -> Void
        /// Told on the writer's thread once an access is durably suspended or open again, with how
        /// many are suspended now.
        package var accessChanged: @Sendable (EventAct, Int) -> Void

        /// Sensible values for a path.
        package init(path: String) {
            self.path = path
            places = 16_384
            batch = 512
            checkpointBytes = 8 << 20
            retryInterval = .milliseconds(250)
            now = { Timestamp(milliseconds: WallClock.milliseconds()) }
            healthChanged = { _ in }
            accessChanged = { _, _ in }
        }
    }

    /// Where the journal is.
    package let configuration: Configuration
    /// How long durable writes took at the start.
    package let selfTest: SelfTest

    private let state: Mutex<State>
    private let keys: Mutex<Keyring>
    private let thread: EventLoop
    private let writer: LoopBound<JournalWriter>
    private let checkpointer: JournalCheckpointer
    private let lock: Mutex<JournalLock?>

    struct State {
        var waiting: [Waiting] = []
        var usedPlaces = 0
        var isWriting = false
        var health = JournalHealth.writable
        var isClosed = false

        var isWritable: Bool { health == .writable && !isClosed }
    }

    /// A task that waits for its record.
    typealias Appending = Suspension<Result<Claimed, JournalUnavailable>>

    /// A record that waits to be durable.
    struct Waiting: Sendable {
        enum Work: Sendable {
            case append(Draft, Appending)
            /// The exchange ended without an outcome: the writer records that.
            case interrupt(ExchangeID)
        }

        let work: Work
    }

    /// Makes an empty journal and its keys; refuses a path where something lies.
    package static func create(
        _ path: String,
        at time: Timestamp
    ) throws(JournalStoreError) {
        try JournalFile.create(path, at: time)
    }

    /// Opens a journal for writing: locks it, checks it, tests that it writes, gives each
    /// decision that has none the outcome `interrompu`, and starts the threads.
    package static func open(
        _ configuration: Configuration
    ) throws(JournalStoreError) -> JournalStore {
        let lock = try JournalLock(beside: configuration.path)
        let opened = try JournalWriter.open(configuration)
        let keys = try KeyFile.load(beside: configuration.path, at: configuration.now())
        do throws(SystemError) {
            return try JournalStore(configuration, opened, keys, lock)
        } catch {
            throw .system(error)
        }
    }

    private init(
        _ configuration: Configuration,
        _ opened: sending JournalWriter,
        _ keys: Keyring,
        _ lock: consuming sending JournalLock
    ) throws(SystemError) {
        self.configuration = configuration
        selfTest = opened.selfTest
        state = Mutex(State())
        self.keys = Mutex(keys)
        self.lock = Mutex(lock)
        thread = try EventLoop(name: "journal")
        writer = LoopBound(opened, on: thread)
        checkpointer = try JournalCheckpointer(configuration)
        try thread.start()
        try checkpointer.start()
    }

    // MARK: - Promises

    /// Whether records can be written, as far as is known.
    package var isWritable: Bool {
        state.withLock { $0.isWritable }
    }

    /// Whether the journal writes and, if not, whether it may write again.
    package var health: JournalHealth {
        state.withLock { $0.health }
    }

    /// How many records are promised or waiting.
    package var usedPlaces: Int {
        state.withLock { $0.usedPlaces }
    }

    /// The keys under which people and dossiers are named now.
    package var keyring: Keyring {
        let time = configuration.now()
        return keys.withLock { keys in
            // A new year began: its key was made with last year's, unless the process is older
            // still.
            if !keys.covers(time),
                let loaded = try? KeyFile.load(beside: configuration.path, at: time)
            {
                keys = loaded
            }
            return keys
        }
    }

    /// Promises places for an exchange's records, or says at once that there are none.
    package func reserve(places: Int = 2) throws(JournalUnavailable) -> JournalReservation {
        let refusal: JournalUnavailable? = state.withLock { state in
            guard state.isWritable else { return .unwritable }
            guard state.usedPlaces + places <= configuration.places else { return .saturated }
            state.usedPlaces += places
            return nil
        }
        if let refusal { throw refusal }
        return JournalReservation(store: self, places: places)
    }

    /// Records an event that belongs to no exchange, and returns once it is durable; on a task of a
    /// loop, which resumes on that loop.
    package func record(_ event: EventRecord) async throws(JournalUnavailable) -> Receipt {
        try await reserve(places: 1).append(Draft(event))
    }

    func release(places: Int) {
        state.withLock { $0.usedPlaces -= places }
    }

    // MARK: - Records

    /// Waits until a record is durable, or refused for what it counts: then its place stays.
    ///
    /// On a loop's task, which resumes on its loop.
    func append(_ draft: Draft) async -> Result<Claimed, JournalUnavailable> {
        await EventLoop.suspend { suspension in
            if !enqueue(Waiting(work: .append(draft, suspension))) {
                // The writer never sees this record, and so will not give its place back.
                release(places: 1)
                suspension.resume(.failure(.unwritable))
            }
        }
    }

    /// Has the writer record that an exchange ended without outcome; its place is kept until then.
    func interrupt(_ exchange: ExchangeID) {
        enqueue(Waiting(work: .interrupt(exchange)), evenUnwritable: true)
    }

    @discardableResult
    private func enqueue(_ waiting: Waiting, evenUnwritable: Bool = false) -> Bool {
        let (isTaken, isFirst) = state.withLock { state in
            guard state.isWritable || (evenUnwritable && !state.isClosed) else {
                return (false, false)
            }
            state.waiting.append(waiting)
            guard state.isWritable, !state.isWriting else { return (true, false) }
            state.isWriting = true
            return (true, true)
        }
        if isFirst { thread.submit { self.write() } }
        return isTaken
    }

    /// What counters hold now, taking nothing; nil while the journal does not say.
    package func values(_ keys: [CounterKey]) async -> [Int64]? {
        guard isWritable else { return nil }
        return await EventLoop.suspend { (suspension: Suspension<[Int64]?>) in
            thread.submit {
                let values = self.writer.value.values(keys)
                suspension.loop.submit { suspension.resume(values) }
            }
        }
    }

    /// Keeps documents under the hash of their bytes, before records name them.
    ///
    /// When it throws, they are owed: the writer keeps them before it writes any record again.
    package func keep(_ documents: [JournalDocument]) async throws(JournalUnavailable) {
        let isKept = await withUnsafeContinuation { continuation in
            thread.submit {
                let isKept = self.writer.value.keep(documents)
                if !isKept { self.stopPromising() }
                continuation.resume(returning: isKept)
            }
        }
        guard isKept else { throw .unwritable }
    }

    // MARK: - The writer's thread

    /// Writes what waits, batch after batch, until nothing does.
    private func write() {
        while true {
            let batch: [Waiting] = state.withLock { state in
                guard !state.waiting.isEmpty else {
                    state.isWriting = false
                    return []
                }
                var batch: [Waiting] = []
                swap(&batch, &state.waiting)
                guard batch.count > configuration.batch else { return batch }
                state.waiting = Array(batch[configuration.batch...])
                return Array(batch[..<configuration.batch])
            }
            if batch.isEmpty { return }
            guard write(batch) else { return }
        }
    }

    private func write(_ batch: [Waiting]) -> Bool {
        var drafts: [Draft] = []
        var suspensions: [Appending] = []
        var interrupted: [ExchangeID] = []
        for waiting in batch {
            switch waiting.work {
            case .append(let draft, let suspension):
                drafts.append(draft)
                suspensions.append(suspension)
            case .interrupt(let exchange):
                interrupted.append(exchange)
            }
        }
        guard let claimed = writer.value.write(drafts, interrupted: interrupted) else {
            fail(batch, suspensions)
            return false
        }
        release(places: batch.count - claimed.count(where: \.isExceeded))
        resume(suspensions, claimed.map { .success($0) })
        checkpointer.advance(by: writer.value.takeWrittenBytes()) { [thread, writer] in
            thread.submit { writer.value.finishCheckpoint() }
        }
        return true
    }

    /// Tells everybody who waits that nothing is promised, and begins to try again.
    private func fail(
        _ batch: [Waiting],
        _ suspensions: [Appending]
    ) {
        var suspensions = suspensions
        let stillThere = state.withLock { state in
            state.health = .unwritable
            state.isWriting = false
            var kept = batch.filter(\.isInterruption)
            for waiting in state.waiting {
                if case .append(_, let suspension) = waiting.work {
                    suspensions.append(suspension)
                } else {
                    kept.append(waiting)
                }
            }
            state.waiting = kept
            state.usedPlaces -= suspensions.count
            return !state.isClosed
        }
        resume(suspensions, suspensions.map { _ in .failure(.unwritable) })
        guard stillThere else { return }
        configuration.healthChanged(.unwritable)
        retryLater()
    }

    /// Makes a failure that no record met known, and begins to try again.
    private func stopPromising() {
        guard state.withLock({ $0.isWritable }) else { return }
        writer.value.forsakeConnection()
        fail([], [])
    }

    private func retryLater() {
        thread.schedule(at: .now.advanced(by: configuration.retryInterval)) { self.recover() }
    }

    private func recover() {
        let isWanted = state.withLock { !$0.isClosed && $0.health == .unwritable }
        guard isWanted else { return }
        let health = writer.value.reopen()
        guard health != .unwritable else { return retryLater() }
        let hasWork = state.withLock { state in
            state.health = health
            state.isWriting = state.isWritable && !state.waiting.isEmpty
            return state.isWriting
        }
        configuration.healthChanged(health)
        if hasWork { write() }
    }

    private func resume(
        _ suspensions: [Appending],
        _ results: [Result<Claimed, JournalUnavailable>]
    ) {
        // One message a loop, however many of its tasks waited.
        var byLoop: [ObjectIdentifier: (loop: EventLoop, indexes: [Int])] = [:]
        for (index, suspension) in suspensions.enumerated() {
            byLoop[ObjectIdentifier(suspension.loop), default: (suspension.loop, [])]
                .indexes.append(index)
        }
        for (loop, indexes) in byLoop.values {
            loop.submit {
                for index in indexes { suspensions[index].resume(results[index]) }
            }
        }
    }

    // MARK: - The end

    /// Writes what waits, closes the file and ends the threads; not from one of them.
    package func close() {
        state.withLock { $0.isClosed = true }
        thread.submit {
            self.write()
            self.writer.value.close()
        }
        thread.stop()
        checkpointer.stop()
        lock.withLock { $0 = nil }
    }
}

extension JournalStore.Waiting {
    fileprivate var isInterruption: Bool {
        guard case .interrupt = work else { return false }
        return true
    }
}

/// Whether a journal writes.
package enum JournalHealth: String, Sendable, CaseIterable {
    /// It does, as far as is known.
    case writable = "inscriptible"
    /// A write failed; the writer tries again by itself.
    case unwritable = "non_inscriptible"
    /// The file no longer holds what was acknowledged: going on could fork the journal, so
    /// nothing is written until somebody has looked.
    case contradicted = "contredit"
}

/// How long durable writes take on this disk.
package struct SelfTest: Sendable, Equatable {
    /// The median of the writes that were tried.
    package let median: Duration
    /// The longest of them.
    package let longest: Duration
}
