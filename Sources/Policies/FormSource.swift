import Vocabulary

/// One holder's answer, as the forms see it.
struct FormSource {
    let reading: HolderReading
    let date: CalendarDate

    typealias Result = (indices: [Int], reading: LeafReading)

    /// What one granted leaf comes to: one result, or one for each element.
    func apply(_ leaf: GrantedLeaf) -> [Result] {
        let path = leaf.contract.path
        switch instances(of: path) {
        case .unknown(let reason):
            return [([], .missing(reason))]
        case .known(let all):
            if leaf.form.isPerElement {
                return all.map { instance in (instance.indices, element(instance, leaf.form)) }
            }
            return [([], whole(all, leaf))]
        }
    }

    /// The extents of the arrays that a path runs through.
    func extents(of path: FieldPath) -> [HolderReading.Extent] {
        let prefixes = arrayPrefixes(of: path)
        return reading.extents.filter { prefixes.contains($0.path) }
    }

    // MARK: - Instances

    enum Instances {
        case known([LeafInstance])
        case unknown(MissingReason)
    }

    /// Every instance of a leaf, by the extents that were read; unknown where an array was not
    /// read.
    private func instances(of path: FieldPath) -> Instances {
        guard path.arrayDepth > 0 else {
            return .known([LeafInstance(path: path)])
        }
        if case .missing(let reason)? = reading.leaves[LeafInstance(path: path)] {
            return .unknown(reason)
        }
        var indices: [[Int]] = [[]]
        for prefix in arrayPrefixes(of: path) {
            var deeper: [[Int]] = []
            for outer in indices {
                let extent = reading.extents.first { $0.path == prefix && $0.indices == outer }
                guard let extent else {
                    return .unknown(.nonDetenu)
                }
                deeper += (0..<extent.count).map { outer + [$0] }
            }
            indices = deeper
        }
        return .known(indices.map { LeafInstance(path: path, indices: $0) })
    }

    /// The paths of the arrays that a leaf lies in, outermost first.
    private func arrayPrefixes(of path: FieldPath) -> [FieldPath] {
        var text = path.dataset.text
        var prefixes: [FieldPath] = []
        for step in path.steps {
            text += "." + step.name + (step.isArray ? "[]" : "")
            if step.isArray, let prefix = FieldPath(text) {
                prefixes.append(prefix)
            }
        }
        return prefixes
    }

    /// What was read at one place; what was not read at all is not held.
    func read(_ instance: LeafInstance) -> LeafReading {
        reading.leaves[instance] ?? .missing(.nonDetenu)
    }

    // MARK: - One value at a time

    private func element(_ instance: LeafInstance, _ form: FormDefinition) -> LeafReading {
        guard case .value(let sensitive) = read(instance) else {
            return read(instance)
        }
        if form == .valeur {
            return .value(sensitive)
        }
        let value = sensitive.reveal()
        let result: FieldValue? =
            switch form {
            case .seuil(let comparison, let bound):
                value.number.map { .boolean(comparison.holds($0, bound)) }
            case .tranche(let brackets):
                value.number.flatMap { bracket($0, brackets) }.map { .text($0) }
            case .annee: value.year.map { .integer(Int64($0)) }
            case .age: value.partialDate.flatMap { age($0) }.map { .integer(Int64($0)) }
            case .initiale: value.initial.map { .text($0) }
            default: nil
            }
        return result.map { .value(Sensitive($0)) } ?? .missing(.nonCalculable)
    }

    private func bracket(
        _ number: ExactDecimal, _ brackets: [FormDefinition.Bracket]
    ) -> String? {
        brackets.last { bracket in
            bracket.from.map { number.compared(to: $0) >= 0 } ?? true
        }?.label
    }

    /// The age at the date, or nil where the unknown part of the birth date decides.
    func age(_ birth: PartialDate) -> Int? {
        guard let days = possibleDays(of: birth) else {
            return nil
        }
        let oldest = age(from: days.lowerBound)
        return oldest == age(from: days.upperBound) ? oldest : nil
    }

    /// The days on which a birth may have been; nil where it lies after the date.
    private func possibleDays(of birth: PartialDate) -> ClosedRange<CalendarDate>? {
        guard let earliest = birth.earliest, let latest = birth.latest, earliest <= date else {
            return nil
        }
        return earliest...min(latest, date)
    }

    /// Whole years since a day; a person born on 29 February is a year older on 1 March.
    private func age(from birth: CalendarDate) -> Int {
        let hadBirthday = (date.month, date.day) >= (birth.month, birth.day)
        return date.year - birth.year - (hadBirthday ? 0 : 1)
    }
}

// MARK: - A whole array, or an interval

extension FormSource {
    private func whole(_ instances: [LeafInstance], _ leaf: GrantedLeaf) -> LeafReading {
        switch leaf.form {
        case .presence: presence(instances)
        case .nombre: .value(Sensitive(.integer(Int64(instances.count))))
        case .nombreMoinsDe(let years): countBelow(years, instances)
        case .somme: sum(instances, isMean: false)
        case .moyenne: sum(instances, isMean: true)
        case .enVigueur: inForce(instances, leaf.contract.intervalEnd)
        default: .missing(.nonCalculable)
        }
    }

