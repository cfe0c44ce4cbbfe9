/// Counts of the recent past, in slots of equal length that are forgotten one by one.
///
/// A count is kept for a whole span at least, and for one slot more at most.
struct SlidingCounts: Sendable {
    private let origin: ContinuousClock.Instant
    /// The length of a slot, in nanoseconds.
    private let width: Int64
    private let slots: Int
    private let fields: Int
    /// Which slot of time each place holds; -1 for none.
    private var stamps: [Int64]
    private var counts: [Int]

    init(over span: Duration, slots: Int, fields: Int, from origin: ContinuousClock.Instant) {
        self.origin = origin
        self.slots = slots + 1
        self.fields = fields
        width = max(1, (span.nanoseconds + Int64(slots) - 1) / Int64(slots))
        stamps = Array(repeating: -1, count: slots + 1)
        counts = Array(repeating: 0, count: (slots + 1) * fields)
    }

    mutating func add(_ field: Int, at now: ContinuousClock.Instant, _ count: Int = 1) {
        let slot = slot(at: now)
        let place = Int(slot % Int64(slots))
        if stamps[place] != slot {
            // A clock read before another thread's may come a little late: its slot stays.
            guard stamps[place] < slot else { return }
            stamps[place] = slot
            for index in 0..<fields { counts[place * fields + index] = 0 }
        }
        counts[place * fields + field] += count
    }

    /// The count of the recent past; without what the slot under way has so far where that is said.
    func sum(_ field: Int, at now: ContinuousClock.Instant, isSettled: Bool = false) -> Int {
        let current = slot(at: now)
        var sum = 0
        for place in 0..<slots where isKept(place, current) {
            if isSettled, stamps[place] == current { continue }
            sum += counts[place * fields + field]
        }
        return sum
    }

    /// When the count of a field will have fallen below a limit, if nothing is added.
    func whenBelow(
        _ limit: Int, _ field: Int, at now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant {
        let current = slot(at: now)
        var left = sum(field, at: now)
        guard left >= limit else { return now }
        let kept = (0..<slots).filter { isKept($0, current) }
            .sorted { stamps[$0] < stamps[$1] }
        for place in kept {
            guard left >= limit else { break }
            left -= counts[place * fields + field]
            guard left < limit else { continue }
            return origin.advanced(
                by: .nanoseconds((stamps[place] + Int64(slots)) * width))
        }
        return now
    }

    private func isKept(_ place: Int, _ current: Int64) -> Bool {
        stamps[place] >= 0 && stamps[place] > current - Int64(slots)
    }

    private func slot(at now: ContinuousClock.Instant) -> Int64 {
        max(0, origin.duration(to: now).nanoseconds / width)
    }
}

extension Duration {
    /// The span in nanoseconds.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// The span in whole seconds, rounded up, one at least.
    package var secondsToWait: Int {
        Int(max(1, (nanoseconds + 999_999_999) / 1_000_000_000))
    }
}
