package import Vocabulary

/// A call under way.
package struct LaneTicket: Sendable, Equatable {
    package let pass: Breaker.Pass
    package let startedAt: ContinuousClock.Instant
}

/// A call that waits for its turn.
package struct LaneWaiter: Hashable, Sendable {
    let number: Int
}

/// A waiter whose turn has come.
package struct LaneTurn: Sendable {
    package let waiter: LaneWaiter
    package let admission: LaneAdmission
}

/// Whether a call may be made.
package enum LaneAdmission: Sendable, Equatable {
    case go(LaneTicket)
    case refused(LaneRefusal)
    /// There is no room now; the call may wait for its turn.
    case wait
    /// A rate allows one more call then; the call is counted as waiting until it says that it woke.
    case later(ContinuousClock.Instant)
}

/// Why a call is not made.
package struct LaneRefusal: Error, Sendable, Equatable {
    /// What stands in the way, by the names of the metrics.
    package enum Cause: String, CaseIterable, Sendable {
        case breaker = "disjoncteur"
        case quota
        case pause
        case maintenance
        case queueFull = "file_pleine"
        case queueSlow = "attente_trop_longue"
    }

    package let cause: Cause
    package let reason: MissingReason
    /// When it is worth asking again; nil where nothing is known.
    package let retryAfterSeconds: Int?

    init(_ cause: Cause, _ reason: MissingReason, _ seconds: Int?) {
        self.cause = cause
        self.reason = reason
        retryAfterSeconds = seconds
    }

    static let queueFull = LaneRefusal(.queueFull, .detenteurIndisponible, 2)
    /// The turn did not come in time.
    package static let queueSlow = LaneRefusal(.queueSlow, .detenteurIndisponible, 2)
}

/// How a call ended, as far as it says how the holder is.
package enum CallEnd: Sendable, Equatable {
    /// It answered, whatever it said of the person.
    case answered
    case failed
    /// It has had enough calls, perhaps for so many seconds.
    case quota(retryAfter: Int?)
    /// It is away on purpose, perhaps for so many seconds.
    case away(retryAfter: Int?)
    /// The caller left, or gave it less time than its own.
    case uncounted
}

/// What one call leaves behind.
package struct CallReport: Sendable, Equatable {
    package var end: CallEnd
    /// How the usager was identified; nil for a token request.
    package var mode: Mode?
    /// Which fund behind the holder answered.
    package var fund: String?

    package init(_ end: CallEnd, mode: Mode? = nil, fund: String? = nil) {
        self.end = end
        self.mode = mode
        self.fund = fund
    }
}

/// What happens on a lane that an operator wants to read.
package enum LaneEvent: Sendable, Equatable {
    case breakerOpened(seconds: Int)
    case breakerProbes
    case breakerClosed
    case pauseBegan(seconds: Int)
    case pauseEnded
    case quotaReached
    case quotaAgain
    case maintenanceBegan
    case maintenanceEnded
    /// The address of that rank, from 1, refuses connections.
    case addressLost(Int)
    case addressBack(Int)
}

/// What was counted since the start.
package struct LaneCounters: Sendable, Equatable {
    package var refusals: [LaneRefusal.Cause: Int] = [:]
    package var repetitions = 0
    package var openings = 0
    package var addressFailures = 0
    package var answered = DurationCounts()
    package var failed = DurationCounts()

    mutating func add(hasAnswered: Bool, in elapsed: Duration) {
        if hasAnswered { answered.add(elapsed) } else { failed.add(elapsed) }
    }
}

/// Durations in the buckets that OpenTelemetry advises for HTTP.
package struct DurationCounts: Sendable, Equatable {
    /// The upper bounds, in milliseconds; one bucket more has none.
    package static let bounds = [
        5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
    ]

    /// How many fell into each bucket, and into none before it.
    package private(set) var counts = Array(repeating: 0, count: bounds.count + 1)
    package private(set) var sum = Duration.zero

    /// No duration yet.
    package init() {}

    mutating func add(_ elapsed: Duration) {
        let place = Self.bounds.firstIndex { elapsed <= .milliseconds($0) } ?? Self.bounds.count
        counts[place] += 1
        sum += elapsed
    }
}

/// How a lane is at one moment.
package struct LaneSnapshot: Sendable {
    /// The holder asked to be left alone.
    package struct Pause: Sendable, Equatable {
        package let seconds: Int
        package let reason: MissingReason
    }

    package let phase: Breaker.Phase
    /// How long until the next trial, where the breaker is open.
    package let secondsToTrial: Int
    /// Whether the next call tries it.
    package let isTrialDue: Bool
    package let pause: Pause?
    package let isOverQuota: Bool
    package let maintenance: MaintenanceCalendar.Window?
    package let nextMaintenance: MaintenanceCalendar.Window?
    package let underWay: Int
    package let waiting: Int
    package let health: HolderHealth
    package let modes: [Mode: HolderHealth]
    package let illFunds: Set<String>
    package let counters: LaneCounters
}
