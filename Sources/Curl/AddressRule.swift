package import Platform

/// Which addresses a client may reach, whatever the names in its URLs resolve to.
package struct AddressRule: Sendable {
    private let permits: @Sendable (SocketAddress) -> Bool

    /// A rule of the caller's own.
    package init(_ permits: @escaping @Sendable (SocketAddress) -> Bool) {
        self.permits = permits
    }

    /// Any address: for doubles on this machine.
    package static let any = AddressRule { _ in true }

    /// Addresses of other machines on the public Internet, and the ranges named beside.
    ///
    /// Refuses this machine, links, private networks, carriers' translation, the addresses of
    /// cloud metadata, and the IPv6 ranges that wrap IPv4.
    package static func external(allowing allowed: [AddressRange] = []) -> AddressRule {
        AddressRule { address in
            let bytes = address.ipBytes
            guard !bytes.isEmpty else { return false }
            if allowed.contains(where: { $0.contains(bytes) }) { return true }
            return !AddressRange.notExternal.contains { $0.contains(bytes) }
        }
    }

    func allows(_ address: SocketAddress) -> Bool { permits(address) }
}

/// Addresses that begin with the same bits.
package struct AddressRange: Sendable, Equatable {
    private let bytes: [UInt8]
    private let length: Int

    /// A range as it is written: `10.0.0.0/8`, `fc00::/7`; nil when it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = SocketAddress(host: String(parts[0]), port: 0),
            let length = Int(parts[1]), (0...address.ipBytes.count * 8).contains(length)
        else { return nil }
        bytes = address.ipBytes
        self.length = length
    }

    /// Whether an address of 4 or 16 bytes lies in the range.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == bytes.count else { return false }
        return (0..<length).allSatisfy { bit in
            let mask = UInt8(0x80) >> (bit % 8)
            return address[bit / 8] & mask == bytes[bit / 8] & mask
        }
    }

    static let notExternal: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
        "::/96", "64:ff9b::/32", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10",
        "ff00::/8",
    ].compactMap { AddressRange($0) }
}
