extension EventLoop {
    /// Starts a task that runs on this loop from start to end; from any thread.
    @discardableResult
    package func spawn(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task.detached(executorPreference: self) { await body() }
    }

    /// Starts a task here and now, which runs at once up to its first suspension.
    ///
    /// Cheaper than `spawn`, but the caller is re-entered: hold no exclusive access over the call.
    @discardableResult
    package func spawnImmediately(
        _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        assertCurrent()
        return Task.immediateDetached(executorPreference: self) { await body() }
    }

    /// Runs `body` as a task of this loop and waits for its result; from any thread.
    ///
    /// Cancelling the caller cancels the task.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task.detached(executorPreference: self) { try await body() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Waits until an instant without leaving the loop; throws when the task is cancelled.
    package static func wait(
        until instant: ContinuousClock.Instant
    ) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        let loop = required()
        var timer: TimerHandle?
        let isDue = await suspend(onCancel: { $0.resume(false) }) { suspension in
            timer = loop.schedule(at: instant) { suspension.resume(true) }
        }
        if isDue { return }
        if let timer { loop.cancel(timer) }
        throw CancellationError()
    }

    /// The loop of this task, which must be one that `spawn` or `run` started.
    package static func required() -> EventLoop {
        guard let loop = current else {
            // Safe because only code that this project starts on a loop reaches this line.
            fatalError("called outside the tasks of an event loop")
        }
        return loop
    }
}

/// A wait that took too long and was cancelled.
package struct DeadlineExceeded: Error, Equatable, Sendable {
    /// The one value there is.
    package init() {}
}

/// Runs `body` on this loop and cancels it when `deadline` passes.
///
/// Returns or throws only once `body` has ended, so nothing of it outlives the call; what it
/// returns or throws after the deadline gives way to `DeadlineExceeded`. Task-local values of the
/// caller are not seen in it.
package func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let loop = EventLoop.required()
    let task = Task.immediateDetached(executorPreference: loop) { try await body() }
    let expiry = Expiry()
    let timer = loop.schedule(at: deadline) {
        expiry.hasPassed = true
        task.cancel()
    }
    let result = await withTaskCancellationHandler {
        await task.result
    } onCancel: {
        task.cancel()
    }
    loop.cancel(timer)
    if expiry.hasPassed { throw DeadlineExceeded() }
    return try result.get()
}

private final class Expiry {
    var hasPassed = false
}
