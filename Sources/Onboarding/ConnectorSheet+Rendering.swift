import Publications

extension ConnectorSheet {
    /// The page, complete and self-contained, without a script.
    package var html: String {
        publishedPage(title) { writer in
            for block in blocks {
                switch block {
                case .heading(let text, let level):
                    writer.element(level == 2 ? "h2" : "h3", typeset(text))
                case .paragraph(let text): writer.element("p", typeset(text))
                case .list(let items):
                    writer.element("ul") { writer in
                        for item in items { writer.element("li", typeset(item)) }
                    }
                case .table(let caption, let heads, let rows):
                    writer.table(caption, heads) { body in
                        for row in rows { body.row(row) }
                    }
                }
            }
        }
    }

    /// The page in Markdown.
    package var markdown: String {
        var text = "# \(markdownText(title))\n"
        for block in blocks {
            text += "\n"
            switch block {
            case .heading(let words, let level):
                text += String(repeating: "#", count: level) + " \(markdownText(words))\n"
            case .paragraph(let words): text += markdownText(words) + "\n"
            case .list(let items): text += items.map { "- \(markdownText($0))\n" }.joined()
            case .table(let caption, let heads, let rows):
                text += "\(markdownText(caption)) :\n\n"
                text += tableLine(heads) + tableLine(heads.map { _ in "---" }, isPlain: true)
                text += rows.map { tableLine($0) }.joined()
            }
        }
        return text
    }

    private func tableLine(_ cells: [String], isPlain: Bool = false) -> String {
        "| " + cells.map { isPlain ? $0 : markdownText($0) }.joined(separator: " | ") + " |\n"
    }
}

/// A text in which nothing is Markdown or HTML.
func markdownText(_ text: String) -> String {
    var shown = ""
    for scalar in plainText(text, limit: 2000).unicodeScalars {
        switch scalar {
        case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "!", "|", "~":
            shown += "\\" + String(scalar)
        case "<": shown += "&lt;"
        case ">": shown += "&gt;"
        case "&": shown += "&amp;"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}
