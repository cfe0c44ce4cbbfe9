import Glibc
import Platform
import Testing

/// Calls a closure with what it hears.
final class Hearing: ReadinessHandler {
    let heard: (Readiness) -> Void

    init(_ heard: @escaping (Readiness) -> Void) { self.heard = heard }

    func ready(_ readiness: Readiness) { heard(readiness) }
}

func makePipe() -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    return (ends[0], ends[1])
}

private final class Count {
    var value = 0
}

@Suite struct `A watched descriptor` {
    @Test func `is heard when it becomes readable, and when its peer leaves`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let (reader, writer) = makePipe()
            defer { close(reader) }
            let readable = await hear(reader, .read, on: loop) { _ = write(writer, "x", 1) }
            #expect(readable == .readable)
            var byte: UInt8 = 0
            read(reader, &byte, 1)
            let ended = await hear(reader, .read, on: loop) { close(writer) }
            #expect(ended.contains(.hangUp))
        }
    }

    @Test func `is not heard any more once unwatched in the same turn`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let (first, second) = (makePipe(), makePipe())
            let count = Count()
            // Both are ready in one batch; whoever is told first silences the other, closes it,
            // and gives its number to a new descriptor.
            func handler(silencing other: (reader: Int32, writer: Int32)) -> Hearing {
                Hearing { _ in
                    count.value += 1
                    loop.unwatch(first.reader)
                    loop.unwatch(second.reader)
                    // Closes it and reuses its number at once, whatever other tests open.
                    dup2(first.writer, other.reader)
                }
            }
            try loop.watch(first.reader, .read, handler(silencing: second))
            try loop.watch(second.reader, .read, handler(silencing: first))
            write(first.writer, "x", 1)
            write(second.writer, "x", 1)
            try await EventLoop.wait(until: inMilliseconds(5))
            #expect(count.value == 1)
            for raw in [first.reader, first.writer, second.reader, second.writer] { close(raw) }
        }
    }

    @Test func `can be unwatched after it was closed, and its number watched again`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let old = makePipe()
            try loop.watch(old.reader, .read, Hearing { _ in Issue.record("the old one") })
            let new = makePipe()
            // Closes the old one and reuses its number at once, whatever other tests open.
            dup2(new.reader, old.reader)
            let readiness = await hear(old.reader, .read, on: loop) {
                _ = write(new.writer, "x", 1)
            }
            #expect(readiness == .readable)
            loop.unwatch(old.reader)
            loop.unwatch(9999)
            for raw in [old.reader, old.writer, new.reader, new.writer] { close(raw) }
        }
    }

    @Test func `changes what it hears with modify`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let pair = makePipe()
            let heard = Count()
            try loop.watch(pair.writer, [], Hearing { _ in heard.value += 1 })
            try await EventLoop.wait(until: inMilliseconds(2))
            #expect(heard.value == 0)
            try loop.modify(pair.writer, .write)
            while heard.value == 0 { await Task.yield() }
            loop.unwatch(pair.writer)
            #expect(throws: SystemError.self) { try loop.modify(pair.writer, .read) }
            close(pair.reader)
            close(pair.writer)
        }
    }

    @Test func `refuses a descriptor that epoll cannot watch`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            let error = #expect(throws: SystemError.self) {
                try loop.watch(12_345, .read, Hearing { _ in })
            }
            #expect(error?.code == EBADF)
        }
    }

    private func hear(
        _ raw: Int32,
        _ interest: Interest,
        on loop: EventLoop,
        _ act: () -> Void
    ) async -> Readiness {
        let readiness = await EventLoop.suspend { (suspension: Suspension<Readiness>) in
            let hearing = Hearing { suspension.resume($0) }
            #expect(throws: Never.self) { try loop.watch(raw, interest, hearing) }
            act()
        }
        loop.unwatch(raw)
        return readiness
    }
}

@Suite struct `The end of a turn` {
    @Test func `comes after the work that was ready`() async throws {
        try await onLoop {
            let loop = try #require(EventLoop.current)
            var log: [String] = []
            let trace = LoopBound<[String]>([], on: loop)
            loop.afterPolling { trace.value.append("closing") }
            loop.submit {
                trace.value.append("work")
                loop.submit { trace.value.append("work of work") }
            }
            try await EventLoop.wait(until: inMilliseconds(1))
            log = trace.value
            #expect(log == ["work", "work of work", "closing"])
        }
    }
}
