import Journal
import Registrations
import TestSupport
import Testing
import Vocabulary

@Suite struct `The ledger of proposed connectors` {
    private static func mark(_ hash: String) throws -> RevisionMark {
        RevisionMark(
            holder: try #require(HolderID("dgfip")),
            dataset: try #require(DatasetID("revenu_fiscal")), hash: hash, connector: hash)
    }

    private static func name(_ text: String) throws -> OperatorText {
        try #require(OperatorText(text))
    }

    private static func step(_ text: String) throws -> RevisionStep {
        switch text {
        case "propose": .proposed(by: try name("dgfip-1"))
        case "aude": .approved(by: try name("Aude"))
        case "noe": .approved(by: try name("Noé"))
        case "refuse": .refused(by: try name("Noé"), mistakes: 1)
        default: .reverted(by: try name("Noé"))
        }
    }

    /// A ledger after steps such as « propose a, aude a ».
    private static func ledger(_ steps: String) throws -> RevisionLedger {
        var ledger = RevisionLedger()
        for (index, words) in steps.split(separator: ", ").enumerated() {
            let parts = words.split(separator: " ").map(String.init)
            ledger.apply(
                try step(parts[0]), try mark(parts[1]),
                at: Timestamp(milliseconds: Int64(index)))
        }
        return ledger
    }

    @Test(
        arguments: [
            ("", []),
            ("propose a", []),
            ("propose a, aude a", []),
            ("propose a, aude a, noe a", ["a"]),
            ("propose a, aude a, refuse a, noe a", ["a"]),
            ("propose a, aude a, noe a, propose b, aude b", ["a"]),
            ("propose a, aude a, noe a, propose b, aude b, noe b", ["b"]),
            ("propose a, aude a, noe a, propose b, aude b, noe b, revert b", ["a"]),
            ("propose a, aude a, noe a, propose b, aude b, noe b, revert a", ["b"]),
            ("propose a, aude a, noe a, propose b, aude b, noe b, revert a, revert b", []),
            ("propose a, aude a, noe a, revert a", []),
            ("propose a, aude a, noe a, revert a, propose a", []),
            ("propose a, aude a, noe a, revert a, propose a, aude a, noe a", ["a"]),
            ("propose a, propose b, aude b, noe b, aude a, noe a", ["a"]),
            ("aude a, noe a", []),
        ])
    func `serves the newest that two operators approved and nobody withdrew`(
        _ steps: String, _ serving: [String]
    ) throws {
        #expect(try Self.ledger(steps).inForce.map(\.hash) == serving)
    }

    @Test(
        arguments: [
            ("propose a", "Aude", true), ("propose a", "Noé", true),
            ("propose a, aude a", "Noé", true), ("propose a, aude a", "Aude", false),
            ("propose a", "dgfip-1", false), ("propose a, revert a", "Aude", false),
            ("propose a, aude a, noe a", "Zoé", false),
        ])
    func `takes an approval of two others than the proposer, once each`(
        _ steps: String, _ who: String, _ isTaken: Bool
    ) throws {
        let ledger = try Self.ledger(steps)
        let mark = try Self.mark("a")
        let entry = try ledger.entry("a", of: mark.holder, mark.dataset)
        let name = try Self.name(who)
        if isTaken {
            try ledger.checkApproval(of: entry, by: name)
        } else {
            #expect(throws: Problem.self) { try ledger.checkApproval(of: entry, by: name) }
        }
    }

    @Test func `gives back what waits already, and refuses what serves`() throws {
        let waiting = try Self.ledger("propose a, aude a")
        #expect(try waiting.checkProposal(of: Self.mark("a"))?.approvals.count == 1)
        #expect(try waiting.checkProposal(of: Self.mark("b")) == nil)
        for steps in [
            "propose a, aude a, noe a", "propose a, aude a, noe a, propose b, aude b, noe b",
        ] {
            let ledger = try Self.ledger(steps)
            #expect(throws: Problem.self) { try ledger.checkProposal(of: Self.mark("a")) }
        }
        let withdrawn = try Self.ledger("propose a, revert a")
        #expect(try withdrawn.checkProposal(of: Self.mark("a")) == nil)
    }

    @Test func `lets so many wait, and no more`() throws {
        let steps = (1...RevisionLedger.maximumWaiting).map { "propose n\($0)" }
        let ledger = try Self.ledger(steps.joined(separator: ", "))
        #expect(ledger.waiting.count == RevisionLedger.maximumWaiting)
        #expect(throws: Problem.self) { try ledger.checkProposal(of: Self.mark("autre")) }
    }

    /// Whether the gateway would take a step.
    private static func isAllowed(
        _ step: RevisionStep, _ mark: RevisionMark, _ ledger: RevisionLedger
    ) -> Bool {
        if case .proposed = step {
            let isWaiting = (try? ledger.checkProposal(of: mark)).map { _ in true }
            let isServing = (try? { () throws in _ = try ledger.checkProposal(of: mark) }()) == nil
            return isWaiting == nil && !isServing
        }
        guard let entry = try? ledger.entry(mark.hash, of: mark.holder, mark.dataset) else {
            return false
        }
        if case .reverted = step { return (try? ledger.checkWithdrawal(of: entry)) != nil }
        guard let name = step.actor else { return false }
        return (try? ledger.checkApproval(of: entry, by: name)) != nil
    }

    /// Whatever the order of the steps, one at most serves, and it has two approvals.
    @Test(arguments: Seeds.count(3))
    func `never serves what one person approved`(seed: UInt64) throws {
        var seeded = Seeded(seed)
        for _ in 0..<100 {
            var ledger = RevisionLedger()
            for _ in 0..<20 {
                let mark = try Self.mark(seeded.pick(["a", "b", "c"]))
                let step = try Self.step(
                    seeded.pick(["propose", "aude", "noe", "refuse", "revert"]))
                guard Self.isAllowed(step, mark, ledger) else { continue }
                ledger.apply(step, mark, at: Timestamp(milliseconds: 0))
                #expect(ledger.inForce.count <= 1)
                for mark in ledger.inForce {
                    let entry = try ledger.entry(mark.hash, of: mark.holder, mark.dataset)
                    #expect(Set(entry.approvals.map(\.by.text)) == ["Aude", "Noé"])
                    #expect(entry.withdrawal == nil)
                }
            }
        }
    }
}
