internal import CLinux
internal import Glibc

extension Files {
    /// What tells one state of a file from another: a file that was put in place anew, or written
    /// to, has another stamp.
    package struct Stamp: Sendable, Equatable {
        private let device, inode: UInt64
        private let size, seconds, nanoseconds: Int

        fileprivate init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    /// The stamp of a file, for one system call; nil where nothing is there.
    package static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        return stat(path, &status) == 0 ? Stamp(status) : nil
    }

    /// Runs a body while no other process runs one under the same path's lock.
    ///
    /// The lock is a file beside, which stays; the kernel drops the lock when the process ends.
    package static func locked<Value>(
        _ path: String, _ body: () throws -> Value
    ) throws -> Value {
        let lock = "\(path).verrou"
        let file = FileDescriptor(
            owning: try checked("open \(lock)") { clinux_open(lock, O_RDWR | O_CREAT, 0o600) })
        let raw = file.raw
        try checked("flock \(lock)") { flock(raw, LOCK_EX) }
        // The descriptor lives to the end of the body, and the lock with it.
        return try withExtendedLifetime(file) { try body() }
    }
}
