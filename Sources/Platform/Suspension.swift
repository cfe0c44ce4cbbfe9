// Inlinable throughout: other modules could not specialise it otherwise, and pay for it.

/// A task that waits on its loop for one value.
// Safe because the continuation is touched only on the loop's thread, which `resume` asserts.
package final class Suspension<Value: Sendable>: @unchecked Sendable {
    /// The loop that the task waits on.
    package let loop: EventLoop
    @usableFromInline var continuation: UnsafeContinuation<Value, Never>?

    @usableFromInline init(loop: EventLoop) {
        self.loop = loop
    }

    /// Whether the task still waits.
    @inlinable package var isWaiting: Bool {
        loop.assertCurrent()
        return continuation != nil
    }

    /// Gives the task its value, once: later values are dropped.
    ///
    /// On the loop's thread only.
    @inlinable package func resume(_ value: Value) {
        loop.assertCurrent()
        guard let continuation else { return }
        self.continuation = nil
        continuation.resume(returning: value)
    }

    @inlinable func begin(_ continuation: UnsafeContinuation<Value, Never>) {
        self.continuation = continuation
    }
}

extension EventLoop {
    /// Suspends this loop's task until `resume` is called on what `begin` is handed.
    ///
    /// When the task is cancelled while it waits, `onCancel` runs on the loop and should resume it.
    @inlinable package static func suspend<Value: Sendable>(
        onCancel: @escaping @Sendable (Suspension<Value>) -> Void,
        _ begin: (Suspension<Value>) -> Void
    ) async -> Value {
        let suspension = Suspension<Value>(loop: required())
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                suspension.begin(continuation)
                begin(suspension)
            }
        } onCancel: {
            // Submitted even from the loop's own thread: a task cancelled before it suspends
            // would otherwise be resumed before it waits.
            suspension.loop.submit {
                if suspension.isWaiting { onCancel(suspension) }
            }
        }
    }

    /// Suspends this loop's task until resumed; cancellation does not shorten the wait.
    @inlinable package static func suspend<Value: Sendable>(
        _ begin: (Suspension<Value>) -> Void
    ) async -> Value {
        let suspension = Suspension<Value>(loop: required())
        return await withUnsafeContinuation { continuation in
            suspension.begin(continuation)
            begin(suspension)
        }
    }
}
