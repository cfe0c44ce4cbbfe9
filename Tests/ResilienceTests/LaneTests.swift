import Resilience
import TestSupport
import Testing
import Vocabulary

extension LaneAdmission {
    var ticket: LaneTicket? {
        guard case .go(let ticket) = self else { return nil }
        return ticket
    }

    var refusal: LaneRefusal? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal
    }
}

@Suite struct `A lane` {
    @Test func `lets so many calls go, has so many wait, and refuses the rest`() throws {
        let lane = DrivenLane(
            settings {
                $0.simultaneous = 2
                $0.queue = 1
            }, at: start)
        let first = try #require(lane.enter(at: start, noon).ticket)
        #expect(lane.enter(at: start, noon).ticket != nil)
        #expect(lane.enter(at: start, noon) == .wait)
        let waiter = lane.wait()
        #expect(lane.enter(at: start, noon).refusal?.cause == .queueFull)
        let turns = lane.finish(first, CallReport(.answered), at: at(5), noon)
        #expect(turns.map(\.waiter) == [waiter])
        #expect(turns.first?.admission.ticket != nil)
        let taken = lane.leave(waiter)
        #expect(!taken)
    }

    @Test func `gives the place of a waiter who leaves to the next`() throws {
        let lane = DrivenLane(
            settings {
                $0.simultaneous = 1
                $0.queue = 2
            }, at: start)
        let first = try #require(lane.enter(at: start, noon).ticket)
        let (one, two) = (lane.wait(), lane.wait())
        let left = lane.leave(one)
        #expect(left)
        let turns = lane.finish(first, CallReport(.answered), at: at(1), noon)
        #expect(turns.map(\.waiter) == [two])
    }

    @Test func `turns all waiters away when its breaker opens`() throws {
        let lane = DrivenLane(
            settings {
                $0.simultaneous = 1
                $0.breaker.consecutiveFailures = 1
            }, at: start)
        let first = try #require(lane.enter(at: start, noon).ticket)
        for _ in 0..<5 { _ = lane.wait() }
        let turns = lane.finish(first, CallReport(.failed), at: at(1), noon)
        #expect(turns.count == 5)
        #expect(turns.allSatisfy { $0.admission.refusal?.cause == .breaker })
        #expect(turns.allSatisfy { $0.admission.refusal?.retryAfterSeconds == 5 })
        #expect(lane.takeEvents() == [.breakerOpened(seconds: 5)])
    }

    @Test func `leaves the holder alone for as long as it asks`() {
        let lane = DrivenLane(settings(), at: start)
        #expect(lane.call(.quota(retryAfter: 17), at: 0))
        let refusal = lane.enter(at: at(3000), noon).refusal
        #expect(refusal?.reason == .detenteurQuota)
        #expect(refusal?.retryAfterSeconds == 14)
        #expect(lane.call(.answered, at: 17_000))
        #expect(lane.takeEvents() == [.pauseBegan(seconds: 17), .pauseEnded])
    }

    @Test func `does not believe that a holder is away for more than an hour`() {
        let lane = DrivenLane(settings(), at: start)
        #expect(lane.call(.away(retryAfter: 86_400), at: 0))
        #expect(lane.enter(at: at(3_599_000), noon).refusal?.reason == .detenteurMaintenance)
        #expect(lane.call(.answered, at: 3_600_000))
    }

    @Test func `calls nobody during a maintenance, and says how long it lasts`() {
        let lane = DrivenLane(
            settings {
                $0.maintenance = MaintenanceCalendar(
                    dated: [.init(start: noon, end: noon.adding(seconds: 90))])
            }, at: start)
        let refusal = lane.enter(at: start, noon.adding(seconds: 30)).refusal
        #expect(refusal?.reason == .detenteurMaintenance)
        #expect(refusal?.retryAfterSeconds == 60)
        #expect(lane.enter(at: start, noon.adding(seconds: 90)).ticket != nil)
        #expect(lane.takeEvents() == [.maintenanceBegan, .maintenanceEnded])
    }

