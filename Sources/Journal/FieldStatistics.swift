import JSONText
package import Vocabulary

/// How often each field was asked, released, refused or missing: what DINUM asks of the journal.
///
/// A composite field that was asked counts for each of its leaves.
package struct FieldStatistics: Sendable {
    /// What became of one field under one form.
    package struct Counts: Sendable, Hashable {
        /// Decisions that were asked for it.
        package var requested = 0
        /// Outcomes that released it.
        package var released = 0
        /// Decisions that refused it, by itself or with the whole request.
        package var refused = 0
        /// Outcomes where it was missing.
        package var missing = 0
    }

    /// One line of the result.
    package struct Line: Sendable, Hashable {
        /// The field, with its form where that is not the value.
        package let field: String
        /// What became of it; all zero for one that was never asked.
        package let counts: Counts
    }

    private let catalogue: FieldCatalogue
    private var counts: [String: Counts] = [:]

    /// Begins with the fields that could have been asked.
    package init(catalogue: FieldCatalogue) {
        self.catalogue = catalogue
    }

    /// Counts what a record says.
    package mutating func add(_ record: JournalRecord) {
        switch record {
        case .decision(let decision): add(decision)
        case .outcome(let outcome): add(outcome)
        case .event: break
        }
    }

    private mutating func add(_ decision: DecisionRecord) {
        for field in decision.requested.listed.flatMap(leaves) {
            counts[field, default: Counts()].requested += 1
        }
        let isWhole = decision.refused.contains { $0.field == nil }
        let refused =
            isWhole ? decision.requested.listed : decision.refused.compactMap { $0.field?.name }
        for field in Set(refused.flatMap(leaves)) {
            counts[field, default: Counts()].refused += 1
        }
    }

    private mutating func add(_ outcome: OutcomeRecord) {
        for field in outcome.released.flatMap(leaves) {
            counts[field, default: Counts()].released += 1
        }
        for field in Set(outcome.withheld.map(\.field).flatMap(leaves)) {
            counts[field, default: Counts()].missing += 1
        }
    }

    /// The leaves that a request stands for, each under its form.
    private func leaves(_ text: String) -> [String] {
        guard let request = FieldRequest(text), catalogue[request.path] == nil else {
            return [text]
        }
        let leaves = catalogue.leaves(of: request.path)
        guard !leaves.isEmpty else { return [text] }
        return leaves.map { FieldRequest(path: $0.path, form: request.form).text }
    }

    /// Every field that was asked, and every field of the catalogue that never was, sorted.
    package var lines: [Line] {
        let asked = Set(counts.keys.compactMap { $0.split(separator: "@").first.map(String.init) })
        let never = catalogue.allFields.map(\.path.text).filter { !asked.contains($0) }
        let all = counts.map { Line(field: $0.key, counts: $0.value) }
        return (all + never.map { Line(field: $0, counts: Counts()) })
            .sorted { $0.field < $1.field }
    }
}

// MARK: - As text

extension FieldStatistics {
    /// In what shape the result is wanted.
    package enum Format: String, CaseIterable, Sendable {
        /// Aligned columns, for a person.
        case table
        /// RFC 4180, for a spreadsheet.
        case csv
        /// One JSON document.
        case json
    }

    /// The result in a shape, ending with a line feed.
    package func text(_ format: Format) -> String {
        switch format {
        case .table: table
        case .csv: csv
        case .json: json
        }
    }

    private static let headings = [
        "champ", "demande", "remis", "refuse", "manquant", "jamais_demande",
    ]

    private func cells(_ line: Line) -> [String] {
        let counts = line.counts
        return [line.field]
            + [counts.requested, counts.released, counts.refused, counts.missing].map(String.init)
            + [counts.requested == 0 ? "oui" : "non"]
    }

    private var table: String {
        let rows = [FieldStatistics.headings] + lines.map(cells)
        let widths = FieldStatistics.headings.indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            let padded = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            return padded.joined(separator: "  ") + "\n"
        }.joined()
    }

    private var csv: String {
        // Names of fields hold no comma, quote or line feed: nothing needs quoting.
        let rows = [FieldStatistics.headings] + lines.map(cells)
        return rows.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    private var json: String {
        var writer = JSONWriter()
        writer.object { object in
            object.member(
                "champs",
                array: { list in
                    for line in lines {
                        list.object { entry in
                            entry.member("champ", line.field)
                            entry.member("demande", line.counts.requested)
                            entry.member("remis", line.counts.released)
                            entry.member("refuse", line.counts.refused)
                            entry.member("manquant", line.counts.missing)
                            entry.member("jamais_demande", line.counts.requested == 0)
                        }
                    }
                })
        }
        return writer.text + "\n"
    }
}
