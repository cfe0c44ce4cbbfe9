import Platform
import SQLite
import Vocabulary

/// The connection that remembers names, on its own thread.
final class ReplayWriter {
    /// `dlnr`, in the header of the file.
    private static let applicationID: Int64 = 0x646C_6E72
    private static let version: Int64 = 1
    /// How many ended names a commit forgets at most.
    private static let purged: Int64 = 1_024

    private let path: String
    private let capacity: Int64
    private var connection: Connection?

    init(path: String, capacity: Int64) throws(JournalStoreError) {
        self.path = path
        self.capacity = capacity
        connection = try ReplayWriter.open(path)
    }

    /// Takes names in one durable transaction; one verdict for each.
    func take(_ names: [ReplayName]) -> [ReplayVerdict] {
        do {
            // After a failure nothing is known of the connection: another is opened.
            let open = try connection ?? ReplayWriter.open(path)
            connection = nil
            let verdicts = try open.take(names, capacity: capacity)
            connection = open
            return verdicts
        } catch {
            return names.map { _ in .unwritable }
        }
    }

    private static func open(_ path: String) throws(JournalStoreError) -> Connection {
        if !Files.exists(path) {
            do throws(SystemError) {
                // The rights of the file are those that SQLite gives to the log beside it.
                try Files.writeAtomically(path, [], mode: 0o600)
            } catch {
                throw .system(error)
            }
        }
        do {
            return try Connection(path)
        } catch let error as SQLiteError {
            if error.code == .SQLITE_NOTADB { throw .foreign(path: path) }
            throw .database(error)
        } catch {
            throw .foreign(path: path)
        }
    }

    /// An open store, with its statements compiled.
    private final class Connection {
        private let database: Database
        private let insert: Statement
        private let forget: Statement
        private let setMark: Statement
        private var count: Int64
        /// Names that ended before this may have been forgotten: none of them is new.
        private var mark: Int64

        init(_ path: String) throws {
            let database = try Database(path: path, access: .readWrite)
            try database.setBusyTimeout(2_000)
            let application = try database.firstInt64("PRAGMA application_id") ?? 0
            let isNew = try application == 0 && Self.isEmpty(database)
            guard isNew || application == applicationID else {
                throw JournalStoreError.foreign(path: path)
            }
            try database.setPragma("journal_mode", "WAL")
            try database.setPragma("synchronous", "FULL")
            if isNew { try Self.create(in: database) }
            guard try database.firstInt64("PRAGMA user_version") == version else {
                throw JournalStoreError.foreign(path: path)
            }
            count = try database.firstInt64("SELECT count(*) FROM noms") ?? 0
            mark = try database.firstInt64("SELECT purge_ms FROM marque") ?? 0
            insert = try database.prepare(
                "INSERT OR IGNORE INTO noms (cle, fin_ms) VALUES (?1, ?2)")
            forget = try database.prepare(
                """
                DELETE FROM noms WHERE cle IN
                    (SELECT cle FROM noms WHERE fin_ms <= ?1 LIMIT \(purged))
                """)
            setMark = try database.prepare("UPDATE marque SET purge_ms = ?1")
            self.database = database
        }

        private static func isEmpty(_ database: borrowing Database) throws -> Bool {
            try database.firstInt64("SELECT count(*) FROM sqlite_schema") == 0
        }

        private static func create(in database: borrowing Database) throws {
            try database.transaction { () throws(SQLiteError) in
                try database.execute(
                    """
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(version);
                    CREATE TABLE noms (
                        cle BLOB PRIMARY KEY, fin_ms INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX fins ON noms (fin_ms);
                    CREATE TABLE marque (purge_ms INTEGER NOT NULL) STRICT;
                    INSERT INTO marque VALUES (0);
                    """)
            }
        }

        func take(
            _ names: [ReplayName], capacity: Int64
        ) throws(SQLiteError) -> [ReplayVerdict] {
            var (count, mark) = (count, mark)
            let verdicts = try database.transaction {
                () throws(SQLiteError) -> [ReplayVerdict] in
                if let now = names.map(\.now.milliseconds).max() {
                    count -= try purge(before: now, &mark)
                }
                var verdicts: [ReplayVerdict] = []
                for name in names {
                    verdicts.append(try take(name, &count, mark, capacity))
                }
                return verdicts
            }
            (self.count, self.mark) = (count, mark)
            return verdicts
        }

        private func take(
            _ name: ReplayName, _ count: inout Int64, _ mark: Int64, _ capacity: Int64
        ) throws(SQLiteError) -> ReplayVerdict {
            guard name.end.milliseconds > mark else { return .taken }
            guard count < capacity else { return .unwritable }
            try insert.bind(1, blob: name.key)
            try insert.bind(2, name.end.milliseconds)
            try insert.run()
            guard database.changes == 1 else { return .taken }
            count += 1
            return .first
        }

        /// Forgets names that have ended; gives how many.
        private func purge(before now: Int64, _ mark: inout Int64) throws(SQLiteError) -> Int64 {
            try forget.bind(1, now)
            try forget.run()
            let forgotten = database.changes
            guard forgotten > 0, now > mark else { return forgotten }
            try setMark.bind(1, now)
            try setMark.run()
            mark = now
            return forgotten
        }
    }
}
