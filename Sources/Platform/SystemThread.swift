internal import CLinux
internal import Glibc

/// A thread of our own, for what must not run on the concurrency pool.
package struct SystemThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body` once.
    package static func start(
        name: String,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> SystemThread {
        let box = Unmanaged.passRetained(ThreadBody(name: name, body: body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle,
            nil,
            { raw in
                guard let raw else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(raw).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        guard code == 0 else {
            box.release()
            throw SystemError(code: code, operation: "pthread_create")
        }
        return SystemThread(handle: handle)
    }

    /// Waits for the thread's end; at most once, and never from the thread itself.
    package func join() {
        pthread_join(handle, nil)
    }

    /// Lets the thread's remains go when it ends, instead of `join`.
    package func detach() {
        pthread_detach(handle)
    }
}

private final class ThreadBody {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    func run() {
        // The kernel keeps 15 bytes of a thread's name and refuses more.
        _ = clinux_name_thread(String(name.prefix(15)))
        body()
    }
}
