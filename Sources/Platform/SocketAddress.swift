internal import CLinux
internal import Glibc

/// Where a socket listens or connects: IPv4, IPv6, or a Unix socket's path.
package struct SocketAddress: Sendable, Hashable {
    private let bytes: [UInt8]

    /// An address from digits, never from a name: `127.0.0.1`, `::1`.
    package init?(host: String, port: UInt16) {
        var v4 = sockaddr_in()
        v4.sin_family = sa_family_t(AF_INET)
        v4.sin_port = port.bigEndian
        if inet_pton(AF_INET, host, &v4.sin_addr) == 1 {
            bytes = withUnsafeBytes(of: v4) { [UInt8]($0) }
            return
        }
        var v6 = sockaddr_in6()
        v6.sin6_family = sa_family_t(AF_INET6)
        v6.sin6_port = port.bigEndian
        guard inet_pton(AF_INET6, host, &v6.sin6_addr) == 1 else { return nil }
        bytes = withUnsafeBytes(of: v6) { [UInt8]($0) }
    }

    /// A Unix socket; nil when the path is too long for the kernel or empty.
    package init?(unixPath: String) {
        let path = [UInt8](unixPath.utf8)
        guard !path.isEmpty, path.count < 108, !path.contains(0) else { return nil }
        let family = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { [UInt8]($0) }
        bytes = family + path + [0]
    }

    /// Copies a `sockaddr` of that length, as system calls and libraries hand it out.
    package init(copying raw: UnsafeRawBufferPointer) {
        bytes = [UInt8](raw)
    }

    /// The port; 0 for a Unix socket.
    package var port: UInt16 {
        isUnix || bytes.count < 4 ? 0 : UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }

    /// Whether this is a Unix socket's path.
    package var isUnix: Bool { family == AF_UNIX }

    /// The host in digits, or the path.
    package var host: String {
        switch family {
        case AF_INET: text(ofAddressAt: 4, AF_INET)
        case AF_INET6: text(ofAddressAt: 8, AF_INET6)
        default: String(decoding: bytes.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The bytes of the IP address, 4 or 16, an IPv4 address inside IPv6 unwrapped; empty for Unix.
    package var ipBytes: [UInt8] {
        switch family {
        case AF_INET where bytes.count >= 8: return Array(bytes[4..<8])
        case AF_INET6 where bytes.count >= 24:
            let address = bytes[8..<24]
            let isMapped =
                address.prefix(10).allSatisfy { $0 == 0 } && bytes[18] == 255
                && bytes[19] == 255
            return isMapped ? Array(bytes[20..<24]) : Array(address)
        default: return []
        }
    }

    var family: Int32 {
        bytes.count >= 2 ? Int32(UInt16(bytes[0]) | UInt16(bytes[1]) << 8) : AF_UNSPEC
    }

    private func text(ofAddressAt offset: Int, _ family: Int32) -> String {
        var text = [CChar](repeating: 0, count: 64)
        guard bytes.count >= offset + (family == AF_INET ? 4 : 16) else { return "" }
        let written = bytes.withUnsafeBytes { raw in
            inet_ntop(family, raw.baseAddress.map { $0 + offset }, &text, socklen_t(text.count))
        }
        guard written != nil else { return "" }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Lends the address to a system call.
    func withRaw(_ call: (UnsafePointer<sockaddr>?, socklen_t) -> Int32) -> Int32 {
        bytes.withUnsafeBytes { raw in
            call(raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
    }

    /// Receives an address from a system call; nil when the call failed.
    static func received(
        _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> (result: Int32, address: SocketAddress) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
        }
        let count = min(Int(length), MemoryLayout<sockaddr_storage>.size)
        let address = withUnsafeBytes(of: storage) { raw in
            SocketAddress(copying: UnsafeRawBufferPointer(rebasing: raw.prefix(count)))
        }
        return (result, address)
    }
}
