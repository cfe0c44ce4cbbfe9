import SQLite

/// What the file of a journal holds.
///
/// Columns before the bytes repeat them, so that an audit filters without reading every record.
/// The hot table has no index but its own order, and one of its few events: an index over random
/// keys would cost three commits in four.
enum JournalSchema {
    /// `dlnu`, in the header of the file.
    static let applicationID: Int64 = 0x646C_6E75
    static let version: Int64 = 1

    static let statements = """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        CREATE TABLE enregistrements (
            indice INTEGER PRIMARY KEY,
            horodatage_ms INTEGER NOT NULL,
            nature TEXT NOT NULL,
            echange TEXT NOT NULL,
            service TEXT NOT NULL,
            finalite TEXT NOT NULL,
            destinataire TEXT NOT NULL,
            resultat TEXT NOT NULL,
            attend_issue INTEGER NOT NULL,
            politique TEXT,
            cle TEXT,
            pseudonyme BLOB,
            pseudonyme_complet BLOB,
            feuille BLOB NOT NULL,
            sel BLOB,
            octets BLOB
        ) STRICT;
        CREATE TABLE documents (
            empreinte TEXT PRIMARY KEY,
            nature TEXT NOT NULL,
            octets BLOB NOT NULL
        ) STRICT;
        CREATE TABLE marques (
            nom TEXT PRIMARY KEY,
            nombre INTEGER,
            octets BLOB
        ) STRICT;
        """

    static let insert = """
        INSERT INTO enregistrements (indice, horodatage_ms, nature, echange, service, finalite,
            destinataire, resultat, attend_issue, politique, cle, pseudonyme, pseudonyme_complet,
            feuille, sel, octets)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """

    /// Finds the events, which are few, without going through the exchanges.
    ///
    /// Journals from before there were events get it when they are opened.
    static let eventIndex = """
        CREATE INDEX IF NOT EXISTS evenements ON enregistrements (indice)
        WHERE nature = 'evenement'
        """

    /// What is counted, and what is known of accesses; nothing here is about a person but under a
    /// keyed digest.
    ///
    /// Counters lie in the order of their windows' ends: those of today beside one another, and
    /// those of the past in one range. Journals from before there were counters get the tables when
    /// they are opened.
    static let counterTables = """
        CREATE TABLE IF NOT EXISTS compteurs (
            fin_ms INTEGER NOT NULL,
            nom BLOB NOT NULL,
            nombre INTEGER NOT NULL,
            PRIMARY KEY (fin_ms, nom)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS acces (
            acces TEXT NOT NULL,
            finalite TEXT NOT NULL,
            service TEXT NOT NULL,
            mode TEXT NOT NULL,
            recents BLOB NOT NULL,
            borne TEXT,
            trouve INTEGER,
            limite INTEGER,
            depuis_ms INTEGER,
            PRIMARY KEY (acces, finalite)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS retablissements (
            acces TEXT NOT NULL,
            finalite TEXT NOT NULL,
            motif TEXT NOT NULL,
            demande_ms INTEGER NOT NULL,
            PRIMARY KEY (acces, finalite)
        ) STRICT, WITHOUT ROWID;
        """

    /// The index below which every decision has its outcome.
    static let openMark = "premiere_ouverte"
    /// What the writer writes to learn whether it can.
    static let probeMark = "sonde"
    static let probeBytes = 32_768

    static let setMark = """
        INSERT INTO marques (nom, nombre, octets) VALUES (?1, ?2, zeroblob(?3))
        ON CONFLICT (nom) DO UPDATE SET nombre = excluded.nombre, octets = excluded.octets
        """
}