    /// True once one value is there; false where the holder knows the person and has none.
    private func presence(_ instances: [LeafInstance]) -> LeafReading {
        var unknown: MissingReason?
        for instance in instances {
            switch read(instance) {
            case .value: return .value(Sensitive(.boolean(true)))
            case .missing(.sansValeur): break
            case .missing(let reason): unknown = reason
            }
        }
        return unknown.map { .missing($0) } ?? .value(Sensitive(.boolean(false)))
    }

    private func countBelow(_ years: Int, _ instances: [LeafInstance]) -> LeafReading {
        var count: Int64 = 0
        for instance in instances {
            guard case .value(let value) = read(instance),
                let birth = value.reveal().partialDate,
                let days = possibleDays(of: birth)
            else {
                return .missing(.nonCalculable)
            }
            let isYoung = age(from: days.upperBound) < years
            guard isYoung == (age(from: days.lowerBound) < years) else {
                return .missing(.nonCalculable)
            }
            if isYoung { count += 1 }
        }
        return .value(Sensitive(.integer(count)))
    }

    /// The exact sum of all elements, or their mean; one missing element makes either unknown.
    private func sum(_ instances: [LeafInstance], isMean: Bool) -> LeafReading {
        var total = ExactDecimal(units: 0)
        for instance in instances {
            guard case .value(let value) = read(instance), let number = value.reveal().number,
                let sum = total.adding(number)
            else {
                return .missing(.nonCalculable)
            }
            total = sum
        }
        guard isMean else {
            return .value(Sensitive(.decimal(total)))
        }
        guard let mean = total.divided(by: instances.count) else {
            return .missing(.nonCalculable)
        }
        return .value(Sensitive(.decimal(mean)))
    }

    /// Whether one interval at least covers the date; its last day is within.
    private func inForce(_ instances: [LeafInstance], _ end: FieldPath?) -> LeafReading {
        var unknown: MissingReason?
        for instance in instances {
            let last = end.map { read(LeafInstance(path: $0, indices: instance.indices)) }
            switch covers(read(instance), until: last) {
            case .value(true): return .value(Sensitive(.boolean(true)))
            case .value(false): break
            case .unknown(let reason): unknown = reason
            }
        }
        return unknown.map { .missing($0) } ?? .value(Sensitive(.boolean(false)))
    }

    private enum Verdict {
        case value(Bool)
        case unknown(MissingReason)
    }

    private func covers(_ begin: LeafReading, until end: LeafReading?) -> Verdict {
        let beginning: PartialDate?
        switch begin {
        case .value(let value): beginning = value.reveal().partialDate
        case .missing(let reason): return .unknown(reason)
        }
        let hasBegun = beginning.flatMap { comesBy($0) }
        if hasBegun == false {
            return .value(false)
        }
        switch end {
        // Without an end, the interval is still open.
        case nil, .missing(.sansValeur):
            return hasBegun.map { .value($0) } ?? .unknown(.nonCalculable)
        case .missing(let reason): return .unknown(reason)
        case .value(let value):
            guard let last = value.reveal().partialDate, let earliest = last.earliest,
                let latest = last.latest
            else {
                return .unknown(.nonCalculable)
            }
            if latest < date {
                return .value(false)
            }
            return earliest >= date && hasBegun == true ? .value(true) : .unknown(.nonCalculable)
        }
    }

    /// Whether a partial date lies on the date or before it; nil where its unknown part decides.
    private func comesBy(_ partial: PartialDate) -> Bool? {
        guard let earliest = partial.earliest, let latest = partial.latest else {
            return nil
        }
        if latest <= date {
            return true
        }
        return earliest > date ? false : nil
    }
}

extension FormDefinition.Comparison {
    /// Whether a number stands to a bound as the comparison says.
    func holds(_ number: ExactDecimal, _ bound: ExactDecimal) -> Bool {
        let order = number.compared(to: bound)
        return switch self {
        case .auMoins: order >= 0
        case .auPlus: order <= 0
        case .plusDe: order > 0
        case .moinsDe: order < 0
        }
    }
}

extension FieldValue {
    fileprivate var number: ExactDecimal? {
        switch self {
        case .integer(let integer): ExactDecimal(units: integer)
        case .decimal(let decimal): decimal
        default: nil
        }
    }

    fileprivate var partialDate: PartialDate? {
        if case .date(let date) = self { date } else { nil }
    }

    fileprivate var year: Int? {
        switch self {
        case .date(let date): date.year
        case .month(let month): month.year
        default: nil
        }
    }

    fileprivate var initial: String? {
        guard case .text(let text) = self, let first = text.first(where: { $0.isLetter }) else {
            return nil
        }
        return String(first).uppercased()
    }
}
