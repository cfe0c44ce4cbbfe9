import Cryptography
import JSONText
package import Vocabulary

/// One step in the life of a connector that a holder proposed, and by whom it was taken.
package enum RevisionStep: Hashable, Sendable {
    /// A holder proposed it, by the credential of that name.
    case proposed(by: OperatorText)
    /// An operator approved it.
    case approved(by: OperatorText)
    /// It serves.
    case inForce
    /// The whole set did not pass with it, so many mistakes; it waits as before.
    case refused(by: OperatorText, mistakes: Int)
    /// An operator withdrew it.
    case reverted(by: OperatorText)

    /// The step alone.
    package var kind: EventKind {
        switch self {
        case .proposed: .revisionProposed
        case .approved: .revisionApproved
        case .inForce: .revisionInForce
        case .refused: .revisionRefused
        case .reverted: .revisionReverted
        }
    }

    /// Who took it; nil where the gateway did.
    package var actor: OperatorText? {
        switch self {
        case .proposed(let name), .approved(let name), .refused(let name, _),
            .reverted(let name):
            name
        case .inForce: nil
        }
    }
}

/// Which proposed connector a step is about.
package struct RevisionMark: Hashable, Sendable {
    /// Who proposed it.
    package let holder: HolderID
    /// What it serves.
    package let dataset: DatasetID
    /// SHA-256 of the proposal's bytes, in hexadecimal.
    package let hash: String
    /// SHA-256 of the connector's document within, under which inventories list it.
    package let connector: String

    /// Names a revision.
    package init(holder: HolderID, dataset: DatasetID, hash: String, connector: String) {
        self.holder = holder
        self.dataset = dataset
        self.hash = hash
        self.connector = connector
    }
}

// MARK: - As the bytes of a record

extension RevisionMark {
    /// Writes the members of an event about the revision.
    func write(_ step: RevisionStep, to writer: inout JSONWriter) {
        writer.member("detenteur", holder.text)
        writer.member("jeu", dataset.text)
        writer.member("revision", hash)
        writer.member("connecteur", connector)
        if case .proposed(let name) = step {
            writer.member("proposee_par", name.text)
        } else if let name = step.actor {
            writer.member("operateur", name.text)
        }
        if case .refused(_, let mistakes) = step { writer.member("erreurs", mistakes) }
    }

    /// Reads the revision of an event back.
    init(_ top: JSONObjectPlace) throws {
        self.init(
            holder: try top.required("detenteur").parsed { HolderID($0) },
            dataset: try top.required("jeu").parsed { DatasetID($0) },
            hash: try top.required("revision").parsed { hexDigest($0) },
            connector: try top.required("connecteur").parsed { hexDigest($0) })
    }

    /// What an auditor reads of the step.
    func auditLines(_ step: RevisionStep) -> [String] {
        var lines = ["connecteur \(holder)/\(dataset)", "révision \(hash)"]
        switch step {
        case .proposed(let name): lines.append("proposée par \(name.text)")
        case .approved(let name): lines.append("approuvée par \(name.text)")
        case .inForce: break
        case .refused(let name, let mistakes):
            lines.append("approuvée par \(name.text), et refusée : \(mistakes) erreur(s)")
        case .reverted(let name): lines.append("retirée par \(name.text)")
        }
        return lines
    }
}

extension RevisionStep {
    /// Reads a step back; an event of another kind is none.
    init(_ kind: EventKind, _ top: JSONObjectPlace) throws {
        func name(_ member: String) throws -> OperatorText {
            try top.required(member).parsed { OperatorText($0) }
        }
        switch kind {
        case .revisionProposed: self = .proposed(by: try name("proposee_par"))
        case .revisionApproved: self = .approved(by: try name("operateur"))
        case .revisionInForce: self = .inForce
        case .revisionRefused:
            self = .refused(
                by: try name("operateur"), mistakes: try top.required("erreurs").count())
        case .revisionReverted: self = .reverted(by: try name("operateur"))
        case .generationInForce, .generationRefused, .accessSuspended, .accessRestored:
            throw top.place.mistake(
                "Cet acte n'est pas celui d'un connecteur proposé.",
                remedy: "Vérifiez le journal.")
        }
    }
}

/// A text that is a SHA-256 in hexadecimal.
func hexDigest(_ text: String) -> String? {
    Hex.decode(text)?.count == 32 ? text : nil
}
