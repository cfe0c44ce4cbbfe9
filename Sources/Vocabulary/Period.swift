/// What stretch of time a data set is asked for.
package enum Period: Hashable, Sendable {
    /// A year of income.
    case year(Int)
    /// One month.
    case month(YearMonth)
    /// One day.
    case date(CalendarDate)
    /// Months, both included.
    case months(from: YearMonth, to: YearMonth)
    /// A day and, for the fields that are lists of payments, months.
    case dateAndMonths(CalendarDate, from: YearMonth, to: YearMonth)
}

/// Which kind of period a data set takes.
package enum PeriodKind: String, CaseIterable, Sendable {
    /// `{"annee": 2024}`
    case annee
    /// `{"mois": "2026-10"}`
    case mois
    /// `{"date": "2026-11-20"}`
    case date
    /// `{"du": "2025-11", "au": "2026-10"}`
    case intervalle
    /// `{"date"?, "du"?, "au"?}`
    case dateEtIntervalle = "date_et_intervalle"
}

/// A period as a request writes it: each member may be absent, and then the policy's default holds.
package struct RequestedPeriod: Hashable, Sendable {
    package var year: Int?
    package var month: YearMonth?
    package var date: CalendarDate?
    package var from: YearMonth?
    package var to: YearMonth?

    package init(
        year: Int? = nil,
        month: YearMonth? = nil,
        date: CalendarDate? = nil,
        from: YearMonth? = nil,
        to: YearMonth? = nil
    ) {
        self.year = year
        self.month = month
        self.date = date
        self.from = from
        self.to = to
    }
}
