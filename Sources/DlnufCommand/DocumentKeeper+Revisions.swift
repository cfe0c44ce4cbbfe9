import API
import Connectors
import Exchanges
import JSONText
import Journal
import Onboarding
import Platform
import Policies
import Registrations
import Registry
import Storage
import Synchronization
import Vocabulary

// Connectors that holders propose: kept, approved, put in force and taken out again.
extension DocumentKeeper: RevisionDesk {
    var ledger: RevisionLedger { revisions.withLock { $0 } }

    // MARK: - Proposing

    func read(
        _ bytes: [UInt8], from holder: HolderID, _ dataset: DatasetID
    ) async throws(Problem) -> RevisionReading {
        let context = ProposalContext(
            holder: holder, dataset: dataset, catalogue: current.policies.catalogue.fields,
            play: { examine($0, with: $1) })
        return try await aside { readRevision(bytes, context) }
    }

    func propose(
        _ revision: Revision, _ bytes: [UInt8], by name: OperatorText
    ) async throws(Problem) -> RevisionEntry {
        try begin()
        defer { finish() }
        let mark = revision.mark
        if let waiting = try ledger.checkProposal(of: mark) { return waiting }
        let folder = surroundings.revisions
        try await aside { try folder.write(bytes, mark.hash) }
        do throws(Problem) {
            return try await note(.proposed(by: name), mark)
        } catch {
            // Nothing names the file, unless the same bytes were proposed before.
            if !ledger.knows(mark.hash) { folder.remove(mark.hash) }
            throw error
        }
    }

    // MARK: - Reading

    func bytes(of mark: RevisionMark) async throws(Problem) -> [UInt8] {
        let folder = surroundings.revisions
        return try await aside { try folder.bytes(mark.hash) }
    }

    func differences(of mark: RevisionMark) async -> [String] {
        do throws(Problem) {
            let bytes = try await bytes(of: mark)
            let reading = try await read(bytes, from: mark.holder, mark.dataset)
            guard let revision = reading.revision else {
                return ["Cette révision ne passe plus la vérification."]
            }
            return Registrations.differences(
                from: current.connectors.first {
                    $0.holder == mark.holder && $0.dataset == mark.dataset
                }, to: revision.connector)
        } catch {
            return ["Cette révision ne se lit pas : \(error.detail ?? error.code.entry.title)"]
        }
    }

    // MARK: - Approving

    func approve(
        _ entry: RevisionEntry, by name: OperatorText
    ) async throws(Problem) -> RevisionEntry {
        try begin()
        defer { finish() }
        let mark = entry.mark
        let entry = try ledger.entry(mark.hash, of: mark.holder, mark.dataset)
        try ledger.checkApproval(of: entry, by: name)
        guard entry.approvals.count + 1 == RevisionLedger.approvalsNeeded else {
            return try await note(.approved(by: name), mark)
        }
        let candidate: (registry: Registry, set: ServedSet)
        do throws(SetRefusal) {
            candidate = try await set(with: ledger.applying(.approved(by: name), mark))
        } catch {
            _ = try await note(.refused(by: name, mistakes: error.count), mark)
            throw error.problem
        }
        try await keepDocuments(of: candidate.registry)
        _ = try await note(.approved(by: name), mark)
        try await serve(candidate.registry, candidate.set)
        return try await note(.inForce, mark)
    }

    func withdraw(
        _ entry: RevisionEntry, by name: OperatorText
    ) async throws(Problem) -> RevisionEntry {
        try begin()
        defer { finish() }
        let mark = entry.mark
        let entry = try ledger.entry(mark.hash, of: mark.holder, mark.dataset)
        try ledger.checkWithdrawal(of: entry)
        guard ledger.state(of: entry) == .enVigueur else {
            return try await note(.reverted(by: name), mark)
        }
        let candidate: (registry: Registry, set: ServedSet)
        do throws(SetRefusal) {
            candidate = try await set(with: ledger.applying(.reverted(by: name), mark))
        } catch {
            throw error.problem
        }
        try await keepDocuments(of: candidate.registry)
        let noted = try await note(.reverted(by: name), mark)
        try await serve(candidate.registry, candidate.set)
        return noted
    }

    // MARK: - Steps

