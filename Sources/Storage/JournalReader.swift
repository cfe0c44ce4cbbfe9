package import Journal
import SQLite
import Vocabulary

/// Reads a journal beside its writer, without keeping it from moving its log.
package final class JournalReader {
    private let path: String
    let database: Database

    /// How many indexes one statement covers: a long statement would hold the log back.
    package static let stride: Int64 = 4096

    /// Opens a journal for reading alone.
    package init(path: String) throws(JournalStoreError) {
        self.path = path
        do {
            let database = try Database(path: path, access: .readOnly)
            // A connection that closes beside this one may hold the file for an instant.
            try database.setBusyTimeout(2_000)
            try JournalConnection.check(database, path: path)
            self.database = database
        } catch let error as SQLiteError {
            throw .reading(error, path: path)
        } catch let error as JournalStoreError {
            throw error
        } catch {
            throw .foreign(path: path)
        }
    }

    /// The keys under which the journal names people.
    package func keyring() throws(JournalStoreError) -> Keyring {
        try KeyFile.loadAsIs(beside: path)
    }

    /// How many records there are; the last index is one less.
    package func count() throws(JournalStoreError) -> Int64 {
        do throws(SQLiteError) {
            return (try database.firstInt64("SELECT max(indice) FROM enregistrements") ?? -1) + 1
        } catch {
            throw .database(error)
        }
    }

    /// Hands over the records that a filter admits, in order, until the body says `false`.
    ///
    /// Records that were erased are passed over. Throws `damaged` at one that cannot be read.
    package func forEach(
        _ filter: AuditFilter = AuditFilter(),
        from first: Int64 = 0,
        _ body: (StoredRecord) throws -> Bool
    ) throws {
        let end = try count()
        var start = first
        while start < end {
            for record in try records(from: start, filter) {
                guard try body(record) else { return }
            }
            start += JournalReader.stride
        }
    }

    /// The events, in order: few, and found without going through the exchanges.
    package func events() throws(JournalStoreError) -> [StoredRecord] {
        try read { () throws(SQLiteError) in
            try database.prepare(
                """
                SELECT indice, octets, sel, feuille FROM enregistrements
                WHERE nature = 'evenement' AND octets IS NOT NULL ORDER BY indice
                """)
        }
    }

    /// What counters hold, as far as is durable.
    package func values(_ keys: [CounterKey]) throws(JournalStoreError) -> [Int64] {
        do throws(SQLiteError) {
            let hasCounters = try database.firstInt64(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'compteurs'")
            guard hasCounters == 1 else { return keys.map { _ in 0 } }
            let select = try database.prepare(
                "SELECT sum(nombre) FROM compteurs WHERE fin_ms = ?1 AND nom = ?2")
            var values: [Int64] = []
            for key in keys {
                try select.bind(1, key.end)
                try select.bind(2, blob: key.name)
                // A sum of nothing is one row that reads as 0.
                values.append(try select.step() ? select.int64(0) : 0)
                select.reset()
            }
            return values
        } catch {
            throw .database(error)
        }
    }

    /// What is known of each access that used the identity mode, suspensions included.
    package func accesses() throws(JournalStoreError) -> [StoredAccess] {
        do throws(SQLiteError) {
            return try StoredAccess.all(database)
        } catch {
            throw .database(error)
        }
    }

    /// A document that records name by its hash; nil where it was not kept.
    package func document(hash: String) throws(JournalStoreError) -> [UInt8]? {
        do throws(SQLiteError) {
            let select = try database.prepare(
                "SELECT octets FROM documents WHERE empreinte = ?1")
            try select.bind(1, text: hash)
            guard try select.step() else { return nil }
            let bytes = select.blob(0)
            select.reset()
            return bytes
        } catch {
            throw .database(error)
        }
    }

    private func records(
        from start: Int64, _ filter: AuditFilter
    ) throws(JournalStoreError) -> [StoredRecord] {
        let records = try read { () throws(SQLiteError) in
            let select = try database.prepare(
                """
                SELECT indice, octets, sel, feuille FROM enregistrements
                WHERE indice >= ?1 AND indice < ?2 AND octets IS NOT NULL
                  AND (?3 IS NULL OR service = ?3) AND (?4 IS NULL OR finalite = ?4)
                  AND (?5 IS NULL OR destinataire = ?5) AND (?6 IS NULL OR echange = ?6)
                  AND (?7 IS NULL OR nature = ?7)
                ORDER BY indice
                """)
            try select.bind(1, start)
            try select.bind(2, start + JournalReader.stride)
            try select.bind(3, text: filter.service?.text)
            try select.bind(4, text: filter.purpose?.text)
            try select.bind(5, text: filter.recipient?.text)
            try select.bind(6, text: filter.exchange?.text)
            try select.bind(7, text: filter.kind?.rawValue)
            return select
        }
        return records.filter { filter.admits($0.placed) }
    }

    /// The records that a statement selects: index, bytes, salt and leaf.
    private func read(
        _ prepare: () throws(SQLiteError) -> Statement
    ) throws(JournalStoreError) -> [StoredRecord] {
        var records: [StoredRecord] = []
        do {
            let select = try prepare()
            while try select.step() {
                let record = try? StoredRecord(
                    bytes: select.blob(1), salt: select.blob(2), leaf: select.blob(3))
                guard let record, record.placed.index == select.int64(0) else {
                    throw JournalStoreError.damaged(index: select.int64(0))
                }
                records.append(record)
            }
        } catch let error as SQLiteError {
            throw .database(error)
        } catch let error as JournalStoreError {
            throw error
        } catch {
            // Nothing else is thrown above; the compiler only cannot know it.
            throw .damaged(index: 0)
        }
        return records
    }
}
