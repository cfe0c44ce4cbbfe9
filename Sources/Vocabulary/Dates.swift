/// A moment in UTC, in milliseconds since the Unix epoch.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment so many seconds later; the last or the first one that exists where it is beyond.
    package func adding(seconds: Int64) -> Timestamp {
        let (span, overflowed) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, overflowedAgain) = milliseconds.addingReportingOverflow(span)
        guard overflowed || overflowedAgain else { return Timestamp(milliseconds: sum) }
        return Timestamp(milliseconds: seconds < 0 ? .min : .max)
    }

    /// The calendar date in Europe/Paris, whose days are the legal ones.
    package var parisDate: CalendarDate {
        CalendarDate(daysSinceEpoch: floorDivide(parisMilliseconds, 86_400_000))
    }

    /// The minute of the day that clocks show in Europe/Paris, from 0 to 1439.
    package var parisMinute: Int {
        let day = floorDivide(parisMilliseconds, 86_400_000) * 86_400_000
        return Int((parisMilliseconds - day) / 60_000)
    }

    /// This moment as RFC 3339 in UTC, to the second: `2026-11-20T23:57:27Z`.
    package var rfc3339: String {
        let seconds = floorDivide(milliseconds, 1000)
        let day = CalendarDate(daysSinceEpoch: floorDivide(seconds, 86_400))
        let rest = seconds - floorDivide(seconds, 86_400) * 86_400
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map { padded(Int($0), to: 2) }
        return "\(day.text)T\(clock.joined(separator: ":"))Z"
    }

    /// The moment shifted to the legal time of France: UTC+1, UTC+2 from the last Sunday of March
    /// to the last Sunday of October, both changes at 01:00 UTC (directive 2000/84/CE).
    fileprivate var parisMilliseconds: Int64 {
        let utcDay = CalendarDate(daysSinceEpoch: floorDivide(milliseconds, 86_400_000))
        // A moment in no year of the calendar, which only a wrong clock or a wrong token gives.
        guard (1...9999).contains(utcDay.year) else { return milliseconds }
        let summerBegins = CalendarDate.lastSunday(of: 3, in: utcDay.year).midnight + 3_600_000
        let summerEnds = CalendarDate.lastSunday(of: 10, in: utcDay.year).midnight + 3_600_000
        let isSummer = milliseconds >= summerBegins && milliseconds < summerEnds
        return milliseconds + (isSummer ? 7_200_000 : 3_600_000)
    }
}

