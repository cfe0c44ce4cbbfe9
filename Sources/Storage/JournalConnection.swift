import Journal
import SQLite
import Vocabulary

/// The writer's connection, with what it writes over and over already compiled.
final class JournalConnection {
    private let database: Database
    private let begin: Statement
    private let commit: Statement
    private let insert: Statement
    private let mark: Statement
    private let counters: CounterStatements

    /// Opens a journal and refuses what is none.
    init(path: String) throws(JournalStoreError) {
        do {
            let database = try Database(path: path, access: .readWrite)
            // A connection that closes beside this one may hold the file for an instant.
            try database.setBusyTimeout(2_000)
            try JournalConnection.check(database, path: path)
            try database.setPragma("journal_mode", "WAL")
            try database.setPragma("synchronous", "FULL")
            // Moving the log into the file takes tens of milliseconds: the other thread does it.
            try database.setPragma("wal_autocheckpoint", "0")
            try database.setPragma("journal_size_limit", "\(64 << 20)")
            try database.execute(JournalSchema.eventIndex)
            try database.execute(JournalSchema.counterTables)
            begin = try database.prepare("BEGIN IMMEDIATE")
            commit = try database.prepare("COMMIT")
            insert = try database.prepare(JournalSchema.insert)
            mark = try database.prepare(JournalSchema.setMark)
            counters = try CounterStatements(database)
            self.database = database
        } catch let error as SQLiteError {
            throw .reading(error, path: path)
        } catch let error as JournalStoreError {
            throw error
        } catch {
            throw .foreign(path: path)
        }
    }

    /// Whether an open database is a journal that this program reads.
    static func check(_ database: borrowing Database, path: String) throws {
        guard try database.firstInt64("PRAGMA application_id") == JournalSchema.applicationID
        else { throw JournalStoreError.foreign(path: path) }
        let version = try database.firstInt64("PRAGMA user_version") ?? 0
        guard version == JournalSchema.version else { throw JournalStoreError.version(version) }
    }

    /// Stores rows in one durable transaction, with what they count, and the mark of the open
    /// decisions where one is given; of the windows that ended before `purge`, some counters go.
    func write(
        _ rows: [JournalRow], counting ledger: CounterLedger, openMark: Int64?, purge: Timestamp?
    ) throws(SQLiteError) {
        try transaction { () throws(SQLiteError) in
            for row in rows { try store(row) }
            try counters.store(ledger)
            if let openMark { try set(JournalSchema.openMark, openMark, bytes: 0) }
            if let purge { try counters.purge(before: purge) }
        }
    }

    /// What a counter holds on the disk.
    func value(_ key: CounterKey) throws(SQLiteError) -> Int64 { try counters.value(key) }

    /// Why an operator wants an access open again; nil where nobody asked.
    func requestedMotive(for access: AccessMark) throws(SQLiteError) -> OperatorText? {
        try counters.requestedMotive(for: access)
    }

    /// The ledger over what the disk holds.
    func ledger() throws(SQLiteError) -> CounterLedger {
        CounterLedger(
            accesses: Dictionary(try StoredAccess.all(database).map { ($0.mark, $0.state) }) {
                first, _ in first
            })
    }

    /// Writes something durable of some size, to learn whether the disk takes it.
    func probe(at time: Timestamp) throws(SQLiteError) {
        try transaction { () throws(SQLiteError) in
            try set(
                JournalSchema.probeMark,
                time.milliseconds,
                bytes: Int64(JournalSchema.probeBytes)
            )
        }
    }

    /// Keeps documents under the hash of their bytes.
    func keep(_ documents: [JournalDocument]) throws(SQLiteError) {
        let insert = try database.prepare(
            "INSERT OR IGNORE INTO documents (empreinte, nature, octets) VALUES (?1, ?2, ?3)"
        )
        try transaction { () throws(SQLiteError) in
            for document in documents {
                try insert.bind(1, text: document.hash)
                try insert.bind(2, text: document.kind)
                try insert.bind(3, blob: document.bytes)
                try insert.run()
            }
        }
    }

    /// The last record.
    func head() throws(SQLiteError) -> JournalHead? {
        let select = try database.prepare(
            """
            SELECT indice, feuille, horodatage_ms FROM enregistrements
            ORDER BY indice DESC LIMIT 1
            """
        )
        guard try select.step() else { return nil }
        let head = JournalHead(
            index: select.int64(0),
            leaf: select.blob(1),
            time: Timestamp(milliseconds: select.int64(2))
        )
        select.reset()
        return head
    }

