import Foundation
import Glibc
import HTTPMessages
import Platform
import Synchronization
import Testing

/// A journal on a disk that fills up, and that is freed again.
@Suite(.serialized, .enabled(if: SmallDisk.isPossible, "monter un petit tmpfs demande d'être root"))
struct `A full disk` {
    /// What is left decides which write fails first: a decision's, an outcome's, a later one's.
    @Test(arguments: [0, 4, 12, 24, 48, 80])
    func `stops exchanges before anybody is called, until there is space`(
        _ kilobytesLeft: Int
    ) async throws {
        let disk = try SmallDisk(kilobytes: 1024)
        let deployment = try Deployment(journalIn: disk.path)
        let demo = deployment.demo
        let serving = try deployment.serve()
        let before = try await Self.exchanges(demo, count: 8)
        #expect(try await demo.readiness() == 200)

        try disk.fill(leaving: kilobytesLeft)
        // Some pages are left in the log; then the failure becomes known.
        let last = try await Self.exchangesUntilRefused(demo)
        try await demo.clearCalls()
        for name in ["revenu-fiscal-identite", "salaires-franceconnect"] {
            let example = try demo.example(name)
            let reply = try await demo.send(example)
            #expect(reply.status == 503, "\(reply.text)")
            #expect(reply.member("code") == "journal_indisponible")
            #expect(reply.member("donnees") == nil)
        }
        #expect(try await demo.callsToAll() == 0)
        #expect(try await demo.readiness() == 503)
        #expect(try await demo.send(.get, "\(demo.gateway)/livez").status == 200)

        try disk.free()
        try await demo.awaitReadiness()
        let after = try await Self.exchanges(demo, count: 4)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)

        var checker = JournalChecker()
        let report = try checker.check(
            try deployment.records(), holding: before + last + after)
        print("full disk, \(kilobytesLeft) KiB left: \(report)")
    }

    @Test func `loses nothing under load, however often it fills up`() async throws {
        let disk = try SmallDisk(kilobytes: 16 << 10)
        let deployment = try Deployment(journalIn: disk.path)
        let serving = try deployment.serve()
        let traffic = Traffic()
        async let answers = traffic.run(clients: 12, against: deployment.demo)
        for _ in 0..<3 {
            try await traffic.awaitMore(of: 200, count: 30)
            try disk.fill()
            try await traffic.awaitMore(of: 503, count: 30)
            try disk.free()
            try await deployment.demo.awaitReadiness()
        }
        try await traffic.awaitMore(of: 200, count: 10)
        traffic.stop()
        let received = await answers
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        var checker = JournalChecker()
        let report = try checker.check(try deployment.records(), holding: received)
        print("full disk under load: \(report)")
    }

    @Test func `refuses to make a journal, and says so`() throws {
        let disk = try SmallDisk(kilobytes: 512)
        try disk.fill()
        let outcome = try Program.run(["journal", "create", "\(disk.path)/journal.sqlite"])
        #expect(outcome.status == 65 || outcome.status == 71, "\(outcome.errors)")
        #expect(outcome.errors.contains("disque"), "\(outcome.errors)")
        try disk.free()
        // What the failure left does not stand in the way.
        let again = try Program.run(["journal", "create", "\(disk.path)/journal.sqlite"])
        #expect(again.status == 0, "\(again.errors)")
    }

    private static func exchanges(_ demo: RunningDemo, count: Int) async throws -> [Answer] {
        var answers: [Answer] = []
        for turn in 0..<count {
            let name = turn % 2 == 0 ? "revenu-fiscal-identite" : "salaires-franceconnect"
            let reply = try await demo.send(try demo.example(name))
            #expect(reply.status == 200, "\(reply.text)")
            answers.append(try Answer(reply))
        }
        return answers
    }

    /// Sends until the journal refuses, and gives the answers before that.
    private static func exchangesUntilRefused(_ demo: RunningDemo) async throws -> [Answer] {
        var answers: [Answer] = []
        for _ in 0..<400 {
            let reply = try await demo.send(try demo.example("revenu-fiscal-identite"))
            if reply.status != 200 {
                #expect(reply.status == 503, "\(reply.text)")
                #expect(reply.member("code") == "journal_indisponible")
                #expect(reply.member("donnees") == nil)
                return answers
            }
            answers.append(try Answer(reply))
        }
        Issue.record("the disk never filled up")
        return answers
    }
}

/// Clients that send until they are told to stop; their answers are data or the journal's refusal.
private final class Traffic: Sendable {
    private let answers = Mutex<[Answer]>([])
    private let counts = Mutex<[Int: Int]>([:])
    private let isOver = Atomic(false)

    func stop() { isOver.store(true, ordering: .releasing) }

    /// The answers with data.
    func run(clients: Int, against demo: RunningDemo) async -> [Answer] {
        await withTaskGroup { group in
            for client in 0..<clients {
                group.addTask { [self] in
                    do {
                        try await send(client, to: demo)
                    } catch {
                        Issue.record("client \(client): \(error)")
                    }
                }
            }
        }
        return answers.withLock { $0 }
    }

    private func send(_ client: Int, to demo: RunningDemo) async throws {
        let names = ["revenu-fiscal-identite", "salaires-franceconnect"]
        let example = try demo.example(names[client % names.count])
        while !isOver.load(ordering: .acquiring) {
            let reply = try await demo.send(example)
            if reply.status == 200 {
                let answer = try Answer(reply)
                answers.withLock { $0.append(answer) }
            } else {
                #expect(reply.status == 503, "\(reply.text)")
                #expect(reply.member("code") == "journal_indisponible", "\(reply.text)")
                #expect(reply.member("donnees") == nil)
            }
            counts.withLock { $0[reply.status, default: 0] += 1 }
        }
    }

    /// Returns once there are more answers of a status.
    func awaitMore(of status: Int, count: Int) async throws {
        let first = counts.withLock { $0[status, default: 0] }
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while counts.withLock({ $0[status, default: 0] }) < first + count {
            try #require(ContinuousClock.now < deadline, "no answers of \(status)")
            // No event to await here: the answers go to the clients, which only count them.
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// A disk of its own, small enough to be filled.
final class SmallDisk: Sendable {
    let path: String

    /// Whether this process may mount one.
    static let isPossible: Bool = geteuid() == 0 && (try? SmallDisk(kilobytes: 64)) != nil

    init(kilobytes: Int) throws {
        path = try Files.temporaryDirectory(prefix: "dlnuf-disque")
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            try? Files.removeTree(path)
            throw SystemError(code: errno, operation: "mount")
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        try? Files.removeTree(path)
    }

    private var ballast: String { "\(path)/lest" }

    /// Takes what is left, but for some of it.
    func fill(leaving kilobytes: Int = 0) throws {
        let file = open(ballast, O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 4096)
        var size = 0
        while case let count = write(file, block, block.count), count > 0 { size += count }
        try #require(ftruncate(file, max(0, size - kilobytes << 10)) == 0)
    }

    /// Gives it back.
    func free() throws {
        try #require(unlink(ballast) == 0)
    }
}

extension RunningDemo {
    /// What `/readyz` says.
    func readiness() async throws -> Int {
        try await send(.get, "\(gateway)/readyz").status
    }

    /// Returns once the gateway is ready; asking is the wait.
    func awaitReadiness() async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        while ContinuousClock.now < deadline {
            if try await readiness() == 200 { return }
        }
        throw Missing(what: "readiness")
    }
}
