import JSONText
import Platform

/// What a set of documents may weigh before it is refused.
package struct RegistryLimits: Sendable {
    /// The longest document, in bytes.
    package let fileBytes: Int
    /// The most files under one folder.
    package let files: Int
    /// The longest that all documents may be together, in bytes.
    package let totalBytes: Int

    /// Creates limits; the defaults suit several thousand purposes.
    package init(
        fileBytes: Int = 1 << 20, files: Int = 50_000, totalBytes: Int = 256 << 20
    ) {
        self.fileBytes = fileBytes
        self.files = files
        self.totalBytes = totalBytes
    }
}

/// A document that was read: the bytes that are hashed are the bytes that are parsed.
struct Document: Sendable {
    /// From the folder's own name on: `policies/cnaf/rsa/policy.json`.
    let path: String
    let bytes: [UInt8]

    /// The path's names, the folder's own left out.
    var names: [String] {
        path.split(separator: "/").dropFirst().map(String.init)
    }
}

/// Reads every file below a folder, in the order of their names.
struct DocumentTree {
    private let limits: RegistryLimits
    private(set) var documents: [Document] = []
    private(set) var diagnostics: [Diagnostic] = []
    private var totalBytes = 0
    private var hasOverflowed = false

    init(limits: RegistryLimits) {
        self.limits = limits
    }

    /// Reads the folder, its paths beginning with the given name.
    ///
    /// The folder itself may be reached through links, which are the operator's own; what it holds
    /// may not.
    mutating func read(_ folder: String, as name: String) {
        do throws(SystemError) {
            read(try Folder(folder), shown: name, depth: 0)
        } catch {
            refuseFolder(name, error)
        }
    }

    private mutating func read(_ folder: borrowing Folder, shown: String, depth: Int) {
        let entries: [Folder.Entry]
        do throws(SystemError) {
            entries = try folder.entries()
        } catch {
            refuseFolder(shown, error)
            return
        }
        if entries.isEmpty {
            refuse(
                shown, "Ce dossier est vide.",
                remedy: "Mettez-y les documents qu'il doit contenir, ou retirez-le.")
        }
        for entry in entries where !hasOverflowed {
            let path = "\(shown)/\(shownText(entry.name))"
            guard entry.isText else {
                refuse(
                    path, "Ce nom de fichier n'est pas écrit en UTF-8.",
                    remedy: "Renommez-le en minuscules sans accent.")
                continue
            }
            read(entry, in: folder, shown: path, depth: depth)
        }
    }

    private mutating func read(
        _ entry: Folder.Entry, in folder: borrowing Folder, shown: String, depth: Int
    ) {
        switch entry.kind {
        case .folder where depth < 4:
            do throws(SystemError) {
                read(try folder.folder(entry.name), shown: shown, depth: depth + 1)
            } catch {
                refuseFolder(shown, error)
            }
        case .folder:
            refuse(
                shown, "Ce dossier est rangé trop profondément.",
                remedy: "Rangez ses documents sous policies/<service>/<finalité> "
                    + "ou connectors/<détenteur>/<jeu>.")
        case .file(let size): readFile(entry.name, size, in: folder, shown: shown)
        case .link(let target): refuseLink(shown, target: target, depth: depth)
        case .other:
            refuse(
                shown, "Ce n'est ni un fichier ni un dossier.",
                remedy: "Retirez-le : seuls des fichiers JSON ont leur place ici.")
        }
    }

    private mutating func readFile(
        _ name: String, _ size: Int, in folder: borrowing Folder, shown: String
    ) {
        guard documents.count < limits.files else {
            hasOverflowed = true
            refuse(
                shown, "Il y a plus de \(limits.files) fichiers.",
                remedy: "Retirez ceux qui ne servent pas.")
            return
        }
        // Judged by what the folder says of it, so that nothing of it is read.
        guard size <= limits.fileBytes else {
            refuseSize(shown, size)
            return
        }
        do throws(SystemError) {
            let bytes = try folder.read(name, maxBytes: limits.fileBytes)
            totalBytes += bytes.count
            if totalBytes > limits.totalBytes {
                hasOverflowed = true
                refuse(
                    shown, "Les documents dépassent ensemble la taille permise.",
                    remedy: "Retirez ceux qui ne servent pas.")
                return
            }
            documents.append(Document(path: shown, bytes: bytes))
        } catch {
            refuse(
                shown, "Ce fichier est illisible : \(error.text).",
                remedy: "Vérifiez ses droits.")
        }
    }

    // MARK: - Refusals

    private mutating func refuse(_ file: String, _ message: String, remedy: String) {
        diagnostics.append(Diagnostic(.erreur, file: file, message: message, remedy: remedy))
    }

    private mutating func refuseFolder(_ shown: String, _ error: SystemError) {
        refuse(
            shown, "Ce dossier est illisible : \(error.text).",
            remedy: "Vérifiez son chemin et ses droits.")
    }

    private mutating func refuseSize(_ shown: String, _ size: Int) {
        refuse(
            shown,
            "Ce fichier pèse \(grouped(size)) octets ; un document en compte au plus "
                + "\(grouped(limits.fileBytes)).",
            remedy: "Vérifiez que c'est bien le document voulu, et retirez ce qui est de trop.")
    }

    /// A link could bring in a document that nobody approved, or change one behind a name that
    /// stays.
    private mutating func refuseLink(_ shown: String, target: String, depth: Int) {
        let leaves = target.hasPrefix("/") || climbs(target, from: depth)
        refuse(
            shown,
            leaves
                ? "Ce lien symbolique mène hors du dossier, vers « \(shownText(target)) »."
                : "C'est un lien symbolique, vers « \(shownText(target)) ».",
            remedy: "Remplacez-le par le fichier lui-même : ce qui est approuvé doit être ici.")
    }

    /// Whether a relative path climbs above the folder that was given.
    private func climbs(_ path: String, from depth: Int) -> Bool {
        var level = depth
        for step in path.split(separator: "/") where step != "." {
            level += step == ".." ? -1 : 1
            if level < 0 { return true }
        }
        return false
    }
}

/// A number in groups of three digits, as French writes it.
private func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.enumerated().map { index, digit in
        let isBreak = index > 0 && (digits.count - index) % 3 == 0
        return (isBreak ? " " : "") + String(digit)
    }.joined()
}
