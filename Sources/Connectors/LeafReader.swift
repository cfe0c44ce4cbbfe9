import HTTPMessages
import Vocabulary

/// Makes the asked leaves, and no other, of what was taken from an answer.
struct LeafReader {
    let plan: ReadingPlan
    /// By leaf of the plan: whether it is asked.
    let asked: [Bool]
    let captures: Captures
    let headers: HTTPHeaders
    let question: HolderQuestion
    /// Traits of the person beside the usager.
    let other: [Trait: FieldValue]

    /// The elements of one list that count, in groups that each make one element.
    private typealias Groups = [(month: YearMonth?, places: [ArrayPlace])]

    func read() -> HolderReading {
        var reading = HolderReading()
        for (leaf, isAsked) in zip(plan.leaves, asked) where isAsked && leaf.list == nil {
            reading.leaves[LeafInstance(path: leaf.path)] = single(leaf)
        }
        for (index, list) in plan.lists.enumerated() {
            let leaves = zip(plan.leaves, asked).filter { $0.list == index && $1 }.map(\.0)
            if !leaves.isEmpty { read(list, leaves, into: &reading) }
        }
        return reading
    }

    // MARK: - Lists

    private func read(
        _ list: ListPlan, _ leaves: [LeafPlan], into reading: inout HolderReading
    ) {
        guard let places = counting(list.elements) else {
            for leaf in leaves {
                reading.leaves[LeafInstance(path: leaf.path)] = .missing(.sansValeur)
            }
            return
        }
        let groups = groups(of: list, places)
        reading.extents.append(
            HolderReading.Extent(path: list.path, indices: [], count: groups.count))
        for leaf in leaves {
            for (index, group) in groups.enumerated() {
                let instance = LeafInstance(path: leaf.path, indices: [index])
                reading.leaves[instance] = element(leaf, group)
            }
        }
    }

