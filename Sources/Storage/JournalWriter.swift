import Journal
import Platform
import SQLite
import Vocabulary

/// What the writer's thread alone touches: the connection, and what comes next.
final class JournalWriter {
    let selfTest: SelfTest

    private let configuration: JournalStore.Configuration
    private var connection: JournalConnection?
    private var sequencer: Sequencer
    private var ledger: CounterLedger
    private var nextPurge = Timestamp(milliseconds: .min)
    private var open: [ExchangeID: Int64]
    private var owedDocuments: [String: JournalDocument] = [:]
    private var rowsSinceMark = 0
    private var writtenBytes = 0

    private static let rowsPerMark = 4096
    /// How long counters outlive their window: an exchange that began in it may still be counted.
    private static let grace: Int64 = 3600
    private static let secondsPerPurge: Int64 = 20

    private init(
        _ configuration: JournalStore.Configuration,
        _ connection: JournalConnection,
        _ ledger: CounterLedger,
        _ head: JournalHead?,
        _ open: [ExchangeID: Int64],
        _ selfTest: SelfTest
    ) {
        self.configuration = configuration
        self.connection = connection
        self.ledger = ledger
        self.open = open
        self.selfTest = selfTest
        sequencer = Sequencer(after: head)
    }

    /// Opens the file, checks that its end has no gap, writes to it, and closes what was left open.
    static func open(
        _ configuration: JournalStore.Configuration
    ) throws(JournalStoreError) -> sending JournalWriter {
        let connection = try JournalConnection(path: configuration.path)
        do {
            try connection.emptyLog()
            let head = try connection.head()
            let mark = try connection.openMark()
            let found = try connection.openDecisions(from: mark)
            guard mark + found.count == (head?.index ?? -1) + 1 else {
                throw JournalStoreError.damaged(index: mark)
            }
            let selfTest = try test(connection, configuration)
            let writer = JournalWriter(
                configuration, connection, try connection.ledger(), head, found.open, selfTest)
            guard writer.interruptAll() else { throw JournalStoreError.damaged(index: mark) }
            return writer
        } catch let error as SQLiteError {
            throw .reading(error, path: configuration.path)
        } catch let error as JournalStoreError {
            throw error
        } catch {
            throw .foreign(path: configuration.path)
        }
    }

    private static func test(
        _ connection: JournalConnection,
        _ configuration: JournalStore.Configuration
    ) throws(SQLiteError) -> SelfTest {
        var times: [Duration] = []
        for _ in 0..<9 {
            let start = ContinuousClock.now
            try connection.probe(at: configuration.now())
            times.append(start.duration(to: .now))
        }
        times.sort()
        return SelfTest(median: times[times.count / 2], longest: times[times.count - 1])
    }

    // MARK: - Writing

    /// Makes drafts durable, with what they count, and outcomes for exchanges that ended without;
    /// nil when the disk refuses.
    func write(_ drafts: [Draft], interrupted: [ExchangeID]) -> [Claimed]? {
        guard let connection else { return nil }
        do throws(SQLiteError) {
            let all = drafts + (try outcomes(of: interrupted, connection))
            return Array(try commit(all, connection).prefix(drafts.count))
        } catch {
            forsakeConnection()
            return nil
        }
    }

    private func commit(
        _ drafts: [Draft],
        _ connection: JournalConnection
    ) throws(SQLiteError) -> [Claimed] {
        guard !drafts.isEmpty else { return [] }
        let now = configuration.now()
        let counted = try ledger.count(drafts, over: connection, at: now)
        let acts = ledger.acts
        let receipts = try store(counted.drafts, connection, now)
        ledger.commit()
        for act in acts { configuration.accessChanged(act, ledger.suspendedCount) }
        return counted.results(receipts)
    }

    private func store(
        _ drafts: [Draft], _ connection: JournalConnection, _ now: Timestamp
    ) throws(SQLiteError) -> [Receipt] {
        guard !drafts.isEmpty else { return [] }
        let salts = Randomness.bytes(drafts.count * Leaf.saltBytes)
        let batch = sequencer.prepare(drafts, salts: salts, now: now)
        rowsSinceMark += drafts.count
        let isMarkDue = rowsSinceMark >= JournalWriter.rowsPerMark
        let first = sequencer.nextIndex
        try connection.write(
            batch.rows, counting: ledger,
            openMark: isMarkDue ? open.values.min() ?? first : nil,
            purge: duePurge(at: now)
        )
        if isMarkDue { rowsSinceMark = 0 }
        for row in batch.rows { writtenBytes += row.record.count + 512 }
        let receipts = batch.committed(advancing: &sequencer)
        for (draft, receipt) in zip(drafts, receipts) {
            note(draft.columns, at: receipt.index)
        }
        return receipts
    }

