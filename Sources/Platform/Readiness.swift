internal import CLinux

/// What a handler wants to hear about a descriptor.
///
/// Interest is level-triggered: an event comes back each turn until its cause is gone.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt32

    /// Combines raw epoll bits.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Bytes to read, a connection to accept, or the peer's end.
    package static let read = Interest(rawValue: EPOLLIN.rawValue)
    /// Room to write, or the end of a connect.
    package static let write = Interest(rawValue: EPOLLOUT.rawValue)
    /// The peer has closed its side, even while nobody reads.
    package static let peerClosed = Interest(rawValue: EPOLLRDHUP.rawValue)
    /// Says an event once for each change instead of each turn.
    package static let edge = Interest(rawValue: EPOLLET.rawValue)
}

/// What happened on a descriptor.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    /// Combines raw epoll bits.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// There is something to read, possibly the end.
    package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    /// There is room to write.
    package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer has closed its side for writing.
    package static let peerClosed = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// Both sides are closed, or the connection was reset.
    package static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue)
    /// The descriptor holds an error.
    package static let failed = Readiness(rawValue: EPOLLERR.rawValue)
}

/// Hears about one descriptor, on its loop's thread.
package protocol ReadinessHandler: AnyObject {
    /// Called with everything that one turn found; may watch and unwatch any descriptor.
    func ready(_ readiness: Readiness)
}
