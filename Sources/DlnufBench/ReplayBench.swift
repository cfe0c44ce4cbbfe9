import Exchanges
import Glibc
import Journal
import Platform
import Policies
import Registry
import Storage
import Synchronization
import Vocabulary

/// Measures « dlnuf policies replay » over a journal that the carrier itself wrote.
///
/// FranceConnect and the holders answer at once, and the clock runs as fast as exchanges come; the
/// decisions, the records and the store are the gateway's own.
struct ReplayBench {
    private static let target = Duration.seconds(30)
    private static let targetDecisions = 1_000_000

    /// Writes a journal of so many decisions, replays it and gives the report.
    static func run(_ options: BenchOptions) async throws -> String {
        let folder = "\(options.folder)-rejeu"
        if Files.exists(folder) { try Files.removeTree(folder) }
        try Files.createDirectory(folder)
        defer { try? Files.removeTree(folder) }
        let path = "\(folder)/journal.sqlite"
        write("Écriture d'un journal de \(options.decisions) décisions…\n")
        let written = try await Scribe.fill(options.decisions, to: path)
        write("Écrit en \(decimal(written / .seconds(1), 0)) s. Rejeu…\n")
        let start = ContinuousClock.now
        let replay = try ChildProcess(
            ".build/release/dlnuf", ["policies", "replay", "--journal", path, "--nombre", "10"])
        try await replay.awaitEnd(within: .seconds(600))
        let elapsed = ContinuousClock.now - start
        // An ended program that nobody has waited for still says what it spent.
        let spent = ProcessCPU.ofTree(replay.identifier) ?? .zero
        return """
            Rejeu de \(options.decisions) décisions : \(decimal(elapsed / .seconds(1), 1)) s, \
            processus compris, dont \(decimal(spent / .seconds(1), 1)) s de CPU sur deux fils. \
            Objectif pour \(targetDecisions) : au plus 30 s : \(verdict(options, elapsed)).

            """
    }

    /// Fewer decisions prove nothing of the target; more of them in its time do.
    private static func verdict(_ options: BenchOptions, _ elapsed: Duration) -> String {
        guard elapsed <= target else {
            return options.decisions <= targetDecisions ? "manqué" : "non mesuré"
        }
        return options.decisions >= targetDecisions ? "tenu" : "non mesuré"
    }
}

/// Fills a journal with exchanges that a carrier carries.
private final class Scribe: FranceConnectPort, HolderPort {
    private let policies: PolicySet
    private let keyring: Keyring
    private let taken = Mutex(0)
    private let step: Int64
    private let asking: Mutex<InventedAsking>

    private static let progressStep = 100_000

    static func fill(_ count: Int, to path: String) async throws -> Duration {
        guard let registry = loadRegistry(connectors: "connectors", policies: "policies").registry,
            let first = CalendarDate("2026-01-02"), let last = CalendarDate("2026-12-20")
        else {
            throw BenchFailure(
                "Les dossiers « connectors » et « policies » ne se lisent pas.",
                remedy: "Lancez la mesure depuis le dossier du projet.")
        }
        let begin = first.daysSinceEpoch * 86_400_000
        let step = max(1, (last.daysSinceEpoch * 86_400_000 - begin) / Int64(count))
        try JournalStore.create(path, at: Timestamp(milliseconds: begin))
        let clock = SharedClock(begin)
        var configuration = JournalStore.Configuration(path: path)
        configuration.now = { clock.now }
        let store = try JournalStore.open(configuration)
        defer { store.close() }
        let scribe = Scribe(registry.policies, store.keyring, clock, step)
        let start = ContinuousClock.now
        await scribe.carry(count, recordedBy: RecordingPort(store))
        return ContinuousClock.now - start
    }

    private let shared: SharedClock

    private init(
        _ policies: PolicySet, _ keyring: Keyring, _ shared: SharedClock, _ step: Int64
    ) {
        self.policies = policies
        self.keyring = keyring
        self.shared = shared
        self.step = step
        asking = Mutex(InventedAsking(policies))
    }

    private func takesOne(of count: Int) -> Bool {
        let number = taken.withLock { taken in
            taken += 1
            return taken
        }
        if number.isMultiple(of: Scribe.progressStep), number < count {
            write("  \(number) sur \(count)\n", to: STDERR_FILENO)
        }
        return number <= count
    }

    /// Carries the exchanges, a few hundred at a time, so that the store commits in groups.
    private func carry(_ count: Int, recordedBy journal: RecordingPort) async {
        let carrier = ExchangeCarrier(
            journal: journal, franceConnect: self,
            clocks: Clocks(
                wall: { [shared] in shared.now }, monotonic: { ContinuousClock.now }))
        let generation = Generation(
            policies: policies, known: policies.namesOfRecords, keyring: keyring, holders: self)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<400 {
                group.addTask { [self] in
                    while takesOne(of: count) {
                        let now = shared.advanced(by: step)
                        let request = asking.withLock { $0.request(at: now) }
                        _ = try? await carrier.carry(
                            request, under: generation, until: .now + .seconds(60))
                    }
                }
            }
        }
    }

    func introspect(
        _ token: Sensitive<String>, for holder: HolderID, until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Introspection {
        asking.withLock { $0.introspection(of: token.reveal(), at: shared.now) }
    }

    func ask(
        _ ask: HolderAsk, recorded receipt: Receipt, until deadline: ContinuousClock.Instant
    ) async -> HolderReply {
        HolderReply(status: .indisponible, missing: .detenteurIndisponible)
    }
}

/// A clock that exchanges move forward.
private final class SharedClock: Sendable {
    private let milliseconds: Mutex<Int64>

    init(_ start: Int64) {
        milliseconds = Mutex(start)
    }

    var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    func advanced(by step: Int64) -> Timestamp {
        Timestamp(
            milliseconds: milliseconds.withLock { milliseconds in
                milliseconds += step
                return milliseconds
            })
    }
}
