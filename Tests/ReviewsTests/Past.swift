import Exchanges
import Foundation
import Journal
import Policies
import Registry
import Synchronization
import Testing
import Vocabulary

/// Exchanges that took place, in memory: the carrier's own records, as a journal keeps them.
final class Past: JournalPort, JournalPlace, FranceConnectPort, HolderPort {
    struct Row: Sendable {
        let index: Int64
        let bytes: [UInt8]
    }

    private struct State {
        var sequencer = Sequencer(after: nil)
        var ledger = CounterLedger()
        var rows: [Row] = []
        var now = Timestamp(milliseconds: 0)
        var introspection: @Sendable (HolderID) -> Introspection? = { _ in nil }
        var asks: [HolderAsk] = []
    }

    private let state = Mutex(State())

    /// The records of decisions.
    var decisions: [Row] {
        state.withLock { $0.rows }.filter { row in
            guard let placed = try? PlacedRecord(row.bytes) else { return false }
            return placed.record.kind == .decision
        }
    }

    /// What holders were asked by the last exchange.
    var asks: [HolderAsk] { state.withLock { $0.asks } }

    /// Carries one exchange, whose records are kept; gives the problem that its caller reads.
    @discardableResult
    func carry(
        _ request: ExchangeRequest, under generation: Generation,
        introspection: @escaping @Sendable (HolderID) -> Introspection?
    ) async -> Problem? {
        let now = request.question.now
        state.withLock { state in
            state.now = now
            state.introspection = introspection
            state.asks = []
        }
        let instant = ContinuousClock.now
        let carrier = ExchangeCarrier(
            journal: self, franceConnect: self,
            clocks: Clocks(wall: { now }, monotonic: { instant }))
        do throws(Problem) {
            _ = try await carrier.carry(
                request, under: generation, until: instant.advanced(by: .seconds(10)))
            return nil
        } catch {
            return error
        }
    }

    func reserve() throws(Problem) -> any JournalPlace { self }

    func append(_ draft: Draft) async throws(Problem) -> Receipt {
        let receipt = state.withLock { state in
            let batch = state.sequencer.prepare(
                [draft], salts: [UInt8](repeating: 7, count: 32), now: state.now)
            for row in batch.rows { state.rows.append(Row(index: row.index, bytes: row.record)) }
            return batch.committed(advancing: &state.sequencer).first
        }
        guard let receipt else { throw Problem(.journalIndisponible) }
        return receipt
    }

    func claim(_ draft: Draft) async throws(Problem) -> Claimed {
        let found = state.withLock { state in
            let found = draft.counting.map { state.ledger.take($0, at: state.now) { _ in 0 } }
            state.ledger.commit()
            return found ?? []
        }
        if found.contains(where: \.isExceeded) { return .exceeded(found) }
        return .recorded(try await append(draft.finding(found)), found)
    }

    func values(_ counters: [CounterKey]) async -> [Int64]? { nil }

    func introspect(
        _ token: Sensitive<String>, for holder: HolderID, until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Introspection {
        guard let found = state.withLock({ $0.introspection })(holder) else {
            throw Problem(.jetonFranceConnectInactif)
        }
        return found
    }

    func ask(
        _ ask: HolderAsk, recorded receipt: Receipt, until deadline: ContinuousClock.Instant
    ) async -> HolderReply {
        state.withLock { $0.asks.append(ask) }
        return HolderReply(status: .indisponible, missing: .detenteurIndisponible)
    }
}

/// The documents that ship with the project.
enum Shipped {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func policies() throws -> PolicySet {
        let reading = loadRegistry(
            connectors: root.appending(path: "connectors").path(),
            policies: root.appending(path: "policies").path())
        return try #require(reading.registry, "\(reading.errors.map(\.text))").policies
    }

    static func document(_ purpose: String) throws -> [String: Any] {
        let url = root.appending(path: "policies/\(purpose)/policy.json")
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        return try #require(json as? [String: Any])
    }
}

extension PolicySet {
    /// This set, one purpose's document replaced by another; nil where that one is not sound.
    func replacing(_ purpose: PurposeID, by document: [String: Any]) throws -> PolicySet? {
        let bytes = Array(try JSONSerialization.data(withJSONObject: document))
        let reading = readPolicy(
            bytes, of: purpose, catalogue: catalogue, service: services[purpose.service])
        guard let policy = reading.value else { return nil }
        return PolicySet(
            generation: "candidate", catalogue: catalogue,
            services: Array(services.values),
            policies: policies.filter { $0.id != purpose } + [policy], holders: holders)
    }

    var names: KnownNames {
        KnownNames(
            catalogue: catalogue.fields,
            purposes: Set(policies.map(\.id)),
            recipients: Set(policies.flatMap { $0.habilitations.map(\.recipient) }),
            formNames: Set(policies.flatMap(\.fields).flatMap(\.forms).compactMap(\.key.name)),
            clients: clients)
    }

    func asGeneration(holders: any HolderPort) -> Generation {
        let keys = (2024...2029).map { year in
            YearKey(year: year, secret: [UInt8](repeating: UInt8(year - 2000), count: 32))
        }
        return Generation(
            policies: self, known: names, keyring: Keyring(pseudonyms: keys, counters: keys),
            holders: holders)
    }
}
