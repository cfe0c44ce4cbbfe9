/// A name in ASCII letters: marks fall, ligatures come apart (`Œ` → `OE`), apostrophes and hyphens
/// stay, and what is no letter becomes a space.
///
/// Holders of the social sphere refuse any other character.
func transliterated(_ name: String) -> String {
    if name.utf8.allSatisfy({ $0 < 0x80 }) { return name }
    var result = ""
    for scalar in name.unicodeScalars {
        result += ascii(scalar)
    }
    return result
}

private func ascii(_ scalar: Unicode.Scalar) -> String {
    if scalar.value < 0x80 { return String(scalar) }
    if let known = irregular[scalar.value] { return known }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .format: return ""
    default: break
    }
    let words = (scalar.properties.name ?? "").split(separator: " ")
    guard words.count >= 4, words[0] == "LATIN", ["LETTER", "LIGATURE"].contains(words[2]) else {
        return " "
    }
    let letter = String(words[3])
    guard letter.utf8.count <= 2 else { return " " }
    return words[1] == "SMALL" ? letter.lowercased() : letter
}

/// Characters whose Unicode name does not spell their ASCII form.
private let irregular: [UInt32: String] = [
    0x2018: "'", 0x2019: "'", 0x02BC: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-",
    0xDF: "ss", 0x1E9E: "SS", 0xD0: "D", 0xF0: "d", 0xDE: "TH", 0xFE: "th", 0x131: "i",
    0x14A: "N", 0x14B: "n",
]
