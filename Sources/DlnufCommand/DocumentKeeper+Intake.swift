import API
import Cryptography
import Exchanges
import HolderClients
import Journal
import Platform
import Policies
import Registrations
import Registry
import Storage
import Vocabulary

// How a set of documents comes in: read, checked, bound, kept, recorded.

extension DocumentKeeper.Surroundings {
    /// Reads the folders and the approved revisions, and checks what they hold; every mistake at
    /// once.
    func read(_ approved: [RevisionMark]) throws(SetRefusal) -> Registry {
        try load(try revisions(approved, isStarting: false))
    }

    /// What the gateway starts with: the folders that were read, or these with the revisions that
    /// were approved since.
    func starting(
        with folders: Registry, _ approved: [RevisionMark]
    ) throws(SetRefusal) -> Registry {
        if configuration.operators != nil || !approved.isEmpty {
            do throws(SystemError) {
                try revisions.prepare()
            } catch {
                throw SetRefusal(
                    CommandFailure(
                        .system,
                        "Le dossier des révisions ne se prépare pas (\(error.text)).",
                        remedy: "Vérifiez \(revisions.path) : ses droits et l'espace libre."))
            }
        }
        guard approved.isEmpty else {
            return try load(try revisions(approved, isStarting: true))
        }
        try checkHistory(of: folders)
        return folders
    }

    /// What became of every proposal.
    func pastRevisions() throws(SetRefusal) -> RevisionLedger {
        do throws(JournalStoreError) {
            return RevisionLedger(try JournalReader(path: configuration.journal).events())
        } catch {
            throw SetRefusal(
                CommandFailure(
                    .data, "Le journal ne dit pas quels connecteurs ont été approuvés.",
                    remedy: error.message))
        }
    }

    /// The files of approved revisions.
    ///
    /// At the start there is no last good set to go on with but what the journal kept of it: where
    /// a file is not what was approved, the connector that the journal kept serves.
    private func revisions(
        _ approved: [RevisionMark], isStarting: Bool
    ) throws(SetRefusal) -> [ApprovedRevision] {
        var found: [ApprovedRevision] = []
        var mistakes: [Diagnostic] = []
        for mark in approved {
            do throws(RevisionFolder.Failure) {
                found.append(try revisions.files(of: mark))
            } catch {
                let mistake = revisions.diagnostic(error, of: mark)
                if isStarting, let kept = kept(mark) {
                    LogLine("revision_reprise_du_journal", level: .error)
                        .with("remarque", mistake).write()
                    found.append(kept)
                } else {
                    mistakes.append(mistake)
                }
            }
        }
        guard mistakes.isEmpty else { throw SetRefusal(mistakes) }
        return found
    }

    /// The connector of a revision, as the journal kept it.
    private func kept(_ mark: RevisionMark) -> ApprovedRevision? {
        guard let journal = try? JournalReader(path: configuration.journal),
            let bytes = try? journal.document(hash: mark.connector),
            Hex.encode(sha256(bytes)) == mark.connector
        else { return nil }
        let path = "connectors/\(mark.holder)/\(mark.dataset)/connector.json"
        return ApprovedRevision(mark: mark, files: [ProposedFile(path: path, bytes: bytes)])
    }

    private func load(_ approved: [ApprovedRevision]) throws(SetRefusal) -> Registry {
        let reading = loadRegistry(
            connectors: configuration.connectors, policies: configuration.policies,
            signatures: configuration.signatures, revisions: approved,
            environment: configuration.environment.ofHolders)
        guard let registry = reading.registry else { throw SetRefusal(reading.errors) }
        try checkHistory(of: registry)
        return registry
    }

    /// Compares a set with those that were in force before.
    func checkHistory(of registry: Registry) throws(SetRefusal) {
        let mistakes: [Diagnostic]
        do {
            let journal = try JournalReader(path: configuration.journal)
            mistakes = try SetHistory(try journal.events()).mistakes(of: registry) {
                try journal.document(hash: $0)
            }
        } catch {
            throw SetRefusal(
                CommandFailure(
                    .data, "Le journal ne dit pas ce qui a été en vigueur.",
                    remedy: (error as? JournalStoreError)?.message ?? "Vérifiez le disque."))
        }
        guard mistakes.isEmpty else { throw SetRefusal(mistakes) }
    }

    /// Gives a set what the deployment has for it: every symbol must be bound.
    func bind(_ registry: Registry) throws(CommandFailure) -> ServedSet {
        try configuration.checkSymbols(of: registry)
        let holders = try configuration.holders(
            registry.connectors, over: clients, lanes: lanes)
        return ServedSet(
            registry, mark: SetMark(registry, configuration.environment.ofHolders),
            holders: holders)
    }

    /// Keeps the files in the journal, then records that they serve.
    func record(
        _ registry: Registry, _ mark: SetMark, cause: GenerationMark.Cause
    ) async throws(CommandFailure) {
        do throws(JournalUnavailable) {
            try await keep(registry.journalDocuments)
            _ = try await store.record(event(mark.inForce(cause), generation: mark.generation))
        } catch {
            throw CommandFailure(
                .system, "Le journal n'a pas pu noter les documents à mettre en vigueur.",
                remedy: "Vérifiez le disque du journal, puis recommencez.")
        }
    }

    /// A few documents at a time, so that the records of exchanges go between.
    func keep(_ documents: [JournalDocument]) async throws(JournalUnavailable) {
        var rest = documents[...]
        while !rest.isEmpty {
            var bytes = 0
            let few = rest.prefix(64).prefix { document in
                defer { bytes += document.bytes.count }
                return bytes < 256 << 10
            }
            try await store.keep(Array(few))
            rest = rest.dropFirst(few.count)
        }
    }

    func event(_ act: EventAct, generation: String) -> EventRecord {
        let now = clocks.wall()
        return EventRecord(
            id: ExchangeID(time: now, random: Randomness.bytes(10)), instant: now,
            generation: generation, act: act)
    }
}

extension GatewayConfiguration {
    /// Every symbol of a policy must be bound, or its purposes could never be used.
    fileprivate func checkSymbols(of registry: Registry) throws(CommandFailure) {
        let bound = Set(franceConnect.clients.keys)
        let missing = registry.policies.clients.subtracting(bound).map(\.symbol).sorted()
        guard missing.isEmpty else {
            throw CommandFailure(
                .configuration,
                "Des clients FranceConnect n'ont pas d'identifiant : "
                    + missing.joined(separator: ", ") + ".",
                remedy: "Ajoutez-les à « franceconnect.clients ».")
        }
    }
}

// MARK: - In the log

extension ServedSet {
    /// Says that the set serves.
    func log(files: Int) {
        LogLine("documents_en_vigueur")
            .with("generation", mark)
            .with("fichiers", files)
            .with("finalites", policies.policies.count)
            .write()
    }
}

extension SetRefusal {
    /// How many remarks the log takes at most.
    private static let shown = 100

    /// Says why a set is refused, one line for each remark.
    func log() {
        for diagnostic in diagnostics.prefix(Self.shown) {
            LogLine("document_refuse", level: .error).with("remarque", diagnostic).write()
        }
        LogLine("documents_refuses", level: .error)
            .with("erreurs", count)
            .with("raison", failure)
            .with("suite", "les derniers documents en ordre restent en vigueur")
            .write()
    }
}
