import Glibc
import Platform

/// One connection of a load: sends a request, reads the answer, and again.
final class LoadConnection: ReadinessHandler {
    private unowned let generator: LoadGenerator
    private let place: Int
    private var raw: Int32 = -1
    private var outgoing: [UInt8] = []
    private var written = 0
    private var reader = AnswerReader()
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var begun = ContinuousClock.now
    private var due = ContinuousClock.now
    private var isAwaiting = false

    init(_ generator: LoadGenerator, place: Int) {
        self.generator = generator
        self.place = place
    }

    /// Connects and sends the first request.
    func start() {
        if let interval = generator.interval {
            // Spread over one interval, so that connections do not beat together.
            due = ContinuousClock.now + interval * place / generator.load.connections
        }
        connect()
    }

    /// Closes for good.
    func close() {
        guard raw >= 0 else { return }
        generator.loop.unwatch(raw)
        _ = Glibc.close(raw)
        raw = -1
    }

    func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) { write() }
        if raw >= 0, !readiness.isDisjoint(with: [.readable, .hangUp, .failed]) { read() }
    }

    private func connect() {
        guard !generator.isOver else { return }
        reader = AnswerReader()
        do throws(SystemError) {
            raw = try TCP.connect(generator.load.address).release()
            try generator.loop.watch(raw, [.read, .write, .edge], self)
        } catch {
            return fail()
        }
        scheduleNext()
    }

    private func scheduleNext() {
        guard let interval = generator.interval else {
            begun = ContinuousClock.now
            return send()
        }
        begun = due
        due += interval
        if begun <= ContinuousClock.now { return send() }
        generator.loop.schedule(at: begun) { [self] in send() }
    }

    private func send() {
        guard raw >= 0, !isAwaiting, !generator.isOver else { return }
        isAwaiting = true
        outgoing = generator.nextRequest()
        written = 0
        write()
    }

    private func write() {
        while written < outgoing.count {
            let attempt = outgoing.withUnsafeBytes { bytes in
                attemptWrite(raw, from: UnsafeRawBufferPointer(rebasing: bytes[written...]))
            }
            switch attempt {
            case .moved(let count): written += count
            // Not connected yet, or no room: the edge will tell.
            case .wouldBlock, .failed(ENOTCONN): return
            case .failed: return fail()
            }
        }
    }

    private func read() {
        while raw >= 0 {
            switch buffer.withUnsafeMutableBytes({ attemptRead(raw, into: $0) }) {
            case .moved(0), .failed: return fail()
            case .wouldBlock: return
            case .moved(let count):
                guard let status = reader.feed(buffer[..<count]) else { continue }
                isAwaiting = false
                generator.answered(status, after: ContinuousClock.now - begun)
                reader = AnswerReader()
                scheduleNext()
            }
        }
    }

    private func fail() {
        generator.failed()
        close()
        isAwaiting = false
        guard !generator.isOver else { return }
        // A moment's rest: a peer that refuses connections must not spin the loop.
        generator.loop.schedule(at: ContinuousClock.now + .milliseconds(10)) { [self] in
            connect()
        }
    }
}

/// Finds the end of one answer, no more: a load knows what it asked.
struct AnswerReader {
    private var head: [UInt8] = []
    private var status = 0
    private var left: Int?
    private var tail: [UInt8] = []

    /// Takes bytes; the status once the answer is whole.
    mutating func feed(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard status == 0 else { return take(bytes) }
        let from = max(0, head.count - 3)
        head.append(contentsOf: bytes)
        guard let end = Self.endOfHead(head, from: from) else { return nil }
        let text = String(decoding: head[..<end], as: UTF8.self).lowercased()
        status = Int(text.dropFirst(9).prefix(3)) ?? 999
        left = Self.value(of: "content-length", in: text).flatMap { Int($0) }
        let isWithoutBody = status == 204 || status == 304
        if isWithoutBody || left == nil && !text.contains("transfer-encoding: chunked") { left = 0 }
        return take(head[end...])
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) -> Int? {
        if let left {
            self.left = left - bytes.count
            return left <= bytes.count ? status : nil
        }
        // Chunked: the last chunk ends the answer, as no other request is under way.
        tail = (tail + bytes).suffix(7)
        return tail.suffix(5).elementsEqual("0\r\n\r\n".utf8) ? status : nil
    }

    private static func endOfHead(_ bytes: [UInt8], from: Int) -> Int? {
        var index = from
        while index + 4 <= bytes.count {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13,
                bytes[index + 3] == 10
            {
                return index + 4
            }
            index += 1
        }
        return nil
    }

    private static func value(of name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0] == name {
                return String(parts[1].filter { $0 != " " })
            }
        }
        return nil
    }
}
