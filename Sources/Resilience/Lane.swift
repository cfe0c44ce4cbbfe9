package import Vocabulary

/// The way to one holder: how many calls are under way, who waits, and why nobody may call.
///
/// A value over the times that it is handed: whoever drives it keeps it behind one lock, wakes the
/// waiters that it names and performs nothing of its own.
package struct Lane: Sendable {
    package private(set) var settings: ResilienceSettings
    private var breaker: Breaker
    private var rates: [RateWindow]
    private var budget: RetryBudget
    /// Until when the holder asked to be left alone, and why.
    private var pause: (until: ContinuousClock.Instant, reason: MissingReason)?
    private var addresses: [String: AddressBook] = [:]
    private var underWay = 0
    private var waiting: [LaneWaiter] = []
    /// Calls that wait for a rate to allow one more.
    private var delayed = 0
    private var lastWaiter = 0
    private var health: HealthWindow
    private var modes: [Mode: HealthWindow] = [:]
    private var funds: [String: FundHealth] = [:]
    package private(set) var counters = LaneCounters()
    private var watch = LaneWatch()
    private var events: [LaneEvent] = []

    /// The longest that a holder is left alone because it said so: what it announced may be wrong.
    package static let longestPause = 3600

    /// A lane that nothing has happened on.
    package init(_ settings: ResilienceSettings, at now: ContinuousClock.Instant) {
        self.settings = settings
        breaker = Breaker(settings.breaker, at: now)
        rates = settings.rates.map { RateWindow($0, at: now) }
        budget = RetryBudget(settings.retries, at: now)
        health = HealthWindow(at: now)
    }

    /// Takes other settings; what is known of the holder stays known.
    package mutating func apply(_ new: ResilienceSettings, at now: ContinuousClock.Instant) {
        guard new != settings else { return }
        breaker.apply(new.breaker, at: now)
        budget.apply(new.retries)
        // What was counted under a rate that stays still counts.
        rates = new.rates.map { rate in
            rates.first { $0.rate == rate } ?? RateWindow(rate, at: now)
        }
        if new.funds != settings.funds { funds = [:] }
        settings = new
    }

    // MARK: - Entering

    /// Lets a call pass now, or says why not and until when.
    package mutating func enter(
        at now: ContinuousClock.Instant, _ wall: Timestamp
    ) -> LaneAdmission {
        if let refusal = refusal(at: now, wall) { return refused(refusal) }
        guard underWay < settings.simultaneous, waiting.isEmpty else {
            guard waiting.count < settings.queue else { return refused(.queueFull) }
            return .wait
        }
        return start(at: now, wall)
    }

    /// Puts a call behind those that wait; `enter` must have just said so.
    package mutating func wait() -> LaneWaiter {
        lastWaiter += 1
        let waiter = LaneWaiter(number: lastWaiter)
        waiting.append(waiter)
        return waiter
    }

    /// Takes a call out of the queue; false where its turn has already come.
    package mutating func leave(_ waiter: LaneWaiter, isTooLate: Bool = false) -> Bool {
        guard let place = waiting.firstIndex(of: waiter) else { return false }
        waiting.remove(at: place)
        if isTooLate { counters.refusals[.queueSlow, default: 0] += 1 }
        return true
    }

    /// Says that a call no longer waits for a rate.
    package mutating func woke() {
        delayed -= 1
    }

    private mutating func start(
        at now: ContinuousClock.Instant, _ wall: Timestamp
    ) -> LaneAdmission {
        let opening = rates.map { $0.opening(at: now) }.max() ?? now
        if opening > now {
            // A rate that opens at once is waited for; one of a minute is not.
            if opening <= now.advanced(by: settings.patience), delayed < settings.queue {
                delayed += 1
                return .later(opening)
            }
            note(.quotaReached, while: true, \.isOverQuota)
            return refused(
                LaneRefusal(.quota, .detenteurQuota, now.duration(to: opening).secondsToWait))
        }
        note(.quotaAgain, while: false, \.isOverQuota)
        let before = breaker.phase
        guard let pass = breaker.admit(at: now) else { return refused(breakerRefusal(now)) }
        tell(of: before)
        for index in rates.indices { rates[index].count(at: now) }
        underWay += 1
        return .go(LaneTicket(pass: pass, startedAt: now))
    }

    /// Why nobody may call now, whatever the room.
    private mutating func refusal(
        at now: ContinuousClock.Instant, _ wall: Timestamp
    ) -> LaneRefusal? {
        if let window = settings.maintenance.current(at: wall) {
            note(.maintenanceBegan, while: true, \.isInMaintenance)
            let left = (window.end.milliseconds - wall.milliseconds + 999) / 1000
            return LaneRefusal(.maintenance, .detenteurMaintenance, Int(left))
        }
        note(.maintenanceEnded, while: false, \.isInMaintenance)
        if let pause {
            if now < pause.until {
                return LaneRefusal(
                    .pause, pause.reason, now.duration(to: pause.until).secondsToWait)
            }
            self.pause = nil
            events.append(.pauseEnded)
        }
        return breaker.isPassable(at: now) ? nil : breakerRefusal(now)
    }

    private func breakerRefusal(_ now: ContinuousClock.Instant) -> LaneRefusal {
        LaneRefusal(
            .breaker, .detenteurIndisponible,
            now.duration(to: breaker.nextTrial(at: now)).secondsToWait)
    }

    private mutating func refused(_ refusal: LaneRefusal) -> LaneAdmission {
        counters.refusals[refusal.cause, default: 0] += 1
        return .refused(refusal)
    }

    // MARK: - Ending

    /// Takes note of how a call ended, and names the waiters whose turn has come.
    package mutating func finish(
        _ ticket: LaneTicket, _ report: CallReport,
        at now: ContinuousClock.Instant, _ wall: Timestamp
    ) -> [LaneTurn] {
        underWay -= 1
        let before = breaker.phase
        judge(ticket, report, at: now)
        tell(of: before)
        return turns(at: now, wall)
    }

    private mutating func judge(
        _ ticket: LaneTicket, _ report: CallReport, at now: ContinuousClock.Instant
    ) {
        // One fund of several that fails says nothing of the counter in front of them.
        let isOfOneFund = report.fund != nil && (settings.funds?.funds.count ?? 0) > 1
        let elapsed = ticket.startedAt.duration(to: now)
        switch report.end {
        case .answered:
            breaker.record(.succeeded, of: ticket.pass, at: now)
        case .failed:
            breaker.record(isOfOneFund ? .uncounted : .failed, of: ticket.pass, at: now)
        case .quota(let seconds):
            breaker.record(.uncounted, of: ticket.pass, at: now)
            if !isOfOneFund { rest(seconds ?? 1, .detenteurQuota, now) }
        case .away(let seconds):
            breaker.record(
                seconds == nil && !isOfOneFund ? .failed : .uncounted, of: ticket.pass, at: now)
            if let seconds, !isOfOneFund { rest(seconds, .detenteurMaintenance, now) }
        case .uncounted:
            breaker.record(.uncounted, of: ticket.pass, at: now)
            return
        }
        let hasAnswered = report.end == .answered
        counters.add(hasAnswered: hasAnswered, in: elapsed)
        if let fund = report.fund {
            funds[fund, default: FundHealth(at: now)].add(hasAnswered: hasAnswered, at: now)
        }
        let isWell = hasAnswered || isOfOneFund
        health.add(hasAnswered: isWell, in: elapsed, at: now)
        if let mode = report.mode {
            modes[mode, default: HealthWindow(at: now)]
                .add(hasAnswered: isWell, in: elapsed, at: now)
        }
    }

    private mutating func rest(
        _ seconds: Int, _ reason: MissingReason, _ now: ContinuousClock.Instant
    ) {
        let span = min(max(seconds, 0), Self.longestPause)
        guard span > 0 else { return }
        let until = now.advanced(by: .seconds(span))
        if pause == nil { events.append(.pauseBegan(seconds: span)) }
        pause = (max(until, pause?.until ?? until), reason)
    }

    /// Those who wait and may now call, or may no longer hope to.
    private mutating func turns(
        at now: ContinuousClock.Instant, _ wall: Timestamp
    ) -> [LaneTurn] {
        var turns: [LaneTurn] = []
        while !waiting.isEmpty, underWay < settings.simultaneous {
            let waiter = waiting.removeFirst()
            let admission = refusal(at: now, wall).map { refused($0) } ?? start(at: now, wall)
            turns.append(LaneTurn(waiter: waiter, admission: admission))
        }
        return turns
    }

    // MARK: - Repeating

    /// Whether a call may be made again, and after how long; what it takes is counted.
    ///
    /// The first repetition is 1; `random` is drawn from 0 to 1; `left` is what the call still has.
    package mutating func repetition(
        _ repetition: Int, random: Double, left: Duration, at now: ContinuousClock.Instant
    ) -> Duration? {
        guard repetition <= settings.retries.most else { return nil }
        let delay = settings.retries.delay(before: repetition, random: random)
        guard delay < left, breaker.isPassable(at: now), budget.take(at: now) else { return nil }
        counters.repetitions += 1
        return delay
    }

    /// Takes note of a call that repeats no other.
    package mutating func count(at now: ContinuousClock.Instant) {
        budget.count(at: now)
    }

    // MARK: - Addresses

    /// Which of an origin's addresses to call; nil where all were tried.
    package mutating func address(
        of origin: String, among count: Int, except tried: Set<Int> = [],
        at now: ContinuousClock.Instant
    ) -> Int? {
        addresses[origin, default: AddressBook(count: count)].resize(count)
        return addresses[origin]?.choose(at: now, except: tried)
    }

    /// Takes note that an address accepted a connection, or refused it.
    package mutating func record(
        address index: Int, of origin: String, accepted: Bool, at now: ContinuousClock.Instant
    ) {
        guard addresses[origin]?.record(index, accepted: accepted, at: now) == true else { return }
        events.append(accepted ? .addressBack(index + 1) : .addressLost(index + 1))
        if !accepted { counters.addressFailures += 1 }
    }

    // MARK: - Telling

    private mutating func tell(of before: Breaker.Phase) {
        switch (before, breaker.phase) {
        case (.open, .open), (.closed, .closed), (.halfOpen, .halfOpen): break
        case (_, .open):
            counters.openings += 1
            events.append(.breakerOpened(seconds: settings.breaker.openTime.secondsToWait))
        case (_, .halfOpen): events.append(.breakerProbes)
        case (_, .closed): events.append(.breakerClosed)
        }
    }

    private mutating func note(
        _ event: LaneEvent, while value: Bool, _ flag: WritableKeyPath<LaneWatch, Bool>
    ) {
        guard watch[keyPath: flag] != value else { return }
        watch[keyPath: flag] = value
        events.append(event)
    }

    /// What is worth a line in the log since the last time.
    package mutating func takeEvents() -> [LaneEvent] {
        guard !events.isEmpty else { return [] }
        defer { events = [] }
        return events
    }

    /// How the lane is, for those who watch.
    package func snapshot(at now: ContinuousClock.Instant, _ wall: Timestamp) -> LaneSnapshot {
        LaneSnapshot(
            phase: breaker.phase,
            secondsToTrial: now.duration(to: breaker.nextTrial(at: now)).secondsToWait,
            isTrialDue: breaker.isPassable(at: now),
            pause: pause.flatMap { pause in
                now < pause.until
                    ? (now.duration(to: pause.until).secondsToWait, pause.reason) : nil
            }.map { LaneSnapshot.Pause(seconds: $0.0, reason: $0.1) },
            isOverQuota: rates.contains { $0.opening(at: now) > now },
            maintenance: settings.maintenance.current(at: wall),
            nextMaintenance: settings.maintenance.next(after: wall),
            underWay: underWay, waiting: waiting.count + delayed,
            health: health.health(at: now),
            modes: modes.mapValues { $0.health(at: now) },
            illFunds: Set(funds.filter { $0.value.isIll(at: now) }.keys),
            counters: counters)
    }
}

/// What was last told, so that it is told once.
private struct LaneWatch: Sendable {
    var isInMaintenance = false
    var isOverQuota = false
}
