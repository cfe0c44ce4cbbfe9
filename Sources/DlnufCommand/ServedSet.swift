import Connectors
import Cryptography
import HolderClients
import Journal
import Platform
import Policies
import Registrations
import Registry
import Resilience
import Storage
import Vocabulary

/// The documents that serve, and all that was made of them: one reference, swapped whole.
final class ServedSet: Sendable {
    let policies: PolicySet
    let known: KnownNames
    let holders: HolderClients
    let connectors: [Connector]
    /// What is known of the holders beside their connectors.
    let registrations: [HolderDocument]
    /// The files of the folders, before any revision took the place of some of them.
    let base: Inventory
    let mark: SetMark

    init(_ registry: Registry, mark: SetMark, holders: HolderClients) {
        policies = registry.policies
        known = registry.policies.knownNames
        connectors = registry.connectors
        registrations = registry.holders
        base = registry.base
        self.holders = holders
        self.mark = mark
    }
}

extension ServedSet {
    /// How the holders are, and how their APIs come along, on a day; those without a connector too.
    func holderStates(on today: CalendarDate) -> [HolderState] {
        let all = standings(of: registrations, connectors, on: today)
        var states = holders.states()
        for standing in all where !states.contains(where: { $0.holder == standing.holder }) {
            states.append(
                HolderState(
                    holder: standing.holder, label: standing.label,
                    datasets: [standing.dataset], modes: [], funds: [], snapshot: nil))
        }
        return states.map { state in
            var state = state
            state.openings = all.filter { $0.holder == state.holder }.map(ModeOpening.init)
            return state
        }
    }
}

extension ModeOpening {
    fileprivate init(_ standing: ModeStanding) {
        self.init(
            dataset: standing.dataset, mode: standing.mode, state: standing.state.rawValue)
        requested = standing.request?.date
        due = standing.request?.deadline
        sandbox = standing.sandbox
        production = standing.production
    }
}

/// What names a set of documents in the journal.
struct SetMark: Sendable, Equatable, LogText {
    /// The hash of the documents that decide.
    let generation: String
    /// The hash of the list of all files.
    let inventory: String
    /// The signed manifest, where there is one.
    let manifest: ManifestMark?
    /// Where the set serves.
    let environment: HolderEnvironment

    init(_ registry: Registry, _ environment: HolderEnvironment) {
        self.environment = environment
        generation = registry.policies.generation
        inventory = Hex.encode(sha256(registry.inventory.bytes))
        manifest = registry.manifest
    }

    var logText: String { generation }

    /// The event that says that the set serves.
    func inForce(_ cause: GenerationMark.Cause) -> EventAct {
        .generationInForce(
            GenerationMark(
                cause: cause, inventory: inventory, manifest: manifest,
                environment: environment))
    }
}

extension Registry {
    /// What the journal keeps of a set: the list of its files, and each of them but the examples of
    /// the connectors, which decide nothing and show what holders say of people.
    var journalDocuments: [JournalDocument] {
        files.filter { $0.kind != "exemple" }
            .map { JournalDocument(kind: $0.kind, bytes: $0.bytes) }
            + [JournalDocument(kind: "inventaire", bytes: inventory.bytes)]
    }
}

/// Why a set of documents is not put in force: every remark, and one sentence for all.
struct SetRefusal: Error {
    let diagnostics: [Diagnostic]
    let failure: CommandFailure

    init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
        failure = CommandFailure(
            .configuration, "Les documents ne passent pas la vérification.",
            remedy: "Corrigez-les ; « dlnuf check » les vérifie.")
    }

    init(_ failure: CommandFailure) {
        diagnostics = []
        self.failure = failure
    }

    /// Says every remark on standard error, and gives the sentence for all.
    func complained() -> CommandFailure {
        for diagnostic in diagnostics { Console.complain(diagnostic.text + "\n") }
        return failure
    }

    /// How many mistakes there are.
    var count: Int { max(1, diagnostics.count) }
}

extension Diagnostic: LogText {
    /// The remark as `dlnuf check` says it: documents hold no personal data.
    package var logText: String { text }
}

extension CommandFailure: LogText {
    var logText: String { "\(message) \(remedy)" }
}
