import Testing

@testable import Platform

@Suite struct `A heap of timers` {
    /// Compares with a list that is sorted at each question.
    @Test(arguments: 0..<50)
    func `fires what a sorted list fires, whatever was cancelled`(seed: UInt64) {
        var random = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        var heap = TimerHeap()
        var naive: [(at: Int, order: Int, handle: TimerHandle)] = []
        var stale: [TimerHandle] = []
        var fired: [Int] = []
        let origin = ContinuousClock.now
        for order in 0..<400 {
            switch random.next(4) {
            case 0, 1:
                let at = random.next(50)
                let handle = heap.add(at: origin + .milliseconds(at)) { fired.append(order) }
                naive.append((at, order, handle))
            case 2 where !naive.isEmpty:
                let index = random.next(naive.count)
                heap.cancel(naive[index].handle)
                stale.append(naive.remove(at: index).handle)
            default:
                if let handle = stale.last { heap.cancel(handle) }
                let now = random.next(50)
                naive.sort { ($0.at, $0.order) < ($1.at, $1.order) }
                let due = naive.prefix { $0.at <= now }
                naive.removeFirst(due.count)
                stale += due.map(\.handle)
                fired = []
                while let body = heap.takeDue(origin + .milliseconds(now)) { body() }
                #expect(fired == due.map(\.order))
            }
            #expect(heap.count == naive.count)
            #expect(heap.nearest == naive.map(\.at).min().map { origin + .milliseconds($0) })
        }
    }
}

/// A small reproducible generator.
struct Generator {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
