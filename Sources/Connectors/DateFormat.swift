import Vocabulary

/// How a holder writes a date.
enum DateFormat: String, CaseIterable, Sendable {
    /// `AAAA-MM-JJ`, `AAAA-MM` or `AAAA`; 00 for what is unknown.
    case iso = "aaaa-mm-jj"
    /// Shortened to its known parts where some are not: `mm/aaaa`, `aaaa`.
    case slashed = "jj/mm/aaaa"
    case compact = "jjmmaaaa"
    case compactYearFirst = "aaaammjj"
    /// RFC 3339 or ISO 8601 with a time; the day is the legal one in France.
    case timestamp = "horodatage"

    /// The date that a text writes: nil where it is no date, `.some(nil)` where it says that none
    /// is known.
    ///
    /// A JSON number has lost the zero that its text would begin with.
    func date(_ text: String, isNumber: Bool = false) -> PartialDate?? {
        if isNumber, text.utf8.count == 7, self == .compact { return date("0" + text) }
        let bytes = text.utf8
        switch self {
        case .iso:
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...3).contains(parts.count) else { return nil }
            return assembled(
                year: parts[0], month: parts.count > 1 ? parts[1] : "00",
                day: parts.count > 2 ? parts[2] : "00")
        case .slashed:
            var parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard (1...3).contains(parts.count), let year = parts.popLast() else { return nil }
            return assembled(
                year: year, month: parts.popLast() ?? "", day: parts.popLast() ?? "")
        case .compact:
            guard bytes.count == 8 else { return nil }
            return assembled(
                year: text.suffix(4), month: text.dropFirst(2).prefix(2), day: text.prefix(2))
        case .compactYearFirst:
            guard bytes.count == 8 else { return nil }
            return assembled(
                year: text.prefix(4), month: text.dropFirst(4).prefix(2), day: text.suffix(2))
        case .timestamp:
            // A day alone, of which parts may be unknown, comes in place of a moment.
            if bytes.count <= 10 { return DateFormat.iso.date(text) }
            return timestampDay(text).map { .some(.day($0)) }
        }
    }
}

/// The date of three texts, unknown parts being empty or zeros; the outer nil where they make none.
///
/// A day that its month does not have, which real holders send (31 June), leaves the month alone:
/// what was written of it is kept, and no day is made up. A month beyond 12 or a day beyond 31 says
/// that the holder does not write this format, and nothing of it is believed.
func assembled(
    year: some StringProtocol, month: some StringProtocol, day: some StringProtocol
) -> PartialDate?? {
    let digits = [String(year), String(month), String(day)]
    guard
        zip(digits, [4, 2, 2]).allSatisfy({ text, width in
            text.utf8.count <= width && text.utf8.allSatisfy { (48...57).contains($0) }
        })
    else { return nil }
    let numbers = digits.map { Int($0) ?? 0 }
    guard numbers[1] <= 12, numbers[2] <= 31 else { return nil }
    guard numbers[0] > 0 else { return .some(nil) }
    guard numbers[0] >= 1000, numbers[0] <= 9999 else { return nil }
    guard numbers[1] > 0 else { return .some(.year(numbers[0])) }
    let month = PartialDate(year: numbers[0], month: numbers[1], day: nil)
    guard numbers[2] > 0 else { return month.map { .some($0) } }
    let full = PartialDate(year: numbers[0], month: numbers[1], day: numbers[2])
    return (full ?? month).map { .some($0) }
}

/// The day of a moment such as `2026-10-05T00:00:00+02:00`: as it is written where an offset says
/// whose day it is, the legal one in France where the moment is in UTC.
///
/// Holders write days as midnights, under offsets that France no longer has or never had at that
/// date.
private func timestampDay(_ text: String) -> CalendarDate? {
    let bytes = Array(text.utf8)
    guard let day = CalendarDate(String(text.prefix(10))), bytes.count >= 19,
        bytes[10] == 0x54 || bytes[10] == 0x20,
        let hour = twoDigits(bytes[11..<13], below: 24), bytes[13] == 0x3A,
        let minute = twoDigits(bytes[14..<16], below: 60), bytes[16] == 0x3A,
        let second = twoDigits(bytes[17..<19], below: 61)
    else { return nil }
    var zone = bytes[19...]
    if zone.first == 0x2E {
        zone = zone.dropFirst().drop { (48...57).contains($0) }
    }
    guard !zone.isEmpty else { return day }
    guard zoneOffset(zone) != nil else { return nil }
    guard zone.first == 0x5A else { return day }
    let seconds = day.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    return Timestamp(milliseconds: seconds * 1000).parisDate
}
