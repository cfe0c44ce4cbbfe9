internal import CLinux
internal import Glibc

/// A socket that accepts connections, non-blocking, watched by one loop.
package final class Listener: Sendable {
    private let descriptor: FileDescriptor
    /// Where it listens, with the port that the kernel chose if 0 was asked.
    package let address: SocketAddress

    private init(_ descriptor: consuming FileDescriptor) throws(SystemError) {
        self.descriptor = descriptor
        let raw = self.descriptor.raw
        let (result, address) = SocketAddress.received { getsockname(raw, $0, $1) }
        guard result == 0 else { throw .last("getsockname") }
        self.address = address
    }

    /// The number to watch.
    package var raw: Int32 { descriptor.raw }

    /// Opens `count` listeners that share one port, one for each loop.
    ///
    /// The kernel would let a second gateway join the port and steal half the connections, so a
    /// first socket that refuses company takes the port and lets it go again.
    package static func open(
        _ address: SocketAddress,
        count: Int,
        backlog: Int32 = 1024
    ) throws(SystemError) -> [Listener] {
        if !address.isUnix, address.port != 0 {
            let probe = try bound(address, isShared: false)
            // The bind alone has answered: fails with EADDRINUSE if anyone listens.
            try checked("listen") { listen(probe.raw, 1) }
        }
        let first = try opened(address, backlog)
        var listeners = [first]
        while listeners.count < count {
            listeners.append(try opened(first.address, backlog))
        }
        return listeners
    }

    /// Opens one listener on a Unix socket, in place of a socket file that nobody serves.
    package static func open(
        unixPath: String,
        mode: UInt32 = 0o600,
        backlog: Int32 = 128
    ) throws(SystemError) -> Listener {
        guard let address = SocketAddress(unixPath: unixPath) else {
            throw SystemError(code: ENAMETOOLONG, operation: "bind")
        }
        if let reached = try? TCP.connect(address, isBlocking: true) {
            _ = consume reached
            throw SystemError(code: EADDRINUSE, operation: "bind")
        }
        var status = stat()
        if lstat(unixPath, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK {
            unlink(unixPath)
        }
        // The file is made with these rights, not made and then restricted.
        let previous = umask(~mode & 0o777)
        defer { umask(previous) }
        return try opened(address, backlog)
    }

    /// Accepts one connection, non-blocking and closed on exec; nil when none is waiting.
    ///
    /// On `EMFILE` the connection stays waiting: stop watching for a moment, or the loop spins.
    package func accept() throws(SystemError) -> Accepted? {
        while true {
            let (raw, peer) = SocketAddress.received { clinux_accept(descriptor.raw, $0, $1) }
            if raw >= 0 {
                if !address.isUnix { TCP.setNoDelay(raw) }
                return Accepted(descriptor: FileDescriptor(owning: raw), peer: peer)
            }
            switch errno {
            // The peer left between arriving and being accepted: look for the next one.
            case EINTR, ECONNABORTED, EPROTO: continue
            case EAGAIN: return nil
            default: throw .last("accept4")
            }
        }
    }

    private static func opened(
        _ address: SocketAddress,
        _ backlog: Int32
    ) throws(SystemError) -> Listener {
        let socket = try bound(address, isShared: !address.isUnix)
        let raw = socket.raw
        try checked("listen") { listen(raw, backlog) }
        return try Listener(socket)
    }

    private static func bound(
        _ address: SocketAddress,
        isShared: Bool
    ) throws(SystemError) -> FileDescriptor {
        let socket = try TCP.socket(for: address)
        let raw = socket.raw
        if !address.isUnix {
            // Restarting must not wait for the last connections' TIME_WAIT.
            TCP.set(raw, SOL_SOCKET, SO_REUSEADDR, 1)
            if isShared { TCP.set(raw, SOL_SOCKET, SO_REUSEPORT, 1) }
            if address.family == AF_INET6 { TCP.set(raw, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        }
        try checked("bind") { address.withRaw { bind(raw, $0, $1) } }
        return socket
    }
}

/// A connection that a listener accepted.
package struct Accepted: ~Copyable {
    package let descriptor: FileDescriptor
    /// Who connected.
    package let peer: SocketAddress

    /// Hands the descriptor over.
    package consuming func takeDescriptor() -> FileDescriptor { descriptor }
}

/// Stream sockets: connecting and their options.
package enum TCP {
    /// Starts to connect; unless blocking, wait for write readiness, then ask `connectError`.
    package static func connect(
        _ address: SocketAddress,
        isBlocking: Bool = false
    ) throws(SystemError) -> FileDescriptor {
        let socket = try socket(for: address, isBlocking: isBlocking)
        let raw = socket.raw
        if !address.isUnix { setNoDelay(raw) }
        let result = address.withRaw { Glibc.connect(raw, $0, $1) }
        if result == 0 || errno == EINPROGRESS { return socket }
        throw .last("connect")
    }

    /// The error that ended a connect, 0 when it succeeded.
    package static func connectError(_ raw: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(raw, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return errno }
        return code
    }

    /// Sends small writes at once.
    package static func setNoDelay(_ raw: Int32) {
        set(raw, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Makes the next close send a reset and drop what was not sent.
    package static func resetOnClose(_ raw: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            raw, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    /// Ends our side of the conversation; the peer reads the end, and can still speak.
    package static func shutdownWriting(_ raw: Int32) {
        _ = Glibc.shutdown(raw, Int32(SHUT_WR))
    }

    static func set(_ raw: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(raw, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    static func socket(
        for address: SocketAddress,
        isBlocking: Bool = false
    ) throws(SystemError) -> FileDescriptor {
        let flags = Int32(SOCK_STREAM.rawValue) | clinux_socket_flags(isBlocking ? 0 : 1)
        let family = address.family
        return FileDescriptor(
            owning: try checked("socket") { Glibc.socket(family, flags, 0) }
        )
    }
}
