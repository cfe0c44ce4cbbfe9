package import Journal
import Synchronization
import Vocabulary

/// The places that a journal promised to one exchange.
///
/// A permitted decision that was recorded here gets an outcome whatever happens: when the
/// reservation ends without one, the writer records `interrompu`.
package final class JournalReservation: Sendable {
    private let store: JournalStore
    private let state: Mutex<State>

    private struct State {
        var places: Int
        var open: ExchangeID?
    }

    init(store: JournalStore, places: Int) {
        self.store = store
        state = Mutex(State(places: places))
    }

    deinit {
        let (places, open) = state.withLock { ($0.places, $0.open) }
        guard let open else { return store.release(places: places) }
        // The interruption takes one of the places; where none is left, it takes one more.
        if places != 1 { store.release(places: places - 1) }
        store.interrupt(open)
    }

    /// Waits until a record is durable; on a task of a loop, which resumes on that loop.
    ///
    /// Cancellation does not shorten the wait: what was asked to be recorded is.
    package func append(_ draft: Draft) async throws(JournalUnavailable) -> Receipt {
        switch try await claim(draft) {
        case .recorded(let receipt, _): return receipt
        case .exceeded: preconditionFailure("a record that counts nothing is never refused")
        }
    }

    /// Waits until a record and its counts are durable; refused for a count, it takes no place.
    package func claim(_ draft: Draft) async throws(JournalUnavailable) -> Claimed {
        let hasPlace = state.withLock { state in
            guard state.places > 0 else { return false }
            state.places -= 1
            return true
        }
        precondition(hasPlace, "an exchange records no more than it reserved")
        switch await store.append(draft) {
        case .success(let claimed):
            if claimed.isExceeded {
                state.withLock { $0.places += 1 }
            } else {
                note(draft)
            }
            return claimed
        case .failure(let failure):
            throw failure
        }
    }

    private func note(_ draft: Draft) {
        let columns = draft.columns
        state.withLock { state in
            if columns.awaitsOutcome {
                state.open = columns.exchange
            } else if state.open == columns.exchange {
                state.open = nil
            }
        }
    }
}
