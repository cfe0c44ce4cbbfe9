import JSONText
import Journal
import Vocabulary

extension ReplayReport {
    /// How a report is written.
    package enum Format: String, Sendable, CaseIterable {
        case text = "texte"
        case csv
        case json
    }

    /// The report for a reader, under a title of one line; CSV and JSON list all flips, and a text
    /// no more than it is told.
    package func written(as format: Format, title: String, listing most: Int = 50) -> String {
        switch format {
        case .text: text(title, listing: most)
        case .csv: csv
        case .json: json(title)
        }
    }

    // MARK: - Text

    private func text(_ title: String, listing most: Int) -> String {
        let total = total
        var lines = [title]
        lines += origins.sorted { $0.key < $1.key }.map { "  \(grouped($0.value)) sous \($0.key)" }
        lines.append("")
        if flips.isEmpty {
            lines.append(
                total.replayed == 0
                    ? "Aucune décision n'a pu être rejouée."
                    : "Rien ne bascule : \(grouped(total.replayed)) décisions rejouées, "
                        + "le même verdict pour chacune.")
        } else {
            lines.append(
                "\(grouped(flips.count)) décisions basculent, sur \(grouped(total.replayed)).")
            lines += flips.prefix(most).flatMap(\.lines)
            if flips.count > most {
                lines.append(
                    "  … et \(grouped(flips.count - most)) autres : --nombre en liste plus, "
                        + "--format csv les donne toutes.")
            }
        }
        lines += ["", "Par service"]
        for (service, counts) in services.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(service) : \(counts.sentence)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Tables

    private var csv: String {
        let head = "indice,instant,echange,service,destinataire,finalite,bascule,motifs\n"
        return flips.reduce(into: head) { text, entry in
            let cells = [
                String(entry.index), entry.instant.rfc3339, entry.exchange?.text ?? "",
                entry.service, entry.recipient, entry.purpose, entry.flip.kind.rawValue,
                "\"\(entry.flip.reason)\"",
            ]
            text += cells.joined(separator: ",") + "\n"
        }
    }

    private func json(_ title: String) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("rejeu", title)
            writer.member(
                "documents",
                object: { writer in
                    for (origin, count) in origins.sorted(by: { $0.key < $1.key }) {
                        writer.member(origin, count)
                    }
                })
            writer.member("total", object: { total.write(to: &$0) })
            writer.member(
                "services",
                object: { writer in
                    for (service, counts) in services.sorted(by: { $0.key < $1.key }) {
                        writer.member(service, object: { counts.write(to: &$0) })
                    }
                })
            writer.member(
                "bascules", array: { list in for flip in flips { flip.write(to: &list) } })
        }
        return writer.text + "\n"
    }
}

extension ReplayReport.Counts {
    fileprivate var sentence: String {
        var parts = ["\(grouped(replayed)) rejouées", "\(grouped(same)) inchangées"]
        for kind in Flip.Kind.allCases {
            if let count = flips[kind] { parts.append("\(grouped(count)) \(kind.label)") }
        }
        for reason in Unplayable.allCases {
            if let count = unplayable[reason] {
                parts.append("\(grouped(count)) non rejouées (\(reason.label))")
            }
        }
        return parts.joined(separator: ", ")
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("rejouees", replayed)
        writer.member("inchangees", same)
        writer.member(
            "bascules",
            object: { writer in
                for kind in Flip.Kind.allCases { writer.member(kind.rawValue, flips[kind] ?? 0) }
            })
        writer.member(
            "non_rejouees",
            object: { writer in
                for reason in Unplayable.allCases {
                    if let count = unplayable[reason] { writer.member(reason.rawValue, count) }
                }
            })
    }
}

extension ReplayReport.Entry {
    fileprivate var service: String { decision.record.facts.service.text }
    fileprivate var recipient: String { decision.record.facts.recipient.name?.text ?? unknownName }
    fileprivate var purpose: String { decision.record.facts.purpose.name?.text ?? unknownName }

    fileprivate var lines: [String] {
        [
            "  \(index)  \(instant.rfc3339)  \(exchange?.text ?? unknownName)  \(flip.kind.label)",
            "      \(service) pour \(recipient), \(purpose) : \(flip.reason)",
        ]
    }

    fileprivate func write(to list: inout JSONWriter) {
        list.object { writer in
            writer.member("indice", index)
            writer.member("instant", instant.rfc3339)
            writer.member("echange", ifPresent: exchange?.text)
            writer.member("service", service)
            writer.member("destinataire", recipient)
            writer.member("finalite", purpose)
            writer.member("bascule", flip.kind.rawValue)
            writer.member("plus_refuses", array: { write(flip.noLonger, to: &$0) })
            writer.member("refuses", array: { write(flip.henceforth, to: &$0) })
        }
    }

    private func write(_ refused: [RefusedField], to list: inout JSONWriter) {
        for refusal in refused {
            list.object { writer in
                writer.member("champ", ifPresent: refusal.text)
                writer.member("motif", refusal.reason.rawValue)
            }
        }
    }
}

/// A number with its thousands apart: `12 345`.
package func grouped(_ number: Int) -> String {
    let digits = Array(String(abs(number)).utf8)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
        text += String(UnicodeScalar(digit))
    }
    return text
}
