import Glibc
import Platform
import Testing

@Suite struct `A listener` {
    @Test func `shares a port that the kernel chose among loops`() throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let listeners = try Listener.open(address, count: 3)
        let ports = Set(listeners.map(\.address.port))
        #expect(listeners.count == 3 && ports.count == 1 && !ports.contains(0))
    }

    @Test func `refuses a port that another gateway holds`() throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let held = try Listener.open(address, count: 2)
        let error = #expect(throws: SystemError.self) {
            try Listener.open(held[0].address, count: 2)
        }
        #expect(error?.code == EADDRINUSE)
    }

    @Test func `takes a port again right after it was used`() throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        var held = try Listener.open(address, count: 1)
        let same = held[0].address
        let client = try TCP.connect(same, isBlocking: true)
        if let accepted = try held[0].accept() {
            #expect(accepted.peer.host == "127.0.0.1")
        } else {
            Issue.record("no connection")
        }
        _ = consume client
        held = []
        held = try Listener.open(same, count: 2)
        #expect(held[1].address.port == same.port)
    }

    @Test func `accepts non-blocking connections and says when none waits`() throws {
        let address = try #require(SocketAddress(host: "::1", port: 0))
        let listener = try Listener.open(address, count: 1)[0]
        #expect(listener.address.host == "::1")
        let isNothing = try listener.accept() == nil
        #expect(isNothing)
        let client = try TCP.connect(listener.address, isBlocking: true)
        guard let accepted = try listener.accept() else {
            Issue.record("no connection")
            return
        }
        let server = accepted.takeDescriptor()
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(buffer.withUnsafeMutableBytes { server.read(into: $0) } == .wouldBlock)
        #expect([1, 2, 3].withUnsafeBytes { client.write($0) } == .moved(24))
        #expect(fcntl(server.raw, F_GETFD, 0) & FD_CLOEXEC != 0)
    }

    @Test func `serves a Unix socket in place of a dead one, and not of a living one`() throws {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf")
        defer { try? Files.removeTree(folder) }
        let path = folder + "/operators"
        var listener = try Listener.open(unixPath: path)
        #expect(try Files.mode(path) == 0o600)
        #expect(listener.address.host == path && listener.address.isUnix)
        #expect(throws: SystemError.self) { try Listener.open(unixPath: path) }
        // A crash leaves the file behind.
        let dead = folder + "/dead"
        _ = try Listener.open(unixPath: dead)
        listener = try Listener.open(unixPath: dead)
        #expect(Files.kind(dead) == .other)
    }
}

@Suite struct `A socket address` {
    @Test(arguments: [
        ("127.0.0.1", [127, 0, 0, 1]), ("::ffff:10.0.0.7", [10, 0, 0, 7]),
        ("::1", [UInt8](repeating: 0, count: 15) + [1]),
    ])
    func `gives its bytes, with IPv4 unwrapped`(host: String, bytes: [UInt8]) throws {
        let address = try #require(SocketAddress(host: host, port: 443))
        #expect(address.ipBytes == bytes && address.port == 443)
    }

    @Test(arguments: ["localhost", "", "127.0.0.1.2", "0x7f.1", "1.2.3"])
    func `refuses what is not plain digits`(host: String) {
        #expect(SocketAddress(host: host, port: 1) == nil)
    }

    @Test func `refuses a path that the kernel cannot hold`() {
        #expect(SocketAddress(unixPath: String(repeating: "a", count: 108)) == nil)
        #expect(SocketAddress(unixPath: "") == nil)
    }
}
