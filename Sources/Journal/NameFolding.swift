/// Folds a name to ASCII capitals, so that one person has one pseudonym however the name is typed.
///
/// Letters lose their marks (`é` → `E`, `ç` → `C`, `ø` → `O`) and ligatures come apart (`Œ` →
/// `OE`); whatever stands between letters becomes one space. The rule reads Unicode's character
/// names, which never change, so a pseudonym computed in thirty years is the same.
package func foldedToCapitals(_ name: String) -> String {
    var folded = ""
    var needsSpace = false
    for scalar in name.unicodeScalars {
        let letters = capitals(of: scalar)
        guard let letters else {
            needsSpace = !folded.isEmpty
            continue
        }
        if letters.isEmpty { continue }
        if needsSpace { folded += " " }
        needsSpace = false
        folded += letters
    }
    return folded
}

/// The capitals that a character stands for: none for a mark, nil for what separates letters.
private func capitals(of scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x41...0x5A: return String(scalar)
    case 0x61...0x7A: return String(Unicode.Scalar(UInt8(scalar.value - 32)))
    case 0..<0x80: return nil
    default: break
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .format: return ""
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter:
        return latinCapitals(named: properties.name ?? "") ?? "U\(scalar.value)"
    default: return nil
    }
}

/// The letters in the name of a Latin character: `LATIN SMALL LETTER E WITH ACUTE` has `E`.
private func latinCapitals(named name: String) -> String? {
    let words = name.split(separator: " ")
    guard words.count >= 4, words[0] == "LATIN",
        ["SMALL", "CAPITAL"].contains(words[1]), ["LETTER", "LIGATURE"].contains(words[2])
    else { return nil }
    let letter = words[3...].prefix { $0 != "WITH" }.joined(separator: " ")
    if letter.utf8.count <= 2 { return letter }
    return irregularLetters[letter]
}

private let irregularLetters: [String: String] = [
    "SHARP S": "SS", "LONG S": "S", "DOTLESS I": "I", "DOTLESS J": "J", "ETH": "D",
    "THORN": "TH", "ENG": "N", "KRA": "K", "OPEN E": "E", "OPEN O": "O", "SCHWA": "E",
    "AFRICAN D": "D", "ESH": "S", "EZH": "Z", "GAMMA": "G", "IOTA": "I", "UPSILON": "U",
]
