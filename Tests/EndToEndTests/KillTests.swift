import Cryptography
import Foundation
import Glibc
import HTTPMessages
import SQLite
import Synchronization
import Testing

/// `kill -9` under load: what a client was told is in the journal, and the next process serves.
///
/// `DLNUF_KILLS=100` asks for more rounds, `DLNUF_ANSWERS=5000` for longer ones, `DLNUF_SEED` for
/// those of an earlier run.
@Suite(.serialized) struct `A gateway that is killed` {
    private static func setting(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test func `loses nothing that a client was told`() async throws {
        let rounds = Self.setting("DLNUF_KILLS") ?? 20
        let seed = Self.setting("DLNUF_SEED") ?? UInt64.random(in: 0...UInt64(UInt32.max))
        let most = Int(Self.setting("DLNUF_ANSWERS") ?? 80)
        print("kill -9: DLNUF_SEED=\(seed) DLNUF_KILLS=\(rounds)")
        var dice = Dice(seed: seed)
        let deployment = try Deployment()
        var checker = JournalChecker()
        for round in 1...rounds {
            let serving = try deployment.serve()
            let answers = try await Load(
                clients: Int.random(in: 4...24, using: &dice),
                answers: Int.random(in: 1...most, using: &dice),
                pause: .microseconds(Int.random(in: 0...20_000, using: &dice))
            ).run(against: deployment.demo) { serving.signal(SIGKILL) }
            #expect(serving.end() == SIGKILL)
            // The next process closes what the killed one left open, before it listens.
            let next = try deployment.serve()
            let report = try checker.check(
                try deployment.records(from: checker.nextIndex), holding: answers)
            print("  round \(round): \(report)")
            try checker.checkCounters(deployment.journal)
            let reply = try await deployment.demo.send(
                try deployment.demo.example("revenu-fiscal-identite"))
            #expect(reply.status == 200, "\(reply.text)")
            next.signal(SIGTERM)
            #expect(next.end() == 0, "\(next.complaints)")
        }
        var whole = JournalChecker()
        print("  in all: \(try whole.check(try deployment.records(), holding: []))")
        try whole.checkCounters(deployment.journal)
    }

    @Test func `in a demonstration too`() async throws {
        let demo = try await RunningDemo()
        let answers = try await Load(clients: 8, answers: 20, pause: .milliseconds(3))
            .run(against: demo) { demo.kill() }
        let again = try await RunningDemo(folder: demo.folder)
        var checker = JournalChecker()
        let entries = try again.records().map { try JournalEntry(Substring($0.text)) }
        print("  demo: \(try checker.check(entries, holding: answers))")
        let reply = try await again.send(try again.example("revenu-fiscal-franceconnect"))
        #expect(reply.status == 200)
    }
}

/// What a client keeps of an answer.
struct Answer: Sendable {
    let status: Int
    let exchange: String
    let outcome: String?
    let index: Int64?
    let leaf: String?

    init(_ reply: RunningDemo.Reply) throws {
        status = reply.status
        exchange = try #require(reply.member("echange"))
        outcome = reply.member("statut")
        index = reply.member("recu.indice").flatMap { Int64($0) }
        leaf = reply.member("recu.empreinte")
    }
}

/// Clients that send exchanges in both modes until the gateway is gone.
struct Load: Sendable {
    let clients: Int
    /// How many answers come before the end does.
    let answers: Int
    /// How long after those.
    let pause: Duration

    private static let examples = [
        "revenu-fiscal-identite", "salaires-franceconnect", "demande-complete-identite",
        "refus-hors-finalite", "quotient-familial-franceconnect", "statut-etudiant-identite",
    ]

    private final class Progress: Sendable {
        let answers = Mutex<[Answer]>([])
        let isKilled = Atomic(false)
    }

    /// The answers that clients received, to the last.
    func run(
        against demo: RunningDemo, killing kill: @escaping @Sendable () -> Void
    ) async throws -> [Answer] {
        let progress = Progress()
        await withTaskGroup { group in
            for client in 0..<clients {
                group.addTask { await send(client, to: demo, progress, kill) }
            }
        }
        let isKilled = progress.isKilled.load(ordering: .acquiring)
        #expect(isKilled)
        return progress.answers.withLock { $0 }
    }

