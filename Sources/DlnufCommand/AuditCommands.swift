import Foundation
import Identification
import JSONText
import Journal
import Platform
import Storage
import Vocabulary

extension Command {
    static let journalOption = Option(
        name: "journal", value: "CHEMIN", summary: "le journal à lire (obligatoire)")

    private static let filterOptions = [
        Option(name: "service", value: "SERVICE", summary: "seulement ce service"),
        Option(name: "finalite", value: "FINALITE", summary: "seulement cette finalité"),
        Option(name: "destinataire", value: "SIRET", summary: "seulement ce destinataire"),
        Option(name: "du", value: "AAAA-MM-JJ", summary: "à partir de ce jour (heure de Paris)"),
        Option(name: "au", value: "AAAA-MM-JJ", summary: "jusqu'à ce jour inclus"),
    ]

    static let journalCreate = Command(
        "journal create",
        summary: "Crée un journal vide et ses clés.",
        usage: "CHEMIN",
        details: """
            La passerelle ne démarre pas sans journal : il se crée une seule fois, ici. Un fichier
            déjà présent n'est jamais remplacé. Les clés des pseudonymes sont à côté, en mode 0600.
            """,
        positional: 1
    ) { arguments in
        guard let path = arguments.positional.first else {
            throw CommandFailure(
                .usage, "Le chemin du journal manque.",
                remedy: "Écrivez « dlnuf journal create CHEMIN ».")
        }
        try storing {
            () throws(JournalStoreError) in
            try JournalStore.create(
                path, at: Timestamp(milliseconds: WallClock.milliseconds()))
        }
        Console.write("Journal créé : \(path)\n")
        return 0
    }

    static let auditList = Command(
        "audit list",
        summary: "Montre les enregistrements du journal.",
        usage: "--journal CHEMIN [options]",
        options: [journalOption] + filterOptions + [
            Option(name: "echange", value: "ID", summary: "seulement cet échange"),
            Option(
                name: "nature", value: "NATURE", summary: "decision, issue ou evenement seulement"),
            Option(name: "depuis", value: "INDICE", summary: "à partir de cet indice"),
            Option(name: "nombre", value: "N", summary: "au plus N enregistrements"),
            Option(name: "json", value: nil, summary: "un objet JSON par ligne"),
        ]
    ) { arguments in
        let reader = try openJournal(arguments)
        var filter = try filter(arguments)
        filter.exchange = try arguments["echange"].map { (text) throws(CommandFailure) in
            guard let id = ExchangeID(text) else {
                throw badOption("echange", "un identifiant d'échange")
            }
            return id
        }
        filter.kind = try named(arguments, "nature", "decision, issue ou evenement") {
            RecordKind(rawValue: $0)
        }
        let first = try number(arguments, "depuis") ?? 0
        var left = try number(arguments, "nombre") ?? .max
        let asJSON = arguments.has("json")
        guard left > 0 else { return 0 }
        try reading {
            try reader.forEach(filter, from: first) { stored in
                Console.write((asJSON ? stored.json : stored.text) + "\n")
                left -= 1
                return left > 0
            }
        }
        return 0
    }

    static let auditFields = Command(
        "audit champs",
        summary: "Compte, champ par champ, ce qui a été demandé, remis, refusé ou manquant.",
        usage: "--journal CHEMIN [options]",
        options: [journalOption] + filterOptions + [
            Option(name: "format", value: "FORME", summary: "table (défaut), csv ou json"),
            Option(
                name: "connectors", value: "DOSSIER",
                summary: "les contrats des jeux de données (défaut : connectors)"),
        ],
        details: "Les champs du catalogue que personne n'a demandés sont dans la liste aussi."
    ) { arguments in
        let reader = try openJournal(arguments)
        let filter = try filter(arguments)
        guard
            let format = FieldStatistics.Format(rawValue: arguments["format"] ?? "table")
        else {
            throw badOption("format", "table, csv ou json")
        }
        let catalogue = try contracts(arguments.connectors)
        var statistics = FieldStatistics(catalogue: catalogue)
        try reading {
            try reader.forEach(filter) { stored in
                statistics.add(stored.placed.record)
                return true
            }
        }
        Console.write(statistics.text(format))
        return 0
    }

