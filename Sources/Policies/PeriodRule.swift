package import Vocabulary

/// Which periods may be asked of a data set, and which one is meant when none is said.
package struct PeriodRule: Sendable, Hashable {
    /// Years or months before the current one.
    package struct Back: Sendable, Hashable {
        package let usual: Int
        package let least: Int
        package let most: Int
    }

    /// Days around today.
    package struct Around: Sendable, Hashable {
        package let before: Int
        package let after: Int
    }

    /// A stretch of whole months; by default the last ones before the current month.
    package struct Stretch: Sendable, Hashable {
        package let usualLength: Int
        package let greatestLength: Int
        /// How many months before the current one the stretch may begin.
        package let oldest: Int
    }

    package let year: Back?
    package let month: Back?
    package let date: Around?
    package let months: Stretch?

    /// The period to ask for, or nil where the request's is not one that the rule allows.
    func resolve(
        _ kind: PeriodKind, _ requested: RequestedPeriod?, needsMonths: Bool, today: CalendarDate
    ) -> Period? {
        let asked = requested ?? RequestedPeriod()
        guard kind.admits(asked) else {
            return nil
        }
        switch kind {
        case .annee:
            return resolvedYear(asked, today)
        case .mois:
            return resolvedMonth(asked, today)
        case .date:
            return resolvedDate(asked, today).map { .date($0) }
        case .intervalle:
            return resolvedMonths(asked, today).map { .months(from: $0.from, to: $0.to) }
        case .dateEtIntervalle:
            guard let date = resolvedDate(asked, today) else {
                return nil
            }
            guard needsMonths || asked.from != nil || asked.to != nil else {
                return .date(date)
            }
            return resolvedMonths(asked, today)
                .map { .dateAndMonths(date, from: $0.from, to: $0.to) }
        }
    }

    private func resolvedYear(_ asked: RequestedPeriod, _ today: CalendarDate) -> Period? {
        guard let rule = year else {
            return nil
        }
        let year = asked.year ?? today.year - rule.usual
        guard (rule.least...rule.most).contains(today.year - year) else {
            return nil
        }
        return .year(year)
    }

    private func resolvedMonth(_ asked: RequestedPeriod, _ today: CalendarDate) -> Period? {
        guard let rule = month else {
            return nil
        }
        let month = asked.month ?? today.yearMonth.adding(months: -rule.usual)
        guard (rule.least...rule.most).contains(today.yearMonth.months(since: month)) else {
            return nil
        }
        return .month(month)
    }

    private func resolvedDate(_ asked: RequestedPeriod, _ today: CalendarDate) -> CalendarDate? {
        guard let rule = date else {
            return nil
        }
        let date = asked.date ?? today
        let distance = date.daysSinceEpoch - today.daysSinceEpoch
        guard (Int64(-rule.before)...Int64(rule.after)).contains(distance) else {
            return nil
        }
        return date
    }

    private func resolvedMonths(
        _ asked: RequestedPeriod, _ today: CalendarDate
    ) -> (from: YearMonth, to: YearMonth)? {
        guard let rule = months else {
            return nil
        }
        let current = today.yearMonth
        let last =
            asked.to ?? asked.from.map { first in
                min(first.adding(months: rule.usualLength - 1), current)
            } ?? current.adding(months: -1)
        let first = asked.from ?? last.adding(months: 1 - rule.usualLength)
        let length = last.months(since: first) + 1
        guard (1...rule.greatestLength).contains(length), last <= current,
            current.months(since: first) <= rule.oldest
        else {
            return nil
        }
        return (first, last)
    }
}

extension PeriodRule {
    /// The mistakes of a rule that can never be satisfied, or does not suit the data set.
    func flaw(for kind: PeriodKind) -> String? {
        let has = (year != nil, month != nil, date != nil, months != nil)
        let fits =
            switch kind {
            case .annee: has == (true, false, false, false)
            case .mois: has == (false, true, false, false)
            case .date: has == (false, false, true, false)
            case .intervalle: has == (false, false, false, true)
            case .dateEtIntervalle:
                has == (false, false, true, true) || has == (false, false, true, false)
            }
        if !fits {
            return "Cette règle ne convient pas à la période du jeu de données (\(kind.rawValue))."
        }
        for back in [year, month].compactMap(\.self)
        where back.least > back.usual || back.usual > back.most {
            return "La période par défaut est hors de ses propres bornes."
        }
        if let months,
            months.usualLength > months.greatestLength
                || months.usualLength > months.oldest
        {
            return "La durée par défaut est hors de ses propres bornes."
        }
        return nil
    }

    /// Whether every period that this rule allows is one that the other allows.
    package func isWithin(_ other: PeriodRule) -> Bool {
        let years = year.map { own in other.year.map { own.isWithin($0) } ?? false } ?? true
        let singles = month.map { own in other.month.map { own.isWithin($0) } ?? false } ?? true
        let days =
            date.map { own in
                other.date.map { own.before <= $0.before && own.after <= $0.after } ?? false
            } ?? true
        let stretches =
            months.map { own in
                other.months.map {
                    own.greatestLength <= $0.greatestLength && own.oldest <= $0.oldest
                } ?? false
            } ?? true
        return years && singles && days && stretches
    }
}

extension PeriodRule.Back {
    fileprivate func isWithin(_ other: PeriodRule.Back) -> Bool {
        least >= other.least && most <= other.most
    }
}

extension PeriodKind {
    /// Whether a request names no member that belongs to another kind of period.
    fileprivate func admits(_ asked: RequestedPeriod) -> Bool {
        let takesDate = self == .date || self == .dateEtIntervalle
        let takesMonths = self == .intervalle || self == .dateEtIntervalle
        return (asked.year == nil || self == .annee)
            && (asked.month == nil || self == .mois)
            && (asked.date == nil || takesDate)
            && ((asked.from == nil && asked.to == nil) || takesMonths)
    }
}

extension Period {
    /// The period as a request would write it: `{"annee": 2024}`.
    package var requestText: String {
        switch self {
        case .year(let year): "{\"annee\": \(year)}"
        case .month(let month): "{\"mois\": \"\(month.text)\"}"
        case .date(let date): "{\"date\": \"\(date.text)\"}"
        case .months(let from, let to): "{\"du\": \"\(from.text)\", \"au\": \"\(to.text)\"}"
        case .dateAndMonths(let date, let from, let to):
            "{\"date\": \"\(date.text)\", \"du\": \"\(from.text)\", \"au\": \"\(to.text)\"}"
        }
    }
}