    private func send(
        _ client: Int, to demo: RunningDemo, _ progress: Progress,
        _ kill: @Sendable () -> Void
    ) async {
        for turn in client... {
            do {
                let example = try demo.example(Self.examples[turn % Self.examples.count])
                let reply = try await demo.send(example)
                #expect(reply.status == example.status, "\(example.name): \(reply.text)")
                let answer = try Answer(reply)
                let count = progress.answers.withLock { answers in
                    answers.append(answer)
                    return answers.count
                }
                guard count == answers else { continue }
                // No event to await: the point is a kill at a moment that nothing announces.
                try? await Task.sleep(for: pause)
                progress.isKilled.store(true, ordering: .releasing)
                kill()
            } catch {
                // Only the kill ends a client.
                let isKilled = progress.isKilled.load(ordering: .acquiring)
                #expect(isKilled, "client \(client): \(error)")
                return
            }
        }
    }
}

/// Reads a journal as an auditor does, and holds it against what clients were told.
struct JournalChecker {
    private(set) var nextIndex: Int64 = 0
    private var time: Int64 = 0
    /// Permitted decisions so far, by purpose.
    private var permitted: [String: Int64] = [:]

    struct Report: CustomStringConvertible {
        var answers = 0
        var records = 0
        var decisions = 0
        var interrupted = 0

        var description: String {
            "\(answers) answers held against \(records) records, \(decisions) decisions, "
                + "\(interrupted) of them interrupted"
        }
    }

    mutating func check(
        _ entries: [JournalEntry], holding answers: [Answer]
    ) throws -> Report {
        let first = nextIndex
        for entry in entries {
            #expect(entry.index == nextIndex, "a gap in the indexes")
            #expect(entry.time >= time, "the writer's time went back")
            #expect(entry.leaf == Self.leaf(of: entry), "record \(entry.index)")
            if entry.verdict == "permise", let purpose = entry.purpose {
                permitted[purpose, default: 0] += 1
            }
            nextIndex = entry.index + 1
            time = entry.time
        }
        try checkOutcomes(entries, from: first)
        let exchanges = Dictionary(grouping: entries, by: \.exchange)
        for answer in answers {
            try check(answer, against: exchanges[answer.exchange, default: []])
        }
        return Report(
            answers: answers.count, records: entries.count,
            decisions: entries.count { $0.kind == "decision" },
            interrupted: entries.count { $0.outcome == "interrompu" })
    }

    /// The counters of days are the permitted decisions that the journal holds, to the last.
    func checkCounters(_ journal: String) throws {
        let database = try Database(path: journal, access: .readOnly)
        try database.setBusyTimeout(5_000)
        for (purpose, count) in permitted {
            let counted = try database.firstInt64(
                "SELECT sum(nombre) FROM compteurs WHERE nom = CAST('par_jour \(purpose)' AS BLOB)")
            #expect(counted == count, "\(purpose)")
        }
    }

    /// Each permitted decision has one outcome, each outcome its decision.
    private func checkOutcomes(_ entries: [JournalEntry], from first: Int64) throws {
        var outcomes: [Int64: Int] = [:]
        for entry in entries where entry.kind == "issue" {
            let index = try #require(entry.decision)
            outcomes[index, default: 0] += 1
            let decision = entries[Int(index - first)]
            #expect(index < entry.index)
            #expect(decision.verdict == "permise")
            #expect(decision.exchange == entry.exchange)
        }
        for entry in entries where entry.kind == "decision" {
            let expected = entry.verdict == "permise" ? 1 : 0
            #expect(outcomes[entry.index, default: 0] == expected, "decision \(entry.index)")
        }
    }

    private func check(_ answer: Answer, against own: [JournalEntry]) throws {
        guard answer.status == 200 else {
            #expect(own.map(\.verdict) == ["refusee"], "refused exchange \(answer.exchange)")
            return
        }
        let index = try #require(answer.index)
        try #require(own.map(\.kind) == ["decision", "issue"], "exchange \(answer.exchange)")
        #expect(own[1].index == index)
        #expect(own[1].leaf == answer.leaf)
        #expect(own[1].outcome == answer.outcome)
    }

    /// SHA-256(0x00 ‖ SHA-256("dlnuf/feuille/v1" ‖ salt ‖ record)), as the journal promises it.
    private static func leaf(of entry: JournalEntry) -> String? {
        guard let salt = Hex.decode(entry.salt) else { return nil }
        let inner = sha256(Array("dlnuf/feuille/v1".utf8) + salt + Array(entry.record.utf8))
        return Hex.encode(sha256([0] + inner))
    }
}
