import Journal
import SQLite
package import Vocabulary

/// A decision as the journal keeps it, found by the columns alone.
package struct StoredDecision: Sendable {
    /// Its index.
    package let index: Int64
    /// The writer's time.
    package let time: Timestamp
    /// The service that asked.
    package let service: String
    /// The record; nil where it was erased.
    package let bytes: [UInt8]?
}

extension JournalReader {
    /// The decisions of some indexes, in order, those of one purpose or service where one is named.
    package func decisions(
        _ indexes: Range<Int64>, of purpose: PurposeID? = nil, by service: ServiceID? = nil
    ) throws(JournalStoreError) -> [StoredDecision] {
        do throws(SQLiteError) {
            let select = try database.prepare(
                """
                SELECT indice, horodatage_ms, service, octets FROM enregistrements
                WHERE indice >= ?1 AND indice < ?2 AND nature = 'decision'
                  AND (?3 IS NULL OR finalite = ?3) AND (?4 IS NULL OR service = ?4)
                ORDER BY indice
                """)
            try select.bind(1, indexes.lowerBound)
            try select.bind(2, indexes.upperBound)
            try select.bind(3, text: purpose?.text)
            try select.bind(4, text: service?.text)
            var decisions: [StoredDecision] = []
            while try select.step() {
                decisions.append(
                    StoredDecision(
                        index: select.int64(0),
                        time: Timestamp(milliseconds: select.int64(1)),
                        service: select.text(2),
                        bytes: select.isNull(3) ? nil : select.blob(3)))
            }
            return decisions
        } catch {
            throw .database(error)
        }
    }
}