    /// The whole set, read again and checked as a ledger would have it.
    ///
    /// The folders must be those in force: an approval must not bring in what somebody changed
    /// there meanwhile.
    private func set(
        with ledger: RevisionLedger
    ) async throws(SetRefusal) -> (registry: Registry, set: ServedSet) {
        let surroundings = surroundings
        let base = current.base
        do {
            return try await thread.run {
                let registry = try surroundings.read(ledger.inForce)
                guard registry.base == base else {
                    throw CommandFailure(
                        .data, "Les dossiers ont changé depuis que la passerelle les a lus.",
                        remedy: "Faites-les relire d'abord (kill -HUP), puis recommencez.")
                }
                return (registry, try surroundings.bind(registry))
            }
        } catch let refusal as SetRefusal {
            throw refusal
        } catch let failure as CommandFailure {
            throw SetRefusal(failure)
        } catch {
            throw SetRefusal(
                CommandFailure(
                    .system, "Les documents n'ont pas pu être relus.", remedy: "Réessayez."))
        }
    }

    private func keepDocuments(of registry: Registry) async throws(Problem) {
        do throws(JournalUnavailable) {
            try await surroundings.keep(registry.journalDocuments)
        } catch {
            throw Problem(.journalIndisponible)
        }
    }

    /// Records that a set serves, then has it serve.
    private func serve(_ registry: Registry, _ set: ServedSet) async throws(Problem) {
        do throws(CommandFailure) {
            try await surroundings.record(registry, set.mark, cause: .revision)
        } catch {
            // The step itself is recorded: the set serves as soon as the journal writes again.
            requestReload()
            throw Problem(.journalIndisponible)
        }
        serve(set)
        set.log(files: registry.files.count)
    }

    /// Records a step, then takes it.
    private func note(
        _ step: RevisionStep, _ mark: RevisionMark
    ) async throws(Problem) -> RevisionEntry {
        let event = surroundings.event(
            .revision(step, mark), generation: current.mark.generation)
        do throws(JournalUnavailable) {
            _ = try await surroundings.store.record(event)
        } catch {
            throw Problem(.journalIndisponible)
        }
        let ledger = revisions.withLock { ledger in
            ledger.apply(step, mark, at: event.instant)
            return ledger
        }
        LogLine("revision").with("etape", StepWord(step)).with("revision", mark).write()
        return try ledger.entry(mark.hash, of: mark.holder, mark.dataset)
    }

    /// Does what reads or writes files on the documents' own thread.
    private func aside<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws(Problem) -> Value {
        do {
            return try await thread.run(body)
        } catch is QueueFull {
            throw Problem(.documentsOccupes, retryAfterSeconds: 1)
        } catch RevisionFolder.Failure.altered {
            throw Problem(
                .depotIndisponible,
                detail: "Le fichier de cette révision n'est plus celui qui a été proposé ; "
                    + "retirez-la, et faites-la proposer de nouveau.")
        } catch {
            throw Problem(.depotIndisponible)
        }
    }

    /// Nobody else changes the documents until `finish`.
    private func begin() throws(Problem) {
        guard takeTurn() else { throw Problem(.documentsOccupes, retryAfterSeconds: 1) }
    }

    private func finish() { endTurn() }
}

extension SetRefusal {
    /// The refusal as the operators' surface tells it.
    fileprivate var problem: Problem {
        let mistakes = diagnostics.prefix(100).map { diagnostic in
            DocumentMistake(
                file: diagnostic.file, line: diagnostic.position?.line,
                column: diagnostic.position?.column, member: diagnostic.path,
                message: diagnostic.message, remedy: diagnostic.remedy)
        }
        guard mistakes.isEmpty else {
            return Problem(
                .revisionRefusee,
                detail: "Tous les documents ensemble ne passent pas la vérification ; rien ne "
                    + "change.", mistakes: Array(mistakes))
        }
        let remedies = failure.remedy.split(separator: "\n").map { line in
            String(line.drop { $0 == " " })
        }
        return Problem(
            .revisionRefusee, detail: failure.message,
            mistakes: remedies.map {
                DocumentMistake(file: "configuration", message: failure.message, remedy: $0)
            })
    }
}

// MARK: - In the log

extension RevisionMark: LogText {
    /// Names of the deployment's own catalogues, and a hash.
    package var logText: String { "\(holder)/\(dataset) \(hash)" }
}

/// The name of a step, from the closed list of the journal's acts.
private struct StepWord: LogText {
    let logText: String

    init(_ step: RevisionStep) { logText = step.kind.rawValue }
}
