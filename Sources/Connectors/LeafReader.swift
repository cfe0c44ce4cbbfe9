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

    /// The elements of one list that the period covers, in groups that each make one element.
    private typealias Groups = [(month: YearMonth?, places: [[Int]])]

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
        guard captures.arrays.contains(list.outermost) else {
            for leaf in leaves {
                reading.leaves[LeafInstance(path: leaf.path)] = .missing(.sansValeur)
            }
            return
        }
        let groups = groups(of: list)
        reading.extents.append(
            HolderReading.Extent(path: list.path, indices: [], count: groups.count))
        for leaf in leaves {
            let scalars = scalars(of: leaf)
            for (index, group) in groups.enumerated() {
                let instance = LeafInstance(path: leaf.path, indices: [index])
                reading.leaves[instance] = element(leaf, group, scalars)
            }
        }
    }

    private func groups(of list: ListPlan) -> Groups {
        var places = captures.elements[list.pointer]
        if let bound = list.bound {
            let months = months(bound.pointer, bound.format)
            places = places.filter { covers(lookup(months, $0)) }
        }
        guard let grouping = list.grouping else { return places.map { (nil, [$0]) } }
        let months = months(grouping.pointer, grouping.format)
        var groups: [YearMonth: [[Int]]] = [:]
        for place in places {
            if let month = lookup(months, place) { groups[month, default: []].append(place) }
        }
        return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
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

    private func months(_ pointer: Int, _ format: DateFormat) -> [[Int]: YearMonth] {
        var months: [[Int]: YearMonth] = [:]
        for value in captures.values[pointer] {
            guard let text = value.scalar.known, let date = format.date(text) ?? nil,
                let month = date.month
            else { continue }
            months[value.indices] = YearMonth(year: date.year, month: month)
        }
        return months
    }

    /// The scalars of a leaf of a list by their place.
    private func scalars(of leaf: LeafPlan) -> [[[Int]: RawScalar]] {
        leaf.pointers.map { pointer in
            Dictionary(
                captures.values[pointer].map { ($0.indices, $0.scalar) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// What belongs to an element: its own, or that of an array around it.
    private func lookup<Value>(_ values: [[Int]: Value], _ place: [Int]) -> Value? {
        var place = place[...]
        while true {
            if let value = values[Array(place)] { return value }
            if place.isEmpty { return nil }
            place = place.dropLast()
        }
    }

    private func element(
        _ leaf: LeafPlan, _ group: Groups.Element, _ scalars: [[[Int]: RawScalar]]
    ) -> LeafReading {
        let place = group.places[0]
        switch leaf.source {
        case .pointer(_, let conversion):
            return conversion.reading(of: lookup(scalars[0], place))
        case .dateParts:
            return datePartsReading(
                day: lookup(scalars[0], place), month: lookup(scalars[1], place),
                year: lookup(scalars[2], place))
        case .presence:
            return .value(Sensitive(.boolean(lookup(scalars[0], place)?.known != nil)))
        case .groupMonth:
            guard let month = group.month else { return .missing(.sansValeur) }
            return .value(Sensitive(.month(month)))
        case .sum(_, let conversion):
            return sum(conversion, group.places.map { lookup(scalars[0], $0) })
        case .other, .count, .inForce, .header: return .missing(.nonCalculable)
        }
    }

    /// The sum of amounts; one that is missing makes it not computable, because it is not zero.
    private func sum(_ conversion: Conversion, _ scalars: [RawScalar?]) -> LeafReading {
        var total = ExactDecimal(units: 0)
        for scalar in scalars {
            guard case .value(let value) = conversion.reading(of: scalar) else {
                return .missing(scalars.count == 1 ? .sansValeur : .nonCalculable)
            }
            let amount: ExactDecimal
            switch value.reveal() {
            case .decimal(let decimal): amount = decimal
            case .integer(let integer): amount = ExactDecimal(units: integer)
            default: return .missing(.nonCalculable)
            }
            guard let next = total.adding(amount) else { return .missing(.nonCalculable) }
            total = next
        }
        return .value(
            Sensitive(conversion.type == .entier ? .integer(total.units) : .decimal(total)))
    }

    // MARK: - Single leaves

    private func single(_ leaf: LeafPlan) -> LeafReading {
        switch leaf.source {
        case .pointer(let pointer, let conversion):
            return conversion.reading(of: captures.single(pointer))
        case .dateParts(let source):
            let scalars = source.pointers.map { captures.single($0) }
            return datePartsReading(day: scalars[0], month: scalars[1], year: scalars[2])
        case .header(let name, let conversion):
            return conversion.reading(of: headers[name].map { .text($0) })
        case .presence(let pointer):
            return .value(Sensitive(.boolean(captures.single(pointer)?.known != nil)))
        case .other(let trait):
            guard let value = other[trait] else { return .missing(.sansValeur) }
            return .value(Sensitive(value))
        case .count(let pointer, let outermost):
            guard captures.arrays.contains(outermost) else { return .missing(.sansValeur) }
            return .value(Sensitive(.integer(Int64(captures.elements[pointer].count))))
        case .inForce(let plan, let outermost): return inForce(plan, outermost)
        case .groupMonth, .sum: return .missing(.nonCalculable)
        }
    }

    private func inForce(_ plan: InForcePlan, _ outermost: Int?) -> LeafReading {
        if let outermost, !captures.arrays.contains(outermost) { return .missing(.sansValeur) }
        let places = plan.list.map { captures.elements[$0] } ?? [[]]
        let scalars = plan.pointers.map { pointer in
            Dictionary(
                captures.values[pointer].map { ($0.indices, $0.scalar) },
                uniquingKeysWith: { first, _ in first })
        }
        var isUncertain = false
        for place in places {
            switch covers(plan, place, scalars) {
            case true?: return .value(Sensitive(.boolean(true)))
            case nil: isUncertain = true
            case false?: break
            }
        }
        return isUncertain ? .missing(.nonCalculable) : .value(Sensitive(.boolean(false)))
    }

    /// Whether one interval covers the date; nil where its bounds are known too little to tell.
    private func covers(
        _ plan: InForcePlan, _ place: [Int], _ scalars: [[[Int]: RawScalar]]
    ) -> Bool? {
        var next = scalars.makeIterator()
        let begin = next.next().flatMap { lookup($0, place) }
        let end = plan.end == nil ? nil : next.next().flatMap { lookup($0, place) }
        if let condition = plan.condition {
            let text = next.next().flatMap { lookup($0, place) }?.known
            guard let text else { return nil }
            guard condition.texts.contains(text) else { return false }
        }
        guard let beginText = begin?.known else { return plan.list == nil ? false : nil }
        guard let first = plan.begin.format.date(beginText) ?? nil, let from = first.earliest,
            let fromLatest = first.latest
        else { return nil }
        var to: PartialDate?
        if let plan = plan.end, let text = end?.known {
            guard let date = plan.format.date(text) else { return nil }
            to = date
        }
        let day = date
        if day < from { return false }
        if let last = to?.latest, day > last { return false }
        if day < fromLatest { return nil }
        // The end of an interval is its last day; an end known by its month covers the month.
        return true
    }

    /// The date that the question is about.
    private var date: CalendarDate {
        switch question.period {
        case .date(let date), .dateAndMonths(let date, _, _): date
        default: question.today
        }
    }
}
