import Curl
import Glibc
import HTTPMessages
import Platform
import Synchronization
import Testing

/// A value that several threads read and change.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }
}

/// Runs a body with a client on a loop of its own, then ends both.
func withClient<Value: Sendable>(
    _ change: (inout HTTPClient.Configuration) -> Void = { _ in },
    _ body: @escaping @Sendable (HTTPClient) async throws -> Value
) async throws -> Value {
    ignoreSIGPIPE()
    var configuration = HTTPClient.Configuration()
    configuration.addressRule = .any
    change(&configuration)
    let loop = try EventLoop(name: "client")
    try loop.start()
    let client = try HTTPClient(loop: loop, configuration: configuration)
    defer {
        loop.submit {
            client.close()
            loop.stop()
        }
    }
    return try await loop.run { try await body(client) }
}

func get(_ url: String, maxBytes: Int = 1 << 20) -> OutboundRequest {
    OutboundRequest(url: url, maxResponseBytes: maxBytes, allowsPlainHTTP: true)
}

/// Far enough that no test waits for it.
var distant: ContinuousClock.Instant { ContinuousClock.now + .seconds(60) }

func code(of request: OutboundRequest, by client: HTTPClient) async -> TransferError.Code? {
    do {
        _ = try await client.send(request, until: distant)
        return nil
    } catch {
        return error.code
    }
}

@Suite struct `An HTTP client` {
    @Test func `sends and receives, and uses its connection again`() async throws {
        let server = try ScriptedServer { request in
            .send(
                "HTTP/1.1 201 Created\r\nX-Two: a\r\nx-two: b\r\nEmpty:\r\n"
                    + "Content-Length: \(request.utf8.count)\r\n\r\n\(request)")
        }
        defer { server.stop() }
        try await withClient { client in
            for round in 0..<10 {
                let request = OutboundRequest(
                    method: .post, url: server.url + "a/../b?c=\(round)",
                    headers: [("X-Name", "v a l"), ("X-Empty", "")],
                    body: Array("corps".utf8), allowsPlainHTTP: true
                )
                let response = try await client.send(request, until: distant)
                #expect(EventLoop.current === client.loop)
                #expect(response.status == 201)
                #expect(response.headers.all("X-Two") == ["a", "b"])
                #expect(response.headers["empty"] == "")
                let echoed = String(decoding: response.body, as: UTF8.self)
                #expect(echoed.hasPrefix("POST /a/../b?c=\(round) HTTP/1.1\r\n"))
                #expect(echoed.hasSuffix("\r\n\r\ncorps"))
                #expect(echoed.contains("\r\nX-Name: v a l\r\nX-Empty:\r\n"))
                for absent in ["Expect", "Content-Type", "Accept-Encoding", "User-Agent"] {
                    #expect(!echoed.lowercased().contains(absent.lowercased() + ":"))
                }
            }
        }
        #expect(server.acceptedCount == 1)
    }

    @Test(arguments: HTTPMethod.allCases)
    func `speaks each method, one after the other on one handle`(method: HTTPMethod) async throws {
        let server = try ScriptedServer { request in
            request.hasPrefix("HEAD")
                ? .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n") : .ok(request)
        }
        defer { server.stop() }
        try await withClient { client in
            for method in [method, .get, method, .post, method] {
                let takesBody = [.post, .put, .patch].contains(method)
                let request = OutboundRequest(
                    method: method, url: server.url, body: takesBody ? Array("xyz".utf8) : [],
                    allowsPlainHTTP: true
                )
                let response = try await client.send(request, until: distant)
                let echoed = String(decoding: response.body, as: UTF8.self)
                if method != .head {
                    #expect(echoed.hasPrefix(method.rawValue + " / HTTP/1.1\r\n"))
                    #expect(echoed.hasSuffix("\r\n\r\nxyz") == takesBody)
                }
            }
        }
    }

    @Test func `sends an empty body as an empty body`() async throws {
        let server = try ScriptedServer { .ok($0) }
        defer { server.stop() }
        try await withClient { client in
            let request = OutboundRequest(method: .post, url: server.url, allowsPlainHTTP: true)
            let response = try await client.send(request, until: distant)
            #expect(String(decoding: response.body, as: UTF8.self).contains("Content-Length: 0"))
        }
    }

