/// Writes CSV as RFC 4180 has it: lines end in CR LF, every cell is quoted that needs to be.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe, so that opening a
/// file never computes what a document's author wrote.
package struct CSVWriter: Sendable {
    /// The table so far.
    package private(set) var text = ""

    /// Creates an empty table.
    package init() {}

    /// Writes one line.
    package mutating func row(_ cells: [String]) {
        text += cells.map(CSVWriter.cell).joined(separator: ",") + "\r\n"
    }

    private static func cell(_ content: String) -> String {
        let opensFormula = content.unicodeScalars.first.map {
            "=+-@\t\r\n".unicodeScalars.contains($0)
        }
        let safe = opensFormula == true ? "'" + content : content
        let needsQuotes = safe.unicodeScalars.contains { "\",;\r\n".unicodeScalars.contains($0) }
        return needsQuotes ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }
}
