import JSONText
import Vocabulary

// How often a purpose may be used.
extension PolicyReader {
    static let boundsMembers = [
        Bound.parPersonneEtDossier.rawValue, Bound.parJour.rawValue, Bound.parSeconde.rawValue,
        "sondage",
    ]
    static let personBoundMembers = ["appels", "par"]
    static let probingMembers = [
        Bound.personnesParJour, .personnesParDossier, .variantesParJour, .echecsParHeure,
        .echecsSurCent,
    ].map(\.rawValue)

    mutating func bounds(_ object: JSONObjectPlace, modes: [Mode: ModeRule]) -> Bounds {
        guard let place = object.optional("bornes"),
            let bounds = mistakes.object(place, PolicyReader.boundsMembers)
        else {
            return .none
        }
        let perDay = limit(bounds, .parJour, in: 1...1_000_000_000)
        let perSecond = limit(bounds, .parSeconde, in: 1...1_000_000)
        if let perDay, let perSecond, perDay < perSecond {
            mistakes.add(
                place.mistake(
                    "La borne d'une seconde dépasse celle du jour.",
                    remedy: "Baissez « par_seconde », ou montez « par_jour ».")
            )
        }
        return Bounds(
            perPersonAndDossier: personBound(bounds), perDay: perDay, perSecond: perSecond,
            probing: probing(bounds, modes: modes))
    }

    private mutating func personBound(_ bounds: JSONObjectPlace) -> Bounds.OfPerson? {
        guard let place = bounds.optional(Bound.parPersonneEtDossier.rawValue),
            let object = mistakes.object(place, PolicyReader.personBoundMembers)
        else {
            return nil
        }
        let calls = mistakes.integer(object, "appels", in: 1...10_000)
        let period = mistakes.choice(object, "par", PersonPeriod.self)
        guard let calls, let period else {
            return nil
        }
        return Bounds.OfPerson(calls: calls, period: period.period)
    }

    private mutating func probing(
        _ bounds: JSONObjectPlace, modes: [Mode: ModeRule]
    ) -> ProbingLimits {
        var limits = ProbingLimits.usual
        guard let place = bounds.optional("sondage"),
            let object = mistakes.object(place, PolicyReader.probingMembers)
        else {
            return limits
        }
        if modes[.identite] == nil {
            mistakes.add(
                place.mistake(
                    "Ces bornes ne servent à rien : la finalité n'admet pas le mode identité.",
                    remedy: "Retirez « sondage », ou décrivez le mode « identite ».")
            )
        }
        let usual = ProbingLimits.usual
        limits.personsPerDay =
            limit(object, .personnesParJour, in: 1...10_000_000) ?? usual.personsPerDay
        limits.personsPerDossier =
            limit(object, .personnesParDossier, in: 1...1000) ?? usual.personsPerDossier
        limits.variantsPerDay =
            limit(object, .variantesParJour, in: 1...1000) ?? usual.variantsPerDay
        limits.missesPerHour =
            limit(object, .echecsParHeure, in: 1...1_000_000) ?? usual.missesPerHour
        // A hundred of the last hundred would bound nothing.
        limits.missesInHundred =
            limit(object, .echecsSurCent, in: 1...99) ?? usual.missesInHundred
        return limits
    }

    private mutating func limit(
        _ object: JSONObjectPlace, _ bound: Bound, in range: ClosedRange<Int64>
    ) -> Int? {
        mistakes.optional(object, bound.rawValue) { place throws(JSONMistake) in
            Int(try place.int(in: range))
        }
    }
}

/// The periods over which calls about one person are counted.
enum PersonPeriod: String, CaseIterable {
    case jour
    case mois
    case annee

    var period: CountingPeriod {
        switch self {
        case .jour: .jour
        case .mois: .mois
        case .annee: .annee
        }
    }
}
