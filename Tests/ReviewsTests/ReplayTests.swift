import Exchanges
import Journal
import Policies
import Reviews
import Testing
import Vocabulary

@Suite struct `A replay` {
    private let policies: PolicySet

    init() throws { policies = try Shipped.policies() }

    /// Carries so many random exchanges and gives their decisions.
    private func past(
        _ count: Int, seed: UInt64, of purpose: PurposeID? = nil
    ) async -> [(row: Past.Row, request: ExchangeRequest)] {
        let past = Past()
        var asking = RandomAsking(policies: policies, random: SeededGenerator(seed: seed))
        var requests: [ExchangeRequest] = []
        for _ in 0..<count {
            let request = asking.request(of: purpose)
            let introspection = asking.introspection(
                at: request.question.now, of: policies[request.question.purpose])
            await past.carry(
                request, under: policies.asGeneration(holders: past), introspection: introspection)
            requests.append(request)
        }
        return zip(past.decisions, requests).map { ($0, $1) }
    }

    private func reading(_ row: Past.Row) throws -> DecisionReader.Reading {
        var reader = DecisionReader()
        return try #require(try reader.read(row.bytes))
    }

    @Test(arguments: 0..<12)
    func `gives every verdict again under the policies that decided`(seed: UInt64) async throws {
        let replayer = Replayer(policies: policies, past: policies, known: policies.names)
        var reader = DecisionReader()
        var counts: [String: Int] = [:]
        for (row, request) in await past(120, seed: seed) {
            let reading = try #require(try reader.read(row.bytes))
            let verdict = replayer.replay(reading)
            switch verdict {
            case .same: counts[reading.shared.record.verdict.rawValue, default: 0] += 1
            case .unplayable(let reason): counts[reason.rawValue, default: 0] += 1
            case .flip(let flip):
                Issue.record("\(flip.reason) — \(request.question.fields) — \(reading)")
            }
        }
        #expect(counts["permise"] ?? 0 > 0 && counts["refusee"] ?? 0 > 0, "\(counts)")
        let unplayable = counts.filter { Unplayable(rawValue: $0.key) != nil }
        #expect(Set(unplayable.keys).isSubset(of: [Unplayable.unidentified.rawValue]))
    }

    @Test(arguments: 0..<12)
    func `foresees what a changed policy would have decided`(seed: UInt64) async throws {
        let purpose = try #require(PurposeID("dhup/logement-social"))
        var random = SeededGenerator(seed: seed)
        let document = try DocumentChange.random(
            try Shipped.document(purpose.text), using: &random)
        guard let candidate = try policies.replacing(purpose, by: document) else { return }
        let replayer = Replayer(policies: candidate, past: policies, known: policies.names)
        for (row, request) in await past(60, seed: seed &+ 900, of: purpose) {
            let reading = try reading(row)
            let record = reading.shared.record
            let verdict = replayer.replay(reading)
            let first = candidate.decide(request.question)
            switch verdict {
            case .same where record.verdict == .permitted: #expect(first.isPermitted)
            case .flip(let flip) where flip.kind == .closes && record.problem == nil:
                #expect(record.verdict == .permitted)
            case .flip(let flip) where flip.kind == .opensSubjectToUsager:
                #expect(first.isPermitted && record.level == nil)
            case .flip(let flip) where flip.kind == .opens:
                #expect(first.isPermitted && record.verdict == .refused)
            case .flip, .same, .unplayable: break
            }
            if !first.isPermitted, record.verdict == .permitted {
                guard case .flip(let flip) = verdict else {
                    Issue.record("the candidate refuses \(request.question.fields)")
                    continue
                }
                #expect(flip.kind == .closes && !flip.henceforth.isEmpty)
            }
        }
    }

    @Test func `reads each record as it reads it alone`() async throws {
        var shared = DecisionReader()
        for (row, _) in await past(300, seed: 77) {
            let alone = try reading(row)
            let read = try #require(try shared.read(row.bytes))
            #expect(read.instant == alone.instant && read.exchange == alone.exchange)
            var mine = read.shared.record
            mine.facts = alone.shared.record.facts
            #expect(mine == alone.shared.record)
        }
    }

    @Test func `counts and lists what flips, and says what it could not replay`() async throws {
        let purpose = try #require(PurposeID("cnaf/aide-logement"))
        var document = try Shipped.document(purpose.text)
        document["etat"] = "suspendue"
        let candidate = try #require(try policies.replacing(purpose, by: document))
        let replayer = Replayer(policies: candidate, past: policies, known: policies.names)
        var report = ReplayReport()
        var reader = DecisionReader()
        var permitted = 0
        for (row, _) in await past(200, seed: 5, of: purpose) {
            let reading = try #require(try reader.read(row.bytes))
            if reading.shared.record.verdict == .permitted { permitted += 1 }
            report.add(
                replayer.replay(reading), of: reading,
                at: row.index, under: "les documents en vigueur")
        }
        report.add(.erased, by: "cnaf")
        let total = report.total
        #expect(total.flips[.closes] ?? 0 >= permitted && permitted > 0)
        #expect(total.unplayable[.erased] == 1)
        #expect(report.flips.count == total.flipped)
        let text = report.written(as: .text, title: "Rejeu", listing: 3)
        #expect(text.contains("finalite_inactive") && text.contains("enregistrement effacé"))
        let table = report.written(as: .csv, title: "Rejeu")
        #expect(table.split(separator: "\n").count == report.flips.count + 1)
    }
}
