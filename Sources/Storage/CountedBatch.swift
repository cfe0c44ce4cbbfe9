import Journal
import Platform
import SQLite
import Vocabulary

/// A batch once its counts are taken: what is left to write, and what each draft will be told.
struct CountedBatch {
    private enum Fate {
        case written(Int, [FoundCount])
        case exceeded([FoundCount])
    }

    /// What is to be written, events included, in order.
    private(set) var drafts: [Draft] = []
    private var fates: [Fate] = []

    mutating func write(_ draft: Draft, found: [FoundCount]) {
        fates.append(.written(drafts.count, found))
        drafts.append(draft)
    }

    mutating func refuse(_ found: [FoundCount]) { fates.append(.exceeded(found)) }

    /// Adds events that nobody waits for.
    mutating func add(_ acts: some Sequence<EventAct>, under generation: String, at now: Timestamp)
    {
        for act in acts {
            let id = ExchangeID(time: now, random: Randomness.bytes(10))
            drafts.append(
                Draft(EventRecord(id: id, instant: now, generation: generation, act: act)))
        }
    }

    /// What each draft is told, once what was to be written is durable.
    func results(_ receipts: [Receipt]) -> [Claimed] {
        fates.map { fate in
            switch fate {
            case .written(let place, let found): .recorded(receipts[place], found)
            case .exceeded(let found): .exceeded(found)
            }
        }
    }
}

extension CounterLedger {
    /// Takes the counts of drafts, in order, each on top of those before it.
    mutating func count(
        _ drafts: [Draft], over connection: JournalConnection, at now: Timestamp
    ) throws(SQLiteError) -> CountedBatch {
        var batch = CountedBatch()
        for draft in drafts {
            let known = acts.count
            let found = try take(draft, over: connection, at: now)
            // What happened to an access stands before the record that shows it.
            batch.add(acts[known...], under: draft.generation, at: now)
            if found.contains(where: \.isExceeded) {
                batch.refuse(found)
                continue
            }
            batch.write(draft.finding(found), found: found)
            guard let sighting = draft.sighting else { continue }
            let noted = acts.count
            try note(sighting, at: now) { key throws(SQLiteError) in try connection.value(key) }
            batch.add(acts[noted...], under: draft.generation, at: now)
        }
        return batch
    }

    private mutating func take(
        _ draft: Draft, over connection: JournalConnection, at now: Timestamp
    ) throws(SQLiteError) -> [FoundCount] {
        // An outcome of an access that was suspended meanwhile tells nothing either.
        let sighted = draft.sighting.map { Counting(claims: [], access: $0.access) }
        guard let counting = draft.counting ?? sighted else { return [] }
        if draft.counting != nil, let access = counting.access,
            state(of: access).suspension != nil,
            let motive = try connection.requestedMotive(for: access)
        {
            restore(access, motive: motive, at: now)
        }
        return try take(counting, at: now) { key throws(SQLiteError) in
            try connection.value(key)
        }
    }
}
