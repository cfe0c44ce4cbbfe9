import Vocabulary

/// A whole page: complete, self-contained, without a script.
package func publishedPage(_ title: String, _ body: (inout HTMLWriter) -> Void) -> String {
    var writer = HTMLWriter()
    writer.doctype()
    writer.element("html", [("lang", "fr")]) { writer in
        writer.element("head", []) { writer in
            writer.void("meta", [("charset", "utf-8")])
            writer.void(
                "meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
            writer.element("title", typeset("\(title) - Dites-le-nous une fois"))
            writer.style(publishedStyle)
        }
        writer.element("body", []) { writer in
            writer.element("a", [("class", "skip"), ("href", "#contenu")], "Aller au contenu")
            writer.element("header", []) { writer in
                writer.element("p", "Dites-le-nous une fois, passerelle de données")
            }
            writer.element("main", [("id", "contenu")]) { writer in
                writer.element("h1", typeset(title))
                body(&writer)
            }
        }
    }
    return writer.text
}

/// The page that says, to a browser, that an address leads nowhere.
package func missingPage(_ detail: String) -> String {
    publishedPage("Cette page n'existe pas") { writer in
        writer.element("p", typeset(detail))
        writer.element("p") { writer in
            writer.element(
                "a", [("href", PublishedDocument.purposesPage.path)], "La liste des finalités")
        }
    }
}

/// The one style sheet of the pages, which their security policy names by its hash.
package let publishedStyle: StaticString = """
    :root{color-scheme:light dark}
    body{font:1rem/1.6 Marianne,system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:1rem}
    header{border-bottom:1px solid;margin-bottom:1.5rem}
    h1{line-height:1.2}h2{margin-top:2.5rem}
    table{border-collapse:collapse;width:100%}
    caption{text-align:left;font-weight:bold;padding:.5rem 0}
    th,td{border:1px solid;padding:.4rem .6rem;text-align:left;vertical-align:top}
    .scroll{overflow-x:auto}
    pre{overflow-x:auto;border:1px solid;padding:1rem}
    code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
    pre code{overflow-wrap:normal}
    dt{font-weight:bold;margin-top:.6rem}dd{margin-left:1rem}
    .etat{border:2px solid;padding:.5rem 1rem}
    .skip{position:absolute;left:-100rem}.skip:focus{position:static}
    """

extension HTMLWriter {
    /// Writes a link to another document.
    mutating func link(
        _ text: String, to target: PublishedDocument, from origin: PublishedDocument,
        _ links: PublishedLinks
    ) {
        element("a", [("href", links.reference(to: target, from: origin))], typeset(text))
    }

    /// Writes a term with what is said of it.
    mutating func definition(_ term: String, _ values: [String]) {
        guard !values.isEmpty else { return }
        element("dt", typeset(term))
        for value in values { element("dd", typeset(value)) }
    }

    /// Writes a table that scrolls on a small screen.
    package mutating func table(
        _ caption: String, _ heads: [String], _ rows: (inout TableRows) -> Void
    ) {
        var body = TableRows(columns: heads.count)
        rows(&body)
        element(
            "div",
            [
                ("class", "scroll"), ("role", "region"), ("aria-label", typeset(caption)),
                ("tabindex", "0"),
            ]
        ) {
            writer in
            writer.element("table") { writer in
                writer.element("caption", typeset(caption))
                writer.element("thead") { writer in
                    writer.element("tr") { writer in
                        for head in heads {
                            writer.element("th", [("scope", "col")], typeset(head))
                        }
                    }
                }
                writer.element("tbody") { $0.fragment(body.writer) }
            }
        }
    }
}

/// The lines of a table.
package struct TableRows {
    let columns: Int
    fileprivate(set) var writer = HTMLWriter()

    init(columns: Int) {
        self.columns = columns
    }

    /// Writes one line; the columns that hold names of the API are set as code.
    package mutating func row(_ cells: [String], code: Set<Int> = []) {
        writer.element("tr") { writer in
            for (index, cell) in cells.enumerated() {
                writer.element("td") { writer in
                    if code.contains(index), !cell.isEmpty {
                        writer.element("code", cell)
                    } else {
                        writer.escaped(typeset(cell))
                    }
                }
            }
        }
    }
}
