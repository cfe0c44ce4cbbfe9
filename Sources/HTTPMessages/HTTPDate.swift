/// The dates of HTTP (RFC 9110, 5.6.7).
package enum HTTPDate {
    /// Writes a moment, in seconds since the Unix epoch, as `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static func format(secondsSinceEpoch seconds: Int64) -> [UInt8] {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let second = Int(seconds) - days * 86_400
        let (year, month, day) = civil(fromDays: days)
        let weekday = ((days + 4) % 7 + 7) % 7
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text.append(contentsOf: letters(weekday, of: "SunMonTueWedThuFriSat"))
        text.append(contentsOf: ", ".utf8)
        appendTwo(day, to: &text)
        text.append(0x20)
        text.append(contentsOf: letters(month - 1, of: "JanFebMarAprMayJunJulAugSepOctNovDec"))
        text.append(0x20)
        appendTwo(year / 100, to: &text)
        appendTwo(year % 100, to: &text)
        text.append(0x20)
        appendTwo(second / 3600, to: &text)
        text.append(0x3A)
        appendTwo(second / 60 % 60, to: &text)
        text.append(0x3A)
        appendTwo(second % 60, to: &text)
        text.append(contentsOf: " GMT".utf8)
        return text
    }

    private static func letters(_ index: Int, of names: String) -> ArraySlice<UInt8> {
        Array(names.utf8)[(index * 3)..<(index * 3 + 3)]
    }

    private static func appendTwo(_ value: Int, to text: inout [UInt8]) {
        text.append(UInt8(0x30 + value / 10 % 10))
        text.append(UInt8(0x30 + value % 10))
    }

    /// The Gregorian date of a day counted from the Unix epoch.
    private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        // Years start in March, so that the leap day comes last; an era has 400 years.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
