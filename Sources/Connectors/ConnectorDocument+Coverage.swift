import JSONText
import Vocabulary

extension ConnectorDocumentReader {
    enum Rhythm: String, CaseIterable {
        case realTime = "temps_reel"
        case daily = "quotidien"
        case monthly = "mensuel"
    }

    /// The word that stands for a day of the month that is not always the same.
    static let firstWeekend = "premier_week_end"

    mutating func coverage(_ object: JSONObjectPlace) -> Coverage {
        var coverage = Coverage()
        coverage.general = mistakes.optional(object, "couverture", sentence)
        if let place = object.optional("couverture_selon_issue"),
            let notes = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        {
            for (name, place) in notes.members {
                guard let outcome = CallOutcome(rawValue: name) else {
                    mistakes.add(CallOutcome.unknown(place))
                    continue
                }
                coverage.notes[outcome] = mistakes.attempt {
                    [self] () throws(JSONMistake) in try sentence(place)
                }
            }
        }
        coverage.freshness = object.optional("fraicheur").flatMap { freshness($0) }
        return coverage
    }

    private mutating func freshness(_ place: JSONPlace) -> Freshness? {
        guard let object = mistakes.object(place, ConnectorMembers.freshness),
            let rhythm = mistakes.required(
                object, "rythme",
                { [self] (place) throws(JSONMistake) in try choice(place, of: Rhythm.self) })
        else { return nil }
        guard rhythm == .monthly else {
            if let place = object.optional("des_le") {
                mistakes.add(
                    place.mistake(
                        "Seul un rythme mensuel a un jour.",
                        remedy: "Retirez « des_le », ou écrivez « rythme »: \"mensuel\"."))
            }
            return rhythm == .daily ? .daily : .realTime
        }
        return mistakes.required(object, "des_le") { place throws(JSONMistake) in
            if place.node.string == Self.firstWeekend { return .monthlyAfterFirstWeekend }
            guard let day = place.node.integer, (1...28).contains(day) else {
                throw place.mistake(
                    "On ne sait pas quel jour du mois le détenteur a tout le mois précédent.",
                    remedy: "Écrivez un jour de 1 à 28, ou « \(Self.firstWeekend) ».")
            }
            return .monthly(fromDay: Int(day))
        }
    }
}

extension CallOutcome {
    /// The outcome of a published name.
    init?(rawValue: String) {
        if rawValue == "obtenu" {
            self = .obtained
        } else if let reason = MissingReason(rawValue: rawValue) {
            self = .ended(reason)
        } else {
            return nil
        }
    }

    static let allNames = ["obtenu"] + MissingReason.allCases.map(\.rawValue)

    static func unknown(_ place: JSONPlace) -> JSONMistake {
        place.mistake(
            "Cette issue n'existe pas.",
            remedy: "Choisissez parmi : \(allNames.joined(separator: ", ")).")
    }
}
