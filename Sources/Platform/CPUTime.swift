internal import CLinux
internal import Glibc

/// Time that a processor spent for us.
package struct CPUTime: Sendable, Equatable {
    /// In the program itself.
    package let user: Duration
    /// In the kernel on its behalf.
    package let system: Duration

    /// A pair of spans.
    package init(user: Duration, system: Duration) {
        self.user = user
        self.system = system
    }

    /// Both together.
    package var total: Duration { user + system }

    /// What the calling thread has spent.
    package static func ofThread() -> CPUTime { read(clinux_thread_usage) }

    /// What the process has spent, all threads.
    package static func ofProcess() -> CPUTime { read(clinux_process_usage) }

    private static func read(_ call: (UnsafeMutablePointer<rusage>?) -> Int32) -> CPUTime {
        var usage = rusage()
        _ = call(&usage)
        return CPUTime(user: span(usage.ru_utime), system: span(usage.ru_stime))
    }

    private static func span(_ time: timeval) -> Duration {
        .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
    }
}
