/// The field `Retry-After` (RFC 9110, 10.2.3).
package enum RetryAfter {
    /// The longest that is believed, in seconds.
    package static let longest = 86_400

    /// How many seconds the server asks to be left alone; nil where it does not say, or not so that
    /// it can be believed.
    ///
    /// A date is counted from the server's own clock, its field `Date`: ours may differ.
    package static func seconds(in headers: HTTPHeaders) -> Int? {
        guard let text = headers["Retry-After"], text.utf8.count <= 64 else { return nil }
        let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        let digits = String(trimmed)
        if digits.utf8.allSatisfy({ (48...57).contains($0) }) {
            guard !digits.isEmpty else { return nil }
            // More digits than a number holds are still only a long time.
            return min(Int(digits) ?? longest, longest)
        }
        guard let until = HTTPDate.parse(digits),
            let now = headers["Date"].flatMap({ HTTPDate.parse($0) })
        else { return nil }
        return Int(min(max(until - now, 0), Int64(longest)))
    }
}

extension HTTPDate {
    /// The seconds since the Unix epoch of a date in the form that servers must send; nil where it
    /// is in no such form.
    package static func parse(_ text: String) -> Int64? {
        // Sun, 06 Nov 1994 08:49:37 GMT
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count == 29, parts.count == 6, parts[5] == "GMT",
            let day = number(parts[1], 2, 1...31), let year = number(parts[3], 4, 1970...9999),
            let month = months.firstIndex(of: parts[2])
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
            .map(String.init)
        guard clock.count == 3, let hour = number(clock[0], 2, 0...23),
            let minute = number(clock[1], 2, 0...59), let second = number(clock[2], 2, 0...60)
        else { return nil }
        return days(year, month + 1, day) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: String, _ width: Int, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.count == width, text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    /// The days from the Unix epoch to one of the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }
}
