import Journal
import Platform
import SQLite
import Vocabulary

/// Making a journal, and keeping others from writing to it.
enum JournalFile {
    static func create(_ path: String, at time: Timestamp) throws(JournalStoreError) {
        for file in [path, path + "-wal", path + "-shm", path + "-journal"]
        where Files.exists(file) {
            throw .alreadyExists(path: file)
        }
        var keys: String?
        do throws(JournalStoreError) {
            try createFile(path)
            try KeyFile.create(beside: path, at: time)
            keys = KeyFile.path(beside: path)
            try createTables(path)
        } catch {
            // What a full disk left would stand in the way of the next attempt.
            for file in [path, path + "-wal", path + "-shm", path + "-journal"] + [keys] {
                if let file { try? Files.remove(file) }
            }
            throw error
        }
    }

    private static func createFile(_ path: String) throws(JournalStoreError) {
        do throws(SystemError) {
            // The rights of the file are those that SQLite gives to the log beside it.
            try Files.writeAtomically(path, [], mode: 0o600)
        } catch {
            throw .system(error)
        }
    }

    private static func createTables(_ path: String) throws(JournalStoreError) {
        do throws(SQLiteError) {
            let database = try Database(path: path, access: .readWrite)
            try database.setPragma("journal_mode", "WAL")
            try database.setPragma("synchronous", "FULL")
            try database.transaction { () throws(SQLiteError) in
                try database.execute(JournalSchema.statements)
                try database.execute(JournalSchema.counterTables)
            }
        } catch {
            throw .database(error)
        }
    }
}

/// The right to write to a journal, held by one process at a time and ended with it.
///
/// A lock of SQLite on an empty database beside the journal: the kernel drops it when the process
/// dies.
struct JournalLock: ~Copyable {
    private let database: Database

    init(beside path: String) throws(JournalStoreError) {
        guard Files.exists(path) else { throw .absent(path: path) }
        database = try JournalLock.locked(path)
    }

    private static func locked(_ path: String) throws(JournalStoreError) -> Database {
        do throws(SQLiteError) {
            let database = try Database(path: path + ".verrou", access: .create)
            try database.execute("BEGIN EXCLUSIVE")
            return database
        } catch {
            throw error.code == .SQLITE_BUSY ? .locked(path: path) : .database(error)
        }
    }
}
