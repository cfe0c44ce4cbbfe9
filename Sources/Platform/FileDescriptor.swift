internal import CLinux
internal import Glibc

/// An open file descriptor, owned by exactly one value.
///
/// The descriptor closes when the value ends its life, so a leak or a double close cannot be
/// written.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number, lent for a call; it stays owned by this value.
    package let raw: Int32

    /// Takes over a descriptor that nobody else will close.
    package init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        // EINTR after close leaves the descriptor closed on Linux: never try again.
        _ = Glibc.close(raw)
    }

    /// Gives the descriptor to someone who will close it.
    package consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }
}

/// What one attempt to read or write on a non-blocking descriptor did.
package enum Attempt: Equatable, Sendable {
    /// That many bytes went through; a read of 0 bytes is the end.
    case moved(Int)
    /// The kernel has nothing now, or no room: wait for readiness.
    case wouldBlock
    /// The call failed with this `errno`.
    case failed(Int32)
}

extension FileDescriptor {
    /// Reads once into `buffer`.
    package borrowing func read(into buffer: UnsafeMutableRawBufferPointer) -> Attempt {
        attemptRead(raw, into: buffer)
    }

    /// Writes once from `buffer`.
    package borrowing func write(_ buffer: UnsafeRawBufferPointer) -> Attempt {
        attemptWrite(raw, from: buffer)
    }
}

/// Reads once from a descriptor that someone else owns.
package func attemptRead(_ raw: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Attempt {
    while true {
        let count = Glibc.read(raw, buffer.baseAddress, buffer.count)
        if count >= 0 { return .moved(count) }
        switch errno {
        case EINTR: continue
        case EAGAIN: return .wouldBlock
        default: return .failed(errno)
        }
    }
}

/// Writes once to a descriptor that someone else owns.
package func attemptWrite(_ raw: Int32, from buffer: UnsafeRawBufferPointer) -> Attempt {
    while true {
        let count = Glibc.write(raw, buffer.baseAddress, buffer.count)
        if count >= 0 { return .moved(count) }
        switch errno {
        case EINTR: continue
        case EAGAIN: return .wouldBlock
        default: return .failed(errno)
        }
    }
}
