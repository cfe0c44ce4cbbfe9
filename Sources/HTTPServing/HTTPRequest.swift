package import HTTPMessages
package import Platform

/// One request, as its handler sees it.
package final class HTTPRequest: Sendable {
    /// The request line and the fields.
    package let head: HTTPRequestHead
    /// The body, which may not have arrived yet.
    package let body: HTTPRequestBody
    /// Who is at the other end of the connection.
    package let peer: SocketAddress
    /// Whether the connection is encrypted.
    package let isEncrypted: Bool
    /// The SHA-256 of the client certificate, if one was shown and accepted.
    package let clientCertificateSHA256: [UInt8]?
    /// The loop that carries the connection, and runs the handler.
    package let loop: EventLoop

    init(
        head: HTTPRequestHead,
        body: HTTPRequestBody,
        peer: SocketAddress,
        isEncrypted: Bool,
        clientCertificateSHA256: [UInt8]?,
        loop: EventLoop
    ) {
        self.head = head
        self.body = body
        self.peer = peer
        self.isEncrypted = isEncrypted
        self.clientCertificateSHA256 = clientCertificateSHA256
        self.loop = loop
    }
}

/// The body of a request, read once, by its handler, on its loop.
///
/// Nothing asks the caller for the body before the first reading: a caller that waits for
/// `100 Continue` gets it then, or a final status without having sent anything.
package struct HTTPRequestBody: Sendable {
    let connection: LoopBound<Connection>
    let exchange: Int
    let framing: HTTPBodyFraming

    /// The whole body; refuses one of more than `limit` bytes, at once where its length is known.
    package func collect(limit: Int) async throws(HTTPFailure) -> [UInt8] {
        if case .length(let length) = framing, length > limit {
            throw HTTPFailure(.bodyTooLarge)
        }
        while true {
            // One byte over the limit is enough to know.
            let window = min(limit, .max - 1) + 1
            let state = connection.value.askForBody(exchange, window: window, whole: true)
            switch state {
            case .failed(let failure): throw failure
            case .here(let count):
                guard count <= limit else { throw HTTPFailure(.bodyTooLarge) }
                return connection.value.takeBody()
            case .expected(let count):
                guard count <= limit else { throw HTTPFailure(.bodyTooLarge) }
                try await wait()
            }
        }
    }

    /// The next piece of the body; `nil` when all has been read.
    ///
    /// The caller is not read further than a window ahead of what has been taken, and not at all
    /// once the response has begun.
    package func next() async throws(HTTPFailure) -> [UInt8]? {
        while true {
            switch connection.value.askForBody(exchange, window: nil, whole: false) {
            case .here(0): return nil
            case .here, .expected(1...): return connection.value.takeBody()
            case .expected: try await wait()
            case .failed(let failure): throw failure
            }
        }
    }

    private func wait() async throws(HTTPFailure) {
        let connection = connection
        let hasNews = await EventLoop.suspend(onCancel: { $0.resume(false) }) { suspension in
            connection.value.bodyWaiter = suspension
        }
        // Cancelled means that the caller has left: nothing more will come.
        guard hasNews else { throw HTTPFailure(.bodyIncomplete) }
    }
}
