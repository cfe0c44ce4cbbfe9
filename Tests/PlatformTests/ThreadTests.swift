import Glibc
import Platform
import Synchronization
import Testing

/// Holds threads back while a body runs.
private final class Gate: Sendable {
    private let mutex = Mutex(())

    func pass() { mutex.withLock { _ in } }

    func hold(_ body: () -> Void) { mutex.withLock { _ in body() } }
}

@Suite struct `A blocking thread` {
    @Test func `returns values and errors to the task that waits`() async throws {
        struct Mine: Error {}
        let thread = try BlockingThread(name: "worker", capacity: 4)
        defer { thread.stop() }
        #expect(try await thread.run { 42 } == 42)
        await #expect(throws: Mine.self) { try await thread.run { throw Mine() } }
    }

    @Test func `refuses at once what its queue cannot hold, and finishes what it took`()
        async throws
    {
        let thread = try BlockingThread(name: "worker", capacity: 2)
        let gate = Gate()
        let count = Shared(0)
        let started = Shared(false)
        await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
            gate.hold {
                #expect(
                    thread.submit {
                        started.change { $0 = true }
                        gate.pass()
                    })
                while !started.value { sched_yield() }
                #expect(thread.submit { count.change { $0 += 1 } })
                #expect(thread.submit { count.change { $0 += 1 } })
                #expect(!thread.submit { count.change { $0 += 1 } })
            }
            done.resume()
        }
        thread.stop()
        #expect(count.value == 2)
        await #expect(throws: QueueFull.self) { try await thread.run {} }
    }

    @Test func `gives waiting items in batches and in order`() throws {
        let batches = Shared<[[Int]]>([])
        let gate = Gate()
        let thread = try BatchThread<Int>(name: "batch", capacity: 100, batch: 8) { items in
            gate.pass()
            batches.change { $0.append(items) }
        }
        gate.hold {
            for number in 0..<30 { #expect(thread.offer(number)) }
        }
        thread.stop()
        let seen = batches.value
        #expect(seen.flatMap { $0 } == Array(0..<30))
        #expect(seen.allSatisfy { $0.count <= 8 } && seen.count < 30)
    }

    @Test func `takes items from many threads without losing one`() async throws {
        let sum = Shared(0)
        let thread = try BatchThread<Int>(name: "batch", capacity: 100_000, batch: 64) { items in
            sum.change { $0 += items.reduce(0, +) }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<5000 { #expect(thread.offer(1)) } }
            }
        }
        thread.stop()
        #expect(sum.value == 20_000)
    }
}

@Suite struct `Signals` {
    @Test func `arrive on the loop, in a process of their own`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            ShutdownSignals.block()
            ignoreSIGPIPE()
            let loop = try EventLoop(name: "test")
            try loop.start()
            try await loop.run {
                let signals = try ShutdownSignals(loop: loop)
                // To this thread: the test's own threads have not blocked it.
                raise(SIGHUP)
                guard try await signals.next() == .reload else { exit(1) }
                raise(SIGTERM)
                guard try await signals.next() == .terminate else { exit(2) }
                let waiting = Task.detached(executorPreference: loop) { try await signals.next() }
                await Task.yield()
                waiting.cancel()
                guard try await waiting.value == nil else { exit(3) }
                exit(7)
            }
        }
    }
}

@Suite struct `CPU time` {
    @Test func `of a thread is part of the process's`() {
        let before = CPUTime.ofThread()
        var sum: UInt64 = 0
        while CPUTime.ofThread().total == before.total { sum &+= 1 }
        #expect(CPUTime.ofProcess().total >= CPUTime.ofThread().total)
    }
}