    @Test func `refuses what a quota of a minute no longer allows`() {
        let lane = DrivenLane(
            settings { $0.rates = [Rate(calls: 3, span: .seconds(60))] }, at: start)
        for _ in 0..<3 { #expect(lane.call(.answered, at: 0)) }
        let refusal = lane.enter(at: at(1000), noon).refusal
        #expect(refusal?.reason == .detenteurQuota)
        #expect(refusal?.cause == .quota)
        #expect((55...61).contains(refusal?.retryAfterSeconds ?? 0))
        #expect(lane.call(.answered, at: 61_001))
    }

    @Test func `has a call wait for a quota of a second`() throws {
        let lane = DrivenLane(
            settings { $0.rates = [Rate(calls: 2, span: .seconds(1))] }, at: start)
        for _ in 0..<2 { #expect(lane.call(.answered, at: 0)) }
        guard case .later(let instant) = lane.enter(at: at(10), noon) else {
            Issue.record("the call does not wait")
            return
        }
        lane.woke()
        #expect(lane.enter(at: instant, noon).ticket != nil)
    }

    @Test func `keeps its breaker open, and its quota counted, when settings change`() {
        let quota = Rate(calls: 1, span: .seconds(60))
        let lane = DrivenLane(
            settings {
                $0.rates = [quota]
                $0.breaker.consecutiveFailures = 1
            }, at: start)
        #expect(lane.call(.failed, at: 0))
        lane.apply(
            settings {
                $0.rates = [quota]
                $0.simultaneous = 7
            }, at: at(1))
        #expect(lane.enter(at: at(2), noon).refusal?.cause == .breaker)
        #expect(lane.enter(at: at(6000), noon).refusal?.cause == .quota)
        #expect(lane.settings.simultaneous == 7)
    }

    @Test func `does not close the counter for one fund behind it`() {
        let funds = FundHeader(name: "X", funds: ["1": "CNAF", "2": "MSA"])
        let lane = DrivenLane(
            settings {
                $0.funds = funds
                $0.breaker.consecutiveFailures = 3
            }, at: start)
        for index in 0..<30 {
            #expect(lane.call(.failed, fund: "MSA", at: index))
            #expect(lane.call(.answered, fund: "CNAF", at: index))
        }
        #expect(lane.snapshot(at: at(1000), noon).illFunds == [])
        let later = lane.snapshot(at: at(70_000), noon)
        #expect(later.illFunds == ["MSA"])
        #expect(later.phase == .closed)
        for index in 0..<3 { _ = lane.call(.failed, at: 70_000 + index) }
        #expect(lane.snapshot(at: at(70_010), noon).phase != .closed)
    }

    @Test func `repeats within its budget`() {
        let lane = DrivenLane(settings { $0.retries.minimum = 3 }, at: start)
        func repeats() -> Int {
            (0..<50).count { _ in
                lane.repetition(1, random: 0.5, left: .seconds(5), at: at(10)) != nil
            }
        }
        #expect(repeats() == 3)
        for _ in 0..<50 { lane.count(at: at(20)) }
        #expect(repeats() == 7)
        let tooLate = lane.repetition(1, random: 1, left: .milliseconds(50), at: at(60_000))
        #expect(tooLate == nil)
        let tooMany = lane.repetition(2, random: 0, left: .seconds(5), at: at(60_000))
        #expect(tooMany == nil)
    }

    @Test func `goes on with the next address, and comes back to the first`() {
        let lane = DrivenLane(settings(), at: start)
        #expect(lane.address(of: "a", among: 2, at: start) == 0)
        lane.record(address: 0, of: "a", accepted: false, at: start)
        #expect(lane.address(of: "a", among: 2, except: [0], at: start) == 1)
        #expect(lane.address(of: "a", among: 2, at: at(9000)) == 1)
        // After its rest one call tries the first; the others go on with the second.
        #expect(lane.address(of: "a", among: 2, at: at(10_000)) == 0)
        #expect(lane.address(of: "a", among: 2, at: at(10_001)) == 1)
        lane.record(address: 0, of: "a", accepted: true, at: at(10_002))
        #expect(lane.address(of: "a", among: 2, at: at(10_003)) == 0)
        #expect(lane.takeEvents() == [.addressLost(1), .addressBack(1)])
    }

    @Test func `goes nowhere else when all addresses were tried`() {
        let lane = DrivenLane(settings(), at: start)
        lane.record(address: 0, of: "a", accepted: false, at: start)
        #expect(lane.address(of: "a", among: 1, at: start) == 0)
        lane.record(address: 0, of: "a", accepted: false, at: start)
        #expect(lane.address(of: "a", among: 1, except: [0], at: start) == nil)
        #expect(lane.address(of: "a", among: 1, at: start) == 0)
    }

    /// Whatever comes: never more calls than places, no span with more calls than its rate, every
    /// waiter is named once, and nothing is left when all have ended.
    @Test(arguments: Seeds.count(60))
    func `keeps its bounds under any order of events`(seed: UInt64) {
        var random = Seeded(seed)
        let places = random.number(1...4)
        let rate = Rate(calls: random.number(2...30), span: .seconds(random.number(1...20)))
        let lane = DrivenLane(
            settings {
                $0.simultaneous = places
                $0.queue = 5
                $0.rates = [rate]
                $0.breaker.openTime = .seconds(1)
            }, at: start)
        var underWay: [LaneTicket] = []
        var waiting: [LaneWaiter] = []
        var calls: [Int] = []
        var now = 0
        func take(_ admission: LaneAdmission) {
            switch admission {
            case .go(let ticket):
                underWay.append(ticket)
                calls.append(now)
            case .wait: waiting.append(lane.wait())
            case .later: lane.woke()
            case .refused: break
            }
        }
        for _ in 0..<800 {
            now += random.number(0...120)
            switch random.number(0...3) {
            case 0, 1: take(lane.enter(at: at(now), noon))
            case 2 where !underWay.isEmpty:
                let ticket = underWay.remove(at: random.number(0...underWay.count - 1))
                let end = random.pick([
                    CallEnd.answered, .answered, .failed, .uncounted, .quota(retryAfter: 1),
                ])
                for turn in lane.finish(ticket, CallReport(end), at: at(now), noon) {
                    #expect(waiting.contains(turn.waiter))
                    waiting.removeAll { $0 == turn.waiter }
                    take(turn.admission)
                }
            case 3 where !waiting.isEmpty:
                let left = lane.leave(waiting.removeLast())
                #expect(left)
            default: break
            }
            #expect(underWay.count <= places, "seed \(seed)")
            #expect(waiting.count <= 5)
        }
        for (index, call) in calls.enumerated() {
            let span = Int(rate.span / .milliseconds(1))
            #expect(calls[...index].count { $0 > call - span } <= rate.calls, "seed \(seed)")
        }
        while let ticket = underWay.popLast() {
            for turn in lane.finish(ticket, CallReport(.uncounted), at: at(now), noon) {
                if let ticket = turn.admission.ticket { underWay.append(ticket) }
                if case .later = turn.admission { lane.woke() }
            }
        }
        let end = lane.snapshot(at: at(now), noon)
        #expect(end.underWay == 0)
        #expect(end.waiting == 0)
    }
}

@Suite struct `The delay before a repetition` {
    @Test(arguments: Seeds.count(50))
    func `is anything below a bound that doubles`(seed: UInt64) {
        var random = Seeded(seed)
        let retries = RetrySettings()
        for repetition in 1...4 {
            let delay = retries.delay(
                before: repetition, random: Double.random(in: 0...1, using: &random))
            #expect(delay >= .zero)
            #expect(delay <= retries.pause * (1 << (repetition - 1)))
        }
    }
}

@Suite struct `What is published of a holder's health` {
    @Test func `says nothing of few calls, and little of many`() throws {
        func health(_ calls: Int, failed: Int) -> HolderHealth {
            let lane = DrivenLane(settings { $0.breaker.consecutiveFailures = 10_000 }, at: start)
            for index in 0..<calls {
                _ = lane.call(index < failed ? .quota(retryAfter: 0) : .answered, at: 0)
            }
            return lane.snapshot(at: at(60_000), noon).health
        }
        let few = health(19, failed: 19)
        #expect(few.roughCalls == 0)
        #expect(few.answeredPercent == nil)
        #expect(few.milliseconds(ofPercent: 95) == nil)
        #expect(health(49, failed: 0).roughCalls == 20)
        #expect(health(50, failed: 0).roughCalls == 50)
        #expect(health(1234, failed: 300).roughCalls == 1000)
        #expect(health(1234, failed: 300).answeredPercent == 75)
        #expect(health(100, failed: 0).milliseconds(ofPercent: 95) == 50)
    }

    @Test func `is of slots that are over, so that no call is seen as it is made`() {
        let lane = DrivenLane(settings(), at: start)
        for _ in 0..<50 { _ = lane.call(.answered, at: 0) }
        #expect(lane.snapshot(at: at(29_000), noon).health.calls == 0)
        #expect(lane.snapshot(at: at(31_000), noon).health.calls == 50)
        #expect(lane.snapshot(at: at(400_000), noon).health.calls == 0)
    }
}
