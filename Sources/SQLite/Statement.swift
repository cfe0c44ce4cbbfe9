import CSQLite

/// A prepared statement, finalised when the value ends its life.
///
/// Parameters count from 1 and columns from 0, as in SQLite.
package struct Statement: ~Copyable {
    private let handle: OpaquePointer

    /// Takes over a prepared handle.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Binds an integer.
    package func bind(_ index: Int32, _ value: Int64) throws(SQLiteError) {
        try check(sqlite3_bind_int64(handle, index, value), "sqlite3_bind_int64")
    }

    /// Binds a copy of a text.
    package func bind(_ index: Int32, text: String) throws(SQLiteError) {
        var text = text
        let result = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                csqlite_bind_text(handle, index, $0.baseAddress ?? emptyText, Int32($0.count))
            }
        }
        try check(result, "sqlite3_bind_text")
    }

    /// Binds a copy of some bytes.
    package func bind(_ index: Int32, blob: [UInt8]) throws(SQLiteError) {
        let result = blob.withUnsafeBytes {
            csqlite_bind_blob(handle, index, $0.baseAddress, Int32($0.count))
        }
        try check(result, "sqlite3_bind_blob")
    }

    /// Binds NULL.
    package func bindNull(_ index: Int32) throws(SQLiteError) {
        try check(sqlite3_bind_null(handle, index), "sqlite3_bind_null")
    }

    /// Binds a text, or NULL when there is none.
    package func bind(_ index: Int32, text: String?) throws(SQLiteError) {
        guard let text else { return try bindNull(index) }
        try bind(index, text: text)
    }

    /// Binds some bytes, or NULL when there are none.
    package func bind(_ index: Int32, blob: [UInt8]?) throws(SQLiteError) {
        guard let blob else { return try bindNull(index) }
        try bind(index, blob: blob)
    }

    /// Goes to the next row; false once there are no more, and then ready to run again.
    package func step() throws(SQLiteError) -> Bool {
        let result = sqlite3_step(handle)
        switch result {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            // A statement that failed must not stay busy, or its transaction cannot end.
            sqlite3_reset(handle)
            throw SQLiteError(result, "sqlite3_step")
        }
    }

    /// Runs a statement to its end, reading no row.
    package func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Leaves the current row and makes the statement ready to run again; what is bound stays.
    package func reset() {
        // The result repeats the error of the last step, which has been thrown already.
        sqlite3_reset(handle)
    }

    /// An integer of the current row.
    package func int64(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    /// A text of the current row; empty for NULL.
    package func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The bytes of the current row; empty for NULL.
    package func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Whether the current row has no value there.
    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    private func check(_ result: Int32, _ operation: StaticString) throws(SQLiteError) {
        guard result == SQLITE_OK else { throw SQLiteError(result, operation) }
    }
}

/// Where an empty text starts: SQLite reads a null pointer as NULL.
///
/// Safe because one zero byte is written here once, before any use, and never again.
nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
}()
