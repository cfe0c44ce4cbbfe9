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
    mutating func read(_ folder: String, as name: String) {
        read(folder, shown: name, depth: 0)
    }

    private mutating func read(_ folder: String, shown: String, depth: Int) {
        let names: [String]
        do throws(SystemError) {
            names = try Files.list(folder)
        } catch {
            refuse(
                shown, "Ce dossier est illisible : \(error.text).",
                remedy: "Vérifiez son chemin et ses droits.")
            return
        }
        for name in names where !hasOverflowed {
            let path = "\(folder)/\(name)"
            let shownPath = "\(shown)/\(shownName(name))"
            switch Files.kind(path) {
            case .directory? where depth < 4: read(path, shown: shownPath, depth: depth + 1)
            case .directory?:
                refuse(
                    shownPath, "Ce dossier est trop profond.", remedy: "Retirez-le.")
            case .file?: readFile(path, shown: shownPath)
            default:
                refuse(
                    shownPath, "Ce n'est ni un fichier ni un dossier.", remedy: "Retirez-le.")
            }
        }
    }

    private mutating func readFile(_ path: String, shown: String) {
        guard documents.count < limits.files else {
            hasOverflowed = true
            refuse(
                shown, "Il y a plus de \(limits.files) fichiers.",
                remedy: "Retirez ceux qui ne servent pas.")
            return
        }
        do throws(SystemError) {
            let bytes = try Files.read(path, maxBytes: limits.fileBytes)
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
            let isTooLarge = error.code == fileTooLarge
            refuse(
                shown,
                isTooLarge
                    ? "Ce fichier dépasse \(limits.fileBytes) octets."
                    : "Ce fichier est illisible : \(error.text).",
                remedy: isTooLarge ? "Réduisez-le." : "Vérifiez ses droits.")
        }
    }

    private mutating func refuse(_ file: String, _ message: String, remedy: String) {
        diagnostics.append(Diagnostic(.erreur, file: file, message: message, remedy: remedy))
    }
}

/// `EFBIG` on Linux, which ``Files/read(_:maxBytes:)`` throws for a file above its limit.
private let fileTooLarge: Int32 = 27
