/// Whether a byte may stand in a token (RFC 9110, 5.6.2).
@inline(__always)
func isTokenByte(_ byte: UInt8) -> Bool {
    // One bit per ASCII character: two words instead of a table behind a lazy global.
    byte < 64
        ? (0x03FF_6CFA_0000_0000 as UInt64) >> UInt64(byte) & 1 == 1
        : byte < 128 && (0x57FF_FFFF_C7FF_FFFE as UInt64) >> UInt64(byte - 64) & 1 == 1
}

/// Whether a byte may never stand in a field value: a control character other than a tab.
@inline(__always)
func isControlByte(_ byte: UInt8) -> Bool {
    byte < 0x20 ? byte != 0x09 : byte == 0x7F
}

/// An ASCII capital as its small letter, anything else as it is.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}

/// The value of a hexadecimal digit.
@inline(__always)
func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}

/// Whether two byte strings are equal without regard to the case of ASCII letters.
func equalIgnoringCase(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    left.count == right.count
        && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
}

/// A byte string without the spaces and tabs around it.
func trimmed<Bytes: BidirectionalCollection<UInt8>>(_ bytes: Bytes) -> Bytes.SubSequence {
    var rest = bytes[...]
    while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
    while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest = rest.dropLast() }
    return rest
}
