package import Vocabulary

// How dates, durations and lists read in a French sentence.

extension CalendarDate {
    /// The day as a sentence says it: « 1er mars 2026 ».
    package var inWords: String {
        "\(day == 1 ? "1er" : String(day)) \(monthNames[month - 1]) \(year)"
    }
}

extension YearMonth {
    /// The month as a sentence says it: « mars 2026 ».
    package var inWords: String { "\(monthNames[month - 1]) \(year)" }
}

private let monthNames = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
]

/// A number as a sentence says it: in letters up to twelve.
func countInWords(_ count: Int, feminine: Bool = false) -> String {
    let words = [
        "zéro", feminine ? "une" : "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit",
        "neuf", "dix", "onze", "douze",
    ]
    return words.indices.contains(count) ? words[count] : String(count)
}

/// A number of days as a sentence says it: « deux ans », « 90 jours ».
func daysInWords(_ days: Int) -> String {
    if days > 0, days.isMultiple(of: 365) {
        let years = days / 365
        return "\(countInWords(years)) an\(years > 1 ? "s" : "")"
    }
    return "\(days) jour\(days > 1 ? "s" : "")"
}

/// A list as a sentence says it: « a, b et c ».
func listInWords(_ items: [String], last word: String = "et") -> String {
    guard let last = items.last, items.count > 1 else {
        return items.first ?? ""
    }
    return "\(items.dropLast().joined(separator: ", ")) \(word) \(last)"
}

extension String {
    /// The text with a small first letter, for the middle of a sentence; an acronym keeps its own.
    var lowercasedFirst: String {
        let second = dropFirst().first
        guard let first, second?.isUppercase != true else {
            return self
        }
        return first.lowercased() + dropFirst()
    }

    /// The text with a capital first letter.
    var capitalizedFirst: String {
        first.map { $0.uppercased() + dropFirst() } ?? self
    }

    /// The text without the full stop that may end it.
    var withoutStop: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension ExactDecimal {
    /// The number as a sentence says it: « 1 200,50 », with spaces that do not break.
    var inWords: String {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isNegative = parts[0].hasPrefix("-")
        let digits = Array(isNegative ? parts[0].dropFirst() : parts[0][...])
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += "\u{202F}" }
            grouped.append(digit)
        }
        return (isNegative ? "-" : "") + grouped + (parts.count > 1 ? ",\(parts[1])" : "")
    }
}
