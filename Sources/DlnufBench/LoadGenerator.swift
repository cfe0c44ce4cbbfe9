import Platform

/// What to ask, of whom, how hard and for how long.
struct Load: Sendable {
    /// Where to connect.
    var address: SocketAddress
    /// The bytes of the n-th request; each may differ, for a token is spent once.
    var request: @Sendable (Int) -> [UInt8]
    /// Connections held open, each with one request at a time.
    var connections = 32
    /// How long to measure.
    var duration = Duration.seconds(5)
    /// How long to run before measuring.
    var warmUp = Duration.seconds(1)
    /// Requests per second over all connections; nil for as many as answers allow.
    ///
    /// At a fixed rate, a request that had to wait for its connection counts that wait.
    var rate: Int?
    /// The statuses that count as success.
    var accepts = 200...299
}

/// What a load met.
struct LoadResult: Sendable {
    var latencies = LatencyHistogram()
    var elapsed = Duration.zero
    /// Answers with another status than the accepted ones.
    var refusals = 0
    /// Connections that failed or ended in the middle of an answer.
    var failures = 0

    /// Successful requests per second.
    var throughput: Double {
        elapsed > .zero ? Double(latencies.count) / (elapsed / .seconds(1)) : 0
    }
}

/// The bytes of one HTTP/1.1 request.
func requestBytes(
    _ method: String,
    path: String,
    host: String,
    headers: [(String, String)] = [],
    body: [UInt8] = []
) -> [UInt8] {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if !body.isEmpty || method == "POST" { text += "Content-Length: \(body.count)\r\n" }
    return Array((text + "\r\n").utf8) + body
}

/// Keeps connections busy from one event loop and measures what comes back.
///
/// Used on its loop's thread only.
final class LoadGenerator {
    let load: Load
    let loop: EventLoop
    private var connections: [LoadConnection] = []
    private var result = LoadResult()
    private var sent = 0
    private var isMeasuring = false
    private(set) var isOver = false

    init(_ load: Load, on loop: EventLoop) {
        self.load = load
        self.loop = loop
    }

    /// Warms up, measures, and closes; `atStart` runs when measuring begins.
    func run(atStart: () throws -> Void = {}) async throws -> LoadResult {
        loop.assertCurrent()
        for place in 0..<load.connections {
            connections.append(LoadConnection(self, place: place))
        }
        for connection in connections { connection.start() }
        try await EventLoop.wait(until: ContinuousClock.now + load.warmUp)
        result = LoadResult()
        isMeasuring = true
        try atStart()
        let start = ContinuousClock.now
        try await EventLoop.wait(until: start + load.duration)
        isMeasuring = false
        isOver = true
        result.elapsed = ContinuousClock.now - start
        for connection in connections { connection.close() }
        connections = []
        return result
    }

    /// The next request's bytes.
    func nextRequest() -> [UInt8] {
        defer { sent += 1 }
        return load.request(sent)
    }

    /// The time between two requests of one connection; nil when the rate is free.
    var interval: Duration? {
        load.rate.map { .seconds(load.connections) / $0 }
    }

    /// Counts an answer.
    func answered(_ status: Int, after latency: Duration) {
        guard isMeasuring else { return }
        if load.accepts.contains(status) {
            result.latencies.add(latency)
        } else {
            result.refusals += 1
        }
    }

    /// Counts a connection that broke.
    func failed() {
        if isMeasuring { result.failures += 1 }
    }
}
