internal import CLinux
internal import Glibc

/// A signal that asks something of the whole program.
package enum ShutdownSignal: Sendable, Equatable {
    /// `SIGTERM`: stop in good order.
    case terminate
    /// `SIGINT`: stop, asked at the keyboard.
    case interrupt
    /// `SIGHUP`: read the configuration again.
    case reload
}

/// Waits for `SIGTERM`, `SIGINT` and `SIGHUP` as bytes on a descriptor of a loop.
// Safe because its state is touched only on the loop's thread.
package final class ShutdownSignals: ReadinessHandler, @unchecked Sendable {
    private let loop: EventLoop
    private let descriptor: FileDescriptor
    private var pending: [ShutdownSignal] = []
    private var waiter: Suspension<ShutdownSignal?>?

    /// Blocks the signals for this thread and all it starts: call it first in the program.
    ///
    /// Programs started from these threads inherit it too: a child that should hear `SIGTERM`
    /// must be started by someone else.
    package static func block() {
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Opens the descriptor; signals that came since `block` are not lost.
    package init(loop: EventLoop) throws(SystemError) {
        self.loop = loop
        var set = Self.set
        let flags = Int32(SFD_CLOEXEC | SFD_NONBLOCK)
        descriptor = FileDescriptor(
            owning: try checked("signalfd") { signalfd(-1, &set, flags) }
        )
    }

    /// Waits for the next signal; nil when the waiting task is cancelled.
    ///
    /// On the loop's thread, one waiter at a time.
    package func next() async throws(SystemError) -> ShutdownSignal? {
        loop.assertCurrent()
        if !pending.isEmpty { return pending.removeFirst() }
        try loop.watch(descriptor.raw, .read, self)
        let signal = await EventLoop.suspend(onCancel: { $0.resume(nil) }) { waiter = $0 }
        waiter = nil
        loop.unwatch(descriptor.raw)
        return signal
    }

    /// Takes the signals that the descriptor holds.
    package func ready(_ readiness: Readiness) {
        var info = signalfd_siginfo()
        while read(descriptor.raw, &info, MemoryLayout.size(ofValue: info)) > 0 {
            switch Int32(info.ssi_signo) {
            case SIGTERM: pending.append(.terminate)
            case SIGINT: pending.append(.interrupt)
            default: pending.append(.reload)
            }
        }
        guard !pending.isEmpty, let waiter, waiter.isWaiting else { return }
        waiter.resume(pending.removeFirst())
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        return set
    }
}

/// Makes a write to a closed connection an error instead of the end of the process.
package func ignoreSIGPIPE() {
    _ = clinux_ignore_sigpipe()
}
