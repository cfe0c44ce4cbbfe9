import Curl
import HTTPMessages
import Platform
import Resilience
import Synchronization
package import Vocabulary

/// What a lane is driven by, read at the edge: two clocks and a draw from 0 to 1.
package struct LaneEdge: Sendable {
    let now: @Sendable () -> ContinuousClock.Instant
    let wall: @Sendable () -> Timestamp
    let random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        wall: @escaping @Sendable () -> Timestamp = {
            Timestamp(milliseconds: WallClock.milliseconds())
        },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.now = now
        self.wall = wall
        self.random = random
    }
}

/// The way to one holder, shared by all loops and by all sets of documents: every transfer goes
/// through it, those for tokens included.
///
/// The lock is taken for the length of a few additions, before and after a transfer. A call that
/// waits its turn is a suspension on its own loop, with a deadline, and ends with its task.
final class HolderLane: Sendable {
    private struct State {
        var lane: Lane
        var waiters: [LaneWaiter: Suspension<Wake>] = [:]
        /// Which set of documents the settings come from.
        var generation: Int
    }

    /// Why a waiter is woken.
    private enum Wake: Sendable {
        case turn(LaneAdmission)
        case left
        case tooLate
    }

    /// What came of entering.
    private enum Entry {
        case go(LaneTicket)
        case refused(LaneRefusal)
        case left
    }

    let holder: HolderID
    private let state: Mutex<State>
    let edge: LaneEdge

    init(_ holder: HolderID, _ settings: ResilienceSettings, generation: Int, edge: LaneEdge) {
        self.holder = holder
        self.edge = edge
        state = Mutex(State(lane: Lane(settings, at: edge.now()), generation: generation))
    }

    /// Takes the settings of a newer set of documents; those of an older one change nothing.
    func adopt(_ settings: ResilienceSettings, generation: Int) {
        state.withLock { state in
            guard generation > state.generation else { return }
            state.generation = generation
            state.lane.apply(settings, at: edge.now())
        }
    }

    /// How the lane is now.
    func snapshot() -> LaneSnapshot {
        state.withLock { $0.lane.snapshot(at: edge.now(), edge.wall()) }
    }

    // MARK: - Calls

    /// Makes a call: waits for its turn, sends it where an address answers, makes it again where
    /// that is safe and may help.
    ///
    /// `judge` says what an answer tells of the holder.
    func send(
        _ call: LaneCall, over transport: HolderTransport,
        judging judge: (InboundResponse) -> CallVerdict
    ) async -> CallResult {
        change { $0.count(at: $1) }
        var last: CallResult?
        var repetition = 0
        while true {
            let ticket: LaneTicket
            switch await enter(until: call.deadline) {
            case .go(let given): ticket = given
            case .left: return .cancelled
            case .refused(let refusal):
                // What the holder said is worth more than why it is not asked again.
                return last ?? .failed(refusal.reason, retryAfter: refusal.retryAfterSeconds)
            }
            let attempt = await self.attempt(call, over: transport, judging: judge)
            finish(ticket, attempt.report)
            guard attempt.mayRepeat, !Task.isCancelled else { return attempt.result }
            repetition += 1
            let left = edge.now().duration(to: call.deadline)
            let drawn = edge.random()
            let delay = change { [repetition] in
                $0.repetition(repetition, random: drawn, left: left, at: $1)
            }
            guard let delay else { return attempt.result }
            last = attempt.result
            do throws(CancellationError) {
                try await EventLoop.wait(until: ContinuousClock.now.advanced(by: delay))
            } catch {
                return .cancelled
            }
        }
    }

    /// Sends a call to the first address that accepts it.
    private func attempt(
        _ call: LaneCall, over transport: HolderTransport,
        judging judge: (InboundResponse) -> CallVerdict
    ) async -> LaneAttempt {
        guard !Task.isCancelled else { return .cancelled }
        var tried: Set<Int> = []
        var failed = LaneAttempt.unreachable
        while let index = change({
            $0.address(of: call.origin, among: call.addresses.count, except: tried, at: $1)
        }) {
            tried.insert(index)
            do throws(TransferError) {
                let response = try await transport(
                    call.request(call.addresses[index]), call.deadline)
                record(index, of: call, accepted: true)
                return LaneAttempt(response, judge(response), of: call)
            } catch {
                if Task.isCancelled || error.code == .cancelled { return .cancelled }
                failed = LaneAttempt(error, of: call)
                guard error.isBeforeConnection else {
                    if error.code == .reset { record(index, of: call, accepted: true) }
                    return failed
                }
                record(index, of: call, accepted: false)
            }
        }
        return failed
    }

