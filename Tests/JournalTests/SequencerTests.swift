import Testing
import Vocabulary

@testable import Journal

@Suite struct `A sequencer` {
    @Test func `numbers records from 0 without gaps, over batches and restarts`() throws {
        var sequencer = Sequencer(after: nil)
        var indexes: [Int64] = []
        for size in [1, 3, 2] {
            let drafts = try (0..<size).map { Draft(try Sample.decision($0)) }
            let batch = sequencer.prepare(
                drafts,
                salts: [UInt8](repeating: 7, count: size * 32),
                now: Sample.instant
            )
            indexes += batch.committed(advancing: &sequencer).map(\.index)
            sequencer = Sequencer(after: sequencer.head)
        }
        #expect(indexes == [0, 1, 2, 3, 4, 5])
    }

    @Test func `uses the places of a batch that failed again`() throws {
        var sequencer = Sequencer(after: nil)
        let draft = Draft(try Sample.decision())
        let salt = [UInt8](repeating: 7, count: 32)
        do {
            let failed = sequencer.prepare([draft], salts: salt, now: Sample.instant)
            #expect(failed.rows.map(\.index) == [0])
        }
        let batch = sequencer.prepare([draft], salts: salt, now: Sample.instant)
        #expect(batch.committed(advancing: &sequencer).map(\.index) == [0])
        #expect(sequencer.nextIndex == 1)
    }

    @Test func `never goes back in time`() throws {
        var sequencer = Sequencer(after: nil)
        let draft = Draft(try Sample.decision())
        var times: [Int64] = []
        for now in [100, 90, 100, 110, 5] as [Int64] {
            let batch = sequencer.prepare(
                [draft],
                salts: [UInt8](repeating: 7, count: 32),
                now: Timestamp(milliseconds: now)
            )
            times += batch.committed(advancing: &sequencer).map(\.time.milliseconds)
        }
        #expect(times == [100, 100, 100, 110, 110])
    }

    @Test func `says in the record itself what its place and time are`() throws {
        let sequencer = Sequencer(
            after: JournalHead(index: 41, leaf: [], time: Timestamp(milliseconds: 5))
        )
        let batch = sequencer.prepare(
            [Draft(try Sample.decision())],
            salts: [UInt8](repeating: 7, count: 32),
            now: Timestamp(milliseconds: 6)
        )
        let row = batch.rows[0]
        let placed = try PlacedRecord(row.record)
        #expect(placed.index == 42 && row.index == 42)
        #expect(placed.time.milliseconds == 6 && row.time.milliseconds == 6)
        #expect(row.leaf == Leaf.hash(ofEntry: Leaf.entry(salt: row.salt, record: row.record)))
    }
}
