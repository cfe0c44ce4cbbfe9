import JSONText
package import Vocabulary

/// How a data set is spoken of to the persons whom it concerns.
package struct UsagerWords: Sendable, Equatable {
    /// The holder, by the name that people know.
    package let holder: String
    /// How a mistake in the data is put right, in one sentence.
    package let correction: String
    /// What leaves and composite fields are called, in words that need no glossary.
    package let labels: [FieldPath: String]
}

extension JSONMistakes {
    /// Reads `usager`, which a data set may leave out.
    mutating func usagerWords(
        _ object: JSONObjectPlace, of dataset: DatasetID, fields: [FieldContract]?
    ) -> UsagerWords? {
        guard let place = object.optional("usager"),
            let words = self.object(place, DatasetMembers.usager)
        else {
            return nil
        }
        let holder = text(words, "detenteur", max: 200)
        let correction = text(words, "rectification")
        var labels: [FieldPath: String] = [:]
        let places = words.optional("libelles").flatMap { place in
            attempt { () throws(JSONMistake) in try place.anyObject() }
        }
        for (name, place) in places?.members ?? [] {
            let label = attempt { () throws(JSONMistake) in try place.string(maxBytes: 400) }
            guard let path = FieldPath("\(dataset.text).\(name)"),
                fields?.contains(where: { stands(path, for: $0.path) }) ?? true
            else {
                add(
                    place.mistake(
                        "Ce libellé ne nomme aucun champ du jeu.",
                        remedy: "Écrivez le champ sans le jeu, par exemple enfants[]."))
                continue
            }
            if let label { labels[path] = label }
        }
        guard let holder, let correction else {
            return nil
        }
        return UsagerWords(holder: holder, correction: correction, labels: labels)
    }

    /// Whether a name is a leaf's, or the leaf's beginning as the catalogue writes it.
    private func stands(_ path: FieldPath, for leaf: FieldPath) -> Bool {
        Array(leaf.steps.prefix(path.steps.count)) == path.steps
    }
}
