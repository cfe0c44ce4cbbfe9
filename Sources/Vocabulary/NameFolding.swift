/// Folds a name to ASCII capitals, so that one person has one pseudonym however the name is typed.
///
/// Letters lose their marks (`é` → `E`, `ç` → `C`, `ø` → `O`) and ligatures come apart (`Œ` →
/// `OE`); whatever stands between letters becomes one space. The rule reads Unicode's character
/// names, which never change, so a pseudonym computed in thirty years is the same.
package func foldedToCapitals(_ name: String) -> String {
    var folded: [UInt8] = []
    folded.reserveCapacity(name.utf8.count)
    var needsSpace = false
    for scalar in name.unicodeScalars {
        // Most letters, without looking anything up.
        let upper = scalar.value & ~0x20
        if scalar.value < 0x80, (0x41...0x5A).contains(upper) {
            if needsSpace { folded.append(0x20) }
            needsSpace = false
            folded.append(UInt8(upper))
            continue
        }
        guard let letters = capitals(of: scalar) else {
            needsSpace = !folded.isEmpty
            continue
        }
        if letters.isEmpty { continue }
        if needsSpace { folded.append(0x20) }
        needsSpace = false
        folded += letters
    }
    return String(decoding: folded, as: UTF8.self)
}

/// The capitals that a character beyond A to Z stands for: none for a mark, nil for what separates
/// letters.
private func capitals(of scalar: Unicode.Scalar) -> ArraySlice<UInt8>? {
    let value = Int(scalar.value)
    if value < 0x80 { return nil }
    if value < commonCapitals.count { return commonCapitals[value] }
    return uncommonCapitals(of: scalar)
}

/// What the letters of French names stand for, looked up once: Latin-1 and Latin Extended-A.
private let commonCapitals: [ArraySlice<UInt8>?] = (0..<0x180).map { value in
    Unicode.Scalar(UInt32(value)).flatMap(uncommonCapitals)
}

private func uncommonCapitals(of scalar: Unicode.Scalar) -> ArraySlice<UInt8>? {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .format:
        return []
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter:
        // A letter of another script keeps its number, so that two names stay two.
        let letters = latinCapitals(named: properties.name ?? "") ?? "U\(scalar.value)"
        return ArraySlice(letters.utf8)
    default:
        return nil
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
    "N PRECEDED BY APOSTROPHE": "N",
    "THORN": "TH", "ENG": "N", "KRA": "K", "OPEN E": "E", "OPEN O": "O", "SCHWA": "E",
    "AFRICAN D": "D", "ESH": "S", "EZH": "Z", "GAMMA": "G", "IOTA": "I", "UPSILON": "U",
]
