import Vocabulary

/// Which period a request means, in the words of the documents: `recul_min`, `jours_avant`,
/// `mois_max`, `anteriorite_max`.
struct ReferencePeriod {
    let rule: DrawnPeriods
    let asked: RequestedPeriod
    let today: CalendarDate

    func resolve(_ kind: PeriodKind, overMonths: Bool) -> Period? {
        var allowed: [String] = []
        switch kind {
        case .annee: allowed = ["annee"]
        case .mois: allowed = ["mois"]
        case .date: allowed = ["date"]
        case .intervalle: allowed = ["du", "au"]
        case .dateEtIntervalle: allowed = ["date", "du", "au"]
        }
        for member in members where !allowed.contains(member) { return nil }
        switch kind {
        case .annee: return year.map { .year($0) }
        case .mois:
            return month.flatMap { YearMonth(year: $0 / 12, month: $0 % 12 + 1) }
                .map { .month($0) }
        case .date: return day.map { .date($0) }
        case .intervalle: return months.map { .months(from: $0.from, to: $0.to) }
        case .dateEtIntervalle:
            guard let day else { return nil }
            if !overMonths, asked.from == nil, asked.to == nil { return .date(day) }
            return months.map { .dateAndMonths(day, from: $0.from, to: $0.to) }
        }
    }

    private var members: [String] {
        var members: [String] = []
        if asked.year != nil { members.append("annee") }
        if asked.month != nil { members.append("mois") }
        if asked.date != nil { members.append("date") }
        if asked.from != nil { members.append("du") }
        if asked.to != nil { members.append("au") }
        return members
    }

    /// Months since the year 0, so that they can be counted.
    private func count(_ month: YearMonth) -> Int { month.year * 12 + month.month - 1 }

    private var thisMonth: Int { today.year * 12 + today.month - 1 }

    private var year: Int? {
        guard let years = rule.years else { return nil }
        let year = asked.year ?? today.year - years[0]
        let back = today.year - year
        return back >= years[1] && back <= years[2] ? year : nil
    }

    private var month: Int? {
        guard let monthsBack = rule.monthsBack else { return nil }
        let month = asked.month.map { count($0) } ?? thisMonth - monthsBack[0]
        let back = thisMonth - month
        return back >= monthsBack[1] && back <= monthsBack[2] ? month : nil
    }

    private var day: CalendarDate? {
        guard let days = rule.days else { return nil }
        let day = asked.date ?? today
        let first = CalendarDate(daysSinceEpoch: today.daysSinceEpoch - Int64(days[0]))
        let last = CalendarDate(daysSinceEpoch: today.daysSinceEpoch + Int64(days[1]))
        return first <= day && day <= last ? day : nil
    }

    /// By default the last whole months; from a month on, the usual length or up to now.
    private var months: (from: YearMonth, to: YearMonth)? {
        guard let stretch = rule.stretch else { return nil }
        let (usual, greatest, oldest) = (stretch[0], stretch[1], stretch[2])
        var last = thisMonth - 1
        if let to = asked.to {
            last = count(to)
        } else if let from = asked.from {
            last = min(count(from) + usual - 1, thisMonth)
        }
        let first = asked.from.map { count($0) } ?? last - usual + 1
        let length = last - first + 1
        guard length >= 1, length <= greatest, last <= thisMonth, thisMonth - first <= oldest,
            let from = YearMonth(year: first / 12, month: first % 12 + 1),
            let to = YearMonth(year: last / 12, month: last % 12 + 1)
        else { return nil }
        return (from, to)
    }
}
