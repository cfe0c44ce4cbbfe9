package import HTTPMessages
package import Platform

/// An HTTP client of one event loop, over libcurl.
///
/// It keeps connections open between transfers, sends to whom it was told and nowhere else: no
/// redirect, no proxy from the environment, no cookie, no credential file.
// Safe because the driver is touched only on the loop's thread, which it asserts.
package final class HTTPClient: @unchecked Sendable {
    /// The limits and identities of a client.
    package struct Configuration: Sendable {
        /// How long connecting may take, TLS included, within each transfer's deadline.
        package var connectTimeout = Duration.seconds(5)
        /// Transfers under way at a time; one more fails at once.
        package var maxTransfers = 1024
        /// Connections to one host at a time; transfers beyond wait for one, under their deadline.
        package var maxConnectionsPerHost = 64
        /// Idle connections kept for later.
        package var maxIdleConnections = 256
        /// How long an idle connection is kept.
        package var maxIdleTime = Duration.seconds(60)
        /// Bytes of an answer's head, interim answers included, beyond which the transfer fails.
        package var maxHeadBytes = 65_536
        /// Fields of an answer's head beyond which the transfer fails.
        package var maxHeadFields = 256
        /// The certification authorities to trust when the request names no file of its own.
        package var caFile = "/etc/ssl/certs/ca-certificates.crt"
        /// The addresses that requests may reach that do not say so themselves.
        package var addressRule = AddressRule.external()

        /// The defaults, which reach public addresses only.
        package init() {}
    }

    /// The loop it belongs to.
    package let loop: EventLoop
    private let driver: MultiDriver

    /// A client for that loop; from any thread.
    package init(
        loop: EventLoop,
        configuration: Configuration = Configuration()
    ) throws(TransferError) {
        self.loop = loop
        driver = try MultiDriver(loop: loop, configuration: configuration)
    }

    deinit {
        // libcurl's handles end on the thread that used them.
        let driver = LoopBound(driver, on: loop)
        loop.submit { driver.value.close() }
    }

    /// Sends a request and waits for its whole answer, on the loop's thread.
    ///
    /// When the deadline passes or the task is cancelled, the transfer ends and its connection
    /// is closed. Any status is an answer: only what gave none throws.
    package func send(
        _ request: OutboundRequest,
        until deadline: ContinuousClock.Instant
    ) async throws(TransferError) -> InboundResponse {
        loop.assertCurrent()
        if Task.isCancelled { throw TransferError(.cancelled) }
        let driver = LoopBound(self.driver, on: loop)
        let result: TransferResult = await EventLoop.suspend(
            onCancel: { driver.value.abandon($0, TransferError(.cancelled)) },
            { driver.value.begin(request, deadline, $0) }
        )
        return try result.get()
    }

    /// Ends what is under way as cancelled and closes all connections, on the loop's thread.
    package func close() {
        driver.close()
    }
}

/// What a waiting task is given.
typealias TransferResult = Result<InboundResponse, TransferError>
