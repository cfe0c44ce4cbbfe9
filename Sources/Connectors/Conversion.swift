import Vocabulary

/// How a holder writes a date.
enum DateFormat: String, CaseIterable, Sendable {
    /// `AAAA-MM-JJ`, `AAAA-MM` or `AAAA`; 00 for what is unknown.
    case iso = "aaaa-mm-jj"
    case slashed = "jj/mm/aaaa"
    case compact = "jjmmaaaa"
    case compactYearFirst = "aaaammjj"
    /// RFC 3339 or ISO 8601 with a time; the day is the legal one in France.
    case timestamp = "horodatage"

    /// The date that a text writes: nil where it is no date, `.some(nil)` where it says that none
    /// is known.
    func date(_ text: String) -> PartialDate?? {
        let bytes = text.utf8
        switch self {
        case .iso:
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...3).contains(parts.count) else { return nil }
            return assembled(
                year: parts[0], month: parts.count > 1 ? parts[1] : "00",
                day: parts.count > 2 ? parts[2] : "00")
        case .slashed:
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            return assembled(year: parts[2], month: parts[1], day: parts[0])
        case .compact:
            guard bytes.count == 8 else { return nil }
            return assembled(
                year: text.suffix(4), month: text.dropFirst(2).prefix(2), day: text.prefix(2))
        case .compactYearFirst:
            guard bytes.count == 8 else { return nil }
            return assembled(
                year: text.prefix(4), month: text.dropFirst(4).prefix(2), day: text.suffix(2))
        case .timestamp:
            return timestampDay(text).map { .some(.day($0)) }
        }
    }
}

/// The date of three texts, unknown parts being empty or zeros; the outer nil where they make none.
///
/// A day that its month does not have, which real holders send, leaves the month alone.
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
    guard let day = CalendarDate(String(text.prefix(10))) else { return nil }
    guard bytes.count > 10 else { return day }
    guard bytes.count >= 19, bytes[10] == 0x54 || bytes[10] == 0x20,
        let hour = number(bytes[11..<13], below: 24), bytes[13] == 0x3A,
        let minute = number(bytes[14..<16], below: 60), bytes[16] == 0x3A,
        let second = number(bytes[17..<19], below: 61)
    else { return nil }
    var zone = bytes[19...]
    if zone.first == 0x2E {
        zone = zone.dropFirst().drop { (48...57).contains($0) }
    }
    guard let sign = zone.first else { return day }
    if sign == 0x2B || sign == 0x2D {
        let digits = zone.dropFirst().filter { $0 != 0x3A }
        let isOffset =
            digits.count == 4 && number(digits[0..<2], below: 15) != nil
            && number(digits[2..<4], below: 60) != nil
        return isOffset ? day : nil
    }
    guard zone.count == 1, sign == 0x5A else { return nil }
    let seconds = day.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    return Timestamp(milliseconds: seconds * 1000).parisDate
}

private func number(_ bytes: ArraySlice<UInt8>, below limit: Int) -> Int? {
    guard let value = Int(String(decoding: bytes, as: UTF8.self)), (0..<limit).contains(value),
        bytes.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return value
}

/// Which part of a text is the value.
enum TextPart: String, CaseIterable, Sendable {
    /// `75002` of `75002 PARIS`
    case postalCode = "code_postal"
    /// `PARIS` of `75002 PARIS`
    case town = "ville"
}

/// How a scalar of the answer becomes the value of a field.
struct Conversion: Sendable, Hashable {
    static let maximumTextBytes = 1000

    var type: FieldType
    var dateFormat = DateFormat.iso
    /// For an enumeration or a text: the value for each text of the holder.
    var values: [String: String] = [:]
    var truths: Set<String> = []
    var falsehoods: Set<String> = []
    /// Texts of the holder that are reasons rather than values.
    var reasons: [String: MissingReason] = [:]
    var part: TextPart?
    var whenAbsent = MissingReason.sansValeur
    var whenNull = MissingReason.sansValeur

    func reading(of scalar: RawScalar?) -> LeafReading {
        guard let scalar else { return .missing(whenAbsent) }
        guard let text = scalar.text else {
            return .missing(scalar == .null ? whenNull : .reponseIrrecevable)
        }
        let trimmed = text.trimmingSpaces
        guard !trimmed.isEmpty else { return .missing(whenNull) }
        if let reason = reasons[trimmed] { return .missing(reason) }
        switch value(trimmed) {
        case .none: return .missing(.reponseIrrecevable)
        case .some(.none): return .missing(whenNull)
        case .some(.some(let value)): return .value(Sensitive(value))
        }
    }

    /// The value of a text that is not blank; the outer nil where it is of another type.
    private func value(_ text: String) -> FieldValue?? {
        switch type {
        case .entier:
            guard let number = ExactDecimal(text), number.scale == 0 else { return nil }
            return .some(.integer(number.units))
        case .decimal:
            return ExactDecimal(text).map { .some(.decimal($0)) }
        case .booleen:
            if truths.contains(text) { return .some(.boolean(true)) }
            if falsehoods.contains(text) { return .some(.boolean(false)) }
            guard truths.isEmpty, falsehoods.isEmpty, text == "true" || text == "false" else {
                return nil
            }
            return .some(.boolean(text == "true"))
        case .texte: return self.text(text).map { .some(.text($0)) }
        case .enumeration: return values[text].map { .some(.text($0)) }
        case .date:
            guard let date = dateFormat.date(text) else { return nil }
            return .some(date.map { .date($0) })
        case .mois:
            guard let date = dateFormat.date(text) else { return nil }
            guard let date, let month = date.month,
                let known = YearMonth(year: date.year, month: month)
            else { return .some(nil) }
            return .some(.month(known))
        }
    }

    private func text(_ text: String) -> String? {
        guard text.utf8.count <= Conversion.maximumTextBytes,
            !text.unicodeScalars.contains(where: \.isControl)
        else { return nil }
        if let mapped = values[text] { return mapped }
        guard let part else { return text }
        let code = text.prefix { $0 != " " }
        let isCode = code.utf8.count == 5 && code.utf8.allSatisfy { (48...57).contains($0) }
        switch part {
        case .postalCode: return isCode ? String(code) : nil
        case .town: return isCode ? String(text.dropFirst(5)).trimmingSpaces : text
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is one of the control characters: C0, DEL and C1, which Unicode never adds to.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

extension RawScalar {
    /// The scalar's text, whether the holder wrote a number or a string; nil for null and for no
    /// scalar.
    var text: String? {
        switch self {
        case .null, .composite: nil
        case .bool(let bool): bool ? "true" : "false"
        case .number(let text), .text(let text): text
        }
    }

    /// The scalar's text without the blanks around it, nil where nothing is left.
    var known: String? {
        guard let text = text?.trimmingSpaces, !text.isEmpty else { return nil }
        return text
    }
}

extension String {
    var trimmingSpaces: String {
        guard let first = utf8.first, let last = utf8.last else { return self }
        if first > 0x20, last > 0x20, first < 0x80, last < 0x80 { return self }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}
