import CSQLite

/// What SQLite answered instead of success.
///
/// Codes keep their C names, so that SQLite's own manual stays searchable. No text of SQLite is
/// kept: it may quote what a statement was given.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A primary result code.
    package struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The number that SQLite gives.
        package let rawValue: Int32

        /// Takes the number that SQLite gives.
        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// The name in `sqlite3.h`.
        package var description: String {
            Code.names[rawValue] ?? "SQLITE_\(rawValue)"
        }
    }

    /// The primary code.
    package let code: Code
    /// The extended code, which is the primary one when SQLite says no more.
    package let extendedCode: Int32
    /// The C function that failed.
    package let operation: String

    /// Takes a primary or an extended result code.
    package init(_ result: Int32, _ operation: StaticString) {
        code = Code(rawValue: result & 0xff)
        extendedCode = result
        self.operation = operation.description
    }

    /// The code's C name and the function that gave it.
    package var description: String {
        "\(operation): \(code) (\(extendedCode))"
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
extension SQLiteError.Code {
    /// A generic error: usually SQL that does not compile.
    package static let SQLITE_ERROR = Self(rawValue: 1)
    /// Access refused.
    package static let SQLITE_PERM = Self(rawValue: 3)
    /// Another connection holds the lock.
    package static let SQLITE_BUSY = Self(rawValue: 5)
    /// A table is locked.
    package static let SQLITE_LOCKED = Self(rawValue: 6)
    /// No memory.
    package static let SQLITE_NOMEM = Self(rawValue: 7)
    /// The file or the connection is read-only.
    package static let SQLITE_READONLY = Self(rawValue: 8)
    /// The operating system failed to read or write.
    package static let SQLITE_IOERR = Self(rawValue: 10)
    /// The file is damaged.
    package static let SQLITE_CORRUPT = Self(rawValue: 11)
    /// The disk, or the page limit, is full.
    package static let SQLITE_FULL = Self(rawValue: 13)
    /// The file does not open.
    package static let SQLITE_CANTOPEN = Self(rawValue: 14)
    /// The schema changed under a statement.
    package static let SQLITE_SCHEMA = Self(rawValue: 17)
    /// A text or a blob is over the limit.
    package static let SQLITE_TOOBIG = Self(rawValue: 18)
    /// A constraint refuses the row.
    package static let SQLITE_CONSTRAINT = Self(rawValue: 19)
    /// The interface was used wrongly.
    package static let SQLITE_MISUSE = Self(rawValue: 21)
    /// The index of a parameter does not exist.
    package static let SQLITE_RANGE = Self(rawValue: 25)
    /// The file is not a database.
    package static let SQLITE_NOTADB = Self(rawValue: 26)

    fileprivate static let names: [Int32: String] = [
        0: "SQLITE_OK", 1: "SQLITE_ERROR", 2: "SQLITE_INTERNAL", 3: "SQLITE_PERM",
        4: "SQLITE_ABORT", 5: "SQLITE_BUSY", 6: "SQLITE_LOCKED", 7: "SQLITE_NOMEM",
        8: "SQLITE_READONLY", 9: "SQLITE_INTERRUPT", 10: "SQLITE_IOERR", 11: "SQLITE_CORRUPT",
        12: "SQLITE_NOTFOUND", 13: "SQLITE_FULL", 14: "SQLITE_CANTOPEN", 15: "SQLITE_PROTOCOL",
        16: "SQLITE_EMPTY", 17: "SQLITE_SCHEMA", 18: "SQLITE_TOOBIG", 19: "SQLITE_CONSTRAINT",
        20: "SQLITE_MISMATCH", 21: "SQLITE_MISUSE", 22: "SQLITE_NOLFS", 23: "SQLITE_AUTH",
        24: "SQLITE_FORMAT", 25: "SQLITE_RANGE", 26: "SQLITE_NOTADB", 100: "SQLITE_ROW",
        101: "SQLITE_DONE",
    ]
}
