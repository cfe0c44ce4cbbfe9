internal import CLinux
internal import Glibc

/// Random bytes from the kernel's generator.
package enum Randomness {
    /// That many bytes, fit for keys.
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = getrandom(buffer.baseAddress.map { $0 + filled }, count - filled, 0)
                if got > 0 { filled += got }
                // Before the pool is ready the call waits; no other failure than a signal exists.
                precondition(got > 0 || errno == EINTR, "the kernel gives no randomness")
            }
        }
    }
}

/// The time that people and other machines use.
package enum WallClock {
    /// Milliseconds since the Unix epoch, UTC.
    package static func milliseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
