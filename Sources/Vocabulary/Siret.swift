/// The number of an establishment in the Sirene register: 14 digits whose Luhn sum holds.
///
/// La Poste's establishments (SIREN 356000000) follow another rule: their digits add up to a
/// multiple of five.
package struct Siret: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        let digits = text.utf8.map { Int($0) - 48 }
        guard digits.count == 14, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let isLaPoste = text.hasPrefix("356000000")
        guard luhn(digits) || (isLaPoste && digits.reduce(0, +) % 5 == 0) else { return nil }
        self.text = text
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// A well-formed number that no establishment has.
    package static let nobody = Siret(unchecked: "00000000000000")

    package var description: String { text }

    package static func < (left: Siret, right: Siret) -> Bool {
        left.text < right.text
    }
}

/// Whether the Luhn sum of the digits is a multiple of ten (ISO/IEC 7812-1, annex B).
private func luhn(_ digits: [Int]) -> Bool {
    var sum = 0
    for (offset, digit) in digits.reversed().enumerated() {
        let weighted = offset % 2 == 1 ? digit * 2 : digit
        sum += weighted > 9 ? weighted - 9 : weighted
    }
    return sum % 10 == 0
}
