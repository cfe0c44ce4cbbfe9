package import Exchanges
import Journal
package import Vocabulary

/// The journal as exchanges see it: the store, with its failures in the words of the catalogue.
package struct ExchangeJournal: JournalPort {
    private let store: JournalStore

    package init(_ store: JournalStore) {
        self.store = store
    }

    package func reserve() throws(Problem) -> any JournalPlace {
        do throws(JournalUnavailable) {
            return ReservedPlace(reservation: try store.reserve())
        } catch {
            throw error.problem
        }
    }
}

/// A reservation whose end gives its places back.
private struct ReservedPlace: JournalPlace {
    let reservation: JournalReservation

    func append(_ draft: Draft) async throws(Problem) -> Receipt {
        do throws(JournalUnavailable) {
            return try await reservation.append(draft)
        } catch {
            throw error.problem
        }
    }
}

extension JournalUnavailable {
    /// What the caller is told.
    fileprivate var problem: Problem {
        switch self {
        case .unwritable: Problem(.journalIndisponible, retryAfterSeconds: 5)
        case .saturated: Problem(.passerelleSaturee, retryAfterSeconds: 1)
        }
    }
}
