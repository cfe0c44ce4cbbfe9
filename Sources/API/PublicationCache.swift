import Cryptography
import Policies
import Publications
import Synchronization
import Vocabulary

/// The public documents of the generation in force, each made once a day at most.
///
/// Whoever calls may ask for them without a credential: making one must not cost each time.
final class PublicationCache: Sendable {
    /// A document, and the tag that its bytes give.
    struct Entry: Sendable {
        let bytes: [UInt8]
        let tag: String
    }

    private struct State {
        var generation = ""
        var day: CalendarDate?
        var entries: [PublishedDocument: Entry] = [:]
        var size = 0
    }

    private let state = Mutex(State())
    private let maximumBytes: Int

    init(maximumBytes: Int = 64 << 20) {
        self.maximumBytes = maximumBytes
    }

    /// A document as it is on a day, or nil where it is not public.
    func entry(
        _ document: PublishedDocument, in policies: PolicySet, on day: CalendarDate
    ) -> Entry? {
        let generation = policies.generation
        let known = state.withLock { state -> Entry? in
            if state.generation != generation || state.day != day {
                state = State(generation: generation, day: day)
            }
            return state.entries[document]
        }
        if let known {
            return known
        }
        let links = PublishedLinks(isExport: false)
        guard let bytes = document.bytes(in: policies, on: day, links) else {
            return nil
        }
        let entry = Entry(bytes: bytes, tag: "\"\(Hex.encode(sha256(bytes)))\"")
        keep(entry, for: document, generation, day)
        return entry
    }

    private func keep(
        _ entry: Entry, for document: PublishedDocument, _ generation: String,
        _ day: CalendarDate
    ) {
        state.withLock { state in
            guard state.generation == generation, state.day == day,
                state.entries[document] == nil
            else { return }
            if state.size + entry.bytes.count > maximumBytes {
                state.entries = [:]
                state.size = 0
            }
            state.entries[document] = entry
            state.size += entry.bytes.count
        }
    }
}