    private func record(_ index: Int, of call: LaneCall, accepted: Bool) {
        guard call.addresses.count > 1 else { return }
        change { $0.record(address: index, of: call.origin, accepted: accepted, at: $1) }
    }

    // MARK: - Turns

    private func enter(until deadline: ContinuousClock.Instant) async -> Entry {
        guard !Task.isCancelled else { return .left }
        var admission = change { [edge] in $0.enter(at: $1, edge.wall()) }
        while true {
            switch admission {
            case .go(let ticket): return .go(ticket)
            case .refused(let refusal): return .refused(refusal)
            case .wait:
                switch await queue(until: deadline) {
                case .turn(let turn): admission = turn
                case .left: return .left
                case .tooLate: return .refused(.queueSlow)
                }
            case .later(let instant):
                let isInTime = instant < deadline
                let delay = edge.now().duration(to: min(instant, deadline))
                var hasLeft = false
                do throws(CancellationError) {
                    // The loop's clock and the lane's may differ in tests: the span is what counts.
                    try await EventLoop.wait(until: ContinuousClock.now.advanced(by: delay))
                } catch {
                    hasLeft = true
                }
                change { lane, _ in lane.woke() }
                if hasLeft { return .left }
                guard isInTime else { return .refused(.queueSlow) }
                admission = change { [edge] in $0.enter(at: $1, edge.wall()) }
            }
        }
    }

    /// Waits for a turn, no longer than the settings say, and not after its task has ended.
    private func queue(until deadline: ContinuousClock.Instant) async -> Wake {
        let loop = EventLoop.required()
        var timer: TimerHandle?
        let wake: Wake = await EventLoop.suspend(
            onCancel: { [self] waiter in leave(waiter, .left) },
            { waiter in
                let now = edge.now()
                let (admission, patience) = state.withLock { state in
                    let admission = state.lane.enter(at: now, edge.wall())
                    if admission == .wait { state.waiters[state.lane.wait()] = waiter }
                    return (admission, state.lane.settings.patience)
                }
                guard admission == .wait else { return waiter.resume(.turn(admission)) }
                let most = min(patience, now.duration(to: deadline))
                timer = loop.schedule(at: ContinuousClock.now.advanced(by: most)) { [self] in
                    leave(waiter, .tooLate)
                }
            })
        if let timer { loop.cancel(timer) }
        return wake
    }

    /// Takes a waiter out of the queue; one whose turn has just come is woken by it instead.
    private func leave(_ suspension: Suspension<Wake>, _ wake: Wake) {
        let hasLeft = state.withLock { state -> Bool in
            guard let waiter = state.waiters.first(where: { $0.value === suspension })?.key
            else { return false }
            state.waiters[waiter] = nil
            if case .tooLate = wake { return state.lane.leave(waiter, isTooLate: true) }
            return state.lane.leave(waiter)
        }
        if hasLeft { suspension.resume(wake) }
    }

    /// Gives a call's place back, and wakes those whose turn it is.
    private func finish(_ ticket: LaneTicket, _ report: CallReport) {
        let (woken, events) = state.withLock { state in
            let turns = state.lane.finish(ticket, report, at: edge.now(), edge.wall())
            let woken = turns.compactMap { turn in
                state.waiters.removeValue(forKey: turn.waiter).map { ($0, turn.admission) }
            }
            return (woken, state.lane.takeEvents())
        }
        for (suspension, admission) in woken {
            suspension.loop.submit { suspension.resume(.turn(admission)) }
        }
        log(events)
    }

    @discardableResult
    private func change<Value: Sendable>(
        _ body: (inout Lane, ContinuousClock.Instant) -> Value
    ) -> Value {
        // The time is read under the lock, so that it never goes back for the lane.
        let (value, events) = state.withLock { state in
            (body(&state.lane, edge.now()), state.lane.takeEvents())
        }
        log(events)
        return value
    }

    private func log(_ events: [LaneEvent]) {
        for event in events { event.line(of: holder).write() }
    }
}
