import Vocabulary

/// What the recent calls to a holder came to, as far as they say how it is.
struct HealthWindow: Sendable {
    private var counts: SlidingCounts

    /// The bounds of the latencies that are told apart, in milliseconds.
    static let bounds = [50, 100, 250, 500, 1000, 2500, 5000, 10_000]
    private static let answered = 0
    private static let failed = 1
    private static let firstLatency = 2

    init(at now: ContinuousClock.Instant) {
        counts = SlidingCounts(
            over: HolderHealth.span, slots: 10, fields: Self.firstLatency + Self.bounds.count + 1,
            from: now)
    }

    mutating func add(hasAnswered: Bool, in elapsed: Duration, at now: ContinuousClock.Instant) {
        counts.add(hasAnswered ? Self.answered : Self.failed, at: now)
        let milliseconds = elapsed.nanoseconds / 1_000_000
        let place = Self.bounds.firstIndex { milliseconds <= $0 } ?? Self.bounds.count
        counts.add(Self.firstLatency + place, at: now)
    }

    /// What the slots that are over hold: the one under way would show each call as it is made.
    func health(at now: ContinuousClock.Instant) -> HolderHealth {
        let answered = counts.sum(Self.answered, at: now, isSettled: true)
        let failed = counts.sum(Self.failed, at: now, isSettled: true)
        let latencies = (0...Self.bounds.count).map {
            counts.sum(Self.firstLatency + $0, at: now, isSettled: true)
        }
        return HolderHealth(answered: answered, failed: failed, latencies: latencies)
    }
}

/// How a holder has been of late, exactly; what of it is published is coarser.
package struct HolderHealth: Sendable, Equatable {
    /// How far back it looks.
    package static let span = Duration.seconds(300)
    /// Calls below which nothing is said of shares and times.
    package static let smallestSample = 20

    package let answered: Int
    package let failed: Int
    /// How many calls took no longer than each bound of `HealthWindow`, and than none.
    let latencies: [Int]

    package var calls: Int { answered + failed }

    /// How many calls there were, so that one more is rarely seen.
    ///
    /// Nothing below twenty, then 20, 50, 100, 200, 500 and so on.
    package var roughCalls: Int {
        guard calls >= Self.smallestSample else { return 0 }
        var bound = 10
        while bound <= calls / 10 { bound *= 10 }
        return [5, 2, 1].map { $0 * bound }.first { $0 <= calls } ?? bound
    }

    /// The share of calls that were answered, to five per cent; nil where there were too few.
    package var answeredPercent: Int? {
        guard calls >= Self.smallestSample else { return nil }
        return (answered * 100 / calls + 2) / 5 * 5
    }

    /// The time within which that share of the calls ended, as one of a few bounds; nil where there
    /// were too few, or where it is beyond all bounds.
    package func milliseconds(ofPercent percent: Int) -> Int? {
        guard calls >= Self.smallestSample else { return nil }
        var seen = 0
        for (count, bound) in zip(latencies, HealthWindow.bounds) {
            seen += count
            if seen * 100 >= calls * percent { return bound }
        }
        return nil
    }
}

/// Whether one of several funds behind a holder answers.
///
/// Only failures are told, once there were enough of them in a span that is over. A fund without
/// traffic and one that is well are the same: else the one exchange that crosses a threshold would
/// say which fund the person belongs to.
struct FundHealth: Sendable {
    private var counts: SlidingCounts
    static let smallestSample = 20

    init(at now: ContinuousClock.Instant) {
        counts = SlidingCounts(over: HolderHealth.span, slots: 5, fields: 2, from: now)
    }

    mutating func add(hasAnswered: Bool, at now: ContinuousClock.Instant) {
        counts.add(hasAnswered ? 0 : 1, at: now)
    }

    func isIll(at now: ContinuousClock.Instant) -> Bool {
        let failed = counts.sum(1, at: now, isSettled: true)
        let answered = counts.sum(0, at: now, isSettled: true)
        return failed >= Self.smallestSample && failed >= answered
    }
}
