package import Platform
package import SQLite

/// Why a journal cannot be made or opened.
package enum JournalStoreError: Error, Equatable, Sendable {
    /// `create` found something at the path.
    case alreadyExists(path: String)
    /// Nothing is there.
    case absent(path: String)
    /// The file is no journal of this program.
    case foreign(path: String)
    /// The file is a journal of a later version.
    case version(Int64)
    /// Another process writes to it.
    case locked(path: String)
    /// The indexes have a gap, or columns contradict the record, from this index on.
    case damaged(index: Int64)
    /// The file of keys is absent.
    case keysAbsent(path: String)
    /// The file of keys is unreadable or open to others.
    case keysUnreadable(path: String)
    /// SQLite failed.
    case database(SQLiteError)
    /// The operating system failed.
    case system(SystemError)

    /// What happened, then what to do.
    package var message: String {
        switch self {
        case .alreadyExists(let path):
            "Il y a déjà un fichier « \(path) » ; choisissez un autre emplacement, ou servez "
                + "ce journal tel qu'il est."
        case .absent(let path):
            "Il n'y a pas de journal « \(path) » ; créez-le avec « dlnuf journal create »."
        case .foreign(let path):
            "Le fichier « \(path) » n'est pas un journal de dlnuf ; vérifiez le chemin."
        case .version(let version):
            "Le journal est de la version \(version), que ce programme ne lit pas ; utilisez une "
                + "version plus récente de dlnuf."
        case .locked(let path):
            "Un autre processus écrit dans le journal « \(path) » ; arrêtez-le d'abord."
        case .damaged(let index):
            "Le journal est abîmé à partir de l'enregistrement \(index) ; gardez-en une copie "
                + "et rétablissez une sauvegarde."
        case .keysAbsent(let path):
            "Le fichier de clés « \(path) » manque ; rétablissez-le depuis sa sauvegarde : sans "
                + "lui, aucun pseudonyme ne se recalcule."
        case .keysUnreadable(let path):
            "Le fichier de clés « \(path) » est illisible ou ouvert à d'autres ; vérifiez son "
                + "contenu et ses droits (0600)."
        case .database(let error):
            "La base du journal ne répond pas (\(error)) ; vérifiez le disque et les droits."
        case .system(let error):
            "Le système refuse l'accès au journal (\(error)) ; vérifiez le disque et les droits."
        }
    }
}

/// Why a record cannot be written now.
package enum JournalUnavailable: Error, Equatable, Sendable {
    /// Every place is taken; nobody was called.
    case saturated
    /// The journal is known not to write.
    case unwritable
}
