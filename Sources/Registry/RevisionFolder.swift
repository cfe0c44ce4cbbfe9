import Cryptography
import JSONText
package import Journal
package import Platform
import Registrations

/// The folder where proposals lie, each under the SHA-256 of its bytes.
///
/// It holds bytes and no state: what was proposed, approved and withdrawn is in the journal. A file
/// that is not what its name says is never used.
package struct RevisionFolder: Sendable {
    /// Why a proposal cannot be had.
    package enum Failure: Error, Sendable, Equatable {
        /// No file has its name.
        case missing
        /// The file's bytes are others than those that were approved.
        case altered
        case system(SystemError)
    }

    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// Makes the folder, and removes what a process that was killed left half-written.
    package func prepare() throws(SystemError) {
        try Files.createDirectory(path)
        for name in try Files.list(path) where isLeftover(name) {
            try Files.remove("\(path)/\(name)")
        }
    }

    /// Puts a proposal on disk, whole or not at all.
    package func write(_ bytes: [UInt8], _ hash: String) throws(SystemError) {
        try Files.writeAtomically(file(hash), bytes, mode: 0o600)
    }

    /// Takes a proposal away again, which nothing names.
    package func remove(_ hash: String) {
        try? Files.remove(file(hash))
    }

    /// The bytes of a proposal, as they were sent.
    package func bytes(_ hash: String) throws(Failure) -> [UInt8] {
        let bytes: [UInt8]
        guard Files.exists(file(hash)) else { throw .missing }
        do throws(SystemError) {
            bytes = try Files.read(file(hash), maxBytes: ProposalMembers.maximumBytes)
        } catch {
            throw .system(error)
        }
        guard Hex.encode(sha256(bytes)) == hash else { throw .altered }
        return bytes
    }

    /// The files of an approved revision.
    package func files(of mark: RevisionMark) throws(Failure) -> ApprovedRevision {
        guard let files = proposedFiles(in: try bytes(mark.hash), of: mark) else { throw .altered }
        return ApprovedRevision(mark: mark, files: files)
    }

    /// What to say of a revision whose file cannot be used.
    package func diagnostic(_ failure: Failure, of mark: RevisionMark) -> Diagnostic {
        let what =
            switch failure {
            case .missing: "manque"
            case .altered: "n'est plus celui qui a été approuvé"
            case .system(let error): "est illisible : \(error.text)"
            }
        return Diagnostic(
            .erreur, file: file(mark.hash),
            message: "Le fichier de la révision en vigueur de \(mark.holder)/\(mark.dataset) "
                + "\(what).",
            remedy: "Rétablissez-le d'une sauvegarde, ou retirez la révision sur l'écoute des "
                + "opérateurs.")
    }

    private func file(_ hash: String) -> String { "\(path)/\(hash).json" }

    /// Whether a name is that of a file that was being written.
    private func isLeftover(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        return parts.count == 3 && parts[0].utf8.count == 64 && parts[1] == "json"
            && Hex.decode(String(parts[2])) != nil
    }
}
