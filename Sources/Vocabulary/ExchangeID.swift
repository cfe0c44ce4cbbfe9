/// The identifier of an exchange: a UUID of version 7 (RFC 9562, 5.7).
///
/// It is made from the time and from random bytes of the system's generator; it is never a right.
package struct ExchangeID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Parameters:
    ///   - time: the moment, of which the milliseconds fill the first 48 bits.
    ///   - random: ten bytes from the system's generator.
    package init(time: Timestamp, random: [UInt8]) {
        precondition(random.count == 10, "ten random bytes")
        var bytes: [UInt8] = (0..<6).map { index in
            UInt8(truncatingIfNeeded: time.milliseconds >> Int64(40 - 8 * index))
        }
        bytes += random
        bytes[6] = (bytes[6] & 0x0F) | 0x70
        bytes[8] = (bytes[8] & 0x3F) | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(45) }
            text.append(hexDigit(byte >> 4))
            text.append(hexDigit(byte & 15))
        }
        self.text = String(decoding: text, as: UTF8.self)
    }

    /// The identifier that a text in the canonical form (lower case, with hyphens) names.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        // The version's digit is 7, the variant's 8, 9, a or b.
        guard bytes.count == 36, bytes[14] == 55, [56, 57, 97, 98].contains(bytes[19]) else {
            return nil
        }
        for (index, byte) in bytes.enumerated() {
            let isHyphen = [8, 13, 18, 23].contains(index)
            let isHex = (48...57).contains(byte) || (97...102).contains(byte)
            guard isHyphen ? byte == 45 : isHex else { return nil }
        }
        self.text = text
    }

    package var description: String { text }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 48 + value : 87 + value
}
