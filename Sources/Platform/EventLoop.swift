internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread with its own epoll: descriptors, timers, and the tasks that prefer it.
///
/// A task started by `spawn` runs on this thread from start to end, its structured children
/// included, so that what it touches needs no lock. A loop that has started is never freed:
/// the runtime keeps only unowned references to an executor.
// Safe because the inbox is behind a mutex, and all other mutable state is touched only by the
// loop's own thread (asserted on entry) or before that thread starts.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// The thread's name, and the loop's in diagnostics.
    package let name: String

    private let epoll: FileDescriptor
    private let bell: FileDescriptor
    private let inbox = Mutex(Inbox())
    private let isRung = Atomic(false)

    // Safe because each is touched for the length of one append, swap or subscript, on one thread.
    @exclusivity(unchecked) private var jobs: [UnownedJob] = []
    @exclusivity(unchecked) private var runningJobs: [UnownedJob] = []
    @exclusivity(unchecked) private var bodies: [() -> Void] = []
    @exclusivity(unchecked) private var runningBodies: [() -> Void] = []
    @exclusivity(unchecked) private var closing: [() -> Void] = []
    @exclusivity(unchecked) private var runningClosing: [() -> Void] = []
    private var registrations: [Registration] = []
    private var timers = TimerHeap()
    private var isStopping = false

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var bodies: [@Sendable () -> Void] = []
        var thread: SystemThread?
    }

    private struct Registration {
        var generation: UInt32 = 0
        var handler: (any ReadinessHandler)?
    }

    /// How many times work that makes new work goes on before descriptors are looked at again.
    private static let roundsPerTurn = 32
    private static let eventsPerTurn = 256

    /// Opens the kernel's objects; nothing runs before `start`.
    package init(name: String) throws(SystemError) {
        self.name = name
        epoll = FileDescriptor(
            owning: try checked("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        )
        let flags = Int32(EFD_CLOEXEC | EFD_NONBLOCK)
        bell = FileDescriptor(owning: try checked("eventfd") { eventfd(0, flags) })
        let (poll, ring) = (epoll.raw, bell.raw)
        try checked("epoll_ctl") {
            clinux_epoll_ctl(poll, EPOLL_CTL_ADD, ring, EPOLLIN.rawValue, Self.bellToken)
        }
    }

    // MARK: - Life

    /// Starts the thread.
    package func start() throws(SystemError) {
        // Retained for ever: see the type's note.
        let loop = Unmanaged.passRetained(self)
        let thread = try SystemThread.start(name: name) { [loop = EternalLoop(loop)] in
            loop.reference.takeUnretainedValue().run()
        }
        inbox.withLock { $0.thread = thread }
    }

    /// Lets the work that is ready finish, then ends the thread; waits for it unless it is ours.
    ///
    /// A task that still waits for something is never resumed: end those first.
    package func stop() {
        submit { self.isStopping = true }
        let thread = inbox.withLock { inbox in
            let thread = inbox.thread
            inbox.thread = nil
            return thread
        }
        if isCurrent {
            thread?.detach()
        } else {
            thread?.join()
        }
    }

    /// The loop whose thread this is.
    package static var current: EventLoop? {
        guard let raw = pthread_getspecific(CurrentLoop.key) else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(raw).takeUnretainedValue()
    }

    /// Whether the caller is on this loop's thread.
    package var isCurrent: Bool {
        pthread_getspecific(CurrentLoop.key) == Unmanaged.passUnretained(self).toOpaque()
    }

    /// Stops the process when called from another thread: it would be a data race.
    package func assertCurrent() {
        precondition(isCurrent, "used off the thread of its loop")
    }

    // MARK: - Work

    /// The runtime's door: a job of a task that prefers this loop.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
        } else {
            inbox.withLock { $0.jobs.append(job) }
            ring()
        }
    }

    /// Runs `body` on the loop, after what is already waiting; from any thread.
    package func submit(_ body: @escaping @Sendable () -> Void) {
        if isCurrent {
            bodies.append(body)
        } else {
            inbox.withLock { $0.bodies.append(body) }
            ring()
        }
    }

    /// Runs `body` once at the end of this turn, when the work that was ready has run.
    package func afterPolling(_ body: @escaping () -> Void) {
        assertCurrent()
        closing.append(body)
    }

    private func ring() {
        // One write wakes the loop for all that arrives before it looks.
        guard !isRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var one: UInt64 = 1
        _ = Glibc.write(bell.raw, &one, 8)
    }

    // MARK: - Descriptors

    /// Tells `handler` about a descriptor, in place of whoever heard about that number before.
    package func watch(
        _ descriptor: Int32,
        _ interest: Interest,
        _ handler: any ReadinessHandler
    ) throws(SystemError) {
        assertCurrent()
        let index = Int(descriptor)
        while registrations.count <= index { registrations.append(Registration()) }
        registrations[index].generation &+= 1
        let token = Self.token(descriptor, registrations[index].generation)
        var result = clinux_epoll_ctl(
            epoll.raw, EPOLL_CTL_ADD, descriptor, interest.rawValue, token)
        if result < 0, errno == EEXIST {
            result = clinux_epoll_ctl(
                epoll.raw, EPOLL_CTL_MOD, descriptor, interest.rawValue, token)
        }
        guard result == 0 else {
            registrations[index].handler = nil
            throw .last("epoll_ctl")
        }
        registrations[index].handler = handler
    }

    /// Changes what a watched descriptor's handler hears about.
    package func modify(_ descriptor: Int32, _ interest: Interest) throws(SystemError) {
        assertCurrent()
        let index = Int(descriptor)
        guard registrations.indices.contains(index), registrations[index].handler != nil else {
            throw SystemError(code: ENOENT, operation: "epoll_ctl")
        }
        let token = Self.token(descriptor, registrations[index].generation)
        try checked("epoll_ctl") {
            clinux_epoll_ctl(epoll.raw, EPOLL_CTL_MOD, descriptor, interest.rawValue, token)
        }
    }

    /// Forgets a descriptor, be it already closed; events of this turn for it are dropped.
    package func unwatch(_ descriptor: Int32) {
        assertCurrent()
        let index = Int(descriptor)
        guard registrations.indices.contains(index), registrations[index].handler != nil else {
            return
        }
        registrations[index].generation &+= 1
        registrations[index].handler = nil
        // ENOENT and EBADF say that the kernel forgot it first, when it was closed.
        _ = clinux_epoll_ctl(epoll.raw, EPOLL_CTL_DEL, descriptor, 0, 0)
    }

    // The bell's token is of a descriptor that cannot exist.
    private static let bellToken = UInt64.max

    private static func token(_ descriptor: Int32, _ generation: UInt32) -> UInt64 {
        UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }

    // MARK: - Timers

    /// Runs `body` on the loop once `instant` has come, at most a millisecond late by design.
    @discardableResult
    package func schedule(
        at instant: ContinuousClock.Instant,
        _ body: @escaping () -> Void
    ) -> TimerHandle {
        assertCurrent()
        return timers.add(at: instant, body)
    }

    /// Forgets a timer; does nothing for one that has fired or was cancelled.
    package func cancel(_ timer: TimerHandle) {
        assertCurrent()
        timers.cancel(timer)
    }

    // MARK: - The thread

    private func run() {
        pthread_setspecific(CurrentLoop.key, Unmanaged.passUnretained(self).toOpaque())
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Self.eventsPerTurn)
        defer { events.deallocate() }
        while true {
            runReadyWork()
            let isIdle = jobs.isEmpty && bodies.isEmpty && closing.isEmpty
            if isStopping, isIdle { return }
            let timeout = isIdle ? timeUntilNearestTimer() : 0
            let count = epoll_wait(epoll.raw, events, Int32(Self.eventsPerTurn), timeout)
            // A signal woke us, not a descriptor: go round rather than report a failure.
            if count > 0 { dispatch(events, Int(count)) }
            fireTimers()
        }
    }

    private func runReadyWork() {
        let executor = asUnownedTaskExecutor()
        var rounds = 0
        while rounds < Self.roundsPerTurn, !(jobs.isEmpty && bodies.isEmpty) {
            rounds += 1
            swap(&jobs, &runningJobs)
            var index = 0
            while index < runningJobs.count {
                runningJobs[index].runSynchronously(on: executor)
                index += 1
            }
            runningJobs.removeAll(keepingCapacity: true)
            runBodies()
        }
        runClosing()
    }

    private func runBodies() {
        guard !bodies.isEmpty else { return }
        swap(&bodies, &runningBodies)
        var index = 0
        while index < runningBodies.count {
            runningBodies[index]()
            index += 1
        }
        runningBodies.removeAll(keepingCapacity: true)
    }

    private func runClosing() {
        guard !closing.isEmpty else { return }
        swap(&closing, &runningClosing)
        var index = 0
        while index < runningClosing.count {
            runningClosing[index]()
            index += 1
        }
        runningClosing.removeAll(keepingCapacity: true)
    }

    private func timeUntilNearestTimer() -> Int32 {
        guard let nearest = timers.nearest else { return -1 }
        let left = ContinuousClock.now.duration(to: nearest)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        // Rounded up: waking before the instant would only spin until it comes.
        let milliseconds =
            seconds &* 1000 &+ (attoseconds &+ 999_999_999_999_999) / 1_000_000_000_000_000
        return seconds > 1_000_000 ? 1_000_000_000 : Int32(milliseconds)
    }

    private func dispatch(_ events: UnsafePointer<epoll_event>, _ count: Int) {
        for index in 0..<Int32(count) {
            let token = clinux_event_token(events, index)
            if token == Self.bellToken {
                emptyInbox()
                continue
            }
            let slot = Int(UInt32(truncatingIfNeeded: token))
            // A handler earlier in this batch may have closed this descriptor, and another may
            // already have its number: the generation tells them apart.
            guard slot < registrations.count,
                registrations[slot].generation == UInt32(token >> 32),
                let handler = registrations[slot].handler
            else { continue }
            handler.ready(Readiness(rawValue: clinux_event_bits(events, index)))
        }
    }

    private func emptyInbox() {
        var count: UInt64 = 0
        _ = Glibc.read(bell.raw, &count, 8)
        // Cleared before looking: who comes after rings again.
        isRung.store(false, ordering: .sequentiallyConsistent)
        let (foreignJobs, foreignBodies) = inbox.withLock { inbox in
            let taken = (inbox.jobs, inbox.bodies)
            inbox.jobs = []
            inbox.bodies = []
            return taken
        }
        jobs.append(contentsOf: foreignJobs)
        for body in foreignBodies { bodies.append(body) }
    }

    private func fireTimers() {
        guard timers.nearest != nil else { return }
        // One reading of the clock: a timer that schedules another for now waits its turn.
        let now = ContinuousClock.now
        while let body = timers.takeDue(now) { body() }
    }
}

/// The thread-specific slot where a loop's thread finds its loop.
private enum CurrentLoop {
    static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key, nil)
        precondition(code == 0, "no thread-specific key is left")
        return key
    }()
}

// Safe because the reference is immortal and the loop itself is Sendable.
private struct EternalLoop: @unchecked Sendable {
    let reference: Unmanaged<EventLoop>

    init(_ reference: Unmanaged<EventLoop>) { self.reference = reference }
}
