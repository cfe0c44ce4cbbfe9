import Exchanges
import Journal
import Policies
import Synchronization
import Testing
import Vocabulary

/// What the carrier did, in its order.
enum Step: Hashable, Sendable, CustomStringConvertible {
    case reserved
    case introspected(String)
    case recorded(RecordKind)
    case asked(String)

    var description: String {
        switch self {
        case .reserved: "réservé"
        case .introspected(let holder): "introspecté pour \(holder)"
        case .recorded(let kind): "inscrit \(kind.rawValue)"
        case .asked(let holder): "demandé à \(holder)"
        }
    }
}

/// Where the journal fails.
enum JournalFailure: CaseIterable, Sendable {
    case reserving
    case decision
    case outcome
}

/// Everything around a carrier, in memory: a journal, FranceConnect, the holders and two clocks.
final class World: JournalPort, JournalPlace, FranceConnectPort, HolderPort {
    typealias Introspecting = @Sendable (HolderID) async throws(Problem) -> Introspection
    typealias Answering = @Sendable (HolderAsk, ContinuousClock.Instant) async -> HolderReply

    static let now = Timestamp(milliseconds: 1_795_219_467_123)
    static let instant = ContinuousClock.now

    private struct State {
        var steps: [Step] = []
        var sequencer = Sequencer(after: nil)
        var ledger = CounterLedger()
        var counterNames: Set<[UInt8]> = []
        var records: [JournalRecord] = []
        var bytes: [[UInt8]] = []
    }

    private let state = Mutex(State())
    private let failure: JournalFailure?
    private let introspecting: Introspecting
    private let answering: Answering

    init(
        failing failure: JournalFailure? = nil,
        introspecting: @escaping Introspecting = { holder throws(Problem) in
            Given.introspection()
        },
        answering: @escaping Answering = { ask, _ in Given.reply(to: ask) }
    ) {
        self.failure = failure
        self.introspecting = introspecting
        self.answering = answering
    }

    /// A world whose holders answer in their own way.
    static func answering(_ answering: @escaping Answering) -> World {
        World(answering: answering)
    }

    var steps: [Step] { state.withLock { $0.steps } }
    var records: [JournalRecord] { state.withLock { $0.records } }
    var recordedText: String {
        state.withLock { String(decoding: $0.bytes.joined(), as: UTF8.self) }
    }

    var decisions: [DecisionRecord] {
        records.compactMap { if case .decision(let record) = $0 { record } else { nil } }
    }

    var outcomes: [OutcomeRecord] {
        records.compactMap { if case .outcome(let record) = $0 { record } else { nil } }
    }

    /// Carries one exchange through this world, within ten seconds.
    func carry(
        _ request: ExchangeRequest, under policies: PolicySet, within: Duration = .seconds(10)
    ) async throws(Problem) -> Answer {
        let carrier = ExchangeCarrier(
            journal: self, franceConnect: self,
            clocks: Clocks(wall: { World.now }, monotonic: { World.instant }))
        return try await carrier.carry(
            request, under: Given.generation(policies, holders: self),
            until: World.instant.advanced(by: within))
    }

    // MARK: - Ports

    func reserve() throws(Problem) -> any JournalPlace {
        if failure == .reserving { throw Problem(.journalIndisponible) }
        note(.reserved)
        return self
    }

    func append(_ draft: Draft) async throws(Problem) -> Receipt {
        let kind = draft.columns.kind
        if failure == .decision || (failure == .outcome && kind == .outcome) {
            throw Problem(.journalIndisponible)
        }
        note(.recorded(kind))
        let receipt = state.withLock { state in
            let batch = state.sequencer.prepare(
                [draft], salts: [UInt8](repeating: 7, count: 32), now: World.now)
            for row in batch.rows {
                state.bytes.append(row.record)
                if let record = try? PlacedRecord(row.record).record {
                    state.records.append(record)
                }
            }
            return batch.committed(advancing: &state.sequencer).first
        }
        guard let receipt else { throw Problem(.journalIndisponible) }
        return receipt
    }

    func claim(_ draft: Draft) async throws(Problem) -> Claimed {
        let found = state.withLock { state in
            let counting =
                draft.counting
                ?? draft.sighting.map { Counting(claims: [], access: $0.access) }
            for claim in counting?.claims ?? [] {
                let keys = [claim.counter, claim.member].compactMap { $0 }
                state.counterNames.formUnion(keys.map(\.name))
            }
            let found = counting.map { state.ledger.take($0, at: World.now) { _ in 0 } } ?? []
            if let sighting = draft.sighting, !found.contains(where: \.isExceeded) {
                state.ledger.note(sighting, at: World.now) { _ in 0 }
            }
            state.ledger.commit()
            return found
        }
        if found.contains(where: \.isExceeded) { return .exceeded(found) }
        return .recorded(try await append(draft.finding(found)), found)
    }

    /// What is known of an access against probing.
    func state(of access: AccessMark) -> AccessState {
        state.withLock { $0.ledger.state(of: access) }
    }

    /// The names of the counters that exchanges took, and of their members.
    var counterNames: Set<[UInt8]> { state.withLock { $0.counterNames } }

    func values(_ counters: [CounterKey]) async -> [Int64]? {
        state.withLock { state in counters.map { state.ledger.value($0) { _ in 0 } } }
    }

    func introspect(
        _ token: Sensitive<String>, for holder: HolderID, until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Introspection {
        note(.introspected(holder.text))
        return try await introspecting(holder)
    }

    func ask(
        _ ask: HolderAsk, recorded receipt: Receipt, until deadline: ContinuousClock.Instant
    ) async -> HolderReply {
        note(.asked(ask.service.holder.text))
        #expect(receipt.kind == .decision)
        #expect(receipt.exchange == ask.exchange)
        return await answering(ask, deadline)
    }

    private func note(_ step: Step) {
        state.withLock { $0.steps.append(step) }
    }
}
