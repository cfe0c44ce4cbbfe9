import TestSupport
import Vocabulary

// How a holder's answer is drawn: values, reasons, holes, arrays that are empty or were not read.

extension HolderReading {
    static func drawn(_ dataset: DrawnDataset, _ random: inout Seeded) -> HolderReading {
        var reading = HolderReading()
        var extents: [[String]: Int?] = [:]
        for leaf in dataset.leaves {
            guard let path = FieldPath(leaf.path) else { continue }
            var places: [[Int]] = [[]]
            var way: [String] = []
            for step in leaf.path.split(separator: ".").map(String.init) {
                way.append(step)
                guard step.hasSuffix("[]"), let array = FieldPath(way.joined(separator: "."))
                else { continue }
                places = places.flatMap { place in
                    let key = [array.text] + place.map(String.init)
                    let isNew = extents[key] == nil
                    let count = extents[key] ?? (random.once(in: 15) ? nil : random.number(0...3))
                    extents[key] = .some(count)
                    if isNew, let count {
                        reading.extents.append(Extent(path: array, indices: place, count: count))
                    }
                    return (0..<(count ?? 0)).map { place + [$0] }
                }
            }
            if leaf.path.contains("[]"), random.once(in: 15) {
                reading.leaves[LeafInstance(path: path)] = .missing(random.pick(reasons))
            }
            for place in places where !random.once(in: 15) {
                if place.isEmpty, leaf.path.contains("[]") { continue }
                reading.leaves[LeafInstance(path: path, indices: place)] = leaf.reading(&random)
            }
        }
        return reading
    }
}

private let reasons: [MissingReason] = [.sansValeur, .nonDetenu, .nonCouvert, .nonCalculable]

extension DrawnLeaf {
    fileprivate func reading(_ random: inout Seeded) -> LeafReading {
        if random.once(in: 5) { return .missing(random.pick(reasons)) }
        let type = random.once(in: 20) ? random.pick(FieldType.allCases) : type
        let value: FieldValue =
            switch type {
            case .entier: .integer(Int64(random.number(-3...3)))
            case .decimal: .decimal(DrawnForm.amount(&random))
            case .booleen: .boolean(Bool.random(using: &random))
            case .texte: .text(random.pick(["Ada", "éluard", "", "12", "'t Hooft", "ﬁn"]))
            case .enumeration: .text(random.pick(["a", "b"]))
            case .date: .date(DrawnLeaf.date(&random))
            case .mois: .month(YearMonth(year: 2026, month: 3) ?? Self.someMonth)
            }
        return .value(Sensitive(value))
    }

    private static var someMonth: YearMonth { CalendarDate(daysSinceEpoch: 0).yearMonth }

    /// A date about which the reference day, a leap day or an age turns; known in part at times.
    private static func date(_ random: inout Seeded) -> PartialDate {
        let years = random.pick([0, 0, 1, 3, 18, 21])
        let around = DrawnHabilitation.pivotDay - Int64(Double(years) * 365.25)
        let leap = CalendarDate(year: 2024, month: 2, day: 29) ?? CalendarDate(daysSinceEpoch: 0)
        let day =
            random.once(in: 10)
            ? leap : CalendarDate(daysSinceEpoch: around + Int64(random.number(-3...3)))
        return switch random.number(0...5) {
        case 0: .year(day.year)
        case 1: .month(day.yearMonth)
        default: .day(day)
        }
    }
}
