package import Journal
import Platform
import SQLite
package import Vocabulary

extension JournalStore {
    /// Asks the gateway to open a suspended access again, whether it runs or not.
    ///
    /// Nothing is written to the records here: the gateway that has the journal does it, in the
    /// transaction of the access's next request, and takes the request away.
    ///
    /// - Returns: false where no such access is suspended.
    package static func requestRestoration(
        in path: String, of credential: String, for purpose: PurposeID, motive: OperatorText,
        at time: Timestamp
    ) throws(JournalStoreError) -> Bool {
        guard Files.exists(path) else { throw .absent(path: path) }
        do {
            let database = try Database(path: path, access: .readWrite)
            try database.setBusyTimeout(5_000)
            try JournalConnection.check(database, path: path)
            try database.setPragma("synchronous", "FULL")
            try database.setPragma("wal_autocheckpoint", "0")
            let isSuspended = try StoredAccess.all(database).contains { access in
                access.mark.credential == credential && access.mark.purpose == purpose
                    && access.state.suspension != nil
            }
            guard isSuspended else { return false }
            let insert = try database.prepare(
                """
                INSERT OR REPLACE INTO retablissements (acces, finalite, motif, demande_ms)
                VALUES (?1, ?2, ?3, ?4)
                """)
            try insert.bind(1, text: credential)
            try insert.bind(2, text: purpose.text)
            try insert.bind(3, text: motive.text)
            try insert.bind(4, time.milliseconds)
            try insert.run()
            return true
        } catch let error as SQLiteError {
            throw .reading(error, path: path)
        } catch let error as JournalStoreError {
            throw error
        } catch {
            throw .foreign(path: path)
        }
    }
}
