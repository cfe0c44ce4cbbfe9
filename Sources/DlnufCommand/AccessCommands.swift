import JSONText
import Journal
import Platform
import Storage
import Vocabulary

extension Command {
    static let auditSuspensions = Command(
        "audit suspensions",
        summary: "Montre les accès dont le mode identité est suspendu, et pourquoi.",
        usage: "--journal CHEMIN [--json]",
        options: [
            journalOption,
            Option(name: "json", value: nil, summary: "un objet JSON par ligne"),
        ],
        details: """
            Un accès est une clé et une finalité. Il est suspendu quand il essaie trop de personnes,
            ou que trop de personnes restent inconnues des détenteurs ; ses demandes sous
            FranceConnect passent toujours. « dlnuf journal retablir » lève une suspension.
            """
    ) { arguments in
        let path = try arguments.required("journal")
        let accesses = try storing { () throws(JournalStoreError) in
            try JournalReader(path: path).accesses()
        }
        let suspended = accesses.filter { $0.state.suspension != nil }
        for access in suspended {
            Console.write((arguments.has("json") ? access.json : access.text) + "\n")
        }
        if !arguments.has("json") {
            Console.write(
                suspended.isEmpty
                    ? "Aucun accès n'est suspendu.\n" : "Accès suspendus : \(suspended.count)\n")
        }
        return 0
    }

    static let journalRestoreAccess = Command(
        "journal retablir",
        summary: "Rend le mode identité à un accès suspendu.",
        usage: "--journal CHEMIN --acces NOM --finalite FINALITE --motif TEXTE",
        options: [
            journalOption,
            Option(name: "acces", value: "NOM", summary: "l'identifiant de la clé (obligatoire)"),
            Option(
                name: "finalite", value: "FINALITE", summary: "« service/finalite » (obligatoire)"),
            Option(
                name: "motif", value: "TEXTE",
                summary: "pourquoi, sans nommer d'usager ; le journal le garde (obligatoire)"),
        ],
        details: """
            La demande est déposée dans le journal, que la passerelle tourne ou non. La passerelle
            la prend à la prochaine demande de cet accès : elle inscrit « acces_retabli » avec le
            motif, et les échecs et les personnes du jour repartent de zéro.
            """
    ) { arguments in
        let path = try arguments.required("journal")
        let credential = try arguments.required("acces")
        guard let purpose = PurposeID(try arguments.required("finalite")) else {
            throw CommandFailure(
                .usage, "L'option --finalite n'a pas la forme attendue.",
                remedy: "Donnez « service/finalite ».")
        }
        guard let motive = OperatorText(try arguments.required("motif")) else {
            throw CommandFailure(
                .usage, "Le motif est vide, trop long ou sur plusieurs lignes.",
                remedy: "Écrivez une ligne de \(OperatorText.maximumBytes) octets au plus.")
        }
        let isTaken = try storing { () throws(JournalStoreError) in
            try JournalStore.requestRestoration(
                in: path, of: credential, for: purpose, motive: motive,
                at: Timestamp(milliseconds: WallClock.milliseconds()))
        }
        guard isTaken else {
            throw CommandFailure(
                .data, "Cet accès n'est pas suspendu pour cette finalité.",
                remedy: "Lisez « dlnuf audit suspensions --journal \(path) ».")
        }
        Console.write(
            "Demande déposée : la passerelle rétablit l'accès à sa prochaine demande.\n")
        return 0
    }
}

extension StoredAccess {
    /// What an operator reads of a suspended access.
    fileprivate var text: String {
        guard let suspension = state.suspension else { return "" }
        var lines = [
            "\(mark.purpose)  accès \(mark.credential), service \(mark.service)",
            "    mode \(mark.mode.rawValue) suspendu depuis \(suspension.since.rfc3339)",
            "    \(suspension.count.counter) : \(suspension.count.found) sur "
                + "\(suspension.count.limit)",
        ]
        if let request { lines.append("    rétablissement demandé : \(request)") }
        return lines.joined(separator: "\n")
    }

    fileprivate var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("finalite", mark.purpose.text)
            writer.member("acces", mark.credential)
            writer.member("service", mark.service.text)
            writer.member("mode", mark.mode.rawValue)
            if let suspension = state.suspension {
                writer.member("suspendu_le", suspension.since.rfc3339)
                writer.member("borne", suspension.count.counter)
                writer.member("trouve", suspension.count.found)
                writer.member("limite", suspension.count.limit)
            }
            if let request { writer.member("retablissement_demande", request) }
        }
        return writer.text
    }
}

extension Bound: LogCode {}

/// Tells the operator that an access was suspended or given back; `dlnuf audit suspensions` says
/// which.
func logAccess(_ act: EventAct, suspended: Int) {
    switch act {
    case .accessSuspended(_, let count):
        guard let bound = Bound(rawValue: count.counter) else { return }
        LogLine("acces_suspendu", level: .warning).with("borne", bound)
            .with("trouve", count.found).with("limite", count.limit)
            .with("acces_suspendus", suspended).write()
    case .accessRestored:
        LogLine("acces_retabli").with("acces_suspendus", suspended).write()
    case .generationInForce, .generationRefused, .revision: break
    }
}
