import CSQLite

/// A connection to a database file, closed when the value ends its life.
///
/// A connection is used by one thread at a time; it may be sent to another.
package struct Database: ~Copyable {
    /// How a file is opened.
    package enum Access: Sendable {
        /// Reads; the file must exist.
        case readOnly
        /// Reads and writes; the file must exist.
        case readWrite
        /// Reads and writes; a file that does not exist is made.
        case create
    }

    private let handle: OpaquePointer

    /// Opens a file, with the schema tables out of a statement's reach.
    package init(path: String, access: Access) throws(SQLiteError) {
        var opened: OpaquePointer?
        // No mutex: one thread at a time. Extended codes tell a full disk from a broken one.
        let flags =
            access.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE
        let result = sqlite3_open_v2(path, &opened, flags, nil)
        guard result == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw SQLiteError(result == SQLITE_OK ? SQLITE_NOMEM : result, "sqlite3_open_v2")
        }
        let defended = csqlite_set_defensive(opened)
        guard defended == SQLITE_OK else {
            sqlite3_close_v2(opened)
            throw SQLiteError(defended, "sqlite3_db_config")
        }
        handle = opened
    }

    deinit {
        assert(Database.isIdle(handle), "a statement is still running")
        // Statements that live on keep the connection until they end.
        sqlite3_close_v2(handle)
    }

    /// Closes the connection, and says so when a statement is still running.
    package consuming func close() throws(SQLiteError) {
        let handle = self.handle
        guard Database.isIdle(handle) else {
            discard self
            sqlite3_close_v2(handle)
            throw SQLiteError(SQLITE_BUSY, "sqlite3_close_v2")
        }
        discard self
        let result = sqlite3_close_v2(handle)
        guard result == SQLITE_OK else { throw SQLiteError(result, "sqlite3_close_v2") }
    }

    /// Whether no statement is between its first row and its end.
    package var isIdle: Bool { Database.isIdle(handle) }

    /// Whether no transaction is open.
    package var isAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// How many rows the last statement changed.
    package var changes: Int64 { sqlite3_changes64(handle) }

    /// Compiles one statement.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var prepared: OpaquePointer?
        let result = sqlite3_prepare_v3(
            handle,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &prepared,
            nil
        )
        guard result == SQLITE_OK else { throw SQLiteError(result, "sqlite3_prepare_v3") }
        guard let prepared else { throw SQLiteError(SQLITE_MISUSE, "sqlite3_prepare_v3") }
        return Statement(owning: prepared)
    }

    /// Runs statements that need no parameter and whose rows nobody reads.
    package func execute(_ sql: String) throws(SQLiteError) {
        let result = sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw SQLiteError(result, "sqlite3_exec") }
    }

    /// The first column of the first row, as a text; nil when there is no row.
    package func firstText(_ sql: String) throws(SQLiteError) -> String? {
        let statement = try prepare(sql)
        guard try statement.step() else { return nil }
        let text = statement.text(0)
        statement.reset()
        return text
    }

    /// The first column of the first row, as an integer; nil when there is no row or no value.
    package func firstInt64(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        guard try statement.step() else { return nil }
        let value = statement.isNull(0) ? nil : statement.int64(0)
        statement.reset()
        return value
    }

    /// Sets a pragma and gives the value that SQLite then has, which may not be the one asked.
    @discardableResult
    package func setPragma(_ name: String, _ value: String) throws(SQLiteError) -> String? {
        try firstText("PRAGMA \(name)=\(value)")
    }

    /// How long a statement waits for a lock of another connection.
    package func setBusyTimeout(_ milliseconds: Int32) throws(SQLiteError) {
        let result = sqlite3_busy_timeout(handle, milliseconds)
        guard result == SQLITE_OK else { throw SQLiteError(result, "sqlite3_busy_timeout") }
    }

    /// Runs a body in a write transaction, which is undone when the body or the commit throws.
    package func transaction<Value>(
        _ body: () throws(SQLiteError) -> Value
    ) throws(SQLiteError) -> Value {
        try execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            // SQLite has rolled back by itself after some errors; then there is nothing to undo.
            if !isAutocommit { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// What a checkpoint of the write-ahead log did.
    package struct Checkpoint: Sendable, Equatable {
        /// Pages in the log.
        package let logged: Int
        /// Pages of the log that the database file now has.
        package let moved: Int
    }

    /// Moves what it can of the write-ahead log into the file, waiting for nobody.
    package func checkpointPassively() throws(SQLiteError) -> Checkpoint {
        try checkpoint(SQLITE_CHECKPOINT_PASSIVE)
    }

    /// Moves the whole log into the file and empties it, so that nothing written later rests on it.
    ///
    /// Waits for readers as long as the busy timeout, then throws `SQLITE_BUSY`.
    package func checkpointAndEmpty() throws(SQLiteError) {
        _ = try checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
    }

    private func checkpoint(_ mode: Int32) throws(SQLiteError) -> Checkpoint {
        var logged: Int32 = 0
        var moved: Int32 = 0
        let result = sqlite3_wal_checkpoint_v2(handle, nil, mode, &logged, &moved)
        guard result == SQLITE_OK else { throw SQLiteError(result, "sqlite3_wal_checkpoint_v2") }
        return Checkpoint(logged: Int(logged), moved: Int(moved))
    }

    private static func isIdle(_ handle: OpaquePointer) -> Bool {
        var statement = sqlite3_next_stmt(handle, nil)
        while let current = statement {
            if sqlite3_stmt_busy(current) != 0 { return false }
            statement = sqlite3_next_stmt(handle, current)
        }
        return true
    }
}

extension Database.Access {
    fileprivate var flags: Int32 {
        switch self {
        case .readOnly: SQLITE_OPEN_READONLY
        case .readWrite: SQLITE_OPEN_READWRITE
        case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
    }
}
