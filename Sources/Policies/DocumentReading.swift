package import JSONText
import Vocabulary

/// What reading one document gave: the value where nothing forbids it, and every remark at once.
package struct DocumentReading<Value: Sendable>: Sendable {
    package let value: Value?
    package let mistakes: [JSONMistake]
    package let warnings: [JSONMistake]

    /// Creates a reading.
    package init(value: Value?, mistakes: [JSONMistake], warnings: [JSONMistake]) {
        self.value = value
        self.mistakes = mistakes
        self.warnings = warnings
    }
}

/// The longest remark that a document may carry for its readers.
let noteBytes = 2000

/// The root of a document, or the mistake that its text is not JSON.
func readRoot(_ bytes: [UInt8], limits: JSONLimits, _ mistakes: inout JSONMistakes) -> JSONPlace? {
    do throws(JSONError) {
        return JSONPlace(root: try parseJSON(bytes, limits: limits))
    } catch {
        mistakes.add(
            JSONMistake(
                path: error.path,
                position: error.position,
                message: "Le document ne se lit pas : \(error.code.explanation)",
                remedy: error.code.remedy
            )
        )
        return nil
    }
}

// Readings that every document of this module shares. Each keeps its mistake and goes on.
extension JSONMistakes {
    mutating func text(_ object: JSONObjectPlace, _ name: String, max: Int = 400) -> String? {
        required(object, name) { place throws(JSONMistake) in
            let text = try place.string(maxBytes: max)
            if text.utf8.allSatisfy({ $0 == 0x20 }) {
                throw place.mistake(
                    "« \(place.path) » est vide.", remedy: "Écrivez ce qu'il faut y lire.")
            }
            return text
        }
    }

    /// A remark for the document's readers: a text, and no more.
    mutating func note(_ object: JSONObjectPlace) {
        _ = optional(object, "note") { place throws(JSONMistake) in
            try place.string(maxBytes: noteBytes)
        }
    }

    mutating func texts(_ object: JSONObjectPlace, _ name: String, max: Int) -> [String] {
        optional(object, name) { place throws(JSONMistake) in
            try place.stringArray(max: max, maxBytes: 400)
        } ?? []
    }

    mutating func integer(
        _ object: JSONObjectPlace, _ name: String, in range: ClosedRange<Int64>
    ) -> Int? {
        required(object, name) { place throws(JSONMistake) in Int(try place.int(in: range)) }
    }

    mutating func flag(_ object: JSONObjectPlace, _ name: String) -> Bool {
        optional(object, name) { place throws(JSONMistake) in try place.bool() } ?? false
    }

    mutating func siret(_ object: JSONObjectPlace, _ name: String) -> Siret? {
        required(object, name) { place throws(JSONMistake) in try place.siret() }
    }

    mutating func date(_ object: JSONObjectPlace, _ name: String) -> CalendarDate? {
        required(object, name) { place throws(JSONMistake) in
            guard let date = CalendarDate(try place.string()) else {
                throw place.mistake(
                    "« \(place.path) » n'est pas une date du calendrier.",
                    remedy: "Écrivez AAAA-MM-JJ, par exemple 2026-01-31.")
            }
            return date
        }
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ object: JSONObjectPlace, _ name: String, _ type: Choice.Type
    ) -> Choice? {
        required(object, name) { place throws(JSONMistake) in try place.choice(type) }
    }

    /// The elements of a list that may be missing, as places.
    mutating func list(_ object: JSONObjectPlace, _ name: String, max: Int) -> [JSONPlace] {
        optional(object, name) { place throws(JSONMistake) in try place.array(max: max) } ?? []
    }

    /// The elements of a list that must hold one at least.
    mutating func filledList(_ object: JSONObjectPlace, _ name: String, max: Int) -> [JSONPlace] {
        required(object, name) { place throws(JSONMistake) in
            let elements = try place.array(max: max)
            if elements.isEmpty {
                throw place.mistake(
                    "« \(place.path) » est vide.", remedy: "Donnez au moins un élément.")
            }
            return elements
        } ?? []
    }

    mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ object: JSONObjectPlace, _ name: String, _ type: Choice.Type
    ) -> [Choice] {
        var choices: [Choice] = []
        for place in list(object, name, max: 32) {
            let choice = attempt { () throws(JSONMistake) in try place.choice(type) }
            guard let choice else {
                continue
            }
            if choices.contains(where: { $0.rawValue == choice.rawValue }) {
                add(
                    place.mistake(
                        "« \(choice.rawValue) » est dit deux fois.", remedy: "Gardez-en un."))
            }
            choices.append(choice)
        }
        return choices
    }

    mutating func paths(_ object: JSONObjectPlace, _ name: String) -> [(FieldPath, JSONPlace)] {
        list(object, name, max: 500).compactMap { place in
            attempt { () throws(JSONMistake) in (try place.fieldPath(), place) }
        }
    }
}

extension JSONPlace {
    func siret() throws(JSONMistake) -> Siret {
        guard let siret = Siret(try string()) else {
            throw mistake(
                "« \(path) » n'est pas un SIRET : 14 chiffres dont la clé est juste.",
                remedy: "Vérifiez le numéro dans l'annuaire des entreprises."
            )
        }
        return siret
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ type: Choice.Type
    ) throws(JSONMistake) -> Choice {
        let text = try string(maxBytes: 64)
        if let choice = Choice(rawValue: text) {
            return choice
        }
        let known = Choice.allCases.map(\.rawValue)
        let near = nearestName(to: text, among: known).map { "Vouliez-vous dire « \($0) » ?" }
        throw mistake(
            "« \(path) » n'a pas une valeur permise.",
            remedy: near ?? "Choisissez parmi : \(known.joined(separator: ", "))."
        )
    }

    func fieldPath() throws(JSONMistake) -> FieldPath {
        guard let field = FieldPath(try string(maxBytes: FieldPath.maximumBytes)) else {
            throw mistake(
                "« \(path) » n'est pas un nom de champ.",
                remedy: "Écrivez jeu.champ, par exemple revenu_fiscal.nombre_parts."
            )
        }
        return field
    }

    func datasetID() throws(JSONMistake) -> DatasetID {
        guard let id = DatasetID(try string()) else {
            throw mistake(
                "« \(path) » n'est pas un nom de jeu de données.",
                remedy: "Écrivez-le comme dans connectors/datasets, sans « .json ».")
        }
        return id
    }

    /// A term of the W3C Data Privacy Vocabulary, with the prefix of its namespace.
    func dpvTerm() throws(JSONMistake) -> String {
        let term = try string(maxBytes: 120)
        let parts = term.split(separator: ":", omittingEmptySubsequences: false)
        let isTerm =
            parts.count == 2 && isCatalogueName(String(parts[0]))
            && !parts[1].isEmpty
            && parts[1].utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
        guard isTerm else {
            throw mistake(
                "« \(path) » n'est pas une catégorie du vocabulaire DPV.",
                remedy: "Écrivez le préfixe et le terme, par exemple dpv:ServiceProvision.")
        }
        return term
    }

    func decimal() throws(JSONMistake) -> ExactDecimal {
        guard let decimal = ExactDecimal(try number().text) else {
            throw mistake(
                "« \(path) » est un nombre trop grand ou trop précis.",
                remedy: "Donnez au plus neuf décimales."
            )
        }
        return decimal
    }
}
