import Vocabulary

/// The moment that a holder writes: RFC 3339 with its offset, HTTP's own form
/// (`Sun, 06 Nov 1994 08:49:37 GMT`), or that of the API managers that say `nextAccessTime`
/// (`2026-Nov-21 06:00:30+0000 UTC`).
func moment(_ text: String) -> Timestamp? {
    guard text.utf8.count <= 40 else { return nil }
    let words = text.split { $0 == " " || $0 == "," }
    if words.count == 5 || words.count == 6, text.hasSuffix(" GMT") {
        guard let month = monthNumber(words[words.count - 4]), let day = Int(words[1]),
            let year = Int(words[words.count - 3])
        else { return nil }
        return clock(
            CalendarDate(year: year, month: month, day: day), words[words.count - 2] + "Z")
    }
    guard words.count >= 1, words.count <= 3 else { return nil }
    let isJoined = words[0].contains("T")
    let parts = words[0].split(separator: "T", maxSplits: 1)
    let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard date.count == 3, let year = Int(date[0]), let day = Int(date[2]),
        let month = Int(date[1]) ?? monthNumber(date[1]),
        let time = isJoined ? parts.last : words.dropFirst().first
    else { return nil }
    return clock(CalendarDate(year: year, month: month, day: day), time)
}

/// The number of an English month's three letters.
private func monthNumber(_ name: Substring) -> Int? {
    let names = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    return names.firstIndex { $0 == name }.map { $0 + 1 }
}

/// The moment of a day and of a time such as `08:49:37.5+02:00`; none without an offset.
private func clock(_ day: CalendarDate?, _ text: Substring) -> Timestamp? {
    guard let day else { return nil }
    let bytes = Array(text.utf8)
    guard bytes.count >= 9, bytes[2] == 0x3A, bytes[5] == 0x3A,
        let hour = twoDigits(bytes[0..<2], below: 24),
        let minute = twoDigits(bytes[3..<5], below: 60),
        let second = twoDigits(bytes[6..<8], below: 61)
    else { return nil }
    var zone = bytes[8...]
    if zone.first == 0x2E {
        zone = zone.dropFirst().drop { (48...57).contains($0) }
    }
    guard let offset = zoneOffset(zone) else { return nil }
    let midnight = day.daysSinceEpoch * 86_400
    return Timestamp(
        milliseconds: (midnight + Int64(hour * 3600 + minute * 60 + second - offset * 60)) * 1000)
}

/// Minutes ahead of UTC: `Z`, `+02:00` or `+0200`.
func zoneOffset(_ zone: ArraySlice<UInt8>) -> Int? {
    guard let sign = zone.first else { return nil }
    if sign == 0x5A { return zone.count == 1 ? 0 : nil }
    guard sign == 0x2B || sign == 0x2D else { return nil }
    let digits = Array(zone.dropFirst().filter { $0 != 0x3A })
    guard digits.count == 4, let hours = twoDigits(digits[0..<2], below: 15),
        let minutes = twoDigits(digits[2..<4], below: 60)
    else { return nil }
    return (sign == 0x2D ? -1 : 1) * (hours * 60 + minutes)
}

/// The number that two digits write.
func twoDigits(_ bytes: ArraySlice<UInt8>, below limit: Int) -> Int? {
    guard bytes.count == 2, bytes.allSatisfy({ (48...57).contains($0) }),
        let tens = bytes.first, let units = bytes.last
    else { return nil }
    let value = Int(tens - 48) * 10 + Int(units - 48)
    return value < limit ? value : nil
}
