import JSONText
package import Vocabulary

/// A record without its place: its bytes but for the index and the time that the writer gives.
package struct Draft: Sendable {
    /// One reference, since drafts go through queues and arrays on their way to the disk.
    private final class Content: Sendable {
        let columns: RecordColumns
        let body: [UInt8]
        /// Where the counts go that the store finds, in a record that awaits some.
        let countsOffset: Int
        let generation: String
        let counting: Counting?
        let sighting: Sighting?

        init(
            _ record: JournalRecord, _ body: [UInt8], countsOffset: Int = 0,
            counting: Counting? = nil, sighting: Sighting? = nil
        ) {
            columns = record.columns
            self.body = body
            self.countsOffset = countsOffset
            generation = record.generation
            self.counting = counting
            self.sighting = sighting
        }
    }

    private let content: Content
    private var counts: [FoundCount] = []

    /// Serialises a decision, once and for all.
    ///
    /// Where it takes counts, the record holds none yet: the store that takes them completes it.
    package init(_ record: DecisionRecord, taking counting: Counting? = nil) {
        precondition(counting == nil || record.counts.isEmpty, "counts are found once")
        var offset = 0
        let body = Draft.bytes { record.writeBody(to: &$0, countsOffset: &offset) }
        content = Content(.decision(record), body, countsOffset: offset, counting: counting)
    }

    /// Serialises an outcome, once and for all.
    package init(_ record: OutcomeRecord, telling sighting: Sighting? = nil) {
        content = Content(
            .outcome(record), Draft.bytes { record.writeBody(to: &$0) }, sighting: sighting)
    }

    /// Serialises an event, once and for all.
    package init(_ record: EventRecord) {
        content = Content(.event(record), Draft.bytes { record.writeBody(to: &$0) })
    }

    /// What the store repeats beside the bytes.
    package var columns: RecordColumns { content.columns }
    /// The hash of the policy set that served.
    package var generation: String { content.generation }
    /// What must be counted before the record may be written.
    package var counting: Counting? { content.counting }
    /// What the record tells of an access.
    package var sighting: Sighting? { content.sighting }

    /// The draft with the counts that were found, of which those against probing are kept only
    /// where they are beyond their limit.
    package func finding(_ found: [FoundCount]) -> Draft {
        var draft = self
        draft.counts = found.filter(\.isRecorded)
        return draft
    }

    private static func bytes(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes
    }

    /// The whole record, once its place and time are known.
    func record(index: Int64, time: Timestamp) -> [UInt8] {
        let head =
            "{\"\(RecordMember.version)\":\(recordVersion),\"\(RecordMember.index)\":\(index),"
            + "\"\(RecordMember.time)\":\(time.milliseconds),"
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.utf8.count + content.body.count)
        bytes.append(contentsOf: head.utf8)
        guard !counts.isEmpty else {
            bytes.append(contentsOf: content.body.dropFirst())
            return bytes
        }
        var writer = JSONWriter()
        writer.array { list in
            for count in counts { count.write(to: &list) }
        }
        let found = writer.bytes.dropFirst().dropLast()
        bytes.append(contentsOf: content.body[1..<content.countsOffset])
        bytes.append(contentsOf: found)
        bytes.append(contentsOf: content.body[content.countsOffset...])
        return bytes
    }
}

/// The last record of a journal.
package struct JournalHead: Hashable, Sendable {
    /// Its index.
    package let index: Int64
    /// Its leaf hash.
    package let leaf: [UInt8]
    /// The time that the writer stamped on it.
    package let time: Timestamp

    /// The head that a store holds.
    package init(index: Int64, leaf: [UInt8], time: Timestamp) {
        self.index = index
        self.leaf = leaf
        self.time = time
    }
}

/// One record ready to be stored.
package struct JournalRow: Sendable {
    /// Its place: 0 for the first, without gaps.
    package let index: Int64
    /// The writer's time, which never goes back.
    package let time: Timestamp
    /// The random bytes that hide the record from its hash.
    package let salt: [UInt8]
    /// The record.
    package let record: [UInt8]
    /// The hash of salt and record.
    package let entry: [UInt8]
    /// The hash of the entry.
    package let leaf: [UInt8]
    /// What the record says, with what the store repeats of it.
    package let draft: Draft

    /// What the store repeats beside the bytes.
    package var columns: RecordColumns { draft.columns }
}

/// The proof that a record is durable.
///
/// Only a batch that was committed gives one, so what needs a receipt cannot happen before its
/// record is on the disk.
package struct Receipt: Hashable, Sendable {
    /// The record's place.
    package let index: Int64
    /// The hash of salt and record.
    package let entry: [UInt8]
    /// The leaf hash, which the caller's `recu` shows.
    package let leaf: [UInt8]
    /// When it was recorded.
    package let time: Timestamp
    /// The exchange that it is about, or the event's own identifier.
    package let exchange: ExchangeID
    /// Which record it is.
    package let kind: RecordKind

    fileprivate init(_ row: JournalRow) {
        index = row.index
        entry = row.entry
        leaf = row.leaf
        time = row.time
        exchange = row.columns.exchange
        kind = row.columns.kind
    }
}

/// Gives records their place and time.
///
/// A value: preparing a batch changes nothing, so that a commit that fails leaves no gap.
package struct Sequencer: Sendable {
    /// The last record that was committed; nil in an empty journal.
    package private(set) var head: JournalHead?

    /// Continues after the last record that the store holds.
    package init(after head: JournalHead?) {
        self.head = head
    }

    /// The place of the next record.
    package var nextIndex: Int64 {
        head.map { $0.index + 1 } ?? 0
    }

    /// Makes rows of drafts, in order, with 32 random bytes of `salts` for each.
    ///
    /// When the clock went back, the last record's time is used again.
    package func prepare(_ drafts: [Draft], salts: [UInt8], now: Timestamp) -> PreparedBatch {
        precondition(salts.count == drafts.count * Leaf.saltBytes, "one salt a draft")
        let time = head.map { max($0.time, now) } ?? now
        var rows: [JournalRow] = []
        rows.reserveCapacity(drafts.count)
        for (offset, draft) in drafts.enumerated() {
            let index = nextIndex + Int64(offset)
            let start = offset * Leaf.saltBytes
            let salt = Array(salts[start..<start + Leaf.saltBytes])
            let record = draft.record(index: index, time: time)
            let entry = Leaf.entry(salt: salt, record: record)
            rows.append(
                JournalRow(
                    index: index,
                    time: time,
                    salt: salt,
                    record: record,
                    entry: entry,
                    leaf: Leaf.hash(ofEntry: entry), draft: draft
                )
            )
        }
        return PreparedBatch(rows: rows, base: head)
    }

    fileprivate mutating func advance(over rows: [JournalRow], from base: JournalHead?) {
        precondition(head == base, "batches are committed in the order of their making")
        guard let last = rows.last else { return }
        head = JournalHead(index: last.index, leaf: last.leaf, time: last.time)
    }
}

/// Rows that a store is about to commit.
package struct PreparedBatch: ~Copyable, Sendable {
    /// What to store, in order.
    package let rows: [JournalRow]
    private let base: JournalHead?

    fileprivate init(rows: [JournalRow], base: JournalHead?) {
        self.rows = rows
        self.base = base
    }

    /// Says that the rows are durable: ends the batch, advances the sequencer, gives receipts.
    ///
    /// To be called by a store alone, once its commit has returned.
    package consuming func committed(advancing sequencer: inout Sequencer) -> [Receipt] {
        sequencer.advance(over: rows, from: base)
        return rows.map(Receipt.init)
    }
}