    @Test func `carries 200 transfers at a time over few connections`() async throws {
        let server = try ScriptedServer { .ok($0) }
        defer { server.stop() }
        try await withClient({ $0.maxConnectionsPerHost = 16 }) { client in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let response = try await client.send(
                            get(server.url + "\(number)"), until: distant)
                        let echoed = String(decoding: response.body, as: UTF8.self)
                        return echoed.hasPrefix("GET /\(number) ") ? 1 : 0
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 200)
        }
        #expect(server.acceptedCount <= 16)
    }

    @Test func `takes interim answers and trailers for what they are`() async throws {
        let server = try ScriptedServer { _ in
            .send(
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
                    + "Transfer-Encoding: chunked\r\nA: 1\r\n\r\n3\r\nabc\r\n0\r\nB: 2\r\n\r\n")
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.send(get(server.url), until: distant)
            #expect(response.status == 200 && response.body == Array("abc".utf8))
            #expect(response.headers["A"] == "1")
            #expect(response.headers["Link"] == nil && response.headers["B"] == nil)
        }
    }

    @Test func `does not follow redirects`() async throws {
        let server = try ScriptedServer { _ in
            .send("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.send(get(server.url), until: distant)
            #expect(response.status == 302 && response.headers["Location"] == "/elsewhere")
        }
        #expect(server.received.count == 1)
    }

    @Test func `does not obey the environment's proxy`() async throws {
        await #expect(processExitsWith: .exitCode(5)) {
            let server = try ScriptedServer { _ in .ok("direct") }
            for name in ["http_proxy", "https_proxy", "all_proxy"] {
                setenv(name, "http://127.0.0.1:1", 1)
            }
            try await withClient { client in
                let response = try await client.send(get(server.url), until: distant)
                exit(response.body == Array("direct".utf8) ? 5 : 6)
            }
        }
    }
}

