import Foundation
import Vocabulary

/// The closed calculations again, slow and obvious, over what was read of a holder's answer.
///
/// A date that is known in part is every day that it may be: what holds on all of them is said,
/// what holds on some is not computable.
struct ReferenceForms {
    let reading: HolderReading
    let date: CalendarDate

    /// What a leaf comes to under a form: for each place, every reading that would be right.
    func entries(_ leaf: DrawnLeaf, _ form: DrawnForm) -> [[Int]: [LeafReading]] {
        if leaf.path.contains("[]"), case .missing(let reason)? = read(leaf.path, []) {
            return [[]: [.missing(reason)]]
        }
        guard let places = places(of: leaf.path) else { return [[]: [.missing(.nonDetenu)]] }
        let values = places.map { read(leaf.path, $0) ?? .missing(.nonDetenu) }
        switch form.kind {
        case .valeur, .seuil, .tranche, .annee, .age, .initiale:
            return Dictionary(
                uniqueKeysWithValues: zip(places, values.map { [element($0, form)] }))
        case .presence: return [[]: presence(values)]
        case .nombre: return [[]: [.value(Sensitive(.integer(Int64(values.count))))]]
        case .nombreMoinsDe: return [[]: [countBelow(form.years ?? 0, values)]]
        case .somme, .moyenne: return [[]: [total(values, isMean: form.kind == .moyenne)]]
        case .enVigueur:
            let ends = places.map { place in leaf.intervalEnd.flatMap { read($0, place) } }
            let hasEnd = leaf.intervalEnd != nil
            return [[]: inForce(Array(zip(values, ends)), hasEnd: hasEnd)]
        }
    }

    // MARK: - Places

    private func read(_ path: String, _ indices: [Int]) -> LeafReading? {
        for (instance, reading) in reading.leaves
        where instance.path.text == path && instance.indices == indices {
            return reading
        }
        return nil
    }

    /// The indices of every element, or nil where an array on the way was not read.
    private func places(of path: String) -> [[Int]]? {
        var places: [[Int]] = [[]]
        var way: [String] = []
        for step in path.components(separatedBy: ".") {
            way.append(step)
            guard step.hasSuffix("[]") else { continue }
            var longer: [[Int]] = []
            for place in places {
                let extent = reading.extents.first {
                    $0.path.text == way.joined(separator: ".") && $0.indices == place
                }
                guard let extent else { return nil }
                for index in 0..<extent.count { longer.append(place + [index]) }
            }
            places = longer
        }
        return places
    }

    // MARK: - One value

    private func element(_ reading: LeafReading, _ form: DrawnForm) -> LeafReading {
        guard case .value(let sensitive) = reading, form.kind != .valeur else { return reading }
        let value = sensitive.reveal()
        var result: FieldValue?
        switch (form.kind, value) {
        case (.seuil, .integer), (.seuil, .decimal):
            result = .boolean(holds(number(value), form.comparison ?? "", number(form.bound)))
        case (.tranche, .integer), (.tranche, .decimal):
            for bracket in form.brackets
            where bracket.from.map({ number($0) <= number(value) }) ?? true {
                result = .text(bracket.label)
            }
        case (.annee, .date(let date)): result = .integer(Int64(date.year))
        case (.annee, .month(let month)): result = .integer(Int64(month.year))
        case (.age, .date(let birth)):
            let ages = Set(days(of: birth).filter { $0 <= date }.map { age(from: $0) })
            if ages.count == 1, let age = ages.first { result = .integer(Int64(age)) }
        case (.initiale, .text(let text)):
            let letter = text.first { $0.isLetter }
            result = letter.map { .text(String($0).uppercased()) }
        default: break
        }
        return result.map { .value(Sensitive($0)) } ?? .missing(.nonCalculable)
    }

    private func holds(_ value: Decimal, _ comparison: String, _ bound: Decimal) -> Bool {
        switch comparison {
        case "au_moins": value >= bound
        case "au_plus": value <= bound
        case "plus_de": value > bound
        default: value < bound
        }
    }

    private func number(_ value: FieldValue) -> Decimal {
        switch value {
        case .integer(let integer): Decimal(integer)
        case .decimal(let decimal): number(decimal)
        default: .nan
        }
    }

