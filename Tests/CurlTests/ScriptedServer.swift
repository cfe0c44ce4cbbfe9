import Glibc
import Platform
import Synchronization

/// What a scripted server does with one request.
enum Reply: Sendable {
    /// Sends these bytes and keeps the connection.
    case send(String)
    /// Sends these bytes and closes.
    case sendAndClose(String)
    /// Sends these bytes and never anything more.
    case sendAndHang(String)
    /// Closes with a reset.
    case reset
    /// Sends these bytes and closes with a reset.
    case sendAndReset(String)

    static func ok(_ body: String) -> Reply {
        .send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}

/// A server over raw sockets that answers as its script says.
// Safe because the connections are touched only on the loop's thread.
final class ScriptedServer: @unchecked Sendable {
    private let loop: EventLoop
    private let listener: Listener
    private let script: @Sendable (String) -> Reply
    fileprivate let atFirstByte: Reply?
    private let requests = Mutex<[String]>([])
    private let accepted = Atomic(0)
    private let closed = Atomic(0)
    fileprivate var connections: [Int32: Connection] = [:]

    /// A server that answers requests or, where `atFirstByte` says so, whatever it is sent, such
    /// as a TLS hello.
    init(
        atFirstByte: Reply? = nil, _ script: @escaping @Sendable (String) -> Reply = { _ in .reset }
    ) throws {
        self.atFirstByte = atFirstByte
        loop = try EventLoop(name: "server")
        guard let address = SocketAddress(host: "127.0.0.1", port: 0) else {
            throw SystemError(code: EINVAL, operation: "address")
        }
        listener = try Listener.open(address, count: 1)[0]
        self.script = script
        try loop.start()
        loop.submit { [self] in try? loop.watch(listener.raw, .read, Acceptor(self)) }
    }

    func stop() {
        loop.submit { [self] in
            loop.unwatch(listener.raw)
            for raw in connections.keys { loop.unwatch(raw) }
            connections = [:]
        }
        loop.stop()
    }

    var port: UInt16 { listener.address.port }
    var url: String { "http://127.0.0.1:\(port)/" }
    var received: [String] { requests.withLock { $0 } }
    var acceptedCount: Int { accepted.load(ordering: .relaxed) }

    /// How many connections have ended, from either side.
    var closedCount: Int { closed.load(ordering: .relaxed) }

    fileprivate func accept() {
        while let connection = try? listener.accept() {
            accepted.add(1, ordering: .relaxed)
            let new = Connection(connection.takeDescriptor(), self)
            connections[new.raw] = new
            try? loop.watch(new.raw, .read, new)
        }
    }

    fileprivate func close(_ raw: Int32) {
        loop.unwatch(raw)
        connections[raw] = nil
        closed.add(1, ordering: .relaxed)
    }

    fileprivate func reply(to request: String) -> Reply {
        requests.withLock { $0.append(request) }
        return script(request)
    }
}

private final class Acceptor: ReadinessHandler {
    unowned let server: ScriptedServer

    init(_ server: ScriptedServer) { self.server = server }

    func ready(_ readiness: Readiness) { server.accept() }
}

private final class Connection: ReadinessHandler {
    let descriptor: FileDescriptor
    unowned let server: ScriptedServer
    private var text = ""

    init(_ descriptor: consuming FileDescriptor, _ server: ScriptedServer) {
        self.descriptor = descriptor
        self.server = server
    }

    var raw: Int32 { descriptor.raw }

    func ready(_ readiness: Readiness) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        switch buffer.withUnsafeMutableBytes({ descriptor.read(into: $0) }) {
        case .moved(0), .failed: server.close(raw)
        case .moved where server.atFirstByte != nil:
            if let reply = server.atFirstByte { perform(reply) }
        case .moved(let count):
            text += String(decoding: buffer[..<count], as: UTF8.self)
            while let request = takeRequest() { perform(server.reply(to: request)) }
        case .wouldBlock: break
        }
    }

    private func takeRequest() -> String? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.upperBound]
        let length =
            head.split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingPrefix(" ")) } ?? 0
        let rest = text[end.upperBound...].utf8
        guard rest.count >= length else { return nil }
        let stop = rest.index(rest.startIndex, offsetBy: length)
        let request = String(text[..<stop])
        text = String(text[stop...])
        return request
    }

    private func perform(_ reply: Reply) {
        switch reply {
        case .send(let text), .sendAndHang(let text): send(text)
        case .sendAndClose(let text):
            send(text)
            server.close(raw)
        case .reset:
            TCP.resetOnClose(raw)
            server.close(raw)
        case .sendAndReset(let text):
            send(text)
            TCP.resetOnClose(raw)
            server.close(raw)
        }
    }

    private func send(_ text: String) {
        let bytes = [UInt8](text.utf8)
        var sent = 0
        while sent < bytes.count {
            let attempt = bytes.withUnsafeBytes {
                descriptor.write(UnsafeRawBufferPointer(rebasing: $0.dropFirst(sent)))
            }
            switch attempt {
            case .moved(let count): sent += count
            // The test's peer is on another thread and reads on.
            case .wouldBlock: sched_yield()
            case .failed: return
            }
        }
    }
}
