/// What a scaffold could not guess, listed in its document until somebody writes it.
package enum JSONRemaining {
    /// The member that holds the list.
    package static let member = "a_completer"
    /// The members of one element: where, and what.
    package static let members = ["ou", "quoi"]

    /// The schema of the list.
    package static let schema = JSONSchema.list(
        "Ce qui reste à compléter ; tant qu'une ligne demeure, le document est refusé.",
        of: .object(
            "Une chose à compléter.", members, required: members,
            [
                "ou": .text("Le membre.", max: 1024),
                "quoi": .text("Ce qu'il faut dire.", max: 1024),
            ]),
        max: 500)
}

extension JSONMistakes {
    /// Reads the list of what remains to be written: each line of it is a mistake, so that a
    /// document that guesses is never loaded.
    package mutating func remaining(_ object: JSONObjectPlace) {
        guard let list = object.optional(JSONRemaining.member),
            let places = attempt({ () throws(JSONMistake) in try list.array(max: 500) })
        else { return }
        for place in places {
            guard let line = self.object(place, JSONRemaining.members),
                let path = required(line, "ou", shortText),
                let what = required(line, "quoi", shortText)
            else { continue }
            add(
                place.mistake(
                    "Il reste à compléter « \(shownText(path)) » : \(shownWhole(what))",
                    remedy: "Complétez-le, puis retirez cette ligne de « \(JSONRemaining.member) »."
                ))
        }
    }

    private func shortText(_ place: JSONPlace) throws(JSONMistake) -> String {
        try place.string()
    }

    /// A sentence of a scaffold, whole, without what would steer a terminal.
    private func shownWhole(_ text: String) -> String {
        var shown = ""
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            shown += shownText(String(String.UnicodeScalarView(rest.prefix(160))))
            rest = rest.dropFirst(160)
        }
        return shown
    }
}
