/// A generator whose sequence is fixed by its seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

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
