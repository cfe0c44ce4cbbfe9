import Foundation
import Glibc
import Platform
import Synchronization
import Testing

/// Does what blocks on a thread of its own, so that no other test waits for it.
func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}

/// A client that sends what a test says, byte for byte.
final class Client: Sendable {
    private let descriptor: Mutex<FileDescriptor?>
    private let raw: Int32

    init(port: UInt16) throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: port))
        let connected = try TCP.connect(address, isBlocking: true)
        raw = connected.raw
        descriptor = Mutex(consume connected)
        // A server that says nothing must fail the test, not hang it.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends bytes; blocks when they are more than the sockets hold.
    func send(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// Everything until the server ends the connection; says whether it ended it cleanly.
    func readToEnd() async throws -> (text: String, isClean: Bool) {
        try await aside { [self] in
            var bytes: [UInt8] = []
            while let piece = readSome() {
                if piece.isEmpty { return (String(decoding: bytes, as: UTF8.self), true) }
                bytes += piece
            }
            return (String(decoding: bytes, as: UTF8.self), false)
        }
    }

    /// Everything until what was read ends with a text.
    func read(until end: String) async throws -> String {
        try await aside { [self] in readNow(until: end) }
    }

    /// One response whose length is announced: its head and its body.
    func readResponse() async throws -> (head: String, body: String) {
        try await aside { [self] in
            let head = readNow(until: "\r\n\r\n")
            let line = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
            var left = line.flatMap { Int($0.dropFirst(16)) } ?? 0
            var body: [UInt8] = []
            while left > 0, let piece = readSome(left), !piece.isEmpty {
                body += piece
                left -= piece.count
            }
            return (head, String(decoding: body, as: UTF8.self))
        }
    }

    /// Sends one byte after another until the server says something, and returns that.
    func drip() async throws -> String {
        try await aside { [self] in
            for _ in 0..<10_000 {
                send("X")
                var asked = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
                if poll(&asked, 1, 1) > 0 { break }
            }
        }
        return try await readToEnd().text
    }

    func endSending() { shutdown(raw, Int32(SHUT_WR)) }

    func close() { descriptor.withLock { $0 = nil } }

    func reset() {
        TCP.resetOnClose(raw)
        close()
    }

    private func readNow(until end: String) -> String {
        var bytes: [UInt8] = []
        while !bytes.suffix(end.utf8.count).elementsEqual(end.utf8) {
            guard let piece = readSome(1), !piece.isEmpty else { break }
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func readSome(_ max: Int = 1 << 16) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: max)
        let count = recv(raw, &buffer, max, 0)
        return count < 0 ? nil : Array(buffer.prefix(count))
    }
}

/// What a program printed, and its exit code.
struct Run: Sendable {
    let output: [UInt8]
    let code: Int32

    var text: String { String(decoding: output, as: UTF8.self) }
}

/// Runs a program with bytes on its input.
func run(_ program: String, _ arguments: [String], input: [UInt8] = []) async throws -> Run {
    try await aside { try runNow(program, arguments, input: input) }
}

private func runNow(_ program: String, _ arguments: [String], input: [UInt8]) throws -> Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    let writer = Thread {
        try? stdin.fileHandleForWriting.write(contentsOf: Data(input))
        try? stdin.fileHandleForWriting.close()
    }
    writer.start()
    let output = Array(stdout.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return Run(output: output, code: process.terminationStatus)
}

/// Runs curl quietly.
func curl(_ arguments: String..., input: [UInt8] = []) async throws -> Run {
    try await run("curl", ["-sS", "--max-time", "20"] + arguments, input: input)
}

/// A folder that a test may fill, removed with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/dlnuf-http-XXXXXX\0".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
