internal import CCurl
internal import Platform

/// What epoll is told about one of libcurl's sockets.
///
/// libcurl drops and renews its interest at each request; telling the kernel each time costs two
/// system calls. So interest that ends stays registered, and is taken back only if an event
/// comes that nobody wants.
final class SocketWatch: ReadinessHandler {
    private let socket: Int32
    private unowned let driver: MultiDriver
    private var registered: Interest?
    private var wanted: Interest = []
    /// Whether we open and close it: libcurl's own pipes close without telling us.
    var isOurs = false

    init(_ socket: Int32, _ driver: MultiDriver) {
        self.socket = socket
        self.driver = driver
    }

    /// Takes libcurl's wish.
    func want(_ interest: Interest) {
        wanted = interest
        if interest.isEmpty {
            if !isOurs { forget() }
        } else if let registered {
            if !registered.isSuperset(of: interest) { register(changing: true) }
        } else {
            register(changing: false)
        }
    }

    /// The socket is about to close, or already has.
    func forget() {
        if registered != nil { driver.loop.unwatch(socket) }
        registered = nil
        wanted = []
        isOurs = false
    }

    func ready(_ readiness: Readiness) {
        guard !wanted.isEmpty else {
            // An idle connection that its server closed: libcurl finds out when it wants it.
            driver.loop.unwatch(socket)
            registered = nil
            return
        }
        let isStray =
            readiness.contains(.writable) && !wanted.contains(.write)
            || readiness.contains(.readable) && !wanted.contains(.read)
        if isStray { register(changing: true) }
        var events: Int32 = 0
        if readiness.contains(.readable), wanted.contains(.read) { events |= CURL_CSELECT_IN }
        if readiness.contains(.writable), wanted.contains(.write) { events |= CURL_CSELECT_OUT }
        if !readiness.isDisjoint(with: [.failed, .hangUp]) { events |= CURL_CSELECT_ERR }
        if events != 0 { driver.socketIsReady(socket, events) }
    }

    private func register(changing isKnown: Bool) {
        do throws(SystemError) {
            if isKnown {
                try driver.loop.modify(socket, wanted)
            } else {
                try driver.loop.watch(socket, wanted, self)
            }
            registered = wanted
        } catch {
            // ENOENT or EBADF: the socket is gone. The transfer's deadline is what remains.
            registered = nil
        }
    }
}
