package import JSONText
package import Vocabulary

/// Reads the identifiers that a service may add to an identity (`usager.identifiants`).
///
/// Whether the purpose allows them is decided elsewhere; here they only have to be of their kind.
package func readIdentifiers(
    _ place: JSONPlace?, into mistakes: inout JSONMistakes
) -> [IdentifierKind: Sensitive<String>] {
    var identifiers: [IdentifierKind: Sensitive<String>] = [:]
    guard let object = mistakes.object(place, IdentifierKind.allCases.map(\.rawValue)) else {
        return identifiers
    }
    for kind in IdentifierKind.allCases {
        identifiers[kind] = mistakes.optional(object, kind.rawValue) {
            (place) throws(JSONMistake) in try readIdentifier(place, kind)
        }
    }
    return identifiers
}

private func readIdentifier(
    _ place: JSONPlace, _ kind: IdentifierKind
) throws(JSONMistake) -> Sensitive<String> {
    let text = try place.string(maxBytes: 64)
    let signs = Array(text.utf8)
    switch kind {
    case .numeroFiscal:
        // Thirteen digits may be a NIR without its key: then only the tax key tells them apart.
        let mayBeNIR =
            looksLikeNIR(text) && [UInt8(ascii: "1"), UInt8(ascii: "2")].contains(signs[0])
        guard isNumeroFiscal(signs), hasTaxKey(signs) || !mayBeNIR else {
            throw place.mistake(
                "Ce n'est pas un numéro fiscal.",
                remedy: "Écrivez ses treize chiffres sans espace, tels que sur l'avis d'impôt.")
        }
    case .ine:
        guard isINE(signs), text == text.uppercased() else {
            throw place.mistake(
                "Ce n'est pas un identifiant national étudiant.",
                remedy: "Écrivez ses onze chiffres et lettres capitales, sans espace.")
        }
    case .identifiantFranceTravail:
        let isSafe = signs.allSatisfy { sign in
            isDigit(sign) || (0x41...0x5A).contains(sign) || (0x61...0x7A).contains(sign)
                || [0x2D, 0x2E, 0x5F, 0x40].contains(sign)
        }
        guard (3...50).contains(signs.count), isSafe, !looksLikeNIR(text) else {
            throw place.mistake(
                "Ce n'est pas un identifiant de France Travail.",
                remedy: "Donnez l'identifiant de connexion, sans espace ; jamais le numéro de "
                    + "sécurité sociale.")
        }
    }
    return Sensitive(text)
}

/// Whether the last three of thirteen digits are the first ten modulo 511.
private func hasTaxKey(_ signs: [UInt8]) -> Bool {
    let digits = signs.map { Int($0) - 48 }
    let number = digits.prefix(10).reduce(0) { $0 * 10 + $1 }
    return number % 511 == digits.suffix(3).reduce(0) { $0 * 10 + $1 }
}
