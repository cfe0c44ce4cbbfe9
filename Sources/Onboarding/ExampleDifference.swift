package import JSONText

/// One thing in which a connector does not do what its example says.
///
/// An example's persons are invented, so both sides may be shown.
package struct ExampleDifference: Sendable, Equatable {
    /// Where in the example: `appels[0].requete.cible`.
    package let path: String
    /// Where in its text.
    package let position: JSONPosition
    /// What differs, in a French sentence.
    package let message: String
    /// What the example says; nil where it says nothing.
    package let expected: String?
    /// What the connector does; nil where it does nothing.
    package let found: String?
    /// What to do, in French.
    package let remedy: String

    init(
        _ place: JSONPlace, _ message: String, expected: String? = nil, found: String? = nil,
        remedy: String
    ) {
        path = place.path
        position = place.node.position
        self.message = message
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    /// The difference as a mistake of the example's document.
    package var mistake: JSONMistake {
        var sides: [String] = []
        if let expected { sides.append("l'exemple dit « \(plainText(expected)) »") }
        if let found { sides.append("le connecteur donne « \(plainText(found)) »") }
        let detail = sides.isEmpty ? "." : " : \(sides.joined(separator: ", "))."
        return JSONMistake(
            path: path, position: position, message: message + detail, remedy: remedy)
    }
}

/// A text of a document made safe for a terminal and short enough for a line.
func plainText(_ text: String, limit: Int = 300) -> String {
    var shown = ""
    for (length, scalar) in text.unicodeScalars.enumerated() {
        if length == limit { return shown + "…" }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            shown += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

/// A text of a description, as far as a line of `a_completer` has room for it.
func brief(_ text: String) -> String { plainText(text, limit: 100) }
