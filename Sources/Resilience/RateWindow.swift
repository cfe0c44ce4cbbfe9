/// Counts calls so that no span of a rate's length ever holds more than the rate allows.
///
/// Exact in what it forbids, and a sixtieth of the span late in what it allows again.
struct RateWindow: Sendable {
    let rate: Rate
    private var counts: SlidingCounts

    init(_ rate: Rate, at now: ContinuousClock.Instant) {
        self.rate = rate
        counts = SlidingCounts(over: rate.span, slots: 60, fields: 1, from: now)
    }

    /// When the next call may be made: now, or later.
    func opening(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        max(now, counts.whenBelow(rate.calls, 0, at: now))
    }

    /// Takes note of a call.
    mutating func count(at now: ContinuousClock.Instant) {
        counts.add(0, at: now)
    }
}

/// Bounds the repetitions by a share of the recent calls: when everything fails, what is asked
/// again stays a small part of what is asked.
struct RetryBudget: Sendable {
    private var settings: RetrySettings
    private var recent: SlidingCounts

    private static let calls = 0
    private static let repetitions = 1

    init(_ settings: RetrySettings, at now: ContinuousClock.Instant) {
        self.settings = settings
        recent = SlidingCounts(over: .seconds(10), slots: 10, fields: 2, from: now)
    }

    mutating func apply(_ new: RetrySettings) {
        settings = new
    }

    /// Takes note of a call that repeats no other.
    mutating func count(at now: ContinuousClock.Instant) {
        recent.add(Self.calls, at: now)
    }

    /// Whether one call more may be repeated, which takes it.
    mutating func take(at now: ContinuousClock.Instant) -> Bool {
        let share = recent.sum(Self.calls, at: now) * settings.percent / 100
        let taken = recent.sum(Self.repetitions, at: now)
        guard taken < max(settings.minimum, share) else { return false }
        recent.add(Self.repetitions, at: now)
        return true
    }
}
