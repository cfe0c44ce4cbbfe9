/// What waits to be sent: bytes in one buffer, and at most one large body behind them.
struct Outbox {
    private(set) var bytes: [UInt8] = []
    private var sent = 0
    private var body: [UInt8] = []
    private var bodySent = 0

    /// A body up to this size is copied behind its head, which saves a system call.
    private static let copiedMax = 32 << 10

    var isEmpty: Bool { sent == bytes.count && bodySent == body.count }
    var count: Int { bytes.count - sent + body.count - bodySent }

    /// Appends to the buffer; only while no large body waits.
    mutating func append<Result>(_ write: (inout [UInt8]) -> Result) -> Result {
        joinBody()
        return write(&bytes)
    }

    /// Appends a body, by reference where copying would cost more than another system call.
    mutating func append(body: [UInt8]) {
        joinBody()
        if body.count <= Self.copiedMax {
            bytes.append(contentsOf: body)
        } else {
            self.body = body
        }
    }

    /// Lends the next bytes to send, at most `limit`.
    func withNext<Result>(limit: Int, _ send: (UnsafeRawBufferPointer) -> Result) -> Result {
        let isInBody = sent == bytes.count
        let start = isInBody ? bodySent : sent
        return (isInBody ? body : bytes).withUnsafeBytes { all in
            let end = start + min(all.count - start, limit)
            return send(UnsafeRawBufferPointer(rebasing: all[start..<end]))
        }
    }

    /// Forgets what was sent.
    mutating func advance(_ count: Int) {
        if sent < bytes.count {
            sent += count
        } else {
            bodySent += count
        }
        guard isEmpty else { return }
        sent = 0
        bytes.removeAll(keepingCapacity: bytes.capacity <= 64 << 10)
        if bodySent > 0 {
            body = []
            bodySent = 0
        }
    }

    private mutating func joinBody() {
        guard bodySent < body.count else { return }
        bytes.append(contentsOf: body[bodySent...])
        body = []
        bodySent = 0
    }
}
