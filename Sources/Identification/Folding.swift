/// The name in ASCII capitals, with one space for whatever stands between letters.
///
/// Letters lose their marks (`é` → `E`, `ç` → `C`, `ø` → `O`), ligatures come apart (`Œ` → `OE`,
/// `Æ` → `AE`, `ß` → `SS`), marks that stand alone go, and hyphens, apostrophes and other signs
/// become one space. It needs no tables of the system, so it gives the same everywhere.
package func foldToCapitals(_ name: String) -> String {
    var folded: [UInt8] = []
    folded.reserveCapacity(name.utf8.count)
    var separated = false
    for scalar in name.unicodeScalars {
        guard let letters = capitals(of: scalar) else {
            separated = !folded.isEmpty
            continue
        }
        guard !letters.isEmpty else { continue }
        if separated { folded.append(UInt8(ascii: " ")) }
        separated = false
        folded += letters
    }
    return String(decoding: folded, as: UTF8.self)
}

/// The capitals that a character stands for: none for a mark, nil for what separates letters.
private func capitals(of scalar: Unicode.Scalar) -> [UInt8]? {
    switch scalar.value {
    case 0x41...0x5A: return [UInt8(scalar.value)]
    case 0x61...0x7A: return [UInt8(scalar.value - 32)]
    case 0..<0xC0: return nil
    case 0xC0...0x17F: return latin[Int(scalar.value - 0xC0)]
    case 0x300...0x36F, 0x200B...0x200D: return []
    default: return otherCapitals(of: scalar)
    }
}

/// Rare letters: Romanian `Ș`, Vietnamese, capital `ẞ`; others keep a number of their own, so that
/// two different names never become one.
private func otherCapitals(of scalar: Unicode.Scalar) -> [UInt8]? {
    guard scalar.properties.isAlphabetic else { return nil }
    let words = (scalar.properties.name ?? "").split(separator: " ")
    if words.count > 3, words[0] == "LATIN", words[2] == "LETTER", words[3].utf8.count <= 2 {
        return Array(words[3].utf8)
    }
    if scalar.value == 0x1E9E { return Array("SS".utf8) }
    return Array("U\(scalar.value)".utf8)
}

/// U+00C0 to U+017F in their order; `-` stands for a sign that separates.
private let latin: [[UInt8]?] = {
    let rows = """
        A A A A A A AE C E E E E I I I I D N O O O O O - O U U U U Y TH SS
        A A A A A A AE C E E E E I I I I D N O O O O O - O U U U U Y TH Y
        A A A A A A C C C C C C C C D D D D E E E E E E E E E E G G G G
        G G G G H H H H I I I I I I I I I I IJ IJ J J K K K L L L L L L L
        L L L N N N N N N N N N O O O O O O OE OE R R R R R R S S S S S S
        S S T T T T T T U U U U U U U U U U U U W W Y Y Y Z Z Z Z Z Z S
        """
    return rows.split { $0 == " " || $0 == "\n" }.map { $0 == "-" ? nil : Array($0.utf8) }
}()
