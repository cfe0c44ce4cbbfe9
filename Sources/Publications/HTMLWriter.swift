/// Writes HTML: every text is escaped, every element closed, and nothing else can be written.
package struct HTMLWriter: Sendable {
    /// The document so far.
    package private(set) var text = ""

    /// Creates an empty document.
    package init() {}

    /// Writes a document's first line.
    package mutating func doctype() {
        text += "<!DOCTYPE html>\n"
    }

    /// Writes an element with a body.
    package mutating func element(
        _ name: StaticString, _ attributes: [(StaticString, String)] = [],
        _ body: (inout HTMLWriter) -> Void
    ) {
        open(name, attributes)
        body(&self)
        text += "</\(name)>"
        if Self.endsLine(name) { text += "\n" }
    }

    /// Writes an element that holds a text.
    package mutating func element(_ name: StaticString, _ content: String) {
        element(name, []) { $0.escaped(content) }
    }

    /// Writes an element with attributes that holds a text.
    package mutating func element(
        _ name: StaticString, _ attributes: [(StaticString, String)], _ content: String
    ) {
        element(name, attributes) { $0.escaped(content) }
    }

    /// Writes an element that has no content by nature: `meta`, `link`, `br`.
    package mutating func void(_ name: StaticString, _ attributes: [(StaticString, String)] = []) {
        open(name, attributes)
        text += "\n"
    }

    /// Writes a text.
    package mutating func escaped(_ content: String) {
        for character in content.unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "\t", "\n": text.unicodeScalars.append(character)
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(character)
            }
        }
    }

    /// Writes the program's own style sheet, which holds nothing that was read anywhere.
    package mutating func style(_ sheet: StaticString) {
        text += "<style>\(sheet)</style>\n"
    }

    /// Writes a fragment that another writer made.
    package mutating func fragment(_ other: HTMLWriter) {
        text += other.text
    }

    private mutating func open(_ name: StaticString, _ attributes: [(StaticString, String)]) {
        text += "<\(name)"
        for (name, value) in attributes {
            text += " \(name)=\""
            escaped(value)
            text += "\""
        }
        text += ">"
    }

    private static func endsLine(_ name: StaticString) -> Bool {
        !["a", "code", "strong", "em", "span", "abbr", "time"].contains("\(name)")
    }
}

/// A text with the no-break spaces of French typography, for whoever reads it on a page.
package func typeset(_ text: String) -> String {
    var result = ""
    var characters = Array(text)
    for index in characters.indices where characters[index] == " " {
        let next = characters.indices.contains(index + 1) ? characters[index + 1] : " "
        let before = index > 0 ? characters[index - 1] : " "
        if ":;?!»".contains(next) || before == "«" { characters[index] = "\u{A0}" }
    }
    result.append(contentsOf: characters)
    return result
}
