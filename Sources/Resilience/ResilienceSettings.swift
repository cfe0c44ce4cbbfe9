/// How one holder is treated, whatever it is asked.
package struct ResilienceSettings: Hashable, Sendable {
    /// Calls under way at a time.
    package var simultaneous = 128
    /// Calls that may wait for their turn; one more is refused at once.
    package var queue = 512
    /// How long a call waits for its turn at most: long enough for a quota of a second.
    package var patience = Duration.milliseconds(1500)
    /// What the holder lets us ask.
    package var rates: [Rate] = []
    package var breaker = BreakerSettings()
    package var retries = RetrySettings()
    package var maintenance = MaintenanceCalendar()
    /// How an answer tells which of several funds behind the holder gave it.
    package var funds: FundHeader?

    /// The defaults, which any holder bears.
    package init() {}

    /// What two connectors of one holder agree to: the stricter bound of each kind.
    package func merged(with other: ResilienceSettings) -> ResilienceSettings {
        var both = self
        both.simultaneous = min(simultaneous, other.simultaneous)
        both.queue = min(queue, other.queue)
        both.patience = min(patience, other.patience)
        both.rates = rates + other.rates.filter { !rates.contains($0) }
        both.breaker = breaker.merged(with: other.breaker)
        both.retries = retries.merged(with: other.retries)
        both.maintenance = maintenance.merged(with: other.maintenance)
        both.funds = funds ?? other.funds
        return both
    }
}

/// So many calls in any span of that length.
package struct Rate: Hashable, Sendable {
    package let calls: Int
    package let span: Duration

    package init(calls: Int, span: Duration) {
        self.calls = calls
        self.span = span
    }
}

/// The header by which a counter in front of several funds says which one answered.
package struct FundHeader: Hashable, Sendable {
    package let name: String
    /// The fund that each value means.
    package let funds: [String: String]

    package init(name: String, funds: [String: String]) {
        self.name = name
        self.funds = funds
    }
}

/// When a holder that fails is left alone, and how it is tried again.
package struct BreakerSettings: Hashable, Sendable {
    /// Failures in a row that open it.
    package var consecutiveFailures = 10
    /// The share of failures that opens it, in per cent, once there were enough calls.
    package var failurePercent = 50
    package var minimumCalls = 20
    /// How far back the share looks.
    package var window = Duration.seconds(30)
    /// How long nobody calls once it is open.
    package var openTime = Duration.seconds(5)
    /// How many calls then try the holder; all of them must succeed.
    package var probes = 2

    /// The defaults.
    package init() {}

    func merged(with other: BreakerSettings) -> BreakerSettings {
        var both = self
        both.consecutiveFailures = min(consecutiveFailures, other.consecutiveFailures)
        both.failurePercent = min(failurePercent, other.failurePercent)
        both.minimumCalls = min(minimumCalls, other.minimumCalls)
        both.window = max(window, other.window)
        both.openTime = max(openTime, other.openTime)
        both.probes = min(probes, other.probes)
        return both
    }
}

/// How often calls that may be repeated are.
package struct RetrySettings: Hashable, Sendable {
    /// Repetitions of one call.
    package var most = 1
    /// Repetitions of all calls together, in per cent of the recent ones.
    package var percent = 20
    /// So many recent repetitions are always allowed.
    package var minimum = 3
    /// The wait before the first repetition is drawn below this; it doubles for each further one.
    package var pause = Duration.milliseconds(100)

    /// The defaults.
    package init() {}

    func merged(with other: RetrySettings) -> RetrySettings {
        var both = self
        both.most = min(most, other.most)
        both.percent = min(percent, other.percent)
        both.minimum = min(minimum, other.minimum)
        both.pause = max(pause, other.pause)
        return both
    }

    /// How long to wait before that repetition, the first being 1: anything below the bound alike,
    /// so that callers who failed together do not come back together.
    ///
    /// `random` is drawn from 0 to 1.
    package func delay(before repetition: Int, random: Double) -> Duration {
        let bound = pause * (1 << min(max(repetition - 1, 0), 6))
        return .nanoseconds(Int64(Double(bound.nanoseconds) * min(max(random, 0), 1)))
    }
}
