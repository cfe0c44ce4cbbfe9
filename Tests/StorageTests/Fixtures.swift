import Journal
import Platform
import Testing
import Vocabulary

@testable import Storage

/// Invented exchanges for the tests of the store.
enum Fixture {
    static func facts() throws -> ExchangeFacts {
        let time = Timestamp(milliseconds: WallClock.milliseconds())
        return ExchangeFacts(
            exchange: ExchangeID(time: time, random: Randomness.bytes(10)),
            instant: time,
            service: try #require(ServiceID("cnaf")),
            recipient: .known(try #require(Siret("13002526500013"))),
            purpose: .known(try #require(PurposeID("cnaf/aide-logement"))),
            policy: PolicyMark(hash: String(repeating: "ab", count: 32), version: 3),
            generation: "generation",
            mode: .identite
        )
    }

    static let names = KnownNames(
        catalogue: FieldCatalogue([]),
        purposes: [],
        recipients: []
    )

    static func decision(
        _ facts: ExchangeFacts,
        _ verdict: DecisionRecord.Verdict = .permitted,
        taking counting: Counting? = nil
    ) -> Draft {
        Draft(
            DecisionRecord(
                facts: facts,
                verdict: verdict,
                requested: RecordedFields([], known: names),
                credential: "cnaf-2026"
            ),
            taking: counting
        )
    }

    static func outcome(_ facts: ExchangeFacts, _ decision: Receipt) -> Draft {
        Draft(OutcomeRecord(facts: facts, decision: decision.index, outcome: .complete))
    }
}

/// A journal in a folder of its own, with a loop to append from.
final class JournalBench: Sendable {
    let folder: String
    let path: String
    let loop: EventLoop

    private let isOwnFolder: Bool

    init(folder: String? = nil) throws {
        isOwnFolder = folder == nil
        self.folder = try folder ?? Files.temporaryDirectory(prefix: "dlnuf-storage")
        path = self.folder + "/journal.sqlite"
        loop = try EventLoop(name: "test")
        try loop.start()
        try JournalStore.create(path, at: Timestamp(milliseconds: WallClock.milliseconds()))
    }

    deinit {
        loop.stop()
        if isOwnFolder { try? Files.removeTree(folder) }
    }

    func open(
        _ change: (inout JournalStore.Configuration) -> Void = { _ in }
    ) throws -> JournalStore {
        var configuration = JournalStore.Configuration(path: path)
        configuration.retryInterval = .milliseconds(5)
        change(&configuration)
        return try JournalStore.open(configuration)
    }

    /// Records both records of an exchange, and gives their receipts.
    func exchange(_ store: JournalStore) async throws -> [Receipt] {
        try await loop.run {
            let facts = try Fixture.facts()
            let reservation = try store.reserve()
            let decision = try await reservation.append(Fixture.decision(facts))
            let outcome = try await reservation.append(Fixture.outcome(facts, decision))
            return [decision, outcome]
        }
    }
}
