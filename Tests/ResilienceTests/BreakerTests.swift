import Resilience
import TestSupport
import Testing

private func settings(
    consecutive: Int = 3, percent: Int = 50, minimum: Int = 10, probes: Int = 2
) -> BreakerSettings {
    var settings = BreakerSettings()
    settings.consecutiveFailures = consecutive
    settings.failurePercent = percent
    settings.minimumCalls = minimum
    settings.openTime = .seconds(5)
    settings.probes = probes
    return settings
}

@Suite struct `A breaker` {
    @Test func `opens after failures in a row, which one success ends`() {
        let breaker = DrivenBreaker(settings(minimum: 100), at: start)
        for _ in 0..<5 {
            breaker.call(.failed, at: 0)
            breaker.call(.failed, at: 0)
            breaker.call(.succeeded, at: 0)
        }
        #expect(breaker.phase == .closed)
        for _ in 0..<3 { breaker.call(.failed, at: 10) }
        #expect(breaker.phase == .open(until: at(5010)))
        #expect(breaker.admit(at: at(5009)) == nil)
    }

    @Test func `opens on a share of failures, once there were enough calls`() {
        let breaker = DrivenBreaker(settings(consecutive: 100), at: start)
        for index in 0..<4 { breaker.call(index % 2 == 0 ? .failed : .succeeded, at: index) }
        #expect(breaker.phase == .closed)
        for index in 4..<11 { breaker.call(index % 2 == 0 ? .failed : .succeeded, at: index) }
        #expect(breaker.phase != .closed)
    }

    @Test func `forgets failures that are older than its window`() {
        let breaker = DrivenBreaker(settings(consecutive: 100), at: start)
        for _ in 0..<9 { breaker.call(.failed, at: 0) }
        for _ in 0..<9 { breaker.call(.succeeded, at: 40_000) }
        breaker.call(.failed, at: 40_001)
        #expect(breaker.phase == .closed)
    }

    @Test func `lets exactly its probes pass, and closes when all succeed`() throws {
        let breaker = DrivenBreaker(settings(), at: start)
        for _ in 0..<3 { breaker.call(.failed, at: 0) }
        let passes = (0..<10).compactMap { _ in breaker.admit(at: at(5000)) }
        #expect(passes.count == 2)
        #expect(passes.allSatisfy { $0.isProbe })
        breaker.record(.succeeded, of: passes[0], at: at(5001))
        #expect(breaker.admit(at: at(5002)) == nil)
        breaker.record(.succeeded, of: passes[1], at: at(5003))
        #expect(breaker.phase == .closed)
    }

    @Test func `opens again when one probe fails, whatever the other comes to`() {
        let breaker = DrivenBreaker(settings(), at: start)
        for _ in 0..<3 { breaker.call(.failed, at: 0) }
        let passes = (0..<2).compactMap { _ in breaker.admit(at: at(6000)) }
        breaker.record(.failed, of: passes[0], at: at(6001))
        breaker.record(.succeeded, of: passes[1], at: at(6002))
        #expect(breaker.phase == .open(until: at(11_001)))
    }

    @Test func `gives the place of a probe that says nothing to another`() {
        let breaker = DrivenBreaker(settings(probes: 1), at: start)
        for _ in 0..<3 { breaker.call(.failed, at: 0) }
        #expect(breaker.call(.uncounted, at: 5000))
        #expect(breaker.call(.succeeded, at: 5000))
        #expect(breaker.phase == .closed)
    }

    @Test func `does not count the late failure of a call of before`() throws {
        let breaker = DrivenBreaker(settings(), at: start)
        let late = try #require(breaker.admit(at: start))
        for _ in 0..<3 { breaker.call(.failed, at: 0) }
        _ = breaker.admit(at: at(5000))
        breaker.record(.failed, of: late, at: at(5001))
        #expect(breaker.phase == .halfOpen)
    }

    @Test func `stays open when its settings change`() {
        let breaker = DrivenBreaker(settings(), at: start)
        for _ in 0..<3 { breaker.call(.failed, at: 0) }
        breaker.apply(settings(consecutive: 50), at: at(1))
        #expect(breaker.phase == .open(until: at(5000)))
    }

    /// Whatever happens, at most `probes` calls are under way while it is half-open, and none while
    /// it is open; and a holder that works again is always found out.
    @Test(arguments: Seeds.count(50))
    func `never lets more than its probes try a holder that failed`(seed: UInt64) {
        var random = Seeded(seed)
        let probes = random.number(1...4)
        let breaker = DrivenBreaker(settings(probes: probes), at: start)
        var underWay: [Breaker.Pass] = []
        var now = 0
        for _ in 0..<600 {
            now += random.number(0...400)
            if random.once(in: 2), let pass = breaker.admit(at: at(now)) {
                underWay.append(pass)
                if case .open = breaker.phase { Issue.record("a call passed an open breaker") }
            } else if !underWay.isEmpty {
                let pass = underWay.remove(at: random.number(0...underWay.count - 1))
                breaker.record(random.pick(Breaker.Verdict.allCases), of: pass, at: at(now))
            }
            if breaker.phase == .halfOpen {
                #expect(underWay.count { $0.isProbe } <= probes * 20)
            }
        }
        for pass in underWay { breaker.record(.uncounted, of: pass, at: at(now)) }
        now += 5000
        for _ in 0...probes { breaker.call(.succeeded, at: now) }
        #expect(breaker.phase == .closed)
    }
}
