import Vocabulary

/// The codes of the Code officiel géographique that a birth may have.
enum BirthPlace {
    /// A country: `99100` is France, `99…` elsewhere, `92352` Algeria while it was French.
    static func isCountry(_ code: String) -> Bool {
        let bytes = Array(code.utf8)
        guard bytes.count == 5, bytes.allSatisfy(isDigit) else { return false }
        return code.hasPrefix("99") || code == "92352"
    }

    /// A commune: department `01` to `98`, `2A` or `2B` (and `20`, before 1976), and three digits.
    static func isCommune(_ code: String) -> Bool {
        let bytes = Array(code.utf8)
        guard bytes.count == 5, bytes[2...].allSatisfy(isDigit) else { return false }
        if code.hasPrefix("2A") || code.hasPrefix("2B") { return true }
        guard isDigit(bytes[0]), isDigit(bytes[1]) else { return false }
        return !code.hasPrefix("00") && !code.hasPrefix("99")
    }
}

/// What is wrong with a name, if anything.
enum NameDefect: Equatable {
    case empty
    case tooLong
    case straySpaces
    case decomposed
    case looksLikeNIR
    case character
}

/// What a name of civil status may hold.
enum CivilName {
    static let maxLetters = 100

    /// What is wrong with a name that somebody typed.
    ///
    /// The letters are those of FranceConnect's own rule, with the other Latin letters of the same
    /// block; both apostrophes; hyphens, also doubled as in double birth names; single spaces.
    static func defect(of name: String) -> NameDefect? {
        let scalars = Array(name.unicodeScalars)
        if scalars.isEmpty { return .empty }
        if scalars.count > maxLetters { return .tooLong }
        if looksLikeNIR(name) { return .looksLikeNIR }
        if scalars.contains(where: { (0x300...0x36F).contains($0.value) }) { return .decomposed }
        guard scalars.allSatisfy({ isLetter($0) || isSeparator($0) }) else { return .character }
        guard scalars.contains(where: isLetter) else { return .empty }
        if scalars.first == " " || scalars.last == " " { return .straySpaces }
        let doubled = zip(scalars, scalars.dropFirst()).contains { $0 == " " && $1 == " " }
        return doubled ? .straySpaces : nil
    }

    /// Whether a name that the State gives may be carried on: it is not empty, and can be written.
    static func isUsable(_ name: String) -> Bool {
        let scalars = name.unicodeScalars
        guard (1...256).contains(scalars.count), scalars.contains(where: \.properties.isAlphabetic)
        else { return false }
        return scalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
                .paragraphSeparator:
                false
            default: true
            }
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0xFF: true
        case 0x152, 0x153, 0x178: true
        default: false
        }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        [0x20, 0x27, 0x2D, 0x2019].contains(scalar.value)
    }
}

/// Whether a text could be a NIR (numéro de sécurité sociale), with or without its key and spaces.
package func looksLikeNIR(_ text: String) -> Bool {
    let signs = text.utf8.filter { ![0x20, 0x2D, 0x2E].contains($0) }
    guard signs.count == 13 || signs.count == 15 else { return false }
    guard [0x31, 0x32, 0x33, 0x34, 0x37, 0x38].contains(signs[0]) else { return false }
    let isCorsican = [0x41, 0x42, 0x61, 0x62].contains(signs[6]) && signs[5] == 0x32
    return signs.enumerated().allSatisfy { index, sign in
        isDigit(sign) || (index == 6 && isCorsican)
    }
}

/// Whether a text could be an identifier of a person: a NIR, a numéro fiscal or an INE.
///
/// For texts that a service chooses freely, such as the reference of a dossier.
package func looksLikePersonalIdentifier(_ text: String) -> Bool {
    if looksLikeNIR(text) { return true }
    let signs = Array(text.utf8.filter { ![0x20, 0x2D, 0x2E, 0x5F].contains($0) })
    return isNumeroFiscal(signs) || hasFormOfINE(signs)
}

/// A numéro fiscal (SPI): thirteen digits of which the first is 0 to 3.
func isNumeroFiscal(_ signs: [UInt8]) -> Bool {
    signs.count == 13 && signs.allSatisfy(isDigit) && (0x30...0x33).contains(signs[0])
}

/// An INE: one of the four published forms, or ten digits and capitals before a digit.
func isINE(_ signs: [UInt8]) -> Bool {
    if hasFormOfINE(signs) { return true }
    guard signs.count == 11, isDigit(signs[10]) else { return false }
    return signs.allSatisfy { isDigit($0) || isCapital($0) } && !signs.allSatisfy(isDigit)
}

/// Whether eleven signs are mostly digits, with the letters where INEs have them.
private func hasFormOfINE(_ signs: [UInt8]) -> Bool {
    guard signs.count == 11 else { return false }
    let upper = signs.map { (0x61...0x7A).contains($0) ? $0 - 32 : $0 }
    guard isCapital(upper[10]) else { return false }
    let middle = upper[..<10]
    if middle.allSatisfy(isDigit) { return true }
    if upper[..<9].allSatisfy(isDigit), isCapital(upper[9]) { return true }
    return upper[4] == 0x41 && middle.filter(isDigit).count == 9
}

func isCapital(_ sign: UInt8) -> Bool { (0x41...0x5A).contains(sign) }

func isDigit(_ sign: UInt8) -> Bool { (0x30...0x39).contains(sign) }
