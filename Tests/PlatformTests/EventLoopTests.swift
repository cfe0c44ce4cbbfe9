import Glibc
import Platform
import Synchronization
import Testing

/// Runs a body on a loop of its own and ends the loop.
func onLoop<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let loop = try EventLoop(name: "test")
    try loop.start()
    defer { loop.submit { loop.stop() } }
    return try await loop.run(body)
}

/// A value that several threads change.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}

func inMilliseconds(_ count: Int) -> ContinuousClock.Instant {
    ContinuousClock.now + .milliseconds(count)
}

private func child(of loop: EventLoop, _ number: Int) async throws -> Int {
    try #require(EventLoop.current === loop)
    try await EventLoop.wait(until: inMilliseconds(1))
    try #require(EventLoop.current === loop)
    return number
}

@Suite struct `A task on an event loop` {
    @Test func `stays on the loop's thread through every kind of suspension`() async throws {
        let worker = try BlockingThread(name: "worker", capacity: 8)
        defer { worker.stop() }
        try await onLoop {
            let loop = try #require(EventLoop.current)
            try await EventLoop.wait(until: inMilliseconds(1))
            #expect(EventLoop.current === loop)
            await Task.yield()
            #expect(EventLoop.current === loop)
            async let left = child(of: loop, 1)
            async let right = child(of: loop, 2)
            let both = try await left + right
            #expect(both == 3 && EventLoop.current === loop)
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 { group.addTask { try await child(of: loop, number) } }
                var sum = 0
                for try await number in group {
                    #expect(EventLoop.current === loop)
                    sum += number
                }
                return sum
            }
            #expect(sum == 190 && EventLoop.current === loop)
            let isElsewhere = try await worker.run { EventLoop.current == nil }
            #expect(isElsewhere && EventLoop.current === loop)
            let inDeadline = try await withDeadline(inMilliseconds(5000)) {
                try await EventLoop.wait(until: inMilliseconds(1))
                return EventLoop.current === loop
            }
            #expect(inDeadline && EventLoop.current === loop)
        }
    }

    @Test func `is started by spawn from another thread and from the loop itself`() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        let outer = loop.spawn {
            #expect(EventLoop.current === loop)
            await loop.spawn { #expect(EventLoop.current === loop) }.value
            #expect(EventLoop.current === loop)
            let order = Shared<[Int]>([])
            let task = loop.spawnImmediately {
                order.change { $0.append(1) }
                await Task.yield()
                #expect(EventLoop.current === loop)
                order.change { $0.append(3) }
            }
            order.change { $0.append(2) }
            await task.value
            #expect(order.value == [1, 2, 3])
        }
        await outer.value
        loop.stop()
    }

    @Test func `is resumed on its loop by another loop's thread`() async throws {
        let other = try EventLoop(name: "other")
        try other.start()
        defer { other.stop() }
        try await onLoop {
            let loop = try #require(EventLoop.current)
            for round in 0..<1000 {
                let answer = try await other.run { () -> Int in
                    #expect(EventLoop.current === other)
                    return round
                }
                #expect(answer == round && EventLoop.current === loop)
            }
        }
    }

    @Test func `survives jobs thrown at it from many threads`() async throws {
        let count = Shared(0)
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let total = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        // Detached, so that it runs on the shared pool and calls from outside.
                        await Task.detached {
                            for _ in 0..<500 {
                                await loop.spawn { count.change { $0 += 1 } }.value
                                loop.submit { count.change { $0 += 1 } }
                            }
                            return 1000
                        }.value
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(total == 8000)
        }
        // The loop's end runs what was submitted before it.
        while count.value < 8000 { await Task.yield() }
        #expect(count.value == 8000)
    }
}

@Suite struct `A wait on an event loop` {
    @Test func `ends early when its task is cancelled`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let task = Task.detached(executorPreference: loop) {
                try await EventLoop.wait(until: ContinuousClock.now + .seconds(3600))
            }
            await Task.yield()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `is not begun by a task that is cancelled already`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let task = Task.detached(executorPreference: loop) {
                withUnsafeCurrentTask { $0?.cancel() }
                try await EventLoop.wait(until: ContinuousClock.now + .seconds(3600))
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `does not end before its instant`() async throws {
        try await onLoop {
            for milliseconds in [0, 1, 2, 7, 20] {
                let instant = inMilliseconds(milliseconds)
                try await EventLoop.wait(until: instant)
                #expect(ContinuousClock.now >= instant)
            }
        }
    }
}

@Suite struct `A deadline` {
    @Test func `cancels what takes too long, after it has ended`() async throws {
        try await onLoop {
            let ended = Shared(false)
            await #expect(throws: DeadlineExceeded.self) {
                try await withDeadline(inMilliseconds(5)) {
                    defer { ended.change { $0 = true } }
                    try await EventLoop.wait(until: ContinuousClock.now + .seconds(3600))
                }
            }
            #expect(ended.value)
        }
    }

    @Test func `lets results and errors through`() async throws {
        struct Mine: Error {}
        try await onLoop {
            let answer = try await withDeadline(inMilliseconds(60_000)) { 42 }
            #expect(answer == 42)
            await #expect(throws: Mine.self) {
                try await withDeadline(inMilliseconds(60_000)) { throw Mine() }
            }
        }
    }

    @Test func `passes the caller's cancellation on`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let task = Task.detached(executorPreference: loop) {
                try await withDeadline(ContinuousClock.now + .seconds(3600)) {
                    try await EventLoop.wait(until: ContinuousClock.now + .seconds(3600))
                }
            }
            await Task.yield()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}

@Suite struct `Loop-bound state` {
    @Test func `opens on its loop`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let bound = LoopBound([1, 2], on: loop)
            bound.value.append(3)
            #expect(bound.value == [1, 2, 3] && bound.loop === loop)
        }
    }

    @Test func `stops the process when opened elsewhere`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(name: "test")
            _ = LoopBound(1, on: loop).value
        }
    }
}
