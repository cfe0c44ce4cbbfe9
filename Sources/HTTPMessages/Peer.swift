/// IP addresses that begin with the same bits.
package struct AddressRange: Sendable, Hashable {
    /// The address at which the range begins: 4 bytes, or 16.
    package let bytes: [UInt8]
    /// How many bits all of its addresses share.
    package let length: Int

    /// A range; nil where there are more bits than the address has, or no address.
    package init?(bytes: [UInt8], length: Int) {
        guard [4, 16].contains(bytes.count), (0...bytes.count * 8).contains(length) else {
            return nil
        }
        self.bytes = bytes
        self.length = length
    }

    /// Whether an address of 4 or 16 bytes lies in the range.
    package func contains(_ address: [UInt8]) -> Bool {
        address.count == bytes.count && hasSameBits(as: address, count: length)
    }

    /// Whether some address lies in both ranges.
    package func overlaps(_ other: AddressRange) -> Bool {
        other.bytes.count == bytes.count
            && hasSameBits(as: other.bytes, count: min(length, other.length))
    }

    private func hasSameBits(as address: [UInt8], count: Int) -> Bool {
        (0..<count).allSatisfy { bit in
            let mask = UInt8(0x80) >> (bit % 8)
            return address[bit / 8] & mask == bytes[bit / 8] & mask
        }
    }
}

/// The addresses that a request may reach, whatever the name in its URL resolves to.
package struct Reach: Sendable, Hashable {
    /// The only ranges that may be reached; where there is none, public addresses.
    package let ranges: [AddressRange]
    /// Whether this machine and its links may be reached: for doubles, never in production.
    package let admitsThisMachine: Bool

    package init(ranges: [AddressRange] = [], admitsThisMachine: Bool = false) {
        self.ranges = ranges
        self.admitsThisMachine = admitsThisMachine
    }
}

/// The files of a client's certificate chain and of its private key, both PEM.
package struct ClientCertificate: Sendable, Hashable {
    package let chainFile: String
    package let keyFile: String

    package init(chainFile: String, keyFile: String) {
        self.chainFile = chainFile
        self.keyFile = keyFile
    }
}
