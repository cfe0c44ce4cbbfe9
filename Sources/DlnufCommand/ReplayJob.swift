import Journal
import Platform
import Reviews
import Storage
import Synchronization
import Vocabulary

/// Replays a stretch of a journal, on several threads that each read their own part of it.
final class ReplayJob: Sendable {
    /// Which decisions are replayed.
    struct Scope: Sendable {
        var purpose: PurposeID?
        var service: ServiceID?
        var from: CalendarDate?
        var to: CalendarDate?

        func admits(_ time: Timestamp) -> Bool {
            guard from != nil || to != nil else { return true }
            let day = time.parisDate
            return from.map { $0 <= day } ?? true && to.map { day <= $0 } ?? true
        }
    }

    private struct State {
        var next: Int64 = 0
        var records: Int64 = 0
        var decisions = 0
        var lastProgress = ContinuousClock.now
        var report = ReplayReport()
        var failure: JournalStoreError?
    }

    private let path: String
    private let shelf: ReplayShelf
    private let scope: Scope
    private let end: Int64
    private let state = Mutex(State())

    init(_ path: String, count: Int64, shelf: ReplayShelf, scope: Scope) {
        self.path = path
        self.shelf = shelf
        self.scope = scope
        end = count
    }

    /// Replays everything, and says on standard error how far it is.
    func run(threads count: Int) throws -> ReplayReport {
        var threads: [SystemThread] = []
        for number in 0..<max(1, count) {
            threads.append(try SystemThread.start(name: "rejeu-\(number)") { self.work() })
        }
        for thread in threads { thread.join() }
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.report.sort()
            return state.report
        }
    }

    private func work() {
        var report = ReplayReport()
        do throws(JournalStoreError) {
            let journal = try JournalReader(path: path)
            var worker = Worker(shelf: shelf, scope: scope, journal: journal)
            while let indexes = take() {
                let count = try worker.replay(indexes, into: &report)
                note(indexes, count)
            }
        } catch {
            state.withLock { state in
                state.failure = state.failure ?? error
                state.next = end
            }
        }
        state.withLock { $0.report.add(report) }
    }

    /// The next stretch that no thread has taken.
    private func take() -> Range<Int64>? {
        state.withLock { state in
            guard state.next < end else { return nil }
            let start = state.next
            state.next = min(end, start + JournalReader.stride)
            return start..<state.next
        }
    }

    /// Says how far the replay is, every 100,000 decisions and every second.
    private func note(_ indexes: Range<Int64>, _ count: Int) {
        let line: String? = state.withLock { state in
            let before = state.decisions / 100_000
            state.records += Int64(indexes.count)
            state.decisions += count
            let isDue = state.lastProgress.duration(to: .now) >= .seconds(1)
            guard isDue || state.decisions / 100_000 > before else { return nil }
            state.lastProgress = .now
            return "  \(grouped(state.decisions)) décisions rejouées, "
                + "\(grouped(Int(state.records))) enregistrements lus "
                + "sur \(grouped(Int(end)))\n"
        }
        if let line { Console.complain(line) }
    }
}

/// What one thread replays with.
private struct Worker {
    let shelf: ReplayShelf
    let scope: ReplayJob.Scope
    let journal: JournalReader
    private var reader = DecisionReader()
    private var places: [ObjectIdentifier: Known] = [:]

    /// What the exchanges that share a decision are replayed with.
    private struct Known {
        /// Held here, so that no other decision can take its identity.
        let decision: SharedDecision
        let place: ReplayShelf.Place
        let prepared: RecordedQuestion?
    }

    init(shelf: ReplayShelf, scope: ReplayJob.Scope, journal: JournalReader) {
        self.shelf = shelf
        self.scope = scope
        self.journal = journal
    }

    mutating func replay(
        _ indexes: Range<Int64>, into report: inout ReplayReport
    ) throws(JournalStoreError) -> Int {
        var count = 0
        for stored in try journal.decisions(indexes, of: scope.purpose, by: scope.service)
        where scope.admits(stored.time) {
            count += 1
            try replay(stored, into: &report)
        }
        return count
    }

    private mutating func replay(
        _ stored: StoredDecision, into report: inout ReplayReport
    ) throws(JournalStoreError) {
        guard let bytes = stored.bytes else { return report.add(.erased, by: stored.service) }
        guard let reading = try? reader.read(bytes) else {
            return report.add(.unreadable, by: stored.service)
        }
        let known = try known(reading.shared)
        guard let replayer = known.place.replayer, let prepared = known.prepared else {
            return report.add(.policyNotKept, by: stored.service)
        }
        report.add(
            replayer.replay(reading, prepared: prepared), of: reading, at: stored.index,
            under: known.place.origin)
    }

    private mutating func known(
        _ decision: SharedDecision
    ) throws(JournalStoreError) -> Known {
        let key = ObjectIdentifier(decision)
        if let known = places[key], known.decision === decision { return known }
        let place = try shelf.place(for: decision.record, journal)
        let known = Known(
            decision: decision, place: place, prepared: place.replayer?.prepare(decision))
        if places.count >= 8192 { places = [:] }
        places[key] = known
        return known
    }
}
