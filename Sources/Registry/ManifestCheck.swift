package import Cryptography
import JSONText
package import Journal
import Vocabulary

/// Somebody whose signature the deployment takes.
package struct AuthorisedSigner: Sendable, Equatable {
    package let name: OperatorText
    package let key: DocumentVerificationKey
    /// As what.
    package let roles: Set<SignerMark.Role>

    package init(name: OperatorText, key: DocumentVerificationKey, roles: Set<SignerMark.Role>) {
        self.name = name
        self.key = key
        self.roles = roles
    }
}

/// By whom a set must be signed to be loaded.
package struct SignatureRule: Sendable, Equatable {
    /// Nobody: a manifest is passed over.
    package static let none = SignatureRule(signers: [], isRequired: false)

    package let signers: [AuthorisedSigner]
    /// Whether a set without a manifest is refused; otherwise one that is there must hold.
    package let isRequired: Bool

    package init(signers: [AuthorisedSigner], isRequired: Bool) {
        self.signers = signers
        self.isRequired = isRequired
    }

    fileprivate func names(of role: SignerMark.Role) -> String {
        let names = signers.filter { $0.roles.contains(role) }.map(\.name.text)
        return names.isEmpty ? "personne" : names.joined(separator: ", ")
    }
}

/// Compares a set with its manifest, and the manifest with its signatures.
struct ManifestCheck {
    private let files: [SetFile]
    private let rule: SignatureRule
    private(set) var diagnostics: [Diagnostic] = []

    init(_ files: [SetFile], _ rule: SignatureRule) {
        self.files = files
        self.rule = rule
    }

    /// The mark of a manifest that holds; nil where there is none, or a mistake.
    mutating func run() -> ManifestMark? {
        guard !rule.signers.isEmpty || rule.isRequired else { return nil }
        guard let file = files.first(where: { $0.path == Manifest.path }) else {
            if rule.isRequired || files.contains(where: \.isSeal) {
                refuse(
                    Manifest.path, "Il n'y a pas de manifeste : ces documents ne sont pas signés.",
                    "Faites-les signer par leur auteur, puis par un approbateur, "
                        + "avec « dlnuf policies sign ».")
            }
            return nil
        }
        let reading = Manifest.read(file)
        diagnostics += reading.diagnostics
        let signers = SignerMark.Role.allCases.compactMap { signature($0, over: file.bytes) }
        refuseOnePersonTwice(signers)
        guard let manifest = reading.manifest else { return nil }
        compare(manifest)
        guard diagnostics.isEmpty else { return nil }
        return ManifestMark(
            hash: file.hash, serial: manifest.serial,
            signers: signers.map { SignerMark(name: $0.name, role: $0.role) })
    }

    // MARK: - Files

    private mutating func compare(_ manifest: Manifest) {
        for difference in manifest.differences(from: files) {
            refuse(difference.path, difference.message, difference.remedy)
        }
    }

    // MARK: - Signatures

    private mutating func signature(
        _ role: SignerMark.Role, over manifest: [UInt8]
    ) -> ManifestSignature? {
        let path = ManifestSignature.path(role)
        guard let file = files.first(where: { $0.path == path }) else {
            refuse(
                path, "Il manque la signature de \(role.article).",
                "Faites signer \(rule.names(of: role)) : "
                    + "« dlnuf policies sign --role \(role.rawValue) ».")
            return nil
        }
        let signature: ManifestSignature
        do {
            signature = try ManifestSignature(file)
        } catch let mistake as JSONMistake {
            diagnostics.append(Diagnostic(.erreur, file: path, mistake))
            return nil
        } catch {
            refuse(path, "Ce n'est pas un fichier de signature.", Manifest.remake)
            return nil
        }
        return isAccepted(signature, role, over: manifest) ? signature : nil
    }

