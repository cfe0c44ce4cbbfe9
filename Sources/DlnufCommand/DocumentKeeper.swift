import Curl
import Exchanges
import HolderClients
import Journal
import Platform
import Registrations
import Registry
import Storage
import Synchronization
import Vocabulary

/// Keeps the documents that serve: puts the first set in force, and another one when it is told
/// to read them again and finds no mistake in them.
///
/// A set is read and checked on a thread of its own, kept in the journal, recorded there, and only
/// then serves, all of it at once. What fails on the way leaves the last good set in force.
final class DocumentKeeper: Sendable {
    /// What all sets of one gateway are bound to.
    struct Surroundings: Sendable {
        let configuration: GatewayConfiguration
        let clients: [HTTPClient]
        /// What is known of the holders, whichever set serves.
        let lanes: LaneRegister
        let clocks: Clocks
        let store: JournalStore
        /// Where the connectors that holders proposed lie.
        let revisions: RevisionFolder
    }

    let surroundings: Surroundings
    let thread: BlockingThread
    /// What became of every proposal, as the journal tells it.
    let revisions: Mutex<RevisionLedger>
    private let served: Mutex<ServedSet>
    /// The set that served before, for the exchanges that still hold it.
    private let retired = Mutex<ServedSet?>(nil)
    /// Calls for a reload: one is under way, two if another must follow.
    private let calls = Mutex(0)

    private init(
        _ surroundings: Surroundings, _ thread: BlockingThread, _ ledger: RevisionLedger,
        _ first: ServedSet
    ) {
        self.surroundings = surroundings
        self.thread = thread
        revisions = Mutex(ledger)
        served = Mutex(first)
    }

    /// The set that serves now.
    var current: ServedSet { served.withLock { $0 } }

    /// Puts the documents that the gateway starts with in force.
    static func start(
        with folders: Registry, _ surroundings: Surroundings
    ) async throws(CommandFailure) -> DocumentKeeper {
        let ledger: RevisionLedger
        let registry: Registry
        do throws(SetRefusal) {
            ledger = try surroundings.pastRevisions()
            registry = try surroundings.starting(with: folders, ledger.inForce)
        } catch {
            throw error.complained()
        }
        let set = try surroundings.bind(registry)
        let thread: BlockingThread
        do throws(SystemError) {
            thread = try BlockingThread(name: "documents", capacity: 16)
        } catch {
            throw CommandFailure(
                .system, "Le fil des documents ne démarre pas (\(error.text)).",
                remedy: "Vérifiez la mémoire et les limites du système.")
        }
        try await surroundings.record(registry, set.mark, cause: .start)
        set.log(files: registry.files.count)
        return DocumentKeeper(surroundings, thread, ledger, set)
    }

    /// How many records the journal holds; nil while it does not say.
    func journalCount() async -> Int64? {
        let path = surroundings.configuration.journal
        return try? await thread.run { try JournalReader(path: path).count() }
    }

    /// Ends the thread, once what it does is done.
    func stop() { thread.stop() }

    // MARK: - Reloading

    /// Has the documents read again, on a task of the caller's loop; calls that come meanwhile are
    /// one more reload after it.
    func requestReload() {
        let isFirst = calls.withLock { calls in
            calls = min(2, calls + 1)
            return calls == 1
        }
        guard isFirst else { return }
        EventLoop.required().spawn { [self] in
            repeat { await reload() } while isCalledAgain()
        }
    }

    /// Keeps reloads and other changes out until `endTurn`; false where one is under way.
    func takeTurn() -> Bool {
        calls.withLock { calls in
            guard calls == 0 else { return false }
            calls = 1
            return true
        }
    }

    /// Lets others change the documents, and reads them again if that was asked meanwhile.
    func endTurn() {
        guard isCalledAgain() else { return }
        EventLoop.required().spawn { [self] in
            repeat { await reload() } while isCalledAgain()
        }
    }

    private func isCalledAgain() -> Bool {
        calls.withLock { calls in
            calls -= 1
            return calls > 0
        }
    }

    /// Reads the documents again and puts them in force, or says why not.
    private func reload() async {
        do {
            let surroundings = surroundings
            let approved = ledger.inForce
            let (registry, set) = try await thread.run {
                let registry = try surroundings.read(approved)
                return (registry, try surroundings.bind(registry))
            }
            guard set.mark != current.mark else {
                return LogLine("documents_inchanges").with("generation", set.mark).write()
            }
            try await surroundings.record(registry, set.mark, cause: .reload)
            serve(set)
            set.log(files: registry.files.count)
        } catch let refusal as SetRefusal {
            await refuse(refusal)
        } catch let failure as CommandFailure {
            await refuse(SetRefusal(failure))
        } catch {
            await refuse(
                SetRefusal(
                    CommandFailure(
                        .system, "Les documents n'ont pas pu être relus.",
                        remedy: "Envoyez SIGHUP de nouveau.")))
        }
    }

    /// Swaps the sets: exchanges that run go on with the one that they hold.
    ///
    /// Freeing thousands of policies takes a while. So that it is not the last exchange that does,
    /// on its loop, the set that served is held here until all of them have ended.
    func serve(_ set: ServedSet) {
        let before = served.withLock { served in
            defer { served = set }
            return served
        }
        retire(before, onlyIf: nil)
        let number = ObjectIdentifier(before)
        let end = ContinuousClock.now.advanced(
            by: surroundings.configuration.exchangeTimeout + .seconds(60))
        EventLoop.required().spawn { [self] in
            try? await EventLoop.wait(until: end)
            retire(nil, onlyIf: number)
        }
    }

    /// Has the documents' own thread let go of the set that it held, and hold another.
    private func retire(_ set: ServedSet?, onlyIf number: ObjectIdentifier?) {
        _ = thread.submit { [self] in
            retired.withLock { retired in
                if let number, retired.map(ObjectIdentifier.init) != number { return }
                retired = set
            }
        }
    }

    /// Says why a set is refused, in the log at once and in the journal as soon as it writes.
    private func refuse(_ refusal: SetRefusal) async {
        refusal.log()
        if await isRecorded(refusal) { return }
        LogLine("refus_non_journalise", level: .error).write()
        // A commit that failed may yet be found on the disk, saying that the set serves: what the
        // journal is told next must be that it does not.
        EventLoop.required().spawn { [self] in
            for _ in 0..<600 {
                try? await EventLoop.wait(until: .now.advanced(by: .milliseconds(500)))
                if await isRecorded(refusal) { return }
            }
        }
    }

    private func isRecorded(_ refusal: SetRefusal) async -> Bool {
        let event = surroundings.event(
            .generationRefused(mistakes: refusal.count), generation: current.mark.generation)
        return (try? await surroundings.store.record(event)) != nil
    }
}
