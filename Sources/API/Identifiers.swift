/// Whether a text is a dossier's reference: 1 to 64 of `A-Z a-z 0-9 . _ -`.
func isDossierReference(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...64).contains(bytes.count)
        && bytes.allSatisfy { isDigit($0) || isLetter($0) || [45, 46, 95].contains($0) }
}

/// Whether a reference, its separators apart, could be a NIR, a numéro fiscal or an INE.
///
/// A reference that is kept, even under a key, must not be a number that names a person. Eleven
/// digits are no INE of today, so that an ordinary dossier number passes. A prefix does not hide
/// one: each part between separators is looked at too, and each run of digits.
func looksLikeIdentifier(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let parts = bytes.split { !isDigit($0) && !isLetter($0) }
    let runs = bytes.split { !isDigit($0) }
    return looksLikeIdentifier(whole: text)
        || runs.contains { $0.count == 13 || ($0.count == 15 && isNIR(Array($0))) }
        || parts.contains { part in
            let rest = Array(part.drop(while: isLetter))
            return ([13, 15].contains(rest.count) && isNIR(rest)) || hasINELetters(Array(part))
        }
}

private func looksLikeIdentifier(whole text: String) -> Bool {
    let bytes = text.utf8.filter { isDigit($0) || isLetter($0) }
    if bytes.count == 13 || bytes.count == 15, isNIR(bytes) { return true }
    if bytes.count == 13, bytes.allSatisfy(isDigit) { return true }
    let isPlain = bytes.count == text.utf8.count
    return isPlain && bytes.contains(where: isLetter) && isINE(bytes)
}

/// The shape of a NIR, with or without its key: a sex, digits, Corsica's letter perhaps.
private func isNIR(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, "1234578".utf8.contains(first) else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
        isDigit(byte) || (index == 6 && "ABab".utf8.contains(byte))
    }
}

/// The four shapes of an INE: ten signs and a digit, or letters in fixed places.
///
/// The first has no fixed place, so that only capitals make one: a dossier may well be
/// `dossier2026`.
private func isINE(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 11, bytes.allSatisfy({ isDigit($0) || isLetter($0) }) else {
        return false
    }
    let isCapitals = bytes.allSatisfy { isDigit($0) || isCapital($0) }
    let endsInDigit = bytes.last.map(isDigit) ?? false
    return (isCapitals && endsInDigit) || hasINELetters(bytes)
}

/// The shapes of an INE whose letters have fixed places.
private func hasINELetters(_ bytes: [UInt8]) -> Bool {
    let letters = bytes.indices.filter { isLetter(bytes[$0]) }
    return bytes.count == 11 && [[10], [9, 10], [4, 10]].contains(letters)
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
private func isCapital(_ byte: UInt8) -> Bool { (65...90).contains(byte) }
private func isLetter(_ byte: UInt8) -> Bool { isCapital(byte) || (97...122).contains(byte) }
