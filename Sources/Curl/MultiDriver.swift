internal import CCurl
internal import Glibc
internal import HTTPMessages
internal import Platform

/// One libcurl multi handle, driven by its loop's epoll and timers.
///
/// libcurl is called from the loop and calls back into this; callbacks only take notes, so that
/// libcurl is never entered from inside itself.
final class MultiDriver {
    let loop: EventLoop
    let configuration: HTTPClient.Configuration
    private let multi: UnsafeMutableRawPointer
    private var idle: [Transfer] = []
    private var active: [Transfer] = []
    private var sockets: [SocketWatch?] = []
    private var timer: TimerHandle?
    private var isTimeoutDue = false
    private var isClosed = false

    /// libcurl's process-wide part, made once.
    private static let isReady: Bool = ccurl_global_init() == CURLE_OK

    init(
        loop: EventLoop,
        configuration: HTTPClient.Configuration
    ) throws(TransferError) {
        guard Self.isReady, let multi = curl_multi_init() else { throw TransferError(.failed) }
        self.loop = loop
        self.configuration = configuration
        self.multi = multi
        let data = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_callbacks(multi, onSocketChange, onTimerChange, data)
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maxIdleConnections)
        ccurl_multi_set_long(
            multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maxConnectionsPerHost)
        ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
    }

    // Every libcurl handle must be gone before, and on the loop's thread: HTTPClient sees to it.
    deinit { assert(isClosed, "a client's driver ended without close") }

    /// Starts a transfer whose result goes to that suspension, perhaps before this returns.
    func begin(
        _ request: OutboundRequest,
        _ deadline: ContinuousClock.Instant,
        _ suspension: Suspension<TransferResult>
    ) {
        guard !isClosed else { return suspension.resume(.failure(TransferError(.cancelled))) }
        guard deadline > ContinuousClock.now else {
            return suspension.resume(.failure(TransferError(.timedOut)))
        }
        guard active.count < configuration.maxTransfers else {
            return suspension.resume(.failure(TransferError(.overloaded)))
        }
        do throws(TransferError) {
            let transfer = try takeIdle()
            do throws(TransferError) {
                try transfer.prepare(request)
            } catch {
                idle.append(transfer)
                throw error
            }
            start(transfer, deadline, request.firstByteTimeout, suspension)
        } catch {
            suspension.resume(.failure(error))
        }
    }

    private func takeIdle() throws(TransferError) -> Transfer {
        if let transfer = idle.popLast() { return transfer }
        return try Transfer(driver: self)
    }

    private func start(
        _ transfer: Transfer,
        _ deadline: ContinuousClock.Instant,
        _ firstByteTimeout: Duration?,
        _ suspension: Suspension<TransferResult>
    ) {
        transfer.suspension = suspension
        transfer.place = active.count
        active.append(transfer)
        transfer.deadline = loop.schedule(at: deadline) { [self] in
            end(transfer, .failure(TransferError(.timedOut)))
        }
        if let firstByteTimeout {
            transfer.firstByte = loop.schedule(at: .now.advanced(by: firstByteTimeout)) { [self] in
                guard !transfer.hasBegun else { return }
                end(transfer, .failure(TransferError(.firstByteTimedOut)))
            }
        }
        curl_multi_add_handle(multi, transfer.easy)
        settle()
    }

    /// Ends the transfer that this suspension waits for.
    func abandon(_ suspension: Suspension<TransferResult>, _ error: TransferError) {
        guard let transfer = active.first(where: { $0.suspension === suspension }) else { return }
        end(transfer, .failure(error))
    }

    /// Ends every transfer and every connection; more calls do nothing.
    func close() {
        loop.assertCurrent()
        guard !isClosed else { return }
        for transfer in active { end(transfer, .failure(TransferError(.cancelled))) }
        isClosed = true
        for transfer in idle { transfer.release() }
        idle = []
        // Closes the idle connections, which still call back.
        curl_multi_cleanup(multi)
        for case let socket? in sockets { socket.forget() }
        sockets = []
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    private func end(_ transfer: Transfer, _ result: TransferResult) {
        guard transfer.suspension != nil else { return }
        curl_multi_remove_handle(multi, transfer.easy)
        finish(transfer, result)
        settle()
    }

    private func finish(_ transfer: Transfer, _ result: TransferResult) {
        if let deadline = transfer.deadline { loop.cancel(deadline) }
        if let firstByte = transfer.firstByte { loop.cancel(firstByte) }
        let last = active.removeLast()
        if last !== transfer {
            active[transfer.place] = last
            last.place = transfer.place
        }
        let suspension = transfer.suspension
        transfer.clear()
        idle.append(transfer)
        suspension?.resume(result)
    }

    // MARK: - Events

    /// Tells libcurl what happened on one of its sockets.
    func socketIsReady(_ socket: Int32, _ events: Int32) {
        ccurl_socket_action(multi, socket, events)
        settle()
    }

    /// Does what the callbacks asked for during the last call: expired timeouts, finished work.
    private func settle() {
        var rounds = 0
        repeat {
            while isTimeoutDue, rounds < 64 {
                rounds += 1
                isTimeoutDue = false
                ccurl_timeout_action(multi)
            }
            takeFinished()
        } while isTimeoutDue && rounds < 64
        if isTimeoutDue {
            // libcurl asks again and again: let the loop breathe before the next time.
            isTimeoutDue = false
            arm(after: .milliseconds(1))
        }
    }

    private func takeFinished() {
        var code = CURLE_OK
        while let easy = ccurl_next_done(multi, &code) {
            guard let data = ccurl_private(easy) else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(data).takeUnretainedValue()
            let result = transfer.result(code)
            curl_multi_remove_handle(multi, easy)
            finish(transfer, result)
        }
    }

    // MARK: - Notes taken in callbacks

    func timerChanged(_ milliseconds: Int) {
        if let timer { loop.cancel(timer) }
        timer = nil
        isTimeoutDue = milliseconds == 0
        if milliseconds > 0 { arm(after: .milliseconds(milliseconds)) }
    }

    private func arm(after span: Duration) {
        if let timer { loop.cancel(timer) }
        timer = loop.schedule(at: ContinuousClock.now + span) { [self] in
            timer = nil
            guard !isClosed else { return }
            ccurl_timeout_action(multi)
            settle()
        }
    }

    func socketChanged(_ socket: Int32, _ what: Int32) {
        let watch = watch(of: socket)
        switch what {
        case CURL_POLL_IN: watch.want(.read)
        case CURL_POLL_OUT: watch.want(.write)
        case CURL_POLL_INOUT: watch.want([.read, .write])
        default: watch.want([])
        }
    }

    /// Opens a socket to an address that the rule allows.
    func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Int32? {
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let raw = Glibc.socket(address.pointee.family, kind, address.pointee.protocol)
        if raw >= 0 { watch(of: raw).isOurs = true }
        return raw
    }

    func close(_ socket: Int32) {
        if sockets.indices.contains(Int(socket)) { sockets[Int(socket)]?.forget() }
        _ = Glibc.close(socket)
    }

    private func watch(of socket: Int32) -> SocketWatch {
        let index = Int(socket)
        while sockets.count <= index { sockets.append(nil) }
        if let known = sockets[index] { return known }
        let new = SocketWatch(socket, self)
        sockets[index] = new
        return new
    }
}

// MARK: - Callbacks from C

private func driver(_ data: UnsafeMutableRawPointer?) -> MultiDriver? {
    data.map { Unmanaged<MultiDriver>.fromOpaque($0).takeUnretainedValue() }
}

private func onSocketChange(
    _ easy: UnsafeMutableRawPointer?,
    _ socket: curl_socket_t,
    _ what: Int32,
    _ data: UnsafeMutableRawPointer?,
    _ socketData: UnsafeMutableRawPointer?
) -> Int32 {
    driver(data)?.socketChanged(socket, what)
    return 0
}

private func onTimerChange(
    _ multi: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ data: UnsafeMutableRawPointer?
) -> Int32 {
    driver(data)?.timerChanged(milliseconds)
    return 0
}
