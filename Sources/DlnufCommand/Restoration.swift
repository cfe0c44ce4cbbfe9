import Cryptography
import Journal
import Platform
import Registrations
import Registry
import Storage
import Vocabulary

/// Puts the documents of an earlier generation where they are read from, all of them or none.
struct Restoration {
    private let journal: String
    private let target: String
    private let isPrevious: Bool
    private let generation: String?
    private let process: Int32?

    init(_ arguments: Arguments) throws(CommandFailure) {
        journal = try arguments.required("journal")
        let folder = try arguments.required("vers")
        target = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        isPrevious = arguments.has("precedente")
        generation = arguments["generation"]
        guard isPrevious != (generation != nil) else {
            throw CommandFailure(
                .usage, "Il faut --precedente ou --generation, et pas les deux.",
                remedy: "« dlnuf policies generations » montre lesquelles ont été en vigueur.")
        }
        process = try arguments["signaler"].map { (text) throws(CommandFailure) in
            guard let process = Int32(text), Processes.name(of: process) == "dlnuf" else {
                throw CommandFailure(
                    .usage, "Le processus \(shown(text)) n'est pas une passerelle qui tourne.",
                    remedy: "Donnez le numéro du processus « dlnuf serve ».")
            }
            return process
        }
    }

    func run() async throws {
        let reader = try storing { () throws(JournalStoreError) in
            try JournalReader(path: journal)
        }
        let history = SetHistory(
            try storing { () throws(JournalStoreError) in try reader.events() })
        let period = try chosen(in: history)
        let set = try files(of: period, reader)
        let kept = try put(set.files)
        Console.write(summary(of: period, history, set, kept: kept))
        let ledger = RevisionLedger(
            try storing { () throws(JournalStoreError) in try reader.events() })
        Console.write(winners(over: set.files, ledger.inForce))
        guard let process else { return }
        if history.periods.last?.mark == period.mark {
            Console.write("Ces documents sont déjà en vigueur : rien à signaler.\n")
            return
        }
        try await signal(process, reader)
    }

    // MARK: - What to restore

    private func chosen(in history: SetHistory) throws(CommandFailure) -> SetHistory.Period {
        if isPrevious {
            guard let period = history.periods.dropLast().last else {
                throw CommandFailure(
                    .data, "Aucune génération n'a précédé celle qui est en vigueur.",
                    remedy: "« dlnuf policies generations » montre lesquelles l'ont été.")
            }
            return period
        }
        let start = (generation ?? "").lowercased()
        let found = history.periods.filter {
            $0.generation.hasPrefix(start) || $0.mark.inventory.hasPrefix(start)
        }
        guard let last = found.last, start.utf8.count >= 6,
            found.allSatisfy({ $0.generation == last.generation })
        else {
            throw CommandFailure(
                .data,
                found.isEmpty
                    ? "Aucune génération de cette empreinte n'a été en vigueur."
                    : "Cette empreinte ne désigne pas une seule génération.",
                remedy: "« dlnuf policies generations » montre lesquelles l'ont été.")
        }
        return last
    }

    private struct FileSet {
        var files: [KeptDocument] = []
        /// Examples that nobody has any more.
        var leftOut = 0
    }

    private func files(
        of period: SetHistory.Period, _ reader: JournalReader
    ) throws(CommandFailure) -> FileSet {
        let bytes = try document(period.mark.inventory, reader)
        guard let inventory = bytes.flatMap({ Inventory($0) }) else {
            throw CommandFailure(
                .data, "Le journal n'a pas gardé la liste de ces documents.",
                remedy: "Reprenez-les de leur dépôt de sources.")
        }
        var set = FileSet()
        for entry in inventory.entries {
            let isExample = SetFile.kind(of: entry.path) == "exemple"
            let bytes = isExample ? example(entry) : try document(entry.hash, reader)
            if let bytes, Hex.encode(sha256(bytes)) == entry.hash {
                set.files.append(KeptDocument(path: entry.path, bytes: bytes))
            } else if isExample {
                set.leftOut += 1
            } else {
                throw CommandFailure(
                    .data, "Le journal n'a pas gardé « \(entry.path) », ou l'a gardé abîmé.",
                    remedy: "Reprenez ces documents de leur dépôt de sources.")
            }
        }
        let mistakes = loadRegistry(kept: set.files).errors
        guard mistakes.isEmpty else {
            for mistake in mistakes { Console.complain(mistake.text + "\n") }
            throw CommandFailure(
                .data, "Ces documents ne passent plus la vérification de ce programme.",
                remedy: "Choisissez une autre génération, ou corrigez-les à la main.")
        }
        return set
    }

    private func document(
        _ hash: String, _ reader: JournalReader
    ) throws(CommandFailure) -> [UInt8]? {
        try storing { () throws(JournalStoreError) in try reader.document(hash: hash) }
    }

