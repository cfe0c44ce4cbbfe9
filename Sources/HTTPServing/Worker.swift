import Cryptography
import HTTPMessages
import Platform

/// The part of a server that runs on one loop: its listening sockets and its connections.
final class Worker {
    let shared: HTTPServer.Shared
    let loop: EventLoop
    private var listeners: [(Listener, TLSContext?)]
    private var doors: [Door] = []
    private var connections: [Int32: LoopBound<Connection>] = [:]
    private var handshakes = 0
    private(set) var isDraining = false
    private var whenEmpty: [@Sendable () -> Void] = []
    private var deadline: TimerHandle?

    /// Where every connection of this loop reads: what it holds is taken before anyone else reads.
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
    let ciphertext = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 << 10, alignment: 16)

    private var dateText: [UInt8] = []
    private var dateSecond: Int64 = -1

    init(shared: HTTPServer.Shared, loop: EventLoop, listeners: [(Listener, TLSContext?)]) {
        self.listeners = listeners
        self.shared = shared
        self.loop = loop
    }

    deinit {
        buffer.deallocate()
        ciphertext.deallocate()
    }

    // MARK: - Life

    /// Begins to accept.
    func start(_ handle: LoopBound<Worker>) {
        guard !isDraining else { return }
        for (listener, context) in listeners {
            let door = Door(listener, context, worker: handle)
            doors.append(door)
            door.watch(loop)
        }
        listeners = []
    }

    /// Stops accepting, lets what runs end, cuts off the rest at the deadline.
    func drain(
        until instant: ContinuousClock.Instant,
        then done: @escaping @Sendable () -> Void
    ) {
        whenEmpty.append(done)
        if !isDraining {
            isDraining = true
            for door in doors { door.close(loop) }
            doors = []
            listeners = []
            for connection in connections.values { connection.value.drain() }
        }
        if connections.isEmpty { return finishDraining() }
        if deadline == nil {
            deadline = loop.schedule(at: instant) { self.cutOff() }
        }
    }

    private func cutOff() {
        deadline = nil
        for connection in connections.values { connection.value.drop() }
    }

    private func finishDraining() {
        if let deadline { loop.cancel(deadline) }
        deadline = nil
        let done = whenEmpty
        whenEmpty = []
        for body in done { body() }
    }

    // MARK: - Connections

    /// Takes in a new connection, or turns it away when there are too many.
    func accept(_ accepted: consuming Accepted, _ context: TLSContext?) {
        guard !isDraining else { return }
        let isFull = connections.count >= shared.connectionsPerLoop
        guard !isFull, context == nil || handshakes < shared.handshakesPerLoop else {
            if context == nil { turnAway(accepted.descriptor.raw) }
            return
        }
        let peer = accepted.peer
        let descriptor = accepted.takeDescriptor()
        let raw = descriptor.raw
        do throws(TLSError) {
            let connection = LoopBound(
                try Connection(
                    descriptor, peer: peer, tls: context, shared: shared, loop: loop),
                on: loop
            )
            if context != nil { handshakes += 1 }
            connections[raw] = connection
            connection.value.open(connection, of: self)
        } catch {
            // Without memory for its TLS the connection is closed by its owner's end.
        }
    }

    private func turnAway(_ raw: Int32) {
        let response = shared.handler.respond(to: HTTPFailure(.overloaded))
        var bytes: [UInt8] = []
        let framing = HTTPResponseSerializer.appendHead(
            of: response, in: .init(keepsAlive: false), date: date(), to: &bytes)
        if framing == .plain, case .bytes(let body) = response.body { bytes += body }
        // One attempt: who is turned away is owed nothing that could block.
        _ = bytes.withUnsafeBytes { attemptWrite(raw, from: $0) }
        TCP.shutdownWriting(raw)
    }

    func handshakeFinished() {
        handshakes -= 1
    }

    func connectionClosed(_ raw: Int32, wasHandshaking: Bool) {
        if wasHandshaking { handshakes -= 1 }
        connections[raw] = nil
        if isDraining, connections.isEmpty { finishDraining() }
    }

    // MARK: - The date

    /// The `Date` field's value, made once a second.
    func date() -> [UInt8] {
        let second = WallClock.milliseconds() / 1000
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate.format(secondsSinceEpoch: second)
        }
        return dateText
    }
}

/// One listening socket of one loop.
final class Door: ReadinessHandler {
    private let listener: Listener
    private let context: TLSContext?
    private let worker: LoopBound<Worker>
    private var isClosed = false

    /// How many connections one turn takes in before those that are open have theirs.
    private static let acceptsPerTurn = 64

    init(_ listener: Listener, _ context: TLSContext?, worker: LoopBound<Worker>) {
        self.listener = listener
        self.context = context
        self.worker = worker
    }

    func watch(_ loop: EventLoop) {
        guard !isClosed else { return }
        do {
            try loop.watch(listener.raw, .read, self)
        } catch {
            retry(loop)
        }
    }

    func close(_ loop: EventLoop) {
        isClosed = true
        loop.unwatch(listener.raw)
    }

    func ready(_ readiness: Readiness) {
        do throws(SystemError) {
            for _ in 0..<Self.acceptsPerTurn {
                guard !isClosed, let accepted = try listener.accept() else { return }
                worker.value.accept(accepted, context)
            }
        } catch {
            // No descriptors or no memory left: the connections that wait would wake us without
            // end, so look away for a moment.
            let loop = worker.loop
            loop.unwatch(listener.raw)
            retry(loop)
        }
    }

    private func retry(_ loop: EventLoop) {
        loop.schedule(at: .now + .milliseconds(100)) { self.watch(loop) }
    }
}
