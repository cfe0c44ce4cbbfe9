import HTTPMessages
import Platform

/// The caller of a streamed response has left, or the stream broke its word about its length.
struct StreamBroken: Error {}

/// A response that is being written piece by piece.
struct OutboundStream {
    let framing: HTTPResponseSerializer.Framing
    /// How many bytes are still owed, where the length was announced.
    var remaining: Int?
}

extension Connection {
    // MARK: - Responses

    /// Runs the handler of one request and sends what it returns.
    static func serve(_ request: HTTPRequest, by handler: any HTTPHandler) async {
        let response = await handler.respond(to: request)
        let connection = request.body.connection
        let exchange = request.body.exchange
        guard let stream = connection.value.respond(response, exchange) else { return }
        do {
            try await stream.write(StreamWriter(connection: connection, exchange: exchange))
            connection.value.endStream(exchange)
        } catch {
            connection.value.breakOff(exchange)
        }
    }

    /// Sends a response; returns its stream when there is one to run.
    private func respond(_ response: HTTPResponse, _ exchange: Int) -> HTTPBodyStream? {
        guard phase == .handling, exchange == self.exchange, let head else { return nil }
        keepsAlive =
            head.keepsAlive && !response.closesConnection && !hasPeerClosed
            && exchange < configuration.requestsPerConnection && !isServerDraining
            && canDrain(head)
        readDeadline = nil
        return send(
            response,
            .init(version: head.version, isHead: head.method == .head, keepsAlive: keepsAlive)
        )
    }

    /// Answers what was no request, and ends the connection.
    func refuse(_ failure: HTTPFailure) {
        exchange += 1
        head = nil
        body = InboundBody()
        body.isComplete = false
        keepsAlive = false
        readDeadline = nil
        var response = shared.handler.respond(to: failure)
        if case .bytes = response.body {} else { response.body = .bytes([]) }
        _ = send(response, .init(keepsAlive: false))
    }

    private func send(
        _ response: HTTPResponse,
        _ context: HTTPResponseSerializer.Context
    ) -> HTTPBodyStream? {
        phase = .responding
        if case .verbatim(let message) = response.body {
            keepsAlive = false
            isResponseWhole = false
            stream = OutboundStream(framing: .untilClose)
            return message
        }
        isResponseWhole = true
        let date = worker?.date() ?? []
        let framing = outbox.append {
            HTTPResponseSerializer.appendHead(
                of: response, in: context, date: date, to: &$0)
        }
        var stream: HTTPBodyStream?
        switch response.body {
        case .bytes(let body):
            if framing == .plain { outbox.append(body: body) }
        case .stream(let body):
            guard framing != .none else { break }
            if framing == .untilClose { keepsAlive = false }
            isResponseWhole = false
            self.stream = OutboundStream(framing: framing, remaining: body.length)
            stream = body
        case .verbatim: break
        }
        flush()
        return stream
    }

    private var isServerDraining: Bool { worker?.isDraining ?? true }

    /// Whether what is left of the body is little enough to be read and dropped.
    private func canDrain(_ head: HTTPRequestHead) -> Bool {
        if body.isComplete { return true }
        guard body.failure == nil, case .length(let length) = head.framing else { return false }
        // A caller that waits for 100 may or may not send its body now: nobody could tell.
        return !body.isContinueDue && length - body.received <= configuration.drainMax
    }

    // MARK: - Streams

    /// Queues a piece of a streamed body; false when the stream is over.
    fileprivate func send(piece: [UInt8], _ exchange: Int) -> Bool {
        guard phase == .responding, exchange == self.exchange, var stream, !isResponseWhole
        else { return false }
        if let remaining = stream.remaining {
            guard piece.count <= remaining else { return false }
            stream.remaining = remaining - piece.count
            self.stream = stream
        }
        if stream.framing == .chunked {
            outbox.append { HTTPResponseSerializer.appendChunk(piece, to: &$0) }
        } else {
            outbox.append(body: piece)
        }
        flush()
        return phase != .closed
    }

    fileprivate var mustStreamWait: Bool {
        phase != .closed && outbox.count > configuration.outputWindow
    }

    private func endStream(_ exchange: Int) {
        guard phase == .responding, exchange == self.exchange, let stream else { return }
        guard (stream.remaining ?? 0) == 0 else { return drop() }
        if stream.framing == .chunked {
            outbox.append { HTTPResponseSerializer.appendLastChunk(to: &$0) }
        }
        self.stream = nil
        isResponseWhole = true
        flush()
    }

    private func breakOff(_ exchange: Int) {
        if phase == .responding, exchange == self.exchange { drop() }
    }

    // MARK: - To the socket

    /// Sends as much as the socket takes, and goes on with what had to wait for that.
    func flush() {
        guard phase != .closed else { return }
        let pendingBefore = outbox.count
        switch sendOnce() {
        case .failed: return drop()
        case .moved, .wouldBlock: break
        }
        if outbox.isEmpty, tls?.hasOutgoing != true {
            allSent()
        } else {
            waitToWrite(moved: pendingBefore - outbox.count)
        }
    }

    private func sendOnce() -> Attempt {
        if let tls { return tls.send(&outbox, raw) }
        while !outbox.isEmpty {
            let attempt = outbox.withNext(limit: .max) { attemptWrite(raw, from: $0) }
            guard case .moved(let count) = attempt else { return attempt }
            outbox.advance(count)
        }
        return .moved(0)
    }

    private func waitToWrite(moved: Int) {
        let now = ContinuousClock.now
        let times = configuration.times
        let earned = Duration.seconds(Double(moved) / Double(max(1, configuration.rateMin)))
        writeDeadline = min((writeDeadline ?? now + times.write) + earned, now + times.write)
        if !waitsToWrite {
            waitsToWrite = true
            updateInterest()
        }
        armTimer()
        wakeWriter()
    }

    private func allSent() {
        writeDeadline = nil
        if waitsToWrite {
            waitsToWrite = false
            updateInterest()
        }
        wakeWriter()
        if phase == .responding, isResponseWhole { responseSent() }
    }

    private func wakeWriter() {
        guard let waiter = streamWaiter, outbox.count <= configuration.outputWindow else { return }
        streamWaiter = nil
        waiter.resume(true)
    }

    private func responseSent() {
        isResponseWhole = false
        task = nil
        guard keepsAlive, !hasPeerClosed else { return end() }
        guard body.isComplete else {
            phase = .draining
            readDeadline = .now + configuration.times.body
            armTimer()
            return resumeInput()
        }
        becomeIdle()
        resumeInput()
    }

    /// Waits for the next request.
    func becomeIdle() {
        guard !isServerDraining else { return end() }
        phase = .idle
        head = nil
        isHeadTimed = false
        readDeadline = .now + configuration.times.idle
        armTimer()
    }
}

/// The pen that a streamed body is written with.
struct StreamWriter: HTTPBodyWriter {
    let connection: LoopBound<Connection>
    let exchange: Int

    func write(_ bytes: [UInt8]) async throws {
        guard !Task.isCancelled, connection.value.send(piece: bytes, exchange) else {
            throw StreamBroken()
        }
        guard connection.value.mustStreamWait else { return }
        let connection = connection
        let hasRoom = await EventLoop.suspend(onCancel: { $0.resume(false) }) { suspension in
            connection.value.streamWaiter = suspension
        }
        if !hasRoom { throw StreamBroken() }
    }
}
