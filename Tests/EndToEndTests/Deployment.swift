import Foundation
import Glibc
import JSONText
import Platform
import Synchronization
import Testing

/// What an operator starts: the sandbox, a journal, and gateways under `dlnuf serve`.
final class Deployment: Sendable {
    /// The sandbox, and the calls of a client.
    let demo: RunningDemo
    let journal: String

    var folder: String { demo.folder }
    var configuration: String { "\(folder)/passerelle.json" }

    /// Starts the sandbox and creates a journal, in the folder `place` or in its own; no gateway
    /// runs yet.
    init(journalIn place: String? = nil) throws {
        demo = try RunningDemo(sandboxFor: try Ports.free())
        journal = "\(place ?? demo.folder)/journal.sqlite"
        try change("\(demo.folder)/journal.sqlite", to: journal)
        let created = try Program.run(["journal", "create", journal])
        try #require(created.status == 0, "\(created.errors)")
    }

    deinit { try? Files.removeTree(folder) }

    /// Puts another text in the configuration.
    func change(_ text: String, to other: String) throws {
        let bytes = try Files.read(configuration, maxBytes: 1 << 20)
        let changed = String(decoding: bytes, as: UTF8.self).replacing(text, with: other)
        try Files.writeAtomically(configuration, Array(changed.utf8), mode: 0o600)
    }

    /// Starts a gateway and returns once it listens.
    func serve(arguments: [String]? = nil) throws -> Serving {
        try Serving(arguments ?? ["serve", "--config", configuration])
    }

    /// The lines of `audit list --json`, from an index on.
    func records(from index: Int64 = 0) throws -> [JournalEntry] {
        let outcome = try Program.run(
            ["audit", "list", "--json", "--journal", journal, "--depuis", "\(index)"])
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try outcome.output.split(separator: "\n").map { try JournalEntry($0) }
    }
}

/// One gateway of a deployment, in a process of its own.
final class Serving: Sendable {
    private let process: Process
    private let output: Pipe
    private let errors: Pipe
    private let texts = Mutex((output: "", errors: ""))
    private let news = NSCondition()

    init(_ arguments: [String]) throws {
        process = try Program.process(arguments)
        (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        errors.drain { [weak self] text in self?.texts.withLock { $0.errors += text } }
        while !log.contains("passerelle_prete") {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the gateway ended early: \(complaints)")
            texts.withLock { $0.output += String(decoding: data, as: UTF8.self) }
        }
        output.drain { [weak self] text in
            guard let self else { return }
            texts.withLock { $0.output += text }
            news.lock()
            news.broadcast()
            news.unlock()
        }
    }

    deinit { if process.isRunning { signal(SIGKILL) } }

    /// What it has written on standard output.
    var log: String { texts.withLock { $0.output } }
    /// What it has written on standard error.
    var complaints: String { texts.withLock { $0.errors } }

    /// The process.
    var identifier: Int32 { process.processIdentifier }

    /// Waits until its log holds a text so many times; within a minute, or the test fails.
    ///
    /// On a thread of its own: what a test sends meanwhile needs the few that tasks share.
    func awaitLog(_ text: String, times: Int = 1) async throws {
        let isThere = await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: self.comes(text, times: times)) }.start()
        }
        try #require(isThere, "\(text), \(times) times, in \(log)")
    }

    private func comes(_ text: String, times: Int) -> Bool {
        let end = Date(timeIntervalSinceNow: 60)
        news.lock()
        defer { news.unlock() }
        while log.ranges(of: text).count < times {
            guard news.wait(until: end) else { return false }
        }
        return true
    }

    func signal(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for its end and gives its exit code; that of a signal is the signal's number.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// One record, as `audit list --json` shows it.
struct JournalEntry: Sendable {
    let index: Int64
    let leaf: String
    let salt: String
    /// The record, byte for byte.
    let record: String
    let kind: String
    let exchange: String
    let time: Int64
    /// What the data was for.
    let purpose: String?
    /// The verdict of a decision.
    let verdict: String?
    /// The end of an outcome, and the decision that it belongs to.
    let outcome: String?
    let decision: Int64?

    init(_ line: Substring) throws {
        let member = "\"enregistrement\":"
        let start = try #require(line.range(of: member)).upperBound
        record = String(line[start...].dropLast())
        let root = try JSONPlace(root: try parseJSON(Array(line.utf8))).anyObject()
        index = try root.required("indice").int(in: 0...Int64.max)
        leaf = try root.required("feuille").string()
        salt = try root.required("sel").string()
        let body = try root.required("enregistrement").anyObject()
        kind = try body.required("nature").string()
        exchange = try body.required("echange").string()
        time = try body.required("horodatage_ms").int(in: 0...Int64.max)
        purpose = try body.optional("finalite")?.string()
        verdict = try body.optional("verdict")?.string()
        outcome = try body.optional("issue")?.string()
        decision = try body.optional("decision")?.int(in: 0...Int64.max)
    }
}

/// Ports for processes that must be told theirs.
enum Ports {
    /// Below the range from which the kernel gives ports to those that ask for any: there, a port
    /// that was free a moment ago is soon another test's.
    private static let range: Range<UInt16> = 20_000..<32_000
    private static let given = Mutex<Set<UInt16>>([])

    /// A free port of the loopback interface, given once.
    static func free() throws -> UInt16 {
        for port in range.shuffled() {
            guard given.withLock({ $0.insert(port).inserted }), isFree(port) else { continue }
            return port
        }
        throw RunningDemo.Missing(what: "a free port")
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// Random choices that a seed repeats (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
