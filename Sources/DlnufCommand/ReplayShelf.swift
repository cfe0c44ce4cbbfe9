import JSONText
import Journal
import Policies
import Registry
import Reviews
import Storage
import Synchronization
import Vocabulary

/// The documents under which a journal's decisions are taken again.
final class ReplayShelf: Sendable {
    /// What a decision is replayed under, and where that comes from.
    struct Place: Sendable {
        /// Nil where the journal does not hold the policy that decided.
        let replayer: Replayer?
        let origin: String
    }

    private struct Base: Sendable {
        let policies: PolicySet
        let known: KnownNames
        let isOfItsTime: Bool
        let origin: String
    }

    private struct State {
        var bases: [String: Base] = [:]
        var places: [String: Place] = [:]
    }

    private let current: Base
    private let candidate: Candidate?
    private let state = Mutex(State())

    /// The sets that were in force, by the generation that each made.
    private let marks: [String: GenerationMark]

    init(
        current registry: Registry, candidate: Candidate?, journal: JournalReader
    ) throws(JournalStoreError) {
        current = Base(
            policies: registry.policies, known: registry.policies.knownNames, isOfItsTime: false,
            origin: "les contrats et connecteurs des dossiers donnés, faute de ceux de l'époque")
        self.candidate = candidate
        var marks: [String: GenerationMark] = [:]
        for event in try journal.events() {
            guard case .event(let record) = event.placed.record,
                case .generationInForce(let mark) = record.act
            else { continue }
            marks[record.generation] = mark
        }
        self.marks = marks
    }

    /// What a decision is replayed under, found once for all decisions that are alike.
    func place(
        for record: DecisionRecord, _ journal: JournalReader
    ) throws(JournalStoreError) -> Place {
        let key = ReplayShelf.key(of: record)
        if let known = state.withLock({ $0.places[key] }) { return known }
        let base = try base(for: record.facts.generation, journal)
        let place: Place
        if let candidate {
            place = self.place(of: candidate, on: base)
        } else if base.isOfItsTime {
            place = Place(
                replayer: Replayer(
                    policies: base.policies, past: base.policies, known: base.known),
                origin: base.origin)
        } else {
            place = try pastPolicy(of: record, on: base, journal)
        }
        state.withLock { $0.places[key] = place }
        return place
    }

    static func key(of record: DecisionRecord) -> String {
        record.facts.generation + (record.facts.policy?.hash ?? "")
    }

    // MARK: - Whole sets

    private func base(
        for generation: String, _ journal: JournalReader
    ) throws(JournalStoreError) -> Base {
        if let known = state.withLock({ $0.bases[generation] }) { return known }
        let base: Base
        // The folders do not say where they serve, on which the modes that are open depend.
        let isEverywhere = marks[generation]?.environment == nil
        if generation == current.policies.generation, isEverywhere {
            base = Base(
                policies: current.policies, known: current.known, isOfItsTime: true,
                origin: "les documents des dossiers donnés, qui sont ceux de l'époque")
        } else {
            base = try kept(generation, journal) ?? current
        }
        state.withLock { $0.bases[generation] = base }
        return base
    }

    /// The set that the journal kept; nil where it is not whole, or no longer loads as it did.
    private func kept(
        _ generation: String, _ journal: JournalReader
    ) throws(JournalStoreError) -> Base? {
        guard let mark = marks[generation],
            let list = try journal.document(hash: mark.inventory),
            let inventory = Inventory(list)
        else { return nil }
        var documents: [KeptDocument] = []
        // A connector's examples decide nothing, and the journal does not keep them.
        for entry in inventory.entries where SetFile.kind(of: entry.path) != "exemple" {
            guard let bytes = try journal.document(hash: entry.hash) else { return nil }
            documents.append(KeptDocument(path: entry.path, bytes: bytes))
        }
        guard
            let registry = loadRegistry(
                kept: documents, environment: mark.environment
            ).registry,
            registry.policies.generation == generation
        else { return nil }
        return Base(
            policies: registry.policies, known: registry.policies.knownNames, isOfItsTime: true,
            origin: "les documents de l'époque, que le journal a gardés")
    }

    // MARK: - One policy in a set

    private func place(of candidate: Candidate, on base: Base) -> Place {
        for base in [base, current] {
            if let policies = base.policies.replacing(candidate.purpose, by: candidate.bytes) {
                return Place(
                    replayer: Replayer(
                        policies: policies, past: base.policies, known: base.known),
                    origin: base.origin)
            }
        }
        return Place(replayer: nil, origin: base.origin)
    }

    /// The policy that the record names, among documents of today.
    private func pastPolicy(
        of record: DecisionRecord, on base: Base, _ journal: JournalReader
    ) throws(JournalStoreError) -> Place {
        guard let mark = record.facts.policy, let purpose = record.facts.purpose.name else {
            return Place(
                replayer: Replayer(
                    policies: base.policies, past: base.policies, known: base.known),
                origin: base.origin)
        }
        guard let bytes = try journal.document(hash: mark.hash),
            let policies = base.policies.replacing(purpose, by: bytes)
        else { return Place(replayer: nil, origin: base.origin) }
        return Place(
            replayer: Replayer(
                policies: policies, past: policies, known: policies.knownNames),
            origin: base.origin)
    }
}

/// A policy that is tried before it is in force.
struct Candidate: Sendable {
    let purpose: PurposeID
    let bytes: [UInt8]
    let version: Int
}

extension PolicySet {
    /// This set with another document for one purpose; nil where that document is not sound.
    func replacing(_ purpose: PurposeID, by bytes: [UInt8]) -> PolicySet? {
        let reading = readPolicy(
            bytes, of: purpose, catalogue: catalogue, service: services[purpose.service])
        guard let policy = reading.value else { return nil }
        return PolicySet(
            generation: generation, catalogue: catalogue, services: Array(services.values),
            policies: policies.filter { $0.id != purpose } + [policy], holders: holders)
    }
}