@Suite struct `A transfer that fails` {
    @Test(arguments: [
        (Reply.reset, TransferError.Code.reset),
        (.sendAndClose(""), .reset),
        (.sendAndClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), .truncated),
        (
            .sendAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"),
            .truncated
        ),
        (.sendAndClose("SSH-2.0-OpenSSH_9.2\r\n"), .malformedResponse),
        (.sendAndClose("HTTP/1.1 200 OK\r\nA: \0b\r\n\r\n"), .malformedResponse),
        (.sendAndClose("HTTP/1.1 banana\r\n\r\n"), .malformedResponse),
        (.ok(String(repeating: "x", count: 1001)), .responseTooLarge),
        // Left at its head: the gigabyte is never waited for.
        (
            .sendAndHang("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"),
            .responseTooLarge
        ),
        (
            .sendAndHang(
                "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 300)),
            .responseTooLarge
        ),
        (
            .sendAndHang(String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 3_000)),
            .responseTooLarge
        ),
        (.sendAndHang("HTTP/1.1 200 " + String(repeating: "x", count: 102_400)), .responseTooLarge),
        (.sendAndClose("HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\n"), .malformedResponse),
        (.sendAndClose("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), .malformedResponse),
        (
            .sendAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
            .reset
        ),
        (.sendAndClose("HTTP/2 200\r\n\r\n"), .malformedResponse),
        (.sendAndClose("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), .malformedResponse),
        (
            .sendAndHang(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
                    + String(repeating: "x", count: 1001)),
            .responseTooLarge
        ),
        (
            .sendAndHang(
                "HTTP/1.1 200 OK\r\n"
                    + String(repeating: "A: \(String(repeating: "x", count: 6_000))\r\n", count: 11)
            ),
            .responseTooLarge
        ),
        // One line without an end: libcurl gives up by itself.
        (
            .sendAndHang("HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 200_000)),
            .responseTooLarge
        ),
    ])
    func `says which way, and the next one works`(
        reply: Reply,
        expected: TransferError.Code
    ) async throws {
        let server = try ScriptedServer { $0.hasPrefix("GET /well") ? .ok("well") : reply }
        defer { server.stop() }
        try await withClient { client in
            let found = await code(of: get(server.url, maxBytes: 1000), by: client)
            #expect(found == expected)
            let next = try await client.send(get(server.url + "well"), until: distant)
            #expect(next.body == Array("well".utf8))
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ])
    func `ends where its connection is reset, at whatever phase`(before: String) async throws {
        let server = try ScriptedServer {
            $0.hasPrefix("GET /well") ? .ok("well") : .sendAndReset(before)
        }
        defer { server.stop() }
        try await withClient { client in
            let found = await code(of: get(server.url), by: client)
            #expect(found == .reset || found == .truncated || found == .malformedResponse)
            let next = try await client.send(get(server.url + "well"), until: distant)
            #expect(next.body == Array("well".utf8))
        }
    }

    @Test(arguments: [
        Reply.reset, .sendAndClose(""), .sendAndClose("HTTP/1.1 400 Bad Request\r\n\r\n"),
        .sendAndReset("\u{16}\u{03}\u{03}\u{02}"),
        .sendAndClose(String(repeating: "x", count: 70_000)),
    ])
    func `ends where there is no TLS behind its name`(reply: Reply) async throws {
        let server = try ScriptedServer(atFirstByte: reply)
        defer { server.stop() }
        try await withClient { client in
            let url = "https://127.0.0.1:\(server.port)/"
            let found = await code(of: OutboundRequest(url: url), by: client)
            #expect(found == .tlsFailed || found == .reset)
        }
    }

    @Test func `ends at its deadline while TLS hangs`() async throws {
        let server = try ScriptedServer(atFirstByte: .sendAndHang("\u{16}"))
        defer { server.stop() }
        try await withClient { client in
            _ = await #expect(throws: TransferError(.timedOut)) {
                try await client.send(
                    OutboundRequest(url: "https://127.0.0.1:\(server.port)/"),
                    until: ContinuousClock.now + .milliseconds(50))
            }
        }
    }

    @Test func `takes an answer of exactly the allowed size`() async throws {
        let server = try ScriptedServer { _ in .ok(String(repeating: "x", count: 1000)) }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.send(
                get(server.url, maxBytes: 1000), until: distant)
            #expect(response.body.count == 1000)
        }
    }

    @Test(arguments: [Reply.sendAndHang(""), .sendAndHang("HTTP/1.1 200 OK\r\nContent-")])
    func `ends at its deadline`(reply: Reply) async throws {
        let server = try ScriptedServer { _ in reply }
        defer { server.stop() }
        try await withClient { client in
            for _ in 0..<3 {
                await #expect(throws: TransferError(.timedOut)) {
                    let soon = ContinuousClock.now + .milliseconds(20)
                    return try await client.send(get(server.url), until: soon)
                }
                #expect(EventLoop.current === client.loop)
            }
        }
        #expect(server.acceptedCount == 3)
    }

    @Test func `ends at its deadline while it waits for a connection`() async throws {
        let server = try ScriptedServer { _ in .sendAndHang("") }
        defer { server.stop() }
        try await withClient({ $0.maxConnectionsPerHost = 1 }) { client in
            let soon = ContinuousClock.now + .milliseconds(30)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        await #expect(throws: TransferError(.timedOut)) {
                            try await client.send(get(server.url), until: soon)
                        }
                    }
                }
            }
        }
    }

    @Test func `ends when its task is cancelled, and closes its connection`() async throws {
        let server = try ScriptedServer { _ in .sendAndHang("HTTP/1.1 200 OK\r\n") }
        defer { server.stop() }
        try await withClient { client in
            let task = Task.detached(executorPreference: client.loop) {
                try await client.send(get(server.url), until: distant)
            }
            while server.received.isEmpty { await Task.yield() }
            task.cancel()
            await #expect(throws: TransferError(.cancelled)) { try await task.value }
            while server.closedCount == 0 { await Task.yield() }
            let again = Task.detached(executorPreference: client.loop) {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.send(get(server.url), until: distant)
            }
            await #expect(throws: TransferError(.cancelled)) { try await again.value }
            #expect(server.received.count == 1)
        }
    }

    @Test func `is refused at once beyond the client's capacity`() async throws {
        let server = try ScriptedServer { _ in .sendAndHang("") }
        defer { server.stop() }
        try await withClient({ $0.maxTransfers = 1 }) { client in
            let task = Task.detached(executorPreference: client.loop) {
                try await client.send(get(server.url), until: distant)
            }
            while server.received.isEmpty { await Task.yield() }
            #expect(await code(of: get(server.url), by: client) == .overloaded)
            client.close()
            await #expect(throws: TransferError(.cancelled)) { try await task.value }
            #expect(await code(of: get(server.url), by: client) == .cancelled)
        }
    }

    @Test func `does not connect where nobody listens`() async throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        // Opened and closed at once: its port is nobody's.
        let port = try Listener.open(address, count: 1)[0].address.port
        try await withClient { client in
            let found = await code(of: get("http://127.0.0.1:\(port)/"), by: client)
            #expect(found == .connectionFailed)
        }
    }

    @Test func `does not resolve a name that does not exist`() async throws {
        try await withClient { client in
            let found = await code(of: get("http://nowhere.invalid/"), by: client)
            #expect(found == .resolveFailed)
        }
    }
}