    /// An example, as it is in the folder that is replaced.
    private func example(_ entry: Inventory.Entry) -> [UInt8]? {
        try? Files.read("\(target)/\(entry.path)", maxBytes: 1 << 20)
    }

    // MARK: - Where to

    /// Writes the files beside the folder, then has the two trade places; gives where the folder's
    /// former content is.
    private func put(_ files: [KeptDocument]) throws -> String? {
        let isThere = Files.exists(target)
        if isThere {
            let names = (try? Files.list(target)) ?? [target]
            guard names.allSatisfy({ ["connectors", "policies"].contains($0) }) else {
                throw CommandFailure(
                    .usage,
                    "Le dossier \(target) contient autre chose que connectors et policies.",
                    remedy: "Donnez avec --vers le dossier qui ne contient que ceux-là.")
            }
        }
        let fresh = "\(target).\(Hex.encode(Randomness.bytes(8)))"
        do {
            for file in files {
                let path = "\(fresh)/\(file.path)"
                let folder = path.split(separator: "/", omittingEmptySubsequences: false)
                    .dropLast().joined(separator: "/")
                try Files.createDirectory(folder, mode: 0o755)
                try Files.writeAtomically(path, file.bytes, mode: 0o644)
            }
            guard isThere else {
                try Files.move(fresh, to: target)
                return nil
            }
            try Files.exchange(fresh, target)
        } catch {
            try? Files.removeTree(fresh)
            throw error
        }
        let time = Timestamp(milliseconds: WallClock.milliseconds()).rfc3339
        let former = "\(target).remplace-\(time.filter { $0.isNumber || $0 == "T" })"
        // A second restore within one second: what was replaced then stays under its fresh name.
        guard !Files.exists(former) else { return fresh }
        try Files.move(fresh, to: former)
        return former
    }

    // MARK: - What is said

    private func summary(
        of period: SetHistory.Period, _ history: SetHistory, _ set: FileSet, kept: String?
    ) -> String {
        var lines = [
            "Génération \(period.generation), en vigueur à partir du \(period.since.rfc3339) :",
            "\(set.files.count) fichiers écrits dans \(target).",
        ]
        if let kept { lines.append("Ce qui y était est dans \(kept).") }
        if set.leftOut > 0 {
            lines.append(
                "\(set.leftOut) exemples de connecteurs manquent : le journal ne les garde pas, et "
                    + "ils ne décident de rien.")
        }
        if let last = history.lastManifest, period.mark.manifest != last {
            lines += [
                "Là où les documents doivent être signés, il reste à les signer de nouveau :",
                signing("auteur --serie \(last.serial + 1)"), signing("approbateur"),
            ]
        }
        if process == nil {
            lines.append("La passerelle les relit quand elle reçoit SIGHUP : kill -HUP PID")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The approved revisions that will win over what was written.
    private func winners(over files: [KeptDocument], _ marks: [RevisionMark]) -> String {
        let winners = marks.filter { mark in
            let path = "connectors/\(mark.holder)/\(mark.dataset)/connector.json"
            return !files.contains {
                $0.path == path && Hex.encode(sha256($0.bytes)) == mark.connector
            }
        }
        return winners.map { mark in
            "La révision \(mark.hash.prefix(12))… de \(mark.holder)/\(mark.dataset), approuvée, "
                + "l'emporte sur ce dossier tant qu'un opérateur ne la retire pas.\n"
        }.joined()
    }

    private func signing(_ role: String) -> String {
        "  dlnuf policies sign --connectors \(target)/connectors --policies \(target)/policies "
            + "--cle CLE.pem --nom NOM --role \(role)"
    }

    // MARK: - The gateway

    /// Has a gateway read the documents, and says what its journal says of it.
    private func signal(_ process: Int32, _ reader: JournalReader) async throws {
        let before = try reader.events().last?.placed.index ?? -1
        try Processes.hangUp(process)
        let end = ContinuousClock.now.advanced(by: .seconds(60))
        while ContinuousClock.now < end {
            for event in try reader.events() where event.placed.index > before {
                guard case .event(let record) = event.placed.record else { continue }
                switch record.act {
                case .generationInForce:
                    return Console.write("La passerelle \(process) les a mis en vigueur.\n")
                case .generationRefused(let mistakes):
                    throw CommandFailure(
                        .data,
                        "La passerelle \(process) les refuse : \(mistakes) erreur(s) ; ce qui "
                            + "était en vigueur le reste.",
                        remedy: "Lisez son journal technique, ou « dlnuf policies verify ».")
                case .accessSuspended, .accessRestored, .revision: break
                }
            }
            try await EventLoop.wait(until: .now.advanced(by: .milliseconds(50)))
        }
        throw CommandFailure(
            .system, "La passerelle \(process) n'a rien dit en une minute.",
            remedy: "Vérifiez que ce journal est le sien, et lisez son journal technique.")
    }
}

private func shown(_ text: String) -> String { "« \(text.prefix(20)) »" }
