import TestSupport
import Vocabulary

extension Seeded {
    /// A name of civil status, with all that names may hold.
    mutating func name() -> String {
        let parts = (0..<Int.random(in: 1...3, using: &self)).map { _ in
            pick([
                "Dubois", "Élodie", "Noël", "OEUVRARD", "Œdipe", "Lætitia", "Anne", "Laure",
                "Çetin", "Ÿves", "françois", "ÑANDÚ", "Saint", "L", "HUCHÉ",
            ])
        }
        return parts.joined(separator: pick([" ", "-", "'", "’", "--"]))
    }

    mutating func pivot() -> PivotIdentity {
        let isAbroad = Int.random(in: 0..<4, using: &self) == 0
        let date = CalendarDate(
            daysSinceEpoch: Int64.random(in: -20_000...15_000, using: &self))
        return PivotIdentity(
            birthName: name(),
            usageName: Bool.random(using: &self) ? name() : nil,
            givenNames: (0..<Int.random(in: 1...4, using: &self)).map { _ in name() },
            birthDate: .day(date),
            mayBePresumed: date.day == 1,
            sex: pick(Sex.allCases),
            birthCountry: isAbroad ? "99352" : "99100",
            birthCommune: isAbroad ? nil : pick(["75107", "2A004", "98611"])
        )
    }
}
