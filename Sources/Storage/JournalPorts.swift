package import Exchanges
package import Journal
package import Vocabulary

/// The journal as exchanges see it: its failures are problems of the catalogue.
package struct RecordingPort: JournalPort {
    private let store: JournalStore

    /// Serves exchanges from a store.
    package init(_ store: JournalStore) {
        self.store = store
    }

    /// Sets the places of one exchange's two records aside, or says at once that there are none.
    package func reserve() throws(Problem) -> any JournalPlace {
        do throws(JournalUnavailable) {
            return ReservedPlace(reservation: try store.reserve())
        } catch {
            throw error.problem
        }
    }

    /// What counters hold now, taking nothing; nil while the journal does not say.
    package func values(_ counters: [CounterKey]) async -> [Int64]? {
        await store.values(counters)
    }
}

/// The two places of one exchange.
private struct ReservedPlace: JournalPlace {
    let reservation: JournalReservation

    func append(_ draft: Draft) async throws(Problem) -> Receipt {
        do throws(JournalUnavailable) {
            return try await reservation.append(draft)
        } catch {
            throw error.problem
        }
    }

    func claim(_ draft: Draft) async throws(Problem) -> Claimed {
        do throws(JournalUnavailable) {
            return try await reservation.claim(draft)
        } catch {
            throw error.problem
        }
    }
}

extension JournalUnavailable {
    fileprivate var problem: Problem {
        switch self {
        case .saturated: Problem(.passerelleSaturee, retryAfterSeconds: 1)
        case .unwritable: Problem(.journalIndisponible, retryAfterSeconds: 5)
        }
    }
}
