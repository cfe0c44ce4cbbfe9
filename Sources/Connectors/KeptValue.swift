import JSONText
import Vocabulary

/// What is kept of an answer for a later step's request, and what it must look like.
struct KeptPlan: Sendable {
    /// The characters of which it is made.
    enum Characters: String, CaseIterable, Sendable {
        case digits = "chiffres"
        /// ASCII letters and digits.
        case alphanumerics = "alphanumeriques"
        /// ASCII letters, digits, `.`, `_` and `-`, but for a text of dots alone.
        case token = "jeton"

        func hold(_ text: String) -> Bool {
            switch self {
            case .digits: text.utf8.allSatisfy(isDigit)
            case .alphanumerics: text.utf8.allSatisfy { isDigit($0) || isLetter($0) }
            case .token:
                text.utf8.allSatisfy { isDigit($0) || isLetter($0) || "._-".utf8.contains($0) }
                    && text.contains { $0 != "." }
            }
        }

        private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        private func isLetter(_ byte: UInt8) -> Bool {
            (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
    }

    static let maximumLength = 128

    let pointer: Int
    let characters: Characters
    let lengths: ClosedRange<Int>
    /// What it means that the answer does not have it.
    let whenAbsent: MissingReason

    enum Reading {
        case kept(Sensitive<String>)
        /// Why the call brought nothing to go on with.
        case ended(MissingReason)
    }

    /// The value, if it has the declared shape: a holder cannot choose what is asked next.
    func reading(of scalar: RawScalar?) -> Reading {
        guard let scalar, scalar != .null else { return .ended(whenAbsent) }
        guard let text = scalar.known else {
            return .ended(scalar == .composite ? .reponseIrrecevable : whenAbsent)
        }
        guard lengths.contains(text.utf8.count), characters.hold(text) else {
            return .ended(.reponseIrrecevable)
        }
        return .kept(Sensitive(text))
    }
}

extension ReadingDocumentReader {
    /// What a reading keeps for later steps, by name.
    mutating func kept(_ place: JSONPlace?) -> [String: KeptPlan] {
        guard let place,
            let object = documents.mistakes.attempt({ () throws(JSONMistake) in
                try place.anyObject()
            })
        else { return [:] }
        var kept: [String: KeptPlan] = [:]
        for (name, place) in object.members {
            guard isCatalogueName(name) else {
                documents.mistakes.add(
                    place.mistake(
                        "Ce nom n'est pas celui d'une valeur retenue.",
                        remedy: "Employez des minuscules sans accent, des chiffres ou « _ »."))
                continue
            }
            kept[name] = keptValue(place)
        }
        return kept
    }

    private mutating func keptValue(_ place: JSONPlace) -> KeptPlan? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.kept) else {
            return nil
        }
        let lent = documents
        let characters = documents.mistakes.required(object, "caracteres") {
            (place) throws(JSONMistake) in try lent.choice(place, of: KeptPlan.Characters.self)
        }
        let length: (JSONPlace) throws(JSONMistake) -> Int = { place throws(JSONMistake) in
            Int(try place.int(in: 1...Int64(KeptPlan.maximumLength)))
        }
        let most = documents.mistakes.required(object, "longueur_max", length)
        let least = documents.mistakes.optional(object, "longueur_min", length) ?? most
        let absent = documents.mistakes.optional(object, "si_absent") {
            (place) throws(JSONMistake) in try lent.choice(place, of: MissingReason.self)
        }
        if let most, let least, least > most {
            documents.mistakes.add(
                place.mistake(
                    "La longueur la plus petite dépasse la plus grande.",
                    remedy: "Échangez « longueur_min » et « longueur_max »."))
            return nil
        }
        guard
            let place = documents.mistakes.attempt({ () throws(JSONMistake) in
                try object.required("pointeur")
            }), let pointer = add(place), let characters, let most, let least
        else { return nil }
        return KeptPlan(
            pointer: pointer, characters: characters, lengths: least...most,
            whenAbsent: absent ?? .personneInconnue)
    }
}
