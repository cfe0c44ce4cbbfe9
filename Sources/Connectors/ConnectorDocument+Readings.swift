import JSONText
import Vocabulary

extension ConnectorDocumentReader {
    mutating func readReadings(_ object: JSONObjectPlace) {
        guard
            let place = mistakes.attempt({ () throws(JSONMistake) in
                try object.required("lectures")
            }), let all = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        else { return }
        knownReadings = all.members.map(\.name)
        for (name, place) in all.members {
            var reader = ReadingDocumentReader(
                dataset: dataset, catalogue: catalogue, documents: self)
            readings[name] = reader.reading(name, place)
            mistakes = reader.documents.mistakes
        }
    }

    func clash(_ place: JSONPlace) -> JSONMistake {
        place.mistake(
            "Ce pointeur en contredit un autre : l'un s'arrête où l'autre continue.",
            remedy: "Vérifiez les deux sur un exemple de réponse.")
    }

    func pointer(_ place: JSONPlace) throws(JSONMistake) -> Pointer {
        guard let pointer = Pointer(try place.string(maxBytes: 300)) else {
            throw place.mistake(
                "Ce n'est pas un pointeur JSON.",
                remedy: "Écrivez par exemple /foyer/enfants/*/nom, avec * pour chaque élément ; "
                    + "quatre listes au plus.")
        }
        return pointer
    }
}
