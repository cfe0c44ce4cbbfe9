// Inlinable throughout: other modules could not specialise it otherwise, and pay for it.

/// A value that only its own loop's thread may open.
///
/// It travels anywhere; opening it elsewhere stops the process rather than race. Keep it alive
/// on its loop: the value is destroyed wherever the last copy ends.
// Safe because every access first requires the loop's own thread.
package struct LoopBound<Value>: @unchecked Sendable {
    @usableFromInline let box: Box

    @usableFromInline final class Box {
        @usableFromInline let loop: EventLoop
        @usableFromInline var value: Value

        @usableFromInline init(_ value: Value, _ loop: EventLoop) {
            self.value = value
            self.loop = loop
        }
    }

    /// Binds a value to a loop; from any thread, since nobody else holds the value.
    @inlinable package init(_ value: sending Value, on loop: EventLoop) {
        box = Box(value, loop)
    }

    /// The loop that may open it.
    @inlinable package var loop: EventLoop { box.loop }

    /// The value, on its loop's thread only.
    @inlinable package var value: Value {
        get {
            box.loop.assertCurrent()
            return box.value
        }
        nonmutating set {
            box.loop.assertCurrent()
            box.value = newValue
        }
        nonmutating _modify {
            box.loop.assertCurrent()
            yield &box.value
        }
    }
}
