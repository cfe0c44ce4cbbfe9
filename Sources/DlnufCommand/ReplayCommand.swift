import JSONText
import Journal
import Platform
import Policies
import Registry
import Reviews
import Storage
import Vocabulary

extension Command {
    static let policiesReplay = Command(
        "policies replay",
        summary: "Rejoue les décisions du journal, sous une politique candidate ou sous les leurs.",
        usage: "--journal CHEMIN [--policy FICHIER] [--du JOUR] [--au JOUR] [options]",
        options: [
            journalOption,
            Option(
                name: "policy", value: "FICHIER",
                summary: "la politique candidate ; sans elle, chaque décision est reprise telle "
                    + "qu'elle fut prise"),
            Option(
                name: "du", value: "AAAA-MM-JJ", summary: "à partir de ce jour (heure de Paris)"),
            Option(name: "au", value: "AAAA-MM-JJ", summary: "jusqu'à ce jour inclus"),
            Option(name: "service", value: "SERVICE", summary: "seulement ce service"),
            Option(
                name: "finalite", value: "FINALITE",
                summary: "seulement cette finalité (celle de la candidate, s'il y en a une)"),
            Option(name: "format", value: "FORME", summary: "texte (défaut), csv ou json"),
            Option(name: "json", value: nil, summary: "comme --format json"),
            Option(
                name: "nombre", value: "N",
                summary: "combien de bascules le texte liste (défaut : 50)"),
            .connectors, .policies,
        ],
        details: """
            Chaque décision est prise de nouveau par les fonctions mêmes qui l'ont prise, sur ce que
            l'enregistrement garde de la demande, sous les documents de l'époque si le journal les a
            gardés, sinon sous ceux des dossiers donnés : le rapport dit lesquels.
            Ce qui ne peut pas être rejoué est compté avec sa raison, jamais passé sous silence.
            Avec --policy, le rapport liste les décisions qui basculeraient, par service ; sans elle,
            celles dont le journal ne redonne pas le verdict : il ne doit pas y en avoir.
            Codes de sortie : 0 rien ne bascule, 1 au moins une décision bascule, 64, 65, 71 ou 78 si
            le rejeu n'a pas pu se faire.
            """
    ) { arguments in
        let format = try replayFormat(arguments)
        let listed = try number(arguments, "nombre") ?? 50
        let registry = try loadDocuments(
            connectors: arguments.connectors, policies: arguments.policies)
        let candidate = try arguments["policy"].map { (path) throws(CommandFailure) in
            try Candidate(path, against: registry.policies)
        }
        let scope = try replayScope(arguments, candidate)
        let path = try arguments.required("journal")
        let (shelf, count) = try storing { () throws(JournalStoreError) in
            let journal = try JournalReader(path: path)
            let shelf = try ReplayShelf(
                current: registry, candidate: candidate, journal: journal)
            return (shelf, try journal.count())
        }
        let job = ReplayJob(path, count: count, shelf: shelf, scope: scope)
        var report = ReplayReport()
        let start = ContinuousClock.now
        try reading { report = try job.run(threads: 2) }
        let seconds = start.duration(to: .now) / .seconds(1)
        let counts = report.total
        Console.complain(
            "\(grouped(counts.replayed)) décisions rejouées en \(tenths(seconds)) s.\n")
        Console.write(
            report.written(
                as: format, title: title(scope, candidate), listing: Int(clamping: listed)))
        return report.flips.isEmpty ? 0 : 1
    }

    private static func replayFormat(
        _ arguments: Arguments
    ) throws(CommandFailure) -> ReplayReport.Format {
        if arguments.has("json") { return .json }
        guard let format = ReplayReport.Format(rawValue: arguments["format"] ?? "texte") else {
            throw badOption("format", "texte, csv ou json")
        }
        return format
    }

    private static func replayScope(
        _ arguments: Arguments, _ candidate: Candidate?
    ) throws(CommandFailure) -> ReplayJob.Scope {
        let filter = try filter(arguments)
        if let candidate, let purpose = filter.purpose, purpose != candidate.purpose {
            throw CommandFailure(
                .usage, "La politique candidate est celle de « \(candidate.purpose) ».",
                remedy: "Retirez --finalite.")
        }
        return ReplayJob.Scope(
            purpose: candidate?.purpose ?? filter.purpose, service: filter.service,
            from: filter.from, to: filter.to)
    }

    private static func title(_ scope: ReplayJob.Scope, _ candidate: Candidate?) -> String {
        let what =
            candidate.map { "Rejeu sous \($0.purpose)@\($0.version), candidate" }
            ?? "Rejeu sous les politiques que le journal nomme"
        let parts = [
            scope.purpose.flatMap { candidate == nil ? ", finalité \($0)" : nil },
            scope.service.map { ", service \($0)" }, scope.from.map { ", du \($0.text)" },
            scope.to.map { ", au \($0.text)" },
        ]
        return what + parts.compactMap { $0 }.joined()
    }
}

extension Candidate {
    /// Reads a candidate, which names its own purpose.
    init(_ path: String, against policies: PolicySet) throws(CommandFailure) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(path, maxBytes: 1 << 20)
        } catch {
            throw CommandFailure(
                .data, "Le fichier \(shownName(path)) ne se lit pas (\(error.text)).",
                remedy: "Vérifiez son chemin et ses droits.")
        }
        let purpose = (try? parseJSON(bytes))?["finalite"]?.string.flatMap { PurposeID($0) }
        guard let purpose else {
            throw CommandFailure(
                .data, "Le fichier \(shownName(path)) n'est pas une politique.",
                remedy: "Donnez un policy.json, qui nomme sa « finalite ».")
        }
        let reading = readPolicy(
            bytes, of: purpose, catalogue: policies.catalogue,
            service: policies.services[purpose.service])
        for mistake in reading.mistakes {
            Console.complain(Diagnostic(.erreur, file: shownName(path), mistake).text + "\n")
        }
        guard let policy = reading.value else {
            throw CommandFailure(
                .data, "La politique \(shownName(path)) ne passe pas la vérification.",
                remedy: "Corrigez-la, puis recommencez.")
        }
        self.init(purpose: purpose, bytes: bytes, version: policy.version)
    }
}

/// A number of seconds with one decimal.
private func tenths(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10),\(tenths % 10)"
}