    private func groups(of list: ListPlan, _ places: [ArrayPlace]) -> Groups {
        guard let grouping = list.grouping else { return places.map { (nil, [$0]) } }
        var groups: [YearMonth: [ArrayPlace]] = [:]
        for place in places {
            if let month = month(grouping, place) { groups[month, default: []].append(place) }
        }
        return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The elements that count, nil where the answer has no such list.
    private func counting(_ elements: ElementsPlan) -> [ArrayPlace]? {
        guard captures.arrays.contains(elements.outermost) else { return nil }
        var places = captures.elements[elements.pointer]
        if let bound = elements.bound {
            places = places.filter { covers(month(bound, $0)) }
        }
        if let condition = elements.condition {
            places = places.filter { condition.holds(captures, at: $0) == true }
        }
        return places
    }

    private func month(_ dated: DatedSource, _ place: ArrayPlace) -> YearMonth? {
        guard let date = dated.date(captures, at: place) ?? nil, let month = date.month else {
            return nil
        }
        return YearMonth(year: date.year, month: month)
    }

    /// Whether the period covers a month; one that cannot be told is not covered.
    private func covers(_ month: YearMonth?) -> Bool {
        guard let month else { return false }
        switch question.period {
        case .months(let from, let to), .dateAndMonths(_, let from, let to):
            return from <= month && month <= to
        case .year(let year): return month.year == year
        case .month(let asked): return month == asked
        case .date, nil: return true
        }
    }

    private func element(_ leaf: LeafPlan, _ group: Groups.Element) -> LeafReading {
        if case .groupMonth = leaf.source {
            guard let month = group.month else { return .missing(.sansValeur) }
            return .value(Sensitive(.month(month)))
        }
        if case .sum(let source, let conversion) = leaf.source {
            return total(source, conversion, group.places)
        }
        return reading(leaf.source, at: group.places[0])
    }

    // MARK: - Single leaves

    private func single(_ leaf: LeafPlan) -> LeafReading {
        switch leaf.source {
        case .header(let name, let conversion):
            return conversion.reading(of: headers[name].map { .text($0) })
        case .other(let trait):
            guard let value = other[trait] else { return .missing(.sansValeur) }
            return .value(Sensitive(value))
        case .count(let elements):
            guard let places = counting(elements) else { return .missing(.sansValeur) }
            return .value(Sensitive(.integer(Int64(places.count))))
        case .total(let elements, let source, let conversion, let isMean):
            guard let places = counting(elements) else { return .missing(.sansValeur) }
            return total(source, conversion, places, isMean: isMean)
        case .inForce(let plan): return inForce(plan)
        default: return reading(leaf.source, at: .root)
        }
    }

    /// What stands at a place, alone or in an element.
    private func reading(_ source: LeafSource, at place: ArrayPlace) -> LeafReading {
        switch source {
        case .pointer(let source, let conversion):
            conversion.reading(of: captures.scalar(source, at: place))
        case .dateParts(let parts, let type): parts.reading(of: captures, at: place, as: type)
        case .constant(let value): .value(Sensitive(value))
        case .presence(let source):
            .value(Sensitive(.boolean(captures.scalar(source, at: place)?.isThere ?? false)))
        case .header, .other, .count, .total, .inForce, .groupMonth, .sum:
            .missing(.nonCalculable)
        }
    }

    // MARK: - Calculations

    /// The sum or the mean of amounts.
    ///
    /// One that is missing makes it not computable, because it is not zero. The sum of none is
    /// zero; none has no mean.
    private func total(
        _ source: ScalarSource, _ conversion: Conversion, _ places: [ArrayPlace],
        isMean: Bool = false
    ) -> LeafReading {
        var total = ExactDecimal(units: 0)
        for place in places {
            let reading = conversion.reading(of: captures.scalar(source, at: place))
            guard let amount = reading.amount, let sum = total.adding(amount) else {
                return .missing(places.count == 1 && !isMean ? .sansValeur : .nonCalculable)
            }
            total = sum
        }
        if isMean {
            guard let mean = total.divided(by: places.count) else {
                return .missing(.nonCalculable)
            }
            total = mean
        }
        guard conversion.type == .entier else { return .value(Sensitive(.decimal(total))) }
        guard total.scale == 0 else { return .missing(.nonCalculable) }
        return .value(Sensitive(.integer(total.units)))
    }

    private func inForce(_ plan: InForcePlan) -> LeafReading {
        var places = [ArrayPlace.root]
        if let elements = plan.elements {
            guard let counting = counting(elements) else { return .missing(.sansValeur) }
            places = counting
        }
        var isUncertain = false
        for place in places {
            switch covers(plan, place) {
            case true?: return .value(Sensitive(.boolean(true)))
            case nil: isUncertain = true
            case false?: break
            }
        }
        return isUncertain ? .missing(.nonCalculable) : .value(Sensitive(.boolean(false)))
    }

    /// Whether one interval covers the date; nil where its bounds are known too little to tell.
    private func covers(_ plan: InForcePlan, _ place: ArrayPlace) -> Bool? {
        if let condition = plan.condition {
            guard let holds = condition.holds(captures, at: place) else { return nil }
            guard holds else { return false }
        }
        guard captures.scalar(plan.begin.source, at: place)?.known != nil else {
            return plan.elements == nil ? false : nil
        }
        guard let begin = plan.begin.date(captures, at: place) ?? nil,
            let end = plan.end.map({ $0.date(captures, at: place) }) ?? .some(nil),
            let from = begin.earliest, let fromLatest = begin.latest
        else { return nil }
        if date < from { return false }
        // The end of an interval is its last day; an end known by its month covers the month.
        if let last = end?.latest, date > last { return false }
        if case .year? = end { return nil }
        return date < fromLatest ? nil : true
    }

    /// The date that the question is about.
    private var date: CalendarDate {
        switch question.period {
        case .date(let date), .dateAndMonths(let date, _, _): date
        default: question.today
        }
    }
}

extension LeafReading {
    /// The number that was read, if one was.
    fileprivate var amount: ExactDecimal? {
        guard case .value(let value) = self else { return nil }
        return switch value.reveal() {
        case .decimal(let decimal): decimal
        case .integer(let integer): ExactDecimal(units: integer)
        default: nil
        }
    }
}

extension RawScalar {
    /// Whether something stands here: an object or an array is something.
    fileprivate var isThere: Bool { self == .composite || known != nil }
}
