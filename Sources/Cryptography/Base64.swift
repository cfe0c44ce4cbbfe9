/// Base64url without padding (RFC 4648 section 5, as JOSE uses it).
package enum Base64URL {
    /// The text of the bytes, without padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        Base64Alphabet.url.encode(bytes, padded: false)
    }

    /// The bytes of the text, or nothing if the text is padded, holds another character, or is
    /// not the one text that those bytes have.
    package static func decode(_ text: String) -> [UInt8]? {
        Base64Alphabet.url.decode(Array(text.utf8)[...])
    }

    /// The same, from the bytes of a text.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        Base64Alphabet.url.decode(text)
    }
}

/// Base64 with padding (RFC 4648 section 4).
package enum Base64 {
    /// The text of the bytes, padded.
    package static func encode(_ bytes: [UInt8]) -> String {
        Base64Alphabet.standard.encode(bytes, padded: true)
    }

    /// The bytes of the text, or nothing if its padding is missing or it is not canonical.
    package static func decode(_ text: String) -> [UInt8]? {
        var units = Array(text.utf8)[...]
        guard units.count % 4 == 0 else { return nil }
        for _ in 0..<2 where units.last == UInt8(ascii: "=") {
            units.removeLast()
        }
        return Base64Alphabet.standard.decode(units)
    }
}

/// One of the two alphabets, both ways.
private struct Base64Alphabet: Sendable {
    static let url = Base64Alphabet(last: "-_")
    static let standard = Base64Alphabet(last: "+/")

    private let symbols: [UInt8]
    private let values: [UInt8]

    private init(last: String) {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        symbols = Array((letters + last).utf8)
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, symbol) in symbols.enumerated() { values[Int(symbol)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: [UInt8], padded: Bool) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { output in
            var length = 0
            var bits: UInt32 = 0
            var held = 0
            for byte in bytes {
                bits = bits << 8 | UInt32(byte)
                held += 8
                while held >= 6 {
                    held -= 6
                    output[length] = symbols[Int(bits >> UInt32(held) & 63)]
                    length += 1
                }
            }
            if held > 0 {
                output[length] = symbols[Int(bits << UInt32(6 - held) & 63)]
                length += 1
            }
            while padded && length % 4 != 0 {
                output[length] = UInt8(ascii: "=")
                length += 1
            }
            return length
        }
    }

    func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 2) { output, count in
            text.withUnsafeBufferPointer { input in
                values.withUnsafeBufferPointer { values in
                    isWhole = Self.decode(input, values, output, &count)
                }
            }
        }
        return isWhole ? bytes : nil
    }

    /// Four symbols at a time, then the two or three that may be left; false at a symbol of no
    /// value, or where the last one holds bits that no byte takes.
    private static func decode(
        _ input: UnsafeBufferPointer<UInt8>,
        _ values: UnsafeBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>,
        _ count: inout Int
    ) -> Bool {
        var seen: UInt8 = 0
        func bits(_ index: Int) -> UInt32 {
            let value = values[Int(input[index])]
            seen |= value
            return UInt32(value)
        }
        var index = 0
        while index + 4 <= input.count {
            let four =
                bits(index) << 18 | bits(index + 1) << 12 | bits(index + 2) << 6 | bits(index + 3)
            output[count] = UInt8(truncatingIfNeeded: four >> 16)
            output[count + 1] = UInt8(truncatingIfNeeded: four >> 8)
            output[count + 2] = UInt8(truncatingIfNeeded: four)
            count += 3
            index += 4
        }
        guard index < input.count else { return seen < 64 }
        let isThree = input.count - index == 3
        let rest = bits(index) << 12 | bits(index + 1) << 6 | (isThree ? bits(index + 2) : 0)
        output[count] = UInt8(truncatingIfNeeded: rest >> 10)
        if isThree { output[count + 1] = UInt8(truncatingIfNeeded: rest >> 2) }
        count += isThree ? 2 : 1
        return seen < 64 && rest & (isThree ? 3 : 0x3ff) == 0
    }
}

/// Hexadecimal text.
package enum Hex {
    /// The bytes in lower-case hexadecimal.
    package static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: bytes.count * 2) { output in
            for (index, byte) in bytes.enumerated() {
                output[index * 2] = digits[Int(byte >> 4)]
                output[index * 2 + 1] = digits[Int(byte & 15)]
            }
            return bytes.count * 2
        }
    }

    /// The bytes of a hexadecimal text in either case, or nothing if it is not one.
    package static func decode(_ text: String) -> [UInt8]? {
        let units = Array(text.utf8)
        guard units.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count / 2)
        for index in stride(from: 0, to: units.count, by: 2) {
            guard let high = digit(units[index]), let low = digit(units[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ unit: UInt8) -> UInt8? {
        switch unit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): unit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): unit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): unit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