    /// Says what a signature lacks, if anything.
    private mutating func isAccepted(
        _ signature: ManifestSignature, _ role: SignerMark.Role, over manifest: [UInt8]
    ) -> Bool {
        let path = ManifestSignature.path(role)
        let count = diagnostics.count
        let signer = rule.signers.first { $0.key == signature.key }
        if signature.role != role {
            refuse(
                path, "Cette signature est celle de \(signature.role.article).",
                "Rangez-la dans \(ManifestSignature.path(signature.role)), et faites signer "
                    + "\(role.article).")
        } else if let signer, signer.name != signature.name {
            refuse(
                path,
                "La signature se dit de « \(signature.name.text) », et sa clé est celle de "
                    + "« \(signer.name.text) ».",
                "Faites signer de nouveau, avec le nom que la configuration donne à cette clé.")
        } else if let signer, !signer.roles.contains(role) {
            refuse(
                path, "« \(signer.name.text) » n'est pas autorisé à signer comme \(role.rawValue).",
                "Faites signer \(rule.names(of: role)), ou changez « signataires ».")
        } else if signer == nil {
            refuse(
                path,
                "La clé de « \(signature.name.text) » n'est celle d'aucun signataire autorisé.",
                "Faites signer \(rule.names(of: role)), ou ajoutez la clé à « signataires ».")
        } else if !signature.holds(over: manifest) {
            refuse(
                path,
                "La signature de « \(signature.name.text) » n'est pas celle de ce manifeste : "
                    + "l'un des deux a changé.",
                "Faites signer de nouveau \(role.article), après avoir relu ce qui a changé.")
        }
        return diagnostics.count == count
    }

    private mutating func refuseOnePersonTwice(_ signers: [ManifestSignature]) {
        guard signers.count == 2 else { return }
        if signers[0].name == signers[1].name || signers[0].key == signers[1].key {
            refuse(
                ManifestSignature.path(.approver),
                "« \(signers[1].name.text) » a signé comme auteur et comme approbateur.",
                "Faites approuver par une autre personne, avec une autre clé.")
        }
    }

    private mutating func refuse(_ file: String, _ message: String, _ remedy: String) {
        diagnostics.append(Diagnostic(.erreur, file: file, message: message, remedy: remedy))
    }
}

extension Manifest {
    /// Where a set is no longer what was signed.
    package struct Difference: Sendable, Equatable {
        package let path: String
        package let message: String
        package let remedy: String
    }

    /// Every file that was changed, added or removed since.
    package func differences(from files: [SetFile]) -> [Difference] {
        let signed = Dictionary(
            inventory.entries.map { ($0.path, $0.hash) }, uniquingKeysWith: { first, _ in first })
        let there = files.filter { !$0.isSeal }
        let again = "ou faites signer un nouveau manifeste."
        let changed = there.compactMap { file -> Difference? in
            switch signed[file.path] {
            case file.hash?: nil
            case nil:
                Difference(
                    path: file.path, message: "Ce fichier n'est pas dans le manifeste signé.",
                    remedy: "Retirez-le, \(again)")
            default:
                Difference(
                    path: file.path, message: "Ce fichier a changé depuis la signature.",
                    remedy: "Rétablissez-le, \(again)")
            }
        }
        let paths = Set(there.map(\.path))
        let removed = inventory.entries.filter { !paths.contains($0.path) }.map { entry in
            Difference(
                path: entry.path, message: "Ce fichier est dans le manifeste signé, et manque.",
                remedy: "Rétablissez-le, \(again)")
        }
        return changed + removed
    }
}

extension SignerMark.Role {
    /// The role with its article, as sentences need it.
    package var article: String {
        switch self {
        case .author: "l'auteur"
        case .approver: "l'approbateur"
        }
    }
}

extension Registry {
    /// The manifest that is there, whoever signed it; nil where there is none that can be read.
    package var presentManifest: Manifest? {
        files.first { $0.path == Manifest.path }.flatMap { Manifest.read($0).manifest }
    }

    /// The signature that is there in a role, whether or not it holds.
    package func presentSignature(_ role: SignerMark.Role) -> ManifestSignature? {
        files.first { $0.path == ManifestSignature.path(role) }
            .flatMap { try? ManifestSignature($0) }
    }
}