/// A day of the Gregorian calendar, years 1 to 9999.
package struct CalendarDate: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CalendarDate.days(in: month, of: year)).contains(day)
        else { return nil }
        self.init(uncheckedYear: year, month: month, day: day)
    }

    /// The first day of a year.
    static func newYear(_ year: Int) -> CalendarDate {
        CalendarDate(uncheckedYear: year, month: 1, day: 1)
    }

    fileprivate init(uncheckedYear year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that a text of the exact form `YYYY-MM-DD` names.
    package init?(_ text: String) {
        guard case .day(let date)? = PartialDate(text) else { return nil }
        self = date
    }

    /// The day that comes so many days after 1 January 1970.
    package init(daysSinceEpoch: Int64) {
        // Days are counted from 1 March 0000, so that the leap day ends its year.
        let shifted = daysSinceEpoch + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.init(
            uncheckedYear: Int(year),
            month: Int(month),
            day: Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        )
    }

    /// Days since 1 January 1970, negative before it.
    package var daysSinceEpoch: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package var text: String {
        "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    }

    package var yearMonth: YearMonth {
        YearMonth(uncheckedYear: year, month: month)
    }

    /// The moment at which the day begins in Europe/Paris.
    package var parisMidnight: Timestamp {
        let inSummer = Timestamp(milliseconds: midnight - 7_200_000)
        guard inSummer.parisMilliseconds != midnight else { return inSummer }
        return Timestamp(milliseconds: midnight - 3_600_000)
    }

    /// The day of the week, from 1 for Monday to 7 for Sunday.
    package var weekday: Int {
        // 1 January 1970 was a Thursday.
        Int(((daysSinceEpoch + 3) % 7 + 7) % 7) + 1
    }

    /// The moment at which clocks in Europe/Paris show that minute of the day, 1440 being the
    /// midnight after it.
    ///
    /// Where they show it twice, the last one or the first; where they skip it, the moment that it
    /// would have been had they not been put forward.
    package func parisMoment(minute: Int, isLast: Bool = false) -> Timestamp {
        let local = midnight + Int64(minute) * 60_000
        let summer = Timestamp(milliseconds: local - 7_200_000)
        let winter = Timestamp(milliseconds: local - 3_600_000)
        let isSummer = summer.parisMilliseconds == local
        let isWinter = winter.parisMilliseconds == local
        return isSummer && !(isWinter && isLast) ? summer : winter
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// How many days a month has.
    package static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day's midnight in UTC, in milliseconds since the epoch.
    fileprivate var midnight: Int64 { daysSinceEpoch * 86_400_000 }

    fileprivate static func lastSunday(of month: Int, in year: Int) -> CalendarDate {
        let last = CalendarDate(
            uncheckedYear: year, month: month, day: days(in: month, of: year))
        // 1 January 1970 was a Thursday: four days after a Sunday.
        let weekday = (last.daysSinceEpoch % 7 + 7 + 4) % 7
        return CalendarDate(daysSinceEpoch: last.daysSinceEpoch - weekday)
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

/// A month of a year.
package struct YearMonth: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int

    package init?(year: Int, month: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        self.init(uncheckedYear: year, month: month)
    }

    fileprivate init(uncheckedYear year: Int, month: Int) {
        self.year = year
        self.month = month
    }

    /// The month that a text of the exact form `YYYY-MM` names.
    package init?(_ text: String) {
        guard case .month(let month)? = PartialDate(text) else { return nil }
        self = month
    }

    package var text: String { "\(padded(year, to: 4))-\(padded(month, to: 2))" }

    /// The month so many months later, or earlier where the number is negative.
    package func adding(months: Int) -> YearMonth {
        let count = Int64(year * 12 + (month - 1) + months)
        let year = floorDivide(count, 12)
        return YearMonth(uncheckedYear: Int(year), month: Int(count - year * 12) + 1)
    }

    /// The month's first day.
    package var firstDay: CalendarDate { CalendarDate(uncheckedYear: year, month: month, day: 1) }

    /// How many months separate this month from an earlier one.
    package func months(since other: YearMonth) -> Int {
        (year * 12 + month) - (other.year * 12 + other.month)
    }

    package static func < (left: YearMonth, right: YearMonth) -> Bool {
        (left.year, left.month) < (right.year, right.month)
    }
}

/// A date of which the day, or the day and the month, may be unknown.
package enum PartialDate: Hashable, Sendable {
    case year(Int)
    case month(YearMonth)
    case day(CalendarDate)

    /// The date that a text of the exact form `YYYY`, `YYYY-MM` or `YYYY-MM-DD` names.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let widths = [4, 2, 2]
        guard (1...3).contains(parts.count),
            zip(parts, widths).allSatisfy({ part, width in
                part.utf8.count == width && part.utf8.allSatisfy { (48...57).contains($0) }
            })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        self.init(
            year: numbers[0],
            month: numbers.count > 1 ? numbers[1] : nil,
            day: numbers.count > 2 ? numbers[2] : nil
        )
    }

    /// The date of these parts, or nil where they make none: a day needs its month.
    package init?(year: Int, month: Int?, day: Int?) {
        switch (month, day) {
        case (nil, nil):
            guard (1...9999).contains(year) else { return nil }
            self = .year(year)
        case (let month?, nil):
            guard let month = YearMonth(year: year, month: month) else { return nil }
            self = .month(month)
        case (let month?, let day?):
            guard let day = CalendarDate(year: year, month: month, day: day) else { return nil }
            self = .day(day)
        case (nil, _?):
            return nil
        }
    }

    package var year: Int {
        switch self {
        case .year(let year): year
        case .month(let month): month.year
        case .day(let day): day.year
        }
    }

    package var month: Int? {
        switch self {
        case .year: nil
        case .month(let month): month.month
        case .day(let day): day.month
        }
    }

    package var day: Int? {
        guard case .day(let day) = self else { return nil }
        return day.day
    }

    /// The earliest day that the date may be.
    package var earliest: CalendarDate? {
        CalendarDate(year: year, month: month ?? 1, day: day ?? 1)
    }

    /// The latest day that the date may be.
    package var latest: CalendarDate? {
        let month = month ?? 12
        return CalendarDate(
            year: year, month: month, day: day ?? CalendarDate.days(in: month, of: year))
    }

    package var text: String {
        switch self {
        case .year(let year): padded(year, to: 4)
        case .month(let month): month.text
        case .day(let day): day.text
        }
    }
}

func padded(_ number: Int, to width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
}
