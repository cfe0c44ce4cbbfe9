import HTTPMessages
import Platform

extension Connection {
    /// How often one turn reads from one connection before the others have theirs.
    private static let readingsPerTurn = 16

    // MARK: - From the socket

    /// Reads what the socket has, as long as there is a place for it.
    func receive(untilEnd: Bool = false) {
        guard let worker else { return }
        // What is read lies in the worker's buffer, also while this closes the connection.
        defer { withExtendedLifetime(worker) {} }
        let buffer = worker.buffer
        tls?.beginTurn()
        var readings = 0
        while wantsInput, readings < Self.readingsPerTurn {
            readings += 1
            guard let count = receiveOnce(buffer) else { break }
            take(UnsafeBufferPointer(rebasing: buffer[..<count]))
            // A short reading has emptied the socket: asking again would only cost a call.
            if tls == nil, count < buffer.count, !untilEnd { break }
        }
        guard phase != .closed else { return }
        if tls?.hasOutgoing == true { flush() }
        if readings == Self.readingsPerTurn { resumeInput() }
    }

    /// Reads once; nil when there is nothing, or the connection took its end.
    private func receiveOnce(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        guard let tls, let worker else {
            switch attemptRead(raw, into: UnsafeMutableRawBufferPointer(buffer)) {
            case .moved(0): inputEnded()
            case .moved(let count): return count
            case .wouldBlock: break
            case .failed: drop()
            }
            return nil
        }
        let reception = tls.receive(
            raw,
            into: UnsafeMutableRawBufferPointer(buffer),
            by: worker.ciphertext
        )
        if phase == .handshaking, tls.isEstablished { handshakeFinished() }
        switch reception {
        case .bytes(let count): return count
        case .later: break
        case .ended: inputEnded()
        case .failed:
            // An alert may be waiting that tells the caller why.
            _ = tls.send(&outbox, raw)
            close()
        }
        return nil
    }

    private func handshakeFinished() {
        phase = .idle
        worker?.handshakeFinished()
        readDeadline = .now + configuration.times.head
        armTimer()
    }

    /// The caller has closed its side, and all that it sent was read.
    private func inputEnded() {
        switch phase {
        case .handshaking, .idle, .draining, .lingering: close()
        case .receiving, .handling, .responding:
            if !body.isComplete { failBody(HTTPFailure(.bodyIncomplete)) }
            peerLeft()
        case .closed: break
        }
    }

    // MARK: - To the parser

