import JSONText
import Vocabulary

extension UsagerNotice {
    /// The notice as plain text of at most 78 columns.
    package var text: String {
        var lines = wrapped(title, first: "", rest: "")
        lines.append(String(repeating: "=", count: min(78, title.count)))
        for section in sections {
            lines += ["", section.title, String(repeating: "-", count: section.title.count)]
            for paragraph in section.paragraphs {
                lines += wrapped(paragraph, first: "", rest: "")
            }
            for group in section.groups {
                if let heading = group.heading {
                    lines += [""] + wrapped(heading, first: "", rest: "")
                }
                for line in group.lines {
                    lines += wrapped(line.text, first: "- ", rest: "  ")
                    if let detail = line.detail {
                        lines += wrapped(detail, first: "  ", rest: "  ")
                    }
                    if let link = line.link { lines.append("  \(link)") }
                }
            }
            if !section.closing.isEmpty { lines.append("") }
            for paragraph in section.closing {
                lines += wrapped(paragraph, first: "", rest: "")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The notice as a fragment for a démarche's own page: headings from the second level on, no
    /// identifier, no script, no style.
    package var html: String {
        var writer = HTMLWriter()
        write(to: &writer)
        return writer.text
    }

    func write(to writer: inout HTMLWriter) {
        let attributes: [(StaticString, String)] = [
            ("class", "dlnuf-notice"), ("lang", "fr"), ("aria-label", typeset(title)),
        ]
        writer.element("section", attributes) { writer in
            writer.element("h2", typeset(title))
            for section in sections {
                writer.element("h3", typeset(section.title))
                for paragraph in section.paragraphs { writer.element("p", typeset(paragraph)) }
                for group in section.groups { group.write(to: &writer) }
                for paragraph in section.closing { writer.element("p", typeset(paragraph)) }
            }
        }
    }

    /// The notice in parts, for a form that lays it out itself.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("finalite", purpose.text)
            writer.member("regle", rule)
            writer.member("mode", ifPresent: mode?.rawValue)
            writer.member("titre", title)
            writer.member(
                "sections",
                array: { writer in
                    for section in sections { section.write(to: &writer) }
                })
        }
        return writer.bytes
    }
}

extension UsagerNotice.Group {
    fileprivate func write(to writer: inout HTMLWriter) {
        if let heading { writer.element("h4", typeset(heading)) }
        writer.element("ul") { writer in
            for line in lines {
                writer.element("li") { writer in
                    if let link = line.link {
                        writer.element("a", [("href", link)], typeset(line.text))
                    } else {
                        writer.escaped(typeset(line.text))
                    }
                    if let detail = line.detail { writer.element("p", typeset(detail)) }
                }
            }
        }
    }
}

extension UsagerNotice.Section {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("code", code)
            writer.member("titre", title)
            writer.member("paragraphes", paragraphs + closing)
            writer.member(
                "groupes",
                array: { writer in
                    for group in groups {
                        writer.object { writer in
                            writer.member("titre", ifPresent: group.heading)
                            writer.member(
                                "lignes",
                                array: { writer in
                                    for line in group.lines { line.write(to: &writer) }
                                })
                        }
                    }
                })
        }
    }
}

extension UsagerNotice.Line {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("texte", text)
            writer.member("detail", ifPresent: detail)
            writer.member("lien", ifPresent: link)
        }
    }
}

/// A paragraph in lines of at most 78 columns; what typography keeps together stays together.
private func wrapped(_ text: String, first: String, rest: String) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in typeset(text).split(separator: " ") {
        if !isEmpty, line.count + 1 + word.count > 78 {
            lines.append(line)
            line = rest
            isEmpty = true
        }
        line += (isEmpty ? "" : " ") + word
        isEmpty = false
    }
    return lines + [line]
}
