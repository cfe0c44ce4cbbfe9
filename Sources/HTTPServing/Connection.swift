import Cryptography
import HTTPMessages
import Platform

/// One connection, from its acceptance to its end, on one loop's thread.
///
/// It reads one request at a time and runs one handler at a time; what a caller sends ahead waits
/// in the socket, and at most one reading of it here.
final class Connection: ReadinessHandler {
    /// What the connection is doing.
    enum Phase {
        /// Agreeing on encryption.
        case handshaking
        /// Waiting for a request, or in the middle of its head.
        case idle
        /// Has a head; takes what it has of the body before the handler starts.
        case receiving
        /// The handler works; the body may still be arriving.
        case handling
        /// The response is on its way.
        case responding
        /// The response has gone; the rest of the body is read and dropped.
        case draining
        /// Nothing more will be sent; what the caller still sends is dropped, for a while.
        case lingering
        /// Over.
        case closed
    }

    let shared: HTTPServer.Shared
    let loop: EventLoop
    /// Whom it belongs to while it is open.
    var worker: Worker?
    let peer: SocketAddress
    let raw: Int32
    let tls: TLSChannel?
    private var descriptor: FileDescriptor?

    /// The connection as tasks hold it; a cycle that closing breaks.
    var handle: LoopBound<Connection>?
    var phase: Phase
    var parser: HTTPRequestParser
    /// What was received behind the bytes that could be parsed so far.
    var pending: [UInt8] = []
    var isProcessing = false
    var outbox = Outbox()

    /// The number of the current request, from 1.
    var exchange = 0
    var head: HTTPRequestHead?
    var body = InboundBody()
    var bodyWaiter: Suspension<Bool>?
    var task: Task<Void, Never>?
    var keepsAlive = true
    var isResponseWhole = false
    var stream: OutboundStream?
    var streamWaiter: Suspension<Bool>?

    var isReadPaused = false
    var hasPeerClosed = false
    var waitsToWrite = false
    private var interest: Interest = [.read, .peerClosed]

    var isHeadTimed = true
    var readDeadline: ContinuousClock.Instant?
    var writeDeadline: ContinuousClock.Instant?
    private var timer: (handle: TimerHandle, at: ContinuousClock.Instant)?

    init(
        _ descriptor: consuming FileDescriptor,
        peer: SocketAddress,
        tls context: TLSContext?,
        shared: HTTPServer.Shared,
        loop: EventLoop
    ) throws(TLSError) {
        raw = descriptor.raw
        self.descriptor = consume descriptor
        self.peer = peer
        self.shared = shared
        self.loop = loop
        parser = HTTPRequestParser(limits: shared.configuration.limits)
        if let context {
            tls = try TLSChannel(context)
            phase = .handshaking
        } else {
            tls = nil
            phase = .idle
        }
    }

    var configuration: HTTPServer.Configuration { shared.configuration }

    /// Begins to listen to the socket.
    func open(_ handle: LoopBound<Connection>, of worker: Worker) {
        self.handle = handle
        self.worker = worker
        let times = shared.configuration.times
        readDeadline = .now + (tls == nil ? times.head : times.handshake)
        do {
            try loop.watch(raw, interest, self)
        } catch {
            return close()
        }
        armTimer()
    }

    // MARK: - Events

    func ready(_ readiness: Readiness) {
        if readiness.contains(.failed) || readiness.contains(.hangUp) { return drop() }
        if readiness.contains(.writable) { flush() }
        let isPeerClosed = readiness.contains(.peerClosed)
        if readiness.contains(.readable) || isPeerClosed {
            if wantsInput {
                receive(untilEnd: isPeerClosed)
            } else if !isReadPaused {
                isReadPaused = true
                updateInterest()
            }
        }
        if isPeerClosed, !wantsInput { peerLeft() }
    }

    /// Whether the next bytes from the caller have a place to go.
    var wantsInput: Bool {
        switch phase {
        case .handshaking, .lingering: true
        default: canParse
        }
    }

    /// Whether the parser may go on.
    var canParse: Bool {
        switch phase {
        case .idle, .draining: true
        case .receiving, .handling: body.takesMore || (parser.isAtEnd && !body.isComplete)
        case .handshaking, .responding, .lingering, .closed: false
        }
    }

