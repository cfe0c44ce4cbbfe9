import TestSupport

extension Seeded {
    /// A text made of pieces that a parser of names, dates or numbers may stumble over.
    mutating func nonsense() -> String {
        let pieces = [
            "", "a", "champ", "revenu_fiscal", ".", "..", "[]", "[", "]", "[0]", "@", "@@", "/",
            "valeur", "seuil", "seuil.plus", "-", "_", "0", "9", "00", "2024", "02", "30", "é",
            "e\u{301}", "\u{0}", "\u{FEFF}", "٣", "A", " ", "\n", "e", "E", "+", "1e", "9223372036",
            "\u{1F1EB}\u{1F1F7}",
        ]
        let count = Int.random(in: 0...9, using: &self)
        return (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }
}
