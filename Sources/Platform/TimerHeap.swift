/// Names one scheduled timer; stale once it has fired or been cancelled.
package struct TimerHandle: Hashable, Sendable {
    let slot: Int32
    let generation: UInt32
}

/// The timers of one loop: the nearest is found at once, any can be cancelled.
///
/// A binary heap whose entries know their slot, and slots that know their place in the heap, so
/// that cancelling leaves nothing behind: nearly every timer of a server is cancelled.
struct TimerHeap {
    private struct Entry {
        let deadline: ContinuousClock.Instant
        let order: UInt64
        let slot: Int32

        func precedes(_ other: Entry) -> Bool {
            deadline < other.deadline || (deadline == other.deadline && order < other.order)
        }
    }

    private struct Slot {
        var generation: UInt32 = 0
        var place: Int32 = -1
        var body: (() -> Void)?
    }

    private var heap: [Entry] = []
    private var slots: [Slot] = []
    private var free: [Int32] = []
    private var nextOrder: UInt64 = 0

    var count: Int { heap.count }
    var nearest: ContinuousClock.Instant? { heap.first?.deadline }

    /// Adds a timer; those of the same instant fire in the order they came.
    mutating func add(at deadline: ContinuousClock.Instant, _ body: @escaping () -> Void)
        -> TimerHandle
    {
        let slot = free.popLast() ?? newSlot()
        slots[Int(slot)].body = body
        heap.append(Entry(deadline: deadline, order: nextOrder, slot: slot))
        nextOrder &+= 1
        rise(from: heap.count - 1)
        return TimerHandle(slot: slot, generation: slots[Int(slot)].generation)
    }

    /// Forgets a timer; does nothing for one that has fired or was cancelled.
    mutating func cancel(_ handle: TimerHandle) {
        let index = Int(handle.slot)
        guard slots.indices.contains(index), slots[index].generation == handle.generation,
            slots[index].place >= 0
        else { return }
        _ = remove(at: Int(slots[index].place))
    }

    /// Takes out the nearest timer if its instant has come.
    mutating func takeDue(_ now: ContinuousClock.Instant) -> (() -> Void)? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        return remove(at: 0)
    }

    private mutating func newSlot() -> Int32 {
        slots.append(Slot())
        return Int32(slots.count - 1)
    }

    private mutating func remove(at place: Int) -> (() -> Void)? {
        let slot = Int(heap[place].slot)
        let last = heap.removeLast()
        if place < heap.count {
            heap[place] = last
            slots[Int(last.slot)].place = Int32(place)
            rise(from: place)
            sink(from: place)
        }
        let body = slots[slot].body
        slots[slot].body = nil
        slots[slot].place = -1
        slots[slot].generation &+= 1
        free.append(Int32(slot))
        return body
    }

    private mutating func rise(from start: Int) {
        var place = start
        let entry = heap[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.precedes(heap[parent]) else { break }
            settle(heap[parent], at: place)
            place = parent
        }
        settle(entry, at: place)
    }

    private mutating func sink(from start: Int) {
        var place = start
        let entry = heap[place]
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(entry) else { break }
            settle(heap[child], at: place)
            place = child
        }
        settle(entry, at: place)
    }

    private mutating func settle(_ entry: Entry, at place: Int) {
        heap[place] = entry
        slots[Int(entry.slot)].place = Int32(place)
    }
}
