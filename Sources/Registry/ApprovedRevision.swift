package import Journal
package import Registrations

/// A connector that two operators approved, which takes the place of the folder's.
package struct ApprovedRevision: Sendable {
    package let mark: RevisionMark
    /// The connector's document and, where they are still there, its examples.
    package let files: [ProposedFile]

    /// Puts the files of a revision in a set.
    package init(mark: RevisionMark, files: [ProposedFile]) {
        self.mark = mark
        self.files = files
    }

    /// The folder whose place it takes.
    var folder: String { "connectors/\(mark.holder)/\(mark.dataset)/" }
}

extension [Document] {
    /// The documents with those of the revisions in the place of the folders that these stand for.
    func replacing(_ revisions: [ApprovedRevision]) -> [Document] {
        guard !revisions.isEmpty else { return self }
        let kept = filter { document in
            !revisions.contains { document.path.hasPrefix($0.folder) }
        }
        let new = revisions.flatMap(\.files).map { Document(path: $0.path, bytes: $0.bytes) }
        return (kept + new).sorted { $0.path < $1.path }
    }
}

extension RegistryLoader {
    /// Says of each mistake in a revision's place that a revision is there.
    mutating func name(_ revisions: [ApprovedRevision]) {
        for revision in revisions {
            let isFaulty = diagnostics.contains {
                $0.severity == .erreur && $0.file.hasPrefix(revision.folder)
            }
            guard isFaulty else { continue }
            diagnostics.append(
                Diagnostic(
                    .erreur, file: revision.folder + "connector.json",
                    message: "La révision approuvée \(revision.mark.hash.prefix(12))… l'emporte "
                        + "sur ce fichier.",
                    remedy: "Si l'erreur est la sienne, retirez-la sur l'écoute des opérateurs, "
                        + "ou faites-en approuver une autre."))
        }
    }
}
