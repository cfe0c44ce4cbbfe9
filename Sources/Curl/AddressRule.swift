package import HTTPMessages
package import Platform

/// Which addresses a client may reach, whatever the names in its URLs resolve to.
package struct AddressRule: Sendable {
    private let permits: @Sendable (SocketAddress) -> Bool

    /// A rule of the caller's own.
    package init(_ permits: @escaping @Sendable (SocketAddress) -> Bool) {
        self.permits = permits
    }

    /// The rule of a request that says what it may reach.
    init(_ reach: Reach) { self.init(reach.allows) }

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

extension Reach {
    /// Whether a request of that reach may connect to an address.
    package func allows(_ address: SocketAddress) -> Bool {
        let bytes = address.ipBytes
        guard !bytes.isEmpty else { return false }
        if !admitsThisMachine, AddressRange.neverGranted.contains(where: { $0.contains(bytes) }) {
            return false
        }
        if !ranges.isEmpty { return ranges.contains { $0.contains(bytes) } }
        return admitsThisMachine || !AddressRange.notExternal.contains { $0.contains(bytes) }
    }
}

extension AddressRange {
    /// A range as it is written: `10.0.0.0/8`, `fc00::/7`; nil when it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = SocketAddress(host: String(parts[0]), port: 0),
            !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(parts[1])
        else { return nil }
        self.init(bytes: address.ipBytes, length: length)
    }

    /// Whether it holds an address of this machine, of a link, of a group, or one that wraps such
    /// an address: what no deployment may grant outside the sandbox.
    package var isUngrantable: Bool {
        AddressRange.neverGranted.contains { $0.overlaps(self) }
    }

    static let neverGranted: [AddressRange] = [
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/3",
        "::/96", "64:ff9b::/32", "2001::/32", "2002::/16", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { AddressRange($0) }

    static let notExternal: [AddressRange] =
        neverGranted
        + [
            "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15",
            "fc00::/7",
        ].compactMap { AddressRange($0) }
}
