internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread with a bounded queue whose items it takes in batches, in the order they came.
///
/// Batches are how many small commits become one: what arrives while one is being written is
/// the next.
package final class BatchThread<Item: Sendable>: Sendable {
    private let queue = Mutex(Queue())
    private let semaphore: WakeUp
    private let capacity: Int
    private let batch: Int

    private enum Verdict { case refused, taken, takenAndIdle }

    private struct Queue {
        var items: [Item] = []
        var isWorking = true
        var isStopping = false
        var thread: SystemThread?
    }

    /// Starts the thread; `handle` is given 1 to `batch` items at a time, on that thread.
    package init(
        name: String,
        capacity: Int,
        batch: Int,
        _ handle: @escaping @Sendable ([Item]) -> Void
    ) throws(SystemError) {
        precondition(capacity > 0 && batch > 0, "a queue holds at least one item")
        self.capacity = capacity
        self.batch = batch
        semaphore = try WakeUp()
        let thread = try SystemThread.start(name: name) { self.work(handle) }
        queue.withLock { $0.thread = thread }
    }

    /// Adds an item; false when the queue is full or stopping, and the item is not taken.
    package func offer(_ item: Item) -> Bool {
        let verdict: Verdict = queue.withLock { queue in
            guard !queue.isStopping, queue.items.count < capacity else { return .refused }
            queue.items.append(item)
            defer { queue.isWorking = true }
            return queue.isWorking ? .taken : .takenAndIdle
        }
        if verdict == .takenAndIdle { semaphore.signal() }
        return verdict != .refused
    }

    /// How many items wait.
    package var depth: Int { queue.withLock { $0.items.count } }

    /// Takes no more items, finishes those that wait, and ends the thread; not from the thread.
    package func stop() {
        let (thread, wasIdle) = queue.withLock { queue in
            defer {
                queue.isStopping = true
                queue.isWorking = true
                queue.thread = nil
            }
            return (queue.thread, !queue.isWorking)
        }
        if wasIdle { semaphore.signal() }
        thread?.join()
    }

    private func work(_ handle: @Sendable ([Item]) -> Void) {
        while true {
            let (items, isOver) = queue.withLock { queue in
                let items = Array(queue.items.prefix(batch))
                queue.items.removeFirst(items.count)
                queue.isWorking = !items.isEmpty
                return (items, queue.isStopping)
            }
            if !items.isEmpty {
                handle(items)
            } else if isOver {
                return
            } else {
                semaphore.wait()
            }
        }
    }
}

/// Says that a queue had no room, so nothing was done.
package struct QueueFull: Error, Equatable, Sendable {
    /// The one value there is.
    package init() {}
}

/// A thread of its own for a library that blocks; the waiting tasks go on where they were.
package final class BlockingThread: Sendable {
    private let thread: BatchThread<@Sendable () -> Void>

    /// Starts the thread; at most `capacity` calls wait for it.
    package init(name: String, capacity: Int) throws(SystemError) {
        thread = try BatchThread(name: name, capacity: capacity, batch: 16) { bodies in
            for body in bodies { body() }
        }
    }

    /// Runs `body` on the thread and waits for it; the task resumes on the executor it had.
    ///
    /// Cancellation does not interrupt `body`. Throws `QueueFull` at once when too many wait.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error> = await withUnsafeContinuation { continuation in
            let isTaken = thread.offer { continuation.resume(returning: Result { try body() }) }
            if !isTaken { continuation.resume(returning: .failure(QueueFull())) }
        }
        return try result.get()
    }

    /// Runs `body` on the thread without waiting; false when the queue has no room.
    package func submit(_ body: @escaping @Sendable () -> Void) -> Bool {
        thread.offer(body)
    }

    /// Finishes what waits and ends the thread; not from the thread itself.
    package func stop() { thread.stop() }
}

/// A semaphore in the kernel: one waiter sleeps until one signal.
private final class WakeUp: Sendable {
    private let descriptor: FileDescriptor

    init() throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try checked("eventfd") { eventfd(0, Int32(EFD_CLOEXEC)) })
    }

    func signal() {
        var one: UInt64 = 1
        _ = Glibc.write(descriptor.raw, &one, 8)
    }

    func wait() {
        var count: UInt64 = 0
        while Glibc.read(descriptor.raw, &count, 8) < 0, errno == EINTR {}
    }
}
