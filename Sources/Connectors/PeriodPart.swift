import Vocabulary

/// A part of the period that is asked for.
enum PeriodPart: String, CaseIterable, Sendable {
    case year = "annee"
    /// Two digits.
    case month = "mois"
    case date
    /// `AAAA-MM`
    case from = "du"
    case to = "au"
    case fromYear = "annee_debut"
    /// Two digits.
    case fromMonth = "mois_debut"
    case toYear = "annee_fin"
    case toMonth = "mois_fin"
    /// The first day of the year, of the month or of the first month.
    case firstDay = "premier_jour"
    /// The last day of the year, of the month or of the last month.
    case lastDay = "dernier_jour"

    func value(of period: Period?) -> String? {
        switch (self, period) {
        case (.year, .year(let year)): padded(year, to: 4)
        case (.year, .month(let month)): padded(month.year, to: 4)
        case (.month, .month(let month)): padded(month.month, to: 2)
        case (.date, .date(let date)), (.date, .dateAndMonths(let date, _, _)): date.text
        case (.year, _), (.month, _), (.date, _): nil
        default: bound(period.flatMap(PeriodPart.months))
        }
    }

    private func bound(_ months: (from: YearMonth, to: YearMonth)?) -> String? {
        guard let (from, to) = months else { return nil }
        switch self {
        case .from: return from.text
        case .to: return to.text
        case .fromYear: return padded(from.year, to: 4)
        case .fromMonth: return padded(from.month, to: 2)
        case .toYear: return padded(to.year, to: 4)
        case .toMonth: return padded(to.month, to: 2)
        case .firstDay: return "\(from.text)-01"
        case .lastDay: return "\(to.text)-\(CalendarDate.days(in: to.month, of: to.year))"
        case .year, .month, .date: return nil
        }
    }

    /// The months that a period covers; nil where it is a day.
    private static func months(_ period: Period) -> (from: YearMonth, to: YearMonth)? {
        switch period {
        case .year(let year):
            guard let first = YearMonth(year: year, month: 1),
                let last = YearMonth(year: year, month: 12)
            else { return nil }
            return (first, last)
        case .month(let month): return (month, month)
        case .months(let from, let to), .dateAndMonths(_, let from, let to): return (from, to)
        case .date: return nil
        }
    }

    /// Whether a data set whose periods are of that kind may have it.
    func exists(in kind: PeriodKind) -> Bool {
        switch self {
        case .year: kind == .annee || kind == .mois
        case .month: kind == .mois
        case .date: kind == .date || kind == .dateEtIntervalle
        case .from, .to, .fromYear, .fromMonth, .toYear, .toMonth, .firstDay, .lastDay:
            kind != .date
        }
    }

    /// What a template may do with it.
    var kind: VariableKind {
        switch self {
        case .year, .month, .fromYear, .fromMonth, .toYear, .toMonth: .digits
        case .date, .firstDay, .lastDay: .date
        case .from, .to: .month
        }
    }
}

func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
