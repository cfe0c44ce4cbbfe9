/// A circuit breaker: lets calls pass, or for a while none, or a few to try.
///
/// A value over the time that it is handed. What a call came to is judged only against the phase in
/// which it was let pass: a late failure of before does not end a trial.
package struct Breaker: Sendable {
    /// Where the breaker stands.
    package enum Phase: Equatable, Sendable {
        case closed
        case open(until: ContinuousClock.Instant)
        case halfOpen
    }

    /// A call that was let pass.
    package struct Pass: Equatable, Sendable {
        fileprivate let epoch: Int
        /// Whether it tries a holder that failed.
        package let isProbe: Bool
    }

    /// What a call came to.
    package enum Verdict: Sendable, CaseIterable {
        case succeeded
        case failed
        /// It says nothing of the holder: the caller left, or gave it no time.
        case uncounted
    }

    package private(set) var phase = Phase.closed
    private var settings: BreakerSettings
    private var epoch = 0
    private var failuresInARow = 0
    private var recent: SlidingCounts
    private var probesGiven = 0
    private var probesSucceeded = 0

    private static let calls = 0
    private static let failures = 1

    /// A closed breaker.
    package init(_ settings: BreakerSettings, at now: ContinuousClock.Instant) {
        self.settings = settings
        recent = Self.counts(settings, now)
    }

    private static func counts(
        _ settings: BreakerSettings, _ now: ContinuousClock.Instant
    ) -> SlidingCounts {
        SlidingCounts(over: settings.window, slots: 10, fields: 2, from: now)
    }

    /// Takes other settings; one that is open stays so until its time.
    package mutating func apply(_ new: BreakerSettings, at now: ContinuousClock.Instant) {
        if new.window != settings.window { recent = Self.counts(new, now) }
        settings = new
        if phase == .halfOpen, probesSucceeded >= new.probes { close(now) }
    }

    /// Whether a call would be let pass.
    package func isPassable(at now: ContinuousClock.Instant) -> Bool {
        switch phase {
        case .closed: true
        case .open(let until): now >= until
        case .halfOpen: probesGiven < settings.probes
        }
    }

    /// When it is worth asking again.
    package func nextTrial(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        if case .open(let until) = phase { return until }
        return now
    }

    /// Lets a call pass, or does not.
    package mutating func admit(at now: ContinuousClock.Instant) -> Pass? {
        if case .open(let until) = phase, now >= until {
            enter(.halfOpen)
        }
        switch phase {
        case .closed: return Pass(epoch: epoch, isProbe: false)
        case .open: return nil
        case .halfOpen:
            guard probesGiven < settings.probes else { return nil }
            probesGiven += 1
            return Pass(epoch: epoch, isProbe: true)
        }
    }

    /// Takes note of what a call came to.
    package mutating func record(
        _ verdict: Verdict, of pass: Pass, at now: ContinuousClock.Instant
    ) {
        guard pass.epoch == epoch else { return }
        switch (phase, verdict) {
        case (.closed, .succeeded):
            recent.add(Self.calls, at: now)
            failuresInARow = 0
        case (.closed, .failed):
            recent.add(Self.calls, at: now)
            recent.add(Self.failures, at: now)
            failuresInARow += 1
            if isTooMuch(now) { open(now) }
        case (.halfOpen, .succeeded):
            probesSucceeded += 1
            if probesSucceeded >= settings.probes { close(now) }
        case (.halfOpen, .failed): open(now)
        // Its place is another's.
        case (.halfOpen, .uncounted): probesGiven -= 1
        case (.closed, .uncounted), (.open, _): break
        }
    }

    private func isTooMuch(_ now: ContinuousClock.Instant) -> Bool {
        if failuresInARow >= settings.consecutiveFailures { return true }
        let calls = recent.sum(Self.calls, at: now)
        let failures = recent.sum(Self.failures, at: now)
        return calls >= settings.minimumCalls && failures * 100 >= calls * settings.failurePercent
    }

    private mutating func open(_ now: ContinuousClock.Instant) {
        enter(.open(until: now.advanced(by: settings.openTime)))
    }

    private mutating func close(_ now: ContinuousClock.Instant) {
        enter(.closed)
        recent = Self.counts(settings, now)
        failuresInARow = 0
    }

    private mutating func enter(_ new: Phase) {
        phase = new
        epoch += 1
        probesGiven = 0
        probesSucceeded = 0
    }
}
