import JSONText
import Vocabulary

extension JSONMistakes {
    /// Reads `{"annee": {…}, "mois": {…}, "date": {…}, "intervalle": {…}}`, of which a data set
    /// takes its own.
    mutating func periodRule(_ place: JSONPlace, for kind: PeriodKind) -> PeriodRule? {
        guard let object = object(place, PeriodRule.members) else {
            return nil
        }
        let before = all.count
        let rule = PeriodRule(
            year: object.optional("annee").flatMap { back($0, most: 20) },
            month: object.optional("mois").flatMap { back($0, most: 240) },
            date: object.optional("date").flatMap { around($0) },
            months: object.optional("intervalle").flatMap { stretch($0) }
        )
        guard all.count == before else {
            return nil
        }
        if let flaw = rule.flaw(for: kind) {
            add(place.mistake(flaw, remedy: "Revoyez les membres de « \(place.path) »."))
            return nil
        }
        return rule
    }

    private mutating func back(_ place: JSONPlace, most: Int64) -> PeriodRule.Back? {
        guard let object = object(place, PeriodRule.Back.members) else {
            return nil
        }
        let usual = integer(object, "recul_defaut", in: 0...most)
        let least = integer(object, "recul_min", in: 0...most)
        let greatest = integer(object, "recul_max", in: 0...most)
        guard let usual, let least, let greatest else {
            return nil
        }
        return PeriodRule.Back(usual: usual, least: least, most: greatest)
    }

    private mutating func around(_ place: JSONPlace) -> PeriodRule.Around? {
        guard let object = object(place, PeriodRule.Around.members) else {
            return nil
        }
        let before = integer(object, "jours_avant", in: 0...7300)
        let after = integer(object, "jours_apres", in: 0...366)
        guard let before, let after else {
            return nil
        }
        return PeriodRule.Around(before: before, after: after)
    }

    private mutating func stretch(_ place: JSONPlace) -> PeriodRule.Stretch? {
        guard let object = object(place, PeriodRule.Stretch.members) else {
            return nil
        }
        let usual = integer(object, "mois_defaut", in: 1...120)
        let greatest = integer(object, "mois_max", in: 1...120)
        let oldest = integer(object, "anteriorite_max", in: 0...240)
        guard let usual, let greatest, let oldest else {
            return nil
        }
        return PeriodRule.Stretch(usualLength: usual, greatestLength: greatest, oldest: oldest)
    }
}
