import Glibc
import Platform

/// A program started for a measurement, ended with the value.
struct ChildProcess: ~Copyable {
    /// Its number.
    let identifier: Int32

    /// Starts a program by its path; standard output and error are ours unless silenced.
    init(
        _ path: String, _ arguments: [String], silencing outputs: [Int32] = []
    ) throws(SystemError) {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of the concurrency pool block SIGTERM, and a child would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for output in outputs {
            posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
        }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, path, &actions, &attributes, &words, environ)
        guard code == 0 else { throw SystemError(code: code, operation: "posix_spawn \(path)") }
        self.identifier = identifier
    }

    deinit {
        kill(identifier, SIGTERM)
        var status: Int32 = 0
        // Two seconds to leave in good order, then no more.
        for _ in 0..<200 where waitpid(identifier, &status, WNOHANG) == 0 { usleep(10_000) }
        if waitpid(identifier, &status, WNOHANG) == 0 {
            kill(identifier, SIGKILL)
            waitpid(identifier, &status, 0)
        }
    }

    /// Whether it still runs.
    var isRunning: Bool { kill(identifier, 0) == 0 }

    /// Waits until it has ended by itself, or so long.
    func awaitEnd(within duration: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now + duration
        var information = siginfo_t()
        // Left unreaped, so that its number stays ours until the value ends.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT) == 0,
            information.si_signo != SIGCHLD, ContinuousClock.now < deadline
        {
            try await EventLoop.wait(until: ContinuousClock.now + .milliseconds(5))
        }
    }

    /// Waits until something listens at that address; throws `ETIMEDOUT` at the deadline.
    static func awaitListening(
        _ address: SocketAddress,
        until deadline: ContinuousClock.Instant
    ) async throws {
        while true {
            if let reached = try? TCP.connect(address, isBlocking: true) {
                _ = consume reached
                return
            }
            guard ContinuousClock.now < deadline else {
                throw SystemError(code: ETIMEDOUT, operation: "connect")
            }
            try await EventLoop.wait(until: ContinuousClock.now + .milliseconds(10))
        }
    }
}