    /// The leaf at an index; nil where there is no record.
    func leaf(at index: Int64) throws(SQLiteError) -> [UInt8]? {
        let select = try database.prepare("SELECT feuille FROM enregistrements WHERE indice = ?1")
        try select.bind(1, index)
        guard try select.step() else { return nil }
        let leaf = select.blob(0)
        select.reset()
        return leaf
    }

    /// The mark below which no decision is open.
    func openMark() throws(SQLiteError) -> Int64 {
        try database.firstInt64(
            "SELECT nombre FROM marques WHERE nom = '\(JournalSchema.openMark)'"
        ) ?? 0
    }

    /// How many records there are from an index on, and the decisions among them without outcome.
    func openDecisions(from index: Int64) throws(SQLiteError) -> (
        count: Int64, open: [ExchangeID: Int64]
    ) {
        let select = try database.prepare(
            """
            SELECT indice, echange, nature, attend_issue FROM enregistrements
            WHERE indice >= ?1 ORDER BY indice
            """
        )
        try select.bind(1, index)
        var count: Int64 = 0
        var open: [ExchangeID: Int64] = [:]
        while try select.step() {
            count += 1
            guard let exchange = ExchangeID(select.text(1)) else { continue }
            if select.text(2) == RecordKind.outcome.rawValue {
                open[exchange] = nil
            } else if select.int64(3) != 0 {
                open[exchange] = select.int64(0)
            }
        }
        return (count, open)
    }

    /// The bytes of a record; nil where there is none, or where it was erased.
    func record(at index: Int64) throws(SQLiteError) -> [UInt8]? {
        let select = try database.prepare("SELECT octets FROM enregistrements WHERE indice = ?1")
        try select.bind(1, index)
        guard try select.step() else { return nil }
        let bytes = select.isNull(0) ? nil : select.blob(0)
        select.reset()
        return bytes
    }

    /// Moves the whole log into the file and empties it.
    ///
    /// After a failed `fsync` the kernel may show a log that the disk does not have: what is
    /// written from now on must not rest on it.
    func emptyLog() throws(SQLiteError) {
        try database.checkpointAndEmpty()
    }

    /// Moves what is left of the log into the file, so that the log starts again.
    func checkpoint() throws(SQLiteError) {
        _ = try database.checkpointPassively()
    }

    private func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        try begin.run()
        do throws(SQLiteError) {
            try body()
            try commit.run()
        } catch {
            // SQLite has rolled back by itself after some errors; then there is nothing to undo.
            if !database.isAutocommit { try? database.execute("ROLLBACK") }
            throw error
        }
    }

    private func set(_ name: String, _ number: Int64, bytes: Int64) throws(SQLiteError) {
        try mark.bind(1, text: name)
        try mark.bind(2, number)
        try mark.bind(3, bytes)
        try mark.run()
    }

    private func store(_ row: JournalRow) throws(SQLiteError) {
        let columns = row.columns
        try insert.bind(1, row.index)
        try insert.bind(2, row.time.milliseconds)
        try insert.bind(3, text: columns.kind.rawValue)
        try insert.bind(4, text: columns.exchange.text)
        try insert.bind(5, text: columns.service)
        try insert.bind(6, text: columns.purpose)
        try insert.bind(7, text: columns.recipient)
        try insert.bind(8, text: columns.result)
        try insert.bind(9, columns.awaitsOutcome ? 1 : 0)
        try insert.bind(10, text: columns.policyHash)
        try insert.bind(11, text: columns.person?.key)
        try insert.bind(12, blob: columns.person?.pseudonym)
        try insert.bind(13, blob: columns.person?.fullPseudonym)
        try insert.bind(14, blob: row.leaf)
        try insert.bind(15, blob: row.salt)
        try insert.bind(16, blob: row.record)
        try insert.run()
    }
}

extension JournalStoreError {
    /// What an error means when it comes from opening a file.
    static func reading(_ error: SQLiteError, path: String) -> JournalStoreError {
        switch error.code {
        case .SQLITE_NOTADB: .foreign(path: path)
        case .SQLITE_CANTOPEN: .absent(path: path)
        default: .database(error)
        }
    }
}