    private func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        if phase == .lingering { return }
        guard pending.isEmpty else {
            pending.append(contentsOf: bytes)
            return processPending()
        }
        let taken = process(bytes)
        if taken < bytes.count, canHaveMore {
            pending.append(contentsOf: bytes[taken...])
        }
    }

    private var canHaveMore: Bool { phase != .closed && phase != .lingering }

    private func processPending() {
        var bytes: [UInt8] = []
        swap(&bytes, &pending)
        let taken = bytes.withUnsafeBufferPointer { process($0) }
        if taken < bytes.count, canHaveMore {
            pending = Array(bytes[taken...])
        }
    }

    /// Goes on with input that had to wait: bytes kept here, held by TLS, or in the socket.
    func resumeInput() {
        let isNeeded = !pending.isEmpty || isReadPaused || tls?.mayHoldData == true
        guard isNeeded, !isProcessing, let handle else { return }
        loop.submit { handle.value.continueInput() }
    }

    private func continueInput() {
        guard phase != .closed else { return }
        if !pending.isEmpty, canParse { processPending() }
        unpause()
        if wantsInput, tls?.mayHoldData == true { receive() }
    }

    private func unpause() {
        guard isReadPaused, wantsInput, !hasPeerClosed else { return }
        isReadPaused = false
        updateInterest()
    }

    /// Parses bytes and runs what they ask for; returns how many were taken.
    private func process(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        isProcessing = true
        var position = 0
        var hasEvent = true
        while hasEvent, canParse {
            do throws(HTTPFailure) {
                let event = try parser.next(in: bytes.span, from: &position)
                hasEvent = event != nil
                if let event { take(event, of: bytes) }
            } catch {
                position = bytes.count
                fail(error)
            }
            if phase == .receiving, !canParse || !hasEvent { dispatch() }
        }
        isProcessing = false
        inputTaken(position)
        return position
    }

    private func take(_ event: HTTPRequestParser.Event, of bytes: UnsafeBufferPointer<UInt8>) {
        switch event {
        case .head(let head): begin(head)
        case .body(let range):
            if phase == .draining {
                body.drop(range.count)
            } else {
                body.append(UnsafeBufferPointer(rebasing: bytes[range]))
            }
        case .end:
            body.isComplete = true
            if phase == .draining { becomeIdle() }
        }
    }

    /// Settles time and interest after a stretch of input.
    private func inputTaken(_ count: Int) {
        switch phase {
        case .idle:
            if parser.isInsideHead, !isHeadTimed {
                isHeadTimed = true
                readDeadline = .now + configuration.times.head
                armTimer()
            }
        case .handling:
            if body.isComplete || body.failure != nil {
                readDeadline = nil
            } else {
                extendBodyDeadline(count)
            }
            if body.isNews { wakeReader() }
        case .handshaking, .receiving, .responding, .draining, .lingering, .closed: break
        }
        unpause()
    }

    /// Gives a body that moves more time, in proportion, and none to one that we hold up.
    private func extendBodyDeadline(_ count: Int) {
        guard body.takesMore else {
            readDeadline = nil
            return
        }
        let now = ContinuousClock.now
        let times = configuration.times
        let earned = Duration.seconds(Double(count) / Double(max(1, configuration.rateMin)))
        readDeadline = min((readDeadline ?? now + times.body) + earned, now + times.body * 2)
        armTimer()
    }

    // MARK: - Requests

    private func begin(_ head: HTTPRequestHead) {
        exchange += 1
        self.head = head
        body = InboundBody(
            window: configuration.bodyWindow, isContinueDue: head.expectsContinue)
        phase = .receiving
        readDeadline = nil
    }

    private func dispatch() {
        guard let head, let handle else { return close() }
        phase = .handling
        let request = HTTPRequest(
            head: head,
            body: HTTPRequestBody(
                connection: handle, exchange: exchange, framing: head.framing),
            peer: peer,
            isEncrypted: tls != nil,
            clientCertificateSHA256: tls?.certificateSHA256,
            loop: loop
        )
        let handler = shared.handler
        let task = loop.spawnImmediately { await Connection.serve(request, by: handler) }
        if phase == .handling || phase == .responding { self.task = task }
    }

    /// Refuses what is not a request.
    private func fail(_ failure: HTTPFailure) {
        switch phase {
        case .idle: refuse(failure)
        case .receiving, .handling: failBody(failure)
        case .draining: close()
        case .handshaking, .responding, .lingering, .closed: break
        }
    }

    // MARK: - The body's reader

    func failBody(_ failure: HTTPFailure) {
        guard !body.isComplete, body.failure == nil else { return }
        body.failure = failure
        wakeReader()
    }

    private func wakeReader() {
        guard let waiter = bodyWaiter else { return }
        bodyWaiter = nil
        waiter.resume(true)
    }

    /// Says what there is of the body, and asks the caller for the rest.
    func askForBody(_ exchange: Int, window: Int?, whole: Bool) -> BodyState {
        guard exchange == self.exchange, phase == .handling || phase == .responding else {
            return .failed(HTTPFailure(.bodyIncomplete))
        }
        if let failure = body.failure { return .failed(failure) }
        if body.isComplete { return .here(body.waiting) }
        // Once the response has begun nothing more is read: what is missing stays so.
        guard phase == .handling else { return .failed(HTTPFailure(.bodyIncomplete)) }
        body.isWantedWhole = whole
        body.window = window ?? configuration.bodyWindow
        if body.isContinueDue {
            body.isContinueDue = false
            outbox.append { $0.append(contentsOf: HTTPResponseSerializer.continueResponse) }
            flush()
        }
        if body.takesMore, readDeadline == nil {
            readDeadline = .now + configuration.times.body
            armTimer()
        }
        resumeInput()
        return .expected(body.waiting)
    }

    func takeBody() -> [UInt8] {
        let taken = body.take()
        if phase == .handling, body.takesMore { resumeInput() }
        return taken
    }
}
