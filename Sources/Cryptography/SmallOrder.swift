/// The public keys of Edwards25519 and Curve25519 that are no secret's own: those of small order,
/// and those written in more than one way.
enum SmallOrder {
    /// Whether a key of 32 bytes is one of them; the sign, or the unused bit, is left aside.
    static func contains(_ raw: [UInt8], kind: KeyKind) -> Bool {
        var number = Array(raw.reversed())
        number[0] &= 0x7f
        if !number.lexicographicallyPrecedes(prime) { return true }
        return (kind == .ed25519 ? edwards : montgomery).contains(number)
    }

    /// 2²⁵⁵ - 19, big-endian.
    private static let prime: [UInt8] = [0x7f] + Array(repeating: 0xff, count: 30) + [0xed]

    /// The ordinates of the eight points of Edwards25519 whose order divides 8.
    private static let edwards: Set<[UInt8]> = Set([
        Array(repeating: 0, count: 32),
        Array(repeating: 0, count: 31) + [1],
        [0x7f] + Array(repeating: 0xff, count: 30) + [0xec],
        number("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"),
        number("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
    ])

    /// The abscissas of the points of Curve25519, and of its twist, whose order divides 8.
    private static let montgomery: Set<[UInt8]> = Set([
        Array(repeating: 0, count: 32),
        Array(repeating: 0, count: 31) + [1],
        [0x7f] + Array(repeating: 0xff, count: 30) + [0xec],
        number("00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0"),
        number("57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f"),
    ])

    private static func number(_ text: String) -> [UInt8] { Hex.decode(text) ?? [] }
}
