import Resilience
import TestSupport
import Vocabulary

/// An instant from which tests count.
let start = ContinuousClock.now

func at(_ milliseconds: Int) -> ContinuousClock.Instant {
    start.advanced(by: .milliseconds(milliseconds))
}

/// A moment of 2026 at which nothing is announced: Monday 5 January, 12:00 UTC.
let noon = Timestamp(milliseconds: 1_767_614_400_000)

func settings(_ change: (inout ResilienceSettings) -> Void = { _ in }) -> ResilienceSettings {
    var settings = ResilienceSettings()
    change(&settings)
    return settings
}

/// A lane that expectations may drive.
final class DrivenLane {
    private var lane: Lane

    init(_ settings: ResilienceSettings, at now: ContinuousClock.Instant) {
        lane = Lane(settings, at: now)
    }

    var settings: ResilienceSettings { lane.settings }

    func enter(at now: ContinuousClock.Instant, _ wall: Timestamp) -> LaneAdmission {
        lane.enter(at: now, wall)
    }

    func wait() -> LaneWaiter { lane.wait() }
    func leave(_ waiter: LaneWaiter) -> Bool { lane.leave(waiter) }
    func woke() { lane.woke() }
    func takeEvents() -> [LaneEvent] { lane.takeEvents() }
    func count(at now: ContinuousClock.Instant) { lane.count(at: now) }

    func apply(_ settings: ResilienceSettings, at now: ContinuousClock.Instant) {
        lane.apply(settings, at: now)
    }

    func finish(
        _ ticket: LaneTicket, _ report: CallReport, at now: ContinuousClock.Instant,
        _ wall: Timestamp
    ) -> [LaneTurn] {
        lane.finish(ticket, report, at: now, wall)
    }

    func repetition(
        _ repetition: Int, random: Double, left: Duration, at now: ContinuousClock.Instant
    ) -> Duration? {
        lane.repetition(repetition, random: random, left: left, at: now)
    }

    func address(
        of origin: String, among count: Int, except tried: Set<Int> = [],
        at now: ContinuousClock.Instant
    ) -> Int? {
        lane.address(of: origin, among: count, except: tried, at: now)
    }

    func record(
        address index: Int, of origin: String, accepted: Bool, at now: ContinuousClock.Instant
    ) {
        lane.record(address: index, of: origin, accepted: accepted, at: now)
    }

    func snapshot(at now: ContinuousClock.Instant, _ wall: Timestamp) -> LaneSnapshot {
        lane.snapshot(at: now, wall)
    }

    /// One whole call; false where it was not let pass.
    func call(_ end: CallEnd, fund: String? = nil, at milliseconds: Int) -> Bool {
        guard case .go(let ticket) = enter(at: at(milliseconds), noon) else { return false }
        _ = finish(ticket, CallReport(end, fund: fund), at: at(milliseconds), noon)
        return true
    }
}

/// A breaker that expectations may drive.
final class DrivenBreaker {
    private var breaker: Breaker

    init(_ settings: BreakerSettings, at now: ContinuousClock.Instant) {
        breaker = Breaker(settings, at: now)
    }

    var phase: Breaker.Phase { breaker.phase }

    func admit(at now: ContinuousClock.Instant) -> Breaker.Pass? { breaker.admit(at: now) }

    func record(
        _ verdict: Breaker.Verdict, of pass: Breaker.Pass, at now: ContinuousClock.Instant
    ) {
        breaker.record(verdict, of: pass, at: now)
    }

    func apply(_ settings: BreakerSettings, at now: ContinuousClock.Instant) {
        breaker.apply(settings, at: now)
    }

    /// One whole call; false where it was not let pass.
    @discardableResult
    func call(_ verdict: Breaker.Verdict, at milliseconds: Int) -> Bool {
        guard let pass = admit(at: at(milliseconds)) else { return false }
        record(verdict, of: pass, at: at(milliseconds))
        return true
    }
}