    /// Notes that the caller has closed its side while it is owed an answer.
    ///
    /// TCP does not tell a caller that was killed from one that only has nothing more to say.
    /// Holder calls must stop for the first, so the handler is cancelled for both; its answer is
    /// still sent, as the second would read it.
    func peerLeft() {
        guard phase != .closed, !hasPeerClosed else { return }
        hasPeerClosed = true
        isReadPaused = true
        task?.cancel()
        updateInterest()
    }

    /// Asks the loop to tell what the connection now needs to hear.
    func updateInterest() {
        guard phase != .closed else { return }
        var wanted: Interest = []
        if !isReadPaused { wanted.insert(.read) }
        if !hasPeerClosed { wanted.insert(.peerClosed) }
        if waitsToWrite { wanted.insert(.write) }
        guard wanted != interest else { return }
        interest = wanted
        do {
            try loop.modify(raw, wanted)
        } catch {
            drop()
        }
    }

    // MARK: - Time

    /// Sees to it that the timer fires no later than the nearest deadline.
    ///
    /// Deadlines move with every request and nearly none passes, so a timer that fires too early
    /// just looks again: that is cheaper than moving it each time.
    func armTimer() {
        guard phase != .closed else { return }
        var nearest = readDeadline
        if let write = writeDeadline, nearest.map({ write < $0 }) ?? true { nearest = write }
        guard let nearest else { return }
        if let timer {
            if timer.at <= nearest { return }
            loop.cancel(timer.handle)
        }
        timer = (loop.schedule(at: nearest) { self.timerFired() }, nearest)
    }

    private func timerFired() {
        timer = nil
        let now = ContinuousClock.now
        if let deadline = writeDeadline, deadline <= now { return drop() }
        if let deadline = readDeadline, deadline <= now {
            readDeadline = nil
            readTimedOut()
        }
        armTimer()
    }

    private func readTimedOut() {
        switch phase {
        case .handshaking: drop()
        case .idle:
            if parser.isInsideHead {
                refuse(HTTPFailure(.headTimeout))
            } else {
                end()
            }
        case .receiving, .handling: failBody(HTTPFailure(.bodyTimeout))
        case .draining, .lingering: close()
        case .responding, .closed: break
        }
    }

    // MARK: - End

    /// Ends the connection once all is sent, giving the caller time to read it.
    func end() {
        guard phase != .closed else { return }
        tls?.close()
        if tls != nil { _ = tls?.send(&outbox, raw) }
        let isQuiet = body.isComplete && pending.isEmpty && !(head?.keepsAlive ?? false)
        if hasPeerClosed || (isQuiet && !parser.isInsideHead) { return close() }
        // Closing with unread bytes in the socket would reset the connection, and the caller could
        // lose the answer: stop speaking, and listen a little longer (RFC 9112, 9.6).
        phase = .lingering
        pending = []
        TCP.shutdownWriting(raw)
        readDeadline = .now + shared.configuration.times.linger
        writeDeadline = nil
        isReadPaused = false
        updateInterest()
        armTimer()
    }

    /// Ends the connection at once, with a reset, so that nobody takes a part for the whole.
    func drop() {
        guard phase != .closed else { return }
        TCP.resetOnClose(raw)
        close()
    }

    func close() {
        guard phase != .closed else { return }
        let wasHandshaking = phase == .handshaking
        phase = .closed
        if let timer { loop.cancel(timer.handle) }
        timer = nil
        loop.unwatch(raw)
        descriptor = nil
        task?.cancel()
        task = nil
        bodyWaiter?.resume(false)
        bodyWaiter = nil
        streamWaiter?.resume(false)
        streamWaiter = nil
        handle = nil
        worker?.connectionClosed(raw, wasHandshaking: wasHandshaking)
        worker = nil
    }
}

extension Connection {
    /// Closes an idle connection; any other ends with its response.
    func drain() {
        switch phase {
        case .handshaking: close()
        case .idle:
            if !parser.isInsideHead, pending.isEmpty { end() }
        case .receiving, .handling, .responding, .draining, .lingering, .closed: break
        }
    }
}
