/// What a template does to a variable's text: `{identite.nom_naissance|ascii|majuscules}`.
enum TextFilter: Hashable, Sendable {
    /// Letters without their marks, ligatures apart.
    case ascii
    case capitals
    case smallLetters
    /// Each word begins with a capital.
    case titled
    /// Apostrophes, hyphens and full stops become spaces; no two spaces follow each other.
    case spaced
    /// Digits without the zeros before them; a number of zeros alone has no value.
    case number
    /// `jjmmaaaa`
    case dayFirst
    /// `jj/mm/aaaa`
    case slashed
    /// `aaaammjj`, or `aaaamm` for a month.
    case compact
    /// The first ones of the given names.
    case first(Int)
    /// What stands between the given names.
    case joined(String)

    /// The filters that a connector may name, as their list is told.
    static let allNames = [
        "ascii", "majuscules", "minuscules", "capitales_initiales", "sans_ponctuation", "nombre",
        "jjmmaaaa", "jj/mm/aaaa", "compact", "premiers:N", "joints:S", "ou:VARIABLE",
    ]

    init?(_ name: String) {
        switch name {
        case "ascii": self = .ascii
        case "majuscules": self = .capitals
        case "minuscules": self = .smallLetters
        case "capitales_initiales": self = .titled
        case "sans_ponctuation": self = .spaced
        case "nombre": self = .number
        case "jjmmaaaa": self = .dayFirst
        case "jj/mm/aaaa": self = .slashed
        case "compact": self = .compact
        default:
            if name.hasPrefix("premiers:"), let count = Int(name.dropFirst(9)),
                (1...10).contains(count)
            {
                self = .first(count)
            } else if name.hasPrefix("joints:"), TextFilter.isSeparator(name.dropFirst(7)) {
                self = .joined(String(name.dropFirst(7)))
            } else {
                return nil
            }
        }
    }

    private static func isSeparator(_ text: Substring) -> Bool {
        (1...3).contains(text.utf8.count) && text.allSatisfy { " ,;:/-_.+".contains($0) }
    }

    /// Whether it has a meaning on such a variable.
    func applies(to kind: VariableKind) -> Bool {
        switch self {
        case .ascii, .capitals, .smallLetters, .titled, .spaced: kind == .text || kind == .names
        case .number: kind == .digits
        case .dayFirst, .slashed: kind == .date
        case .compact: kind == .date || kind == .month
        case .first, .joined: kind == .names
        }
    }

    /// The text that it makes of one; empty where that has no value.
    func apply(to text: String) -> String {
        switch self {
        case .ascii: return transliterated(text)
        case .capitals: return text.uppercased()
        case .smallLetters: return text.lowercased()
        case .titled: return titled(text)
        case .spaced: return spaced(text)
        case .number: return String(text.drop { $0 == "0" })
        case .compact: return text.filter { $0 != "-" }
        case .dayFirst: return text.split(separator: "-").reversed().joined()
        case .slashed: return text.split(separator: "-").reversed().joined(separator: "/")
        case .first, .joined: return text
        }
    }

    private func titled(_ text: String) -> String {
        var result = ""
        var begins = true
        for character in text {
            result += begins ? character.uppercased() : character.lowercased()
            begins = !character.isLetter
        }
        return result
    }

    private func spaced(_ text: String) -> String {
        text.split { " '’ʼ-‐‑–.\u{A0}\t".contains($0) }.joined(separator: " ")
    }
}
