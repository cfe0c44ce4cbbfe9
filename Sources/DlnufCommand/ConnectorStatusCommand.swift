import JSONText
import Platform
import Publications
import Registrations
import Registry
import Vocabulary

extension Command {
    static let connectorsStatus = Command(
        "connectors status",
        summary: "Montre où en est chaque mode de chaque détenteur, et ce qui est en retard.",
        usage: "[--format table|csv|json] [--date AAAA-MM-JJ] [--connectors DOSSIER]",
        options: [
            Option(name: "format", value: "FORMAT", summary: "table, csv ou json (défaut : table)"),
            Option(name: "date", value: "AAAA-MM-JJ", summary: "le jour (défaut : aujourd'hui)"),
            .connectors,
        ],
        details: """
            La DINUM saisit un détenteur pour un jeu de données ; il a six mois pour offrir deux
            API, l'une avec FranceConnect et l'autre sans (note du 17 juillet 2023). La saisine est
            dans connectors/<détenteur>/holder.json, et « disponibilite » de chaque mode dans
            connector.json. Une date suivie de « * » n'est pas publique, et reste à confirmer.
            attendue : rien n'est ouvert, et le délai court ; bac_a_sable : ouverte là seulement ;
            ouverte : ouverte en production ; en_retard : le délai est passé.
            """
    ) { arguments in
        guard let format = StatusFormat(rawValue: arguments["format"] ?? "table") else {
            throw CommandFailure(
                .usage, "L'option --format n'est ni table, ni csv, ni json.",
                remedy: "Écrivez par exemple --format csv.")
        }
        let today = Timestamp(milliseconds: WallClock.milliseconds()).parisDate
        guard let day = arguments["date"].map({ CalendarDate($0) }) ?? today else {
            throw CommandFailure(
                .usage, "L'option --date n'est pas un jour.",
                remedy: "Écrivez AAAA-MM-JJ, par exemple 2026-11-21.")
        }
        let reading = loadHolders(arguments.connectors)
        guard let holders = reading.holders else {
            throw SetRefusal(reading.diagnostics).complained()
        }
        let rows = standings(of: holders.documents, holders.connectors, on: day)
        Console.write(format.text(rows, on: day))
        return 0
    }
}

/// How the standings are shown.
private enum StatusFormat: String {
    case table, csv, json

    func text(_ rows: [ModeStanding], on day: CalendarDate) -> String {
        switch self {
        case .table: table(rows)
        case .csv: csv(rows)
        case .json: json(rows, day)
        }
    }

    private func csv(_ rows: [ModeStanding]) -> String {
        var writer = CSVWriter()
        writer.row(ModeStanding.columns)
        for row in rows { writer.row(row.cells) }
        return writer.text
    }

    private func json(_ rows: [ModeStanding], _ day: CalendarDate) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("jour", day.text)
            writer.member(
                "modes",
                array: { list in
                    for row in rows { list.object(row.write) }
                })
        }
        return writer.text + "\n"
    }

    private func table(_ rows: [ModeStanding]) -> String {
        let head = [
            "DÉTENTEUR", "JEU", "MODE", "ÉTAT", "SAISINE", "ÉCHÉANCE", "BAC À SABLE",
            "PRODUCTION",
        ]
        let lines = [head] + rows.map(\.line)
        let widths = head.indices.map { column in
            lines.map { $0[column].count }.max() ?? 0
        }
        return lines.map { line in
            let cells = zip(line, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            return cells.joined(separator: "  ").trimmedAtEnd + "\n"
        }.joined()
    }
}

extension ModeStanding {
    fileprivate var line: [String] {
        let mark = request?.isToConfirm == true ? "*" : ""
        return [
            holder.text, dataset.text, mode.rawValue, state.word,
            request.map { $0.date.text + mark } ?? "—",
            request.map { $0.deadline.text + mark } ?? "—", sandbox?.text ?? "—",
            production?.text ?? "—",
        ]
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
    }
}
