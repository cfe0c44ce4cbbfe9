package import Journal
import SQLite
import Vocabulary

/// The writer's statements over counters and accesses, compiled once.
final class CounterStatements {
    private let find: Statement
    private let set: Statement
    private let purge: Statement
    private let setAccess: Statement
    private let motive: Statement
    private let settle: Statement

    /// How many counters of ended windows one transaction deletes: a long one would hold exchanges.
    static let purgeStride = 500

    init(_ database: borrowing Database) throws(SQLiteError) {
        find = try database.prepare("SELECT nombre FROM compteurs WHERE fin_ms = ?1 AND nom = ?2")
        set = try database.prepare(
            """
            INSERT INTO compteurs (fin_ms, nom, nombre) VALUES (?1, ?2, ?3)
            ON CONFLICT (fin_ms, nom) DO UPDATE SET nombre = excluded.nombre
            """)
        purge = try database.prepare(
            """
            DELETE FROM compteurs WHERE (fin_ms, nom) IN (
                SELECT fin_ms, nom FROM compteurs WHERE fin_ms < ?1
                ORDER BY fin_ms, nom LIMIT \(CounterStatements.purgeStride))
            """)
        setAccess = try database.prepare(
            """
            INSERT INTO acces (acces, finalite, service, mode, recents, borne, trouve, limite,
                depuis_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (acces, finalite) DO UPDATE SET service = excluded.service,
                mode = excluded.mode, recents = excluded.recents, borne = excluded.borne,
                trouve = excluded.trouve, limite = excluded.limite,
                depuis_ms = excluded.depuis_ms
            """)
        motive = try database.prepare(
            "SELECT motif FROM retablissements WHERE acces = ?1 AND finalite = ?2")
        settle = try database.prepare(
            "DELETE FROM retablissements WHERE acces = ?1 AND finalite = ?2")
    }

    /// What a counter holds; nothing where it never began.
    func value(_ key: CounterKey) throws(SQLiteError) -> Int64 {
        try find.bind(1, key.end)
        try find.bind(2, blob: key.name)
        guard try find.step() else { return 0 }
        let value = find.int64(0)
        find.reset()
        return value
    }

    /// Why an operator wants an access open again; nil where nobody asked.
    func requestedMotive(for access: AccessMark) throws(SQLiteError) -> OperatorText? {
        try motive.bind(1, text: access.credential)
        try motive.bind(2, text: access.purpose.text)
        guard try motive.step() else { return nil }
        let text = OperatorText(motive.text(0))
        motive.reset()
        return text
    }

    /// Stores what a batch changed; in the transaction of its records.
    func store(_ ledger: CounterLedger) throws(SQLiteError) {
        for (key, value) in ledger.changedCounters {
            try set.bind(1, key.end)
            try set.bind(2, blob: key.name)
            try set.bind(3, value)
            try set.run()
        }
        for (access, state) in ledger.changedAccesses { try store(access, state) }
        for case .accessRestored(let access, _) in ledger.acts {
            try settle.bind(1, text: access.credential)
            try settle.bind(2, text: access.purpose.text)
            try settle.run()
        }
    }

    private func store(_ access: AccessMark, _ state: AccessState) throws(SQLiteError) {
        try setAccess.bind(1, text: access.credential)
        try setAccess.bind(2, text: access.purpose.text)
        try setAccess.bind(3, text: access.service.text)
        try setAccess.bind(4, text: access.mode.rawValue)
        try setAccess.bind(5, blob: state.recentBytes)
        if let suspension = state.suspension {
            try setAccess.bind(6, text: suspension.count.counter)
            try setAccess.bind(7, Int64(suspension.count.found))
            try setAccess.bind(8, Int64(suspension.count.limit))
            try setAccess.bind(9, suspension.since.milliseconds)
        } else {
            for index: Int32 in 6...9 { try setAccess.bindNull(index) }
        }
        try setAccess.run()
    }

    /// Deletes some counters of windows that ended before a moment.
    func purge(before time: Timestamp) throws(SQLiteError) {
        try purge.bind(1, time.milliseconds)
        try purge.run()
    }
}

extension AccessState {
    /// The last hundred as the store holds them: 16 bytes, big-endian.
    fileprivate var recentBytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: recent >> (120 - 8 * UInt128($0))) }
    }

    /// The last hundred that a store holds.
    fileprivate static func recent(_ bytes: [UInt8]) -> UInt128 {
        bytes.prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }
}

/// One access as the store holds it, for the writer and for operators.
package struct StoredAccess: Hashable, Sendable {
    /// The access.
    package let mark: AccessMark
    /// What is remembered of it.
    package let state: AccessState
    /// Why an operator asked that it be open again, where the gateway has not done so yet.
    package let request: String?
}

extension StoredAccess {
    /// Every access of a database; none in one that never counted.
    static func all(
        _ database: borrowing Database
    ) throws(SQLiteError) -> [StoredAccess] {
        guard
            try database.firstInt64(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'retablissements'") == 1
        else { return [] }
        let select = try database.prepare(
            """
            SELECT acces.acces, acces.finalite, service, mode, recents, borne, trouve, limite,
                depuis_ms, motif
            FROM acces LEFT JOIN retablissements USING (acces, finalite)
            ORDER BY acces.acces, acces.finalite
            """)
        var all: [StoredAccess] = []
        while try select.step() {
            guard let purpose = PurposeID(select.text(1)), let service = ServiceID(select.text(2)),
                let mode = Mode(rawValue: select.text(3))
            else { continue }
            let suspension =
                select.isNull(5)
                ? nil
                : AccessState.Suspension(
                    count: FoundCount(
                        counter: select.text(5), found: Int(select.int64(6)),
                        limit: Int(select.int64(7))),
                    since: Timestamp(milliseconds: select.int64(8)))
            all.append(
                StoredAccess(
                    mark: AccessMark(
                        service: service, credential: select.text(0), purpose: purpose, mode: mode),
                    state: AccessState(
                        recent: AccessState.recent(select.blob(4)), suspension: suspension),
                    request: select.isNull(9) ? nil : select.text(9)))
        }
        return all
    }
}