@Suite struct `A request that must not be sent` {
    @Test(arguments: [
        ("A", "b\r\nC: d"), ("A", "b\n"), ("A", "b\0"), ("A", "\u{7F}"), ("A B", "c"), ("", "c"),
        ("A:", "c"), ("Content-Length", "0"), ("transfer-encoding", "chunked"), ("Host", "h"),
        ("EXPECT", "100-continue"), ("Connection", "close"),
    ])
    func `is refused for its fields`(name: String, value: String) async throws {
        let server = try ScriptedServer { _ in .ok("") }
        defer { server.stop() }
        try await withClient { client in
            var request = get(server.url)
            request.headers = [(name, value)]
            #expect(await code(of: request, by: client) == .invalidRequest)
        }
        #expect(server.acceptedCount == 0)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "https://a b/", "https://a/\r\nX: y", "",
        "https:",
        "http:///", "HTTP://é/", "https://user:password@127.0.0.1/",
    ])
    func `is refused for its URL`(url: String) async throws {
        try await withClient { client in
            let found = await code(of: get(url), by: client)
            #expect(found == .invalidRequest || found == .failed)
        }
    }

    @Test func `is refused without TLS unless the request says so`() async throws {
        try await withClient { client in
            var request = get("http://127.0.0.1:1/")
            request.allowsPlainHTTP = false
            #expect(await code(of: request, by: client) == .invalidRequest)
        }
    }
}

@Suite struct `The address rule` {
    @Test(arguments: ["127.0.0.1", "localhost", "0177.1", "[::ffff:127.0.0.1]", "0"])
    func `refuses this machine under any spelling`(host: String) async throws {
        let server = try ScriptedServer { _ in .ok("") }
        defer { server.stop() }
        try await withClient({ $0.addressRule = .external() }) { client in
            let found = await code(of: get("http://\(host):\(server.port)/"), by: client)
            #expect(found == .addressRefused)
        }
        #expect(server.acceptedCount == 0)
    }

    @Test func `holds for connections that are used again, too`() async throws {
        let server = try ScriptedServer { _ in .ok("") }
        defer { server.stop() }
        let isAllowed = Shared(true)
        let rule = AddressRule { _ in isAllowed.value }
        try await withClient({ $0.addressRule = rule }) { client in
            #expect(await code(of: get(server.url), by: client) == nil)
            isAllowed.value = false
            #expect(await code(of: get(server.url), by: client) == .addressRefused)
        }
        #expect(server.received.count == 1)
    }

    @Test func `holds when a name is resolved again to another address`() async throws {
        // As after a lookup that an attacker answers differently the second time: the connection
        // ended, and the next one goes to where the rule does not allow.
        let server = try ScriptedServer { _ in
            .sendAndClose("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let connections = Shared(0)
        let rule = AddressRule { _ in
            // Asked once for the new socket and once before the request.
            connections.value += 1
            return connections.value <= 2
        }
        try await withClient({ $0.addressRule = rule }) { client in
            let url = "http://localhost:\(server.port)/"
            #expect(await code(of: get(url), by: client) == nil)
            #expect(await code(of: get(url), by: client) == .addressRefused)
        }
        #expect(server.received.count == 1)
    }

    @Test func `is the request's own where it has one`() async throws {
        let server = try ScriptedServer { _ in .ok("") }
        defer { server.stop() }
        try await withClient({ $0.addressRule = .external() }) { client in
            var request = get(server.url)
            for _ in 0..<2 {
                request.reach = Reach(admitsThisMachine: true)
                #expect(await code(of: request, by: client) == nil)
                request.reach = nil
                #expect(await code(of: request, by: client) == .addressRefused)
            }
        }
    }

    @Test func `allows the ranges that it names`() async throws {
        let server = try ScriptedServer { _ in .ok("") }
        defer { server.stop() }
        let loopback = try #require(AddressRange("127.0.0.0/8"))
        try await withClient({ $0.addressRule = .external(allowing: [loopback]) }) { client in
            #expect(await code(of: get(server.url), by: client) == nil)
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", [10, 255, 0, 1], true), ("10.0.0.0/8", [11, 0, 0, 1], false),
        ("172.16.0.0/12", [172, 31, 1, 1], true), ("172.16.0.0/12", [172, 32, 1, 1], false),
        ("0.0.0.0/0", [1, 2, 3, 4], true), ("1.2.3.4/32", [1, 2, 3, 5], false),
    ])
    func `knows what a range holds`(text: String, address: [UInt8], isInside: Bool) throws {
        let range = try #require(AddressRange(text))
        #expect(range.contains(address) == isInside)
    }

    @Test(arguments: ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "a/8", "fc00::/129", ""])
    func `refuses a text that is no range`(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