    static let auditPerson = Command(
        "audit personne",
        summary: "Montre les échanges au sujet d'une personne, dont le pivot est lu sur l'entrée.",
        usage: "--journal CHEMIN [--json] < pivot.json",
        options: [
            journalOption,
            Option(name: "json", value: nil, summary: "un objet JSON par ligne"),
        ],
        details: """
            Le pivot est l'objet « identite » de l'API : {"nom_naissance": …, "prenoms": […], …}.
            Il se lit sur l'entrée standard pour ne rester ni dans l'historique ni dans la liste
            des processus. Le journal ne contient que des pseudonymes : ils sont recalculés ici.
            """
    ) { arguments in
        let reader = try openJournal(arguments)
        let pivot = try readPivot()
        let keyring = try storing { () throws(JournalStoreError) in try reader.keyring() }
        var search = PersonSearch(pivot.reveal(), keyring: keyring)
        let asJSON = arguments.has("json")
        var found = 0
        try reading {
            try reader.forEach { stored in
                let match = search.match(stored.placed.record)
                guard match != .none else { return true }
                found += 1
                let note = match == .possibleHomonym ? "    homonyme possible\n" : ""
                Console.write(
                    asJSON ? stored.json + "\n" : stored.text + "\n" + note)
                return true
            }
        }
        if found == 0 { Console.complain("Aucun échange au sujet de cette personne.\n") }
        return 0
    }

    // MARK: - Reading options

    private static func openJournal(
        _ arguments: Arguments
    ) throws(CommandFailure) -> JournalReader {
        let path = try arguments.required("journal")
        return try storing { () throws(JournalStoreError) in try JournalReader(path: path) }
    }

    static func filter(_ arguments: Arguments) throws(CommandFailure) -> AuditFilter {
        var filter = AuditFilter()
        filter.service = try named(arguments, "service", "un service") { ServiceID($0) }
        filter.purpose = try named(arguments, "finalite", "« service/finalite »") {
            PurposeID($0)
        }
        filter.recipient = try named(arguments, "destinataire", "un SIRET") { Siret($0) }
        filter.from = try named(arguments, "du", "un jour AAAA-MM-JJ") { CalendarDate($0) }
        filter.to = try named(arguments, "au", "un jour AAAA-MM-JJ") { CalendarDate($0) }
        return filter
    }

    static func named<Value>(
        _ arguments: Arguments, _ name: String, _ expected: String,
        _ read: (String) -> Value?
    ) throws(CommandFailure) -> Value? {
        guard let text = arguments[name] else { return nil }
        guard let value = read(text) else { throw badOption(name, expected) }
        return value
    }

    static func number(
        _ arguments: Arguments, _ name: String
    ) throws(CommandFailure) -> Int64? {
        try named(arguments, name, "un nombre positif") { text in
            Int64(text).flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    static func badOption(_ name: String, _ expected: String) -> CommandFailure {
        CommandFailure(
            .usage, "L'option --\(name) n'a pas la forme attendue.",
            remedy: "Donnez \(expected).")
    }

    /// The pivot on standard input, at most 64 KiB of it.
    private static func readPivot() throws(CommandFailure) -> Sensitive<PivotIdentity> {
        let input = FileHandle.standardInput.readData(ofLength: 1 << 16)
        let today = Timestamp(milliseconds: WallClock.milliseconds()).parisDate
        do {
            let place = JSONPlace(root: try parseJSON([UInt8](input)))
            return try readIdentity(place, today: today)
        } catch let error as JSONError {
            throw CommandFailure(.data, "Le pivot n'est pas du JSON.", remedy: error.message)
        } catch let mistake as JSONMistake {
            throw CommandFailure(
                .data, "\(mistake.path) : \(mistake.message)", remedy: mistake.remedy)
        } catch {
            throw CommandFailure(.data, "Le pivot est illisible.", remedy: "Suivez l'aide.")
        }
    }
}

/// Reads a journal, and says its failures in the words of the command line.
func reading(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as JournalStoreError {
        try storing { () throws(JournalStoreError) in throw error }
    }
}

/// Says a journal's failure in the words of the command line.
func storing<Value>(
    _ body: () throws(JournalStoreError) -> Value
) throws(CommandFailure) -> Value {
    do throws(JournalStoreError) {
        return try body()
    } catch {
        let parts = error.message.split(separator: " ; ", maxSplits: 1)
        throw CommandFailure(
            .data, String(parts[0]) + ".",
            remedy: parts.count == 2 ? parts[1].prefix(1).uppercased() + parts[1].dropFirst() : "")
    }
}
