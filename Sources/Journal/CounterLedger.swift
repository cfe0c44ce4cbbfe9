package import Vocabulary

/// The counters and accesses as the writer knows them, and what the batch at hand adds to them.
///
/// A value that does no I/O: what it does not know it asks for, and what changes it gives to be
/// written in the transaction of the records. A batch is then committed, or the ledger forgets.
package struct CounterLedger: Sendable {
    /// What the disk holds, as far as it was asked.
    private var known: [CounterKey: Int64] = [:]
    private var accesses: [AccessMark: AccessState]
    /// What the batch adds.
    private var pending: [CounterKey: Int64] = [:]
    private var pendingAccesses: [AccessMark: AccessState] = [:]
    /// What happened to accesses in this batch, in order.
    package private(set) var acts: [EventAct] = []

    private let capacity: Int

    /// Begins with the accesses that the store knows.
    package init(accesses: [AccessMark: AccessState] = [:], capacity: Int = 200_000) {
        self.accesses = accesses
        self.capacity = capacity
    }

    /// What is known of an access, this batch included.
    package func state(of access: AccessMark) -> AccessState {
        pendingAccesses[access] ?? accesses[access] ?? AccessState()
    }

    /// How many accesses are suspended, as far as is durable.
    package var suspendedCount: Int { accesses.values.count { $0.suspension != nil } }

    /// What a counter holds, this batch included.
    package mutating func value<Failure>(
        _ key: CounterKey, read: (CounterKey) throws(Failure) -> Int64
    ) throws(Failure) -> Int64 {
        if let value = pending[key] ?? known[key] { return value }
        // A second is over before a restart is: its counts are in memory alone.
        let value = key.isOfSecond ? 0 : try read(key)
        known[key] = value
        return value
    }

    /// Takes every count of a decision, or none of them.
    ///
    /// - Returns: what each counter holds with the exchange in it; where one is beyond its limit,
    ///   what it would have held, and nothing was taken.
    package mutating func take<Failure>(
        _ counting: Counting, at time: Timestamp,
        read: (CounterKey) throws(Failure) -> Int64
    ) throws(Failure) -> [FoundCount] {
        if let access = counting.access, let suspension = state(of: access).suspension {
            return [suspension.count]
        }
        var found: [FoundCount] = []
        var taken: [CounterKey: Int64] = [:]
        found.reserveCapacity(counting.claims.count)
        for claim in counting.claims {
            let held = try value(claim.counter, read: read)
            var isNew = true
            if let member = claim.member, try value(member, read: read) > 0 { isNew = false }
            let count = isNew ? held + 1 : min(held, Int64(claim.limit))
            found.append(
                FoundCount(counter: claim.bound.rawValue, found: Int(count), limit: claim.limit))
            guard isNew else { continue }
            taken[claim.counter] = count
            if let member = claim.member { taken[member] = 1 }
        }
        guard found.contains(where: \.isExceeded) else {
            pending.merge(taken) { _, new in new }
            return found
        }
        suspend(counting.access, for: found, at: time)
        return found
    }

    /// Adds what an outcome tells of an access.
    package mutating func note<Failure>(
        _ sighting: Sighting, at time: Timestamp,
        read: (CounterKey) throws(Failure) -> Int64
    ) throws(Failure) {
        var misses: Int64 = 0
        if sighting.isMiss {
            misses = try value(sighting.misses, read: read) + 1
            pending[sighting.misses] = misses
        }
        var state = state(of: sighting.access)
        let exceeded = state.note(sighting, missesOfHour: Int(misses))
        pendingAccesses[sighting.access] = state
        suspend(sighting.access, for: exceeded.map { [$0] } ?? [], at: time)
    }

    /// Opens an access again, as an operator decided: what it is judged by as a whole begins anew.
    package mutating func restore(_ access: AccessMark, motive: OperatorText, at time: Timestamp) {
        var state = state(of: access)
        guard state.suspension != nil else { return }
        state.restore()
        pendingAccesses[access] = state
        let counters: [(Bound, CountingPeriod)] = [
            (.personnesParJour, .jour), (.echecsParHeure, .heure),
        ]
        for (bound, period) in counters {
            pending[CounterKey(bound, of: access, over: period.window(around: time))] = 0
        }
        acts.append(.accessRestored(access, motive: motive))
    }

    private mutating func suspend(
        _ access: AccessMark?, for counts: [FoundCount], at time: Timestamp
    ) {
        let cause = counts.first { count in
            count.isExceeded && Bound(rawValue: count.counter)?.isOfProbing == true
        }
        guard let access, let cause else { return }
        var state = state(of: access)
        guard state.suspension == nil else { return }
        state.suspend(for: cause, at: time)
        pendingAccesses[access] = state
        acts.append(.accessSuspended(access, found: cause))
    }

    // MARK: - The end of a batch

    /// The counters that the batch changed and that outlive a restart.
    package var changedCounters: [(key: CounterKey, value: Int64)] {
        pending.compactMap { $0.key.isOfSecond ? nil : ($0.key, $0.value) }
    }

    /// The accesses that the batch changed.
    package var changedAccesses: [AccessMark: AccessState] { pendingAccesses }

    /// Says that the batch is durable.
    package mutating func commit() {
        guard !(pending.isEmpty && pendingAccesses.isEmpty) else { return }
        known.merge(pending) { _, new in new }
        accesses.merge(pendingAccesses) { _, new in new }
        drop()
        // The disk has them all: a memory that is full begins anew.
        if known.count > capacity { known = known.filter { $0.key.isOfSecond } }
    }

    /// Forgets the batch, which is not durable.
    package mutating func drop() {
        pending.removeAll(keepingCapacity: true)
        pendingAccesses.removeAll(keepingCapacity: true)
        acts.removeAll(keepingCapacity: true)
    }

    /// Forgets the counters of windows that ended before a moment.
    package mutating func forget(before time: Timestamp) {
        known = known.filter { $0.key.end >= time.milliseconds }
    }
}

extension CounterKey {
    /// Whether the counter runs over a second, which the name says.
    var isOfSecond: Bool { name.starts(with: CounterKey.secondPrefix) }

    private static let secondPrefix = Array("\(Bound.parSeconde.rawValue) ".utf8)
}