    /// Before when windows must have ended for their counters to go; nil when it is too early to
    /// look again.
    private func duePurge(at now: Timestamp) -> Timestamp? {
        guard now >= nextPurge else { return nil }
        nextPurge = now.adding(seconds: JournalWriter.secondsPerPurge)
        let ended = now.adding(seconds: -JournalWriter.grace)
        ledger.forget(before: ended)
        return ended
    }

    /// What counters hold now; nil while the disk does not say.
    func values(_ keys: [CounterKey]) -> [Int64]? {
        guard let connection else { return nil }
        var values: [Int64] = []
        do throws(SQLiteError) {
            for key in keys {
                values.append(
                    try ledger.value(key) { key throws(SQLiteError) in try connection.value(key) })
            }
            return values
        } catch {
            return nil
        }
    }

    private func note(_ columns: RecordColumns, at index: Int64) {
        if columns.awaitsOutcome {
            open[columns.exchange] = index
        } else {
            open[columns.exchange] = nil
        }
    }

    /// The outcomes of exchanges that ended without one, from the decisions that the disk has.
    private func outcomes(
        of exchanges: [ExchangeID],
        _ connection: JournalConnection
    ) throws(SQLiteError) -> [Draft] {
        var drafts: [Draft] = []
        for exchange in exchanges {
            guard let index = open[exchange],
                let bytes = try connection.record(at: index),
                let facts = (try? PlacedRecord(bytes))?.record.facts
            else { continue }
            drafts.append(
                Draft(
                    OutcomeRecord(
                        facts: facts,
                        decision: index,
                        outcome: .interrupted
                    )
                )
            )
        }
        return drafts
    }

    private func interruptAll() -> Bool {
        let exchanges = open.sorted { $0.value < $1.value }.map(\.key)
        var rest = exchanges[...]
        while !rest.isEmpty {
            let next = Array(rest.prefix(configuration.batch))
            rest = rest.dropFirst(next.count)
            guard write([], interrupted: next) != nil else { return false }
        }
        // What could not be read stays without outcome; it must not hold the mark back for ever.
        open = [:]
        return true
    }

    /// Keeps documents under their hashes; false when the disk refuses, and then it is done when
    /// the writer recovers.
    func keep(_ documents: [JournalDocument]) -> Bool {
        for document in documents { owedDocuments[document.hash] = document }
        guard let connection else { return false }
        return (try? keepOwedDocuments(connection)) != nil
    }

    private func keepOwedDocuments(_ connection: JournalConnection) throws(SQLiteError) {
        guard !owedDocuments.isEmpty else { return }
        try connection.keep(Array(owedDocuments.values))
        owedDocuments = [:]
    }

    // MARK: - After a failure

    /// Drops the connection after a failure that was not a record's.
    func forsakeConnection() {
        connection = nil
        // Nobody knows what of the batch the disk has.
        ledger = CounterLedger()
    }

    /// Opens the file again, finds the last acknowledged record there, and writes.
    func reopen() -> JournalHealth {
        do {
            let connection = try JournalConnection(path: configuration.path)
            try connection.emptyLog()
            if let head = sequencer.head,
                try connection.leaf(at: head.index) != head.leaf
            {
                return .contradicted
            }
            try connection.probe(at: configuration.now())
            try keepOwedDocuments(connection)
            // A commit that failed may have reached the disk: then its records are the journal's.
            let tail = try connection.openDecisions(from: sequencer.nextIndex)
            let head = try connection.head()
            guard sequencer.nextIndex + tail.count == (head?.index ?? -1) + 1 else {
                return .contradicted
            }
            ledger = try connection.ledger()
            try adopt(tail.count, head, connection)
            self.connection = connection
            return .writable
        } catch {
            return .unwritable
        }
    }

    /// Takes over records that were stored without being acknowledged, and closes what they left
    /// open.
    private func adopt(
        _ count: Int64,
        _ head: JournalHead?,
        _ connection: JournalConnection
    ) throws {
        var unacknowledged: [ExchangeID] = []
        for index in sequencer.nextIndex..<(sequencer.nextIndex + count) {
            guard let bytes = try connection.record(at: index) else { continue }
            let columns = try PlacedRecord(bytes).record.columns
            note(columns, at: index)
            if columns.awaitsOutcome { unacknowledged.append(columns.exchange) }
        }
        sequencer = Sequencer(after: head)
        let drafts = try outcomes(of: unacknowledged, connection)
        _ = try commit(drafts, connection)
    }

    // MARK: - The log

    /// How much was written since the last call.
    func takeWrittenBytes() -> Int {
        defer { writtenBytes = 0 }
        return writtenBytes
    }

    /// Moves the little that the other thread left in the log, so that the log starts again.
    func finishCheckpoint() {
        // Failing costs nothing but a longer log: the next round tries again.
        try? connection?.checkpoint()
    }

    func close() {
        finishCheckpoint()
        connection = nil
    }
}
