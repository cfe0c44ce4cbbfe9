import Foundation
import Testing

@testable import SQLite

@Suite struct `A database` {
    @Test func `gives back what was stored, byte for byte`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        try database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT, b BLOB)")
        let insert = try database.prepare("INSERT INTO t VALUES (?, ?, ?)")
        let samples: [(Int64, String, [UInt8])] = [
            (0, "", []), (.max, "été Œ\u{0}fin", [0, 255, 0]), (.min, "🌳", [1]),
        ]
        for (number, text, bytes) in samples {
            try insert.bind(1, number)
            try insert.bind(2, text: text)
            try insert.bind(3, blob: bytes)
            try insert.run()
            let changes = database.changes
            #expect(changes == 1)
        }
        let select = try database.prepare("SELECT s, b, typeof(s), typeof(b) FROM t WHERE n = ?")
        for (number, text, bytes) in samples {
            try select.bind(1, number)
            let found = try select.step()
            let (readText, readBytes) = (select.text(0), select.blob(1))
            let types = [select.text(2), select.text(3)]
            let more = try select.step()
            #expect(found && !more)
            #expect(readText == text && readBytes == bytes && types == ["text", "blob"])
        }
    }

    @Test func `stores NULL for what is absent`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        let statement = try database.prepare("SELECT ?, ?, ?")
        try statement.bind(1, text: String?.none)
        try statement.bind(2, blob: [UInt8]?.none)
        try statement.bindNull(3)
        let found = try statement.step()
        let nulls = [statement.isNull(0), statement.isNull(1), statement.isNull(2)]
        statement.reset()
        #expect(found && nulls == [true, true, true])
    }

    @Test func `undoes a transaction whose body throws`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        try database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
        #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in
                try database.execute("INSERT INTO t VALUES (1)")
                try database.execute("INSERT INTO t VALUES (1)")
            }
        }
        let ended = database.isAutocommit
        #expect(ended)
        try expect(database.firstInt64("SELECT count(*) FROM t"), 0)
    }

    @Test func `names the constraint by its C name`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        try database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
        let error = #expect(throws: SQLiteError.self) {
            try database.execute("INSERT INTO t VALUES (1)")
        }
        #expect(error?.code == .SQLITE_CONSTRAINT)
        #expect(error?.description == "sqlite3_exec: SQLITE_CONSTRAINT (1555)")
    }

    @Test func `says SQLITE_FULL at its page limit, and goes on once it is lifted`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        try database.execute("CREATE TABLE t (b BLOB)")
        let pages = try database.firstInt64("PRAGMA page_count") ?? 0
        try database.setPragma("max_page_count", "\(pages)")
        let insert = try database.prepare("INSERT INTO t VALUES (zeroblob(100000))")
        let error = #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in try insert.run() }
        }
        #expect(error?.code == .SQLITE_FULL)
        try database.setPragma("max_page_count", "1000000")
        try database.transaction { () throws(SQLiteError) in try insert.run() }
        try expect(database.firstInt64("SELECT count(*) FROM t"), 1)
    }

    @Test func `reads beside the writer, and writes nothing, once read-only`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.db")
        let writer = try Database(path: path, access: .create)
        try expect(writer.setPragma("journal_mode", "WAL"), "wal")
        try writer.execute("CREATE TABLE t (n INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
        let reader = try Database(path: path, access: .readOnly)
        try expect(reader.firstInt64("SELECT n FROM t"), 1)
        let error = #expect(throws: SQLiteError.self) {
            try reader.execute("INSERT INTO t VALUES (2)")
        }
        #expect(error?.code == .SQLITE_READONLY)
        try writer.execute("INSERT INTO t VALUES (2)")
        try expect(reader.firstInt64("SELECT count(*) FROM t"), 2)
        try writer.checkpointAndEmpty()
        try writer.execute("INSERT INTO t VALUES (3)")
        try reader.execute("BEGIN")
        try expect(reader.firstInt64("SELECT count(*) FROM t"), 3)
        #expect(throws: SQLiteError(5, "sqlite3_wal_checkpoint_v2")) {
            try writer.checkpointAndEmpty()
        }
        try reader.execute("COMMIT")
        let checkpoint = try writer.checkpointPassively()
        #expect(checkpoint.logged == checkpoint.moved)
    }

    @Test(arguments: [Database.Access.readOnly, .readWrite])
    func `does not make a file that is absent`(access: Database.Access) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("absent.db")
        #expect(throws: SQLiteError(14, "sqlite3_open_v2")) {
            _ = try Database(path: path, access: access)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `refuses a file that is no database`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("foreign.db")
        try Data(repeating: 65, count: 4096).write(to: URL(fileURLWithPath: path))
        let database = try Database(path: path, access: .readWrite)
        let error = #expect(throws: SQLiteError.self) {
            _ = try database.firstInt64("SELECT count(*) FROM sqlite_schema")
        }
        #expect(error?.code == .SQLITE_NOTADB)
    }

    @Test func `says at closing time that a statement is still running`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        let statement = try database.prepare("SELECT 1 UNION SELECT 2")
        let found = try statement.step()
        let idle = database.isIdle
        #expect(found && !idle)
        do {
            try database.close()
            Issue.record("closed with a running statement")
        } catch {
            #expect(error == SQLiteError(5, "sqlite3_close_v2"))
        }
        statement.reset()
    }

    @Test func `closes quietly once its statements have ended`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        let statement = try database.prepare("SELECT 1")
        while try statement.step() {}
        try database.close()
    }

    @Test(arguments: ["SELEC 1", "SELECT ?1, ?2 FROM nowhere", ""])
    func `refuses SQL that does not compile`(sql: String) throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), access: .create)
        #expect(throws: SQLiteError.self) { _ = try database.prepare(sql) }
    }
}

/// Compares outside the macro, which would copy a database that cannot be copied.
private func expect<Value: Equatable>(
    _ found: Value,
    _ expected: Value,
    at location: SourceLocation = #_sourceLocation
) {
    #expect(found == expected, sourceLocation: location)
}

/// A folder of its own for one test, removed with what it holds.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("dlnuf-sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func file(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }
}