    private func number(_ decimal: ExactDecimal?) -> Decimal {
        decimal.flatMap { Decimal(string: $0.text) } ?? .nan
    }

    /// Every day that a date may be.
    private func days(of date: PartialDate) -> [CalendarDate] {
        let months = date.month.map { [$0] } ?? Array(1...12)
        return months.flatMap { month in
            (date.day.map { [$0] } ?? Array(1...31)).compactMap { day in
                CalendarDate(year: date.year, month: month, day: day)
            }
        }
    }

    /// Whole years; a birthday that the year does not have comes with the day after.
    private func age(from birth: CalendarDate) -> Int {
        let isBefore = date.text.dropFirst(5) < birth.text.dropFirst(5)
        return date.year - birth.year - (isBefore ? 1 : 0)
    }

    // MARK: - A whole array, or an interval

    private func presence(_ values: [LeafReading]) -> [LeafReading] {
        var unknown: [LeafReading] = []
        for value in values {
            switch value {
            case .value: return [.value(Sensitive(.boolean(true)))]
            case .missing(.sansValeur): break
            case .missing: unknown.append(value)
            }
        }
        return unknown.isEmpty ? [.value(Sensitive(.boolean(false)))] : unknown
    }

    private func countBelow(_ years: Int, _ values: [LeafReading]) -> LeafReading {
        var count = 0
        for value in values {
            guard case .value(let sensitive) = value, case .date(let birth) = sensitive.reveal()
            else { return .missing(.nonCalculable) }
            let isYoung = Set(
                days(of: birth).filter { $0 <= date }.map { age(from: $0) < years })
            guard isYoung.count == 1 else { return .missing(.nonCalculable) }
            if isYoung == [true] { count += 1 }
        }
        return .value(Sensitive(.integer(Int64(count))))
    }

    private func total(_ values: [LeafReading], isMean: Bool) -> LeafReading {
        var sum = Decimal(0)
        for value in values {
            guard case .value(let sensitive) = value, !number(sensitive.reveal()).isNaN else {
                return .missing(.nonCalculable)
            }
            sum += number(sensitive.reveal())
        }
        if isMean {
            guard !values.isEmpty else { return .missing(.nonCalculable) }
            var mean = sum / Decimal(values.count)
            NSDecimalRound(&sum, &mean, 2, .plain)
        }
        let exact = ExactDecimal("\(sum)")
        return exact.map { .value(Sensitive(.decimal($0))) } ?? .missing(.nonCalculable)
    }

    /// Whether one interval covers the date; without an end, it is still open.
    private func inForce(
        _ intervals: [(begin: LeafReading, end: LeafReading?)], hasEnd: Bool
    ) -> [LeafReading] {
        var unknown: [LeafReading] = []
        for interval in intervals {
            let verdict = covers(interval.begin, interval.end, hasEnd: hasEnd)
            if verdict == .value(Sensitive(.boolean(true))) { return [verdict] }
            if case .missing = verdict { unknown.append(verdict) }
        }
        return unknown.isEmpty ? [.value(Sensitive(.boolean(false)))] : unknown
    }

    private func covers(
        _ begin: LeafReading, _ end: LeafReading?, hasEnd: Bool
    ) -> LeafReading {
        guard case .value(let first) = begin else { return begin }
        // What is no date may have begun on any day.
        var hasBegun: Set<Bool> = [true, false]
        if case .date(let first) = first.reveal() {
            hasBegun = Set(days(of: first).map { $0 <= date })
        }
        if hasBegun == [false] { return .value(Sensitive(.boolean(false))) }
        var isOver: Set<Bool> = [false]
        switch end {
        case .value(let last):
            guard case .date(let last) = last.reveal() else { return .missing(.nonCalculable) }
            isOver = Set(days(of: last).map { $0 < date })
        case .missing(.sansValeur): break
        case .missing(let reason): return .missing(reason)
        case nil: if hasEnd { return .missing(.nonDetenu) }
        }
        if isOver == [true] { return .value(Sensitive(.boolean(false))) }
        return hasBegun == [true] && isOver == [false]
            ? .value(Sensitive(.boolean(true))) : .missing(.nonCalculable)
    }
}
