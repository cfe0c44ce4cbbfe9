/// A day of the Gregorian calendar.
struct CivilDate: Sendable, Hashable, Comparable {
    let year: Int
    let month: Int
    let day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day, in universal time, of an instant in milliseconds since the Unix epoch.
    init(milliseconds: Int64) {
        let days = Int(milliseconds.flooredQuotient(by: 86_400_000))
        let shifted = days + 719_468
        let era = Int64(shifted).flooredQuotient(by: 146_097)
        let dayOfEra = shifted - Int(era) * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
    }

    /// Reads `2025-11-03`.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            parts[2].utf8.count == 2, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `2025-11-03`.
    var text: String { "\(year)-\(twoDigits(month))-\(twoDigits(day))" }

    /// The month that the day is in.
    var civilMonth: CivilMonth { CivilMonth(year: year, month: month) }

    static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// A month of the Gregorian calendar.
struct CivilMonth: Sendable, Hashable, Comparable {
    let year: Int
    let month: Int

    init(year: Int, month: Int) {
        self.year = year
        self.month = month
    }

    /// Reads `2025-11`.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), (1...12).contains(month)
        else { return nil }
        self.init(year: year, month: month)
    }

    /// `2025-11`.
    var text: String { "\(year)-\(twoDigits(month))" }

    /// The months since year 0.
    var ordinal: Int { year * 12 + month - 1 }

    /// The month so many months later.
    func advanced(by months: Int) -> CivilMonth {
        let target = ordinal + months
        return CivilMonth(year: target / 12, month: target % 12 + 1)
    }

    static func < (left: CivilMonth, right: CivilMonth) -> Bool {
        left.ordinal < right.ordinal
    }
}

/// A number on two digits.
func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// An instant in milliseconds since the Unix epoch, as `2026-11-21T00:04:05Z`.
func instantText(_ milliseconds: Int64) -> String {
    let seconds = Int(milliseconds.flooredQuotient(by: 1000))
    let second = ((seconds % 86_400) + 86_400) % 86_400
    let clock =
        "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))"
    return "\(CivilDate(milliseconds: milliseconds).text)T\(clock)Z"
}

extension Int64 {
    /// The quotient rounded towards minus infinity.
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
