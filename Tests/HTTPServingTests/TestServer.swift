import Cryptography
import HTTPMessages
import HTTPServing
import Platform
import Synchronization
import Testing

/// All the tests of this module: one after another, as many of them measure patience.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct Serving {}

/// A server on ports of its own, with a loop or more of its own.
final class TestServer: Sendable {
    let server: HTTPServer
    let events: Events
    private let loops: [EventLoop]

    init(
        _ endpoints: [HTTPServer.Endpoint] = [.plain(host: "127.0.0.1", port: 0)],
        loops count: Int = 1,
        _ configure: (inout HTTPServer.Configuration) -> Void = { _ in }
    ) throws {
        loops = try (0..<count).map { try EventLoop(name: "test-\($0)") }
        for loop in loops { try loop.start() }
        var configuration = HTTPServer.Configuration(endpoints: endpoints)
        configuration.limits.body = 64 << 20
        configuration.times.linger = .milliseconds(200)
        configure(&configuration)
        events = Events()
        server = try HTTPServer(
            configuration: configuration, loops: loops, handler: TestHandler(events: events))
        server.start()
    }

    var port: UInt16 { server.ports[0] }
    var url: String { "http://127.0.0.1:\(port)" }

    func client() throws -> Client { try Client(port: port) }

    /// Ends the server; its loops' threads too.
    func stop() async {
        await server.shutdown(deadline: .now + .seconds(5))
        for loop in loops { loop.submit { loop.stop() } }
    }
}

/// What the handlers have to tell the tests, in order.
final class Events: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    private let gates = Mutex<[String: Suspension<Void>]>([:])

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: String.self)
    }

    func tell(_ event: String) {
        continuation.yield(event)
    }

    func next() async -> String? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }

    /// Holds a handler until the test opens the gate.
    func hold(_ gate: String) async {
        await EventLoop.suspend { (suspension: Suspension<Void>) in
            gates.withLock { $0[gate] = suspension }
            tell("held \(gate)")
        }
    }

    func open(_ gate: String) {
        let suspension = gates.withLock { $0.removeValue(forKey: gate) }
        guard let suspension else { return }
        suspension.loop.submit { suspension.resume(()) }
    }
}

/// A handler with a path for each thing that a test may want to happen.
struct TestHandler: HTTPHandler {
    let events: Events

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let segments = request.head.segments
        switch segments.first {
        case "echo": return await echo(request)
        case "pieces": return await pieces(request)
        case "ignore": return text("ignored")
        case "wait": return await wait()
        case "hold": return await hold(segments.last ?? "")
        case "who": return who(request)
        case "stream": return stream(count: 1000)
        case "broken": return broken(length: nil)
        case "short": return broken(length: 100_000)
        case "slow-reader": return slowReader()
        case "verbatim":
            let message = HTTPBodyStream { try await $0.write(Array("HTTP/9 ?\n\0".utf8)) }
            return HTTPResponse(status: 200, body: .verbatim(message))
        case "hello": return text("hello \(segments.last ?? "")")
        default: return HTTPResponse(status: 404)
        }
    }

    func respond(to failure: HTTPFailure) -> HTTPResponse {
        HTTPResponse(
            status: failure.status, contentType: "text/plain; charset=utf-8",
            body: Array(failure.message.utf8))
    }

    private func text(_ text: String) -> HTTPResponse {
        HTTPResponse(status: 200, contentType: "text/plain", body: Array(text.utf8))
    }

    private func echo(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(HTTPFailure) {
            let limit = request.head.query.flatMap { Int($0) } ?? 64 << 20
            let body = try await request.body.collect(limit: limit)
            return HTTPResponse(status: 200, contentType: "application/octet-stream", body: body)
        } catch {
            events.tell("failed \(error.reason.rawValue)")
            return respond(to: error)
        }
    }

    private func pieces(_ request: HTTPRequest) async -> HTTPResponse {
        await events.hold("pieces")
        var (total, largest) = (0, 0)
        do throws(HTTPFailure) {
            while let piece = try await request.body.next() {
                total += piece.count
                largest = max(largest, piece.count)
            }
        } catch {
            return respond(to: error)
        }
        return text("\(total) \(largest)")
    }

    private func wait() async -> HTTPResponse {
        events.tell("waiting")
        do throws(CancellationError) {
            try await EventLoop.wait(until: .now + .seconds(50))
        } catch {
            events.tell("cancelled")
        }
        return text("waited")
    }

    private func hold(_ gate: String) async -> HTTPResponse {
        await events.hold(gate)
        return text("held \(gate)")
    }

    private func who(_ request: HTTPRequest) -> HTTPResponse {
        let thumbprint = request.clientCertificateSHA256.map { Hex.encode($0) } ?? "none"
        return text("\(request.peer.host) \(request.isEncrypted) \(thumbprint)")
    }

    private func stream(count: Int) -> HTTPResponse {
        let stream = HTTPBodyStream { writer in
            for number in 0..<count { try await writer.write(Array("line \(number)\n".utf8)) }
        }
        return HTTPResponse(status: 200, body: .stream(stream))
    }

    private func broken(length: Int?) -> HTTPResponse {
        let stream = HTTPBodyStream(length: length) { writer in
            try await writer.write([65, 66, 67])
            if length == nil { throw CancellationError() }
        }
        return HTTPResponse(status: 200, body: .stream(stream))
    }

    private func slowReader() -> HTTPResponse {
        let stream = HTTPBodyStream { [events] writer in
            do {
                while true { try await writer.write([UInt8](repeating: 65, count: 1 << 20)) }
            } catch {
                events.tell("writer stopped")
                throw error
            }
        }
        return HTTPResponse(status: 200, body: .stream(stream))
    }
}
