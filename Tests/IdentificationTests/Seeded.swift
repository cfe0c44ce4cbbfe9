import Vocabulary

/// A generator whose sequence is fixed by its seed (SplitMix64), for tests.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

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
