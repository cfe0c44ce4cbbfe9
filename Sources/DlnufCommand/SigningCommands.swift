import Cryptography
import Journal
import Platform
import Registry
import Storage
import Vocabulary

extension Command {
    static let policiesSign = Command(
        "policies sign",
        summary: "Signe connecteurs et finalités, comme auteur ou comme approbateur.",
        usage: "--cle FICHIER --role ROLE --nom NOM [--serie N] [--connectors DOSSIER] "
            + "[--policies DOSSIER]",
        options: [
            Option(
                name: "cle", value: "FICHIER",
                summary: "la clé privée Ed25519, en PEM (obligatoire)"),
            Option(
                name: "role", value: "ROLE", summary: "auteur ou approbateur (obligatoire)"),
            Option(
                name: "nom", value: "NOM",
                summary: "le nom que « signataires » donne à la clé (obligatoire)"),
            Option(
                name: "serie", value: "N",
                summary: "le numéro de l'ensemble (défaut : un de plus que le manifeste présent)"),
            .connectors,
            .policies,
        ],
        details: """
            L'auteur signe d'abord : policies/manifeste.json liste alors chaque fichier des deux
            dossiers avec son empreinte SHA-256, sous une série qui ne diminue jamais. L'approbateur
            relit, puis signe ce manifeste tel quel. Les signatures sont à côté :
            manifeste.auteur.json et manifeste.approbateur.json.
            Faire une clé :  openssl genpkey -algorithm ED25519 -out cle.pem
            Sa clé publique, pour « signataires » :  openssl pkey -in cle.pem -pubout | sed -n 2p
            """
    ) { arguments in
        let registry = try loadDocuments(
            connectors: arguments.connectors, policies: arguments.policies)
        let text = try Signing(arguments, registry: registry).run()
        Console.write(text)
        return 0
    }

    static let policiesVerify = Command(
        "policies verify",
        summary: "Dit qui a signé connecteurs et finalités, et ce qui manque.",
        usage: "--signataires FICHIER [--journal CHEMIN] [--connectors DOSSIER] "
            + "[--policies DOSSIER]",
        options: [
            Option(
                name: "signataires", value: "FICHIER",
                summary: "la configuration d'une passerelle, ou ses « signataires » (obligatoire)"),
            Option(
                name: "journal", value: "CHEMIN",
                summary: "compare aussi la série et les versions à ce qui a été en vigueur"),
            .connectors,
            .policies,
        ],
        details: """
            Le code de sortie est 0 si la passerelle chargerait ces documents en production,
            65 sinon.
            """
    ) { arguments in
        let signers = try AuthorisedSigner.read(file: try arguments.required("signataires"))
        let loaded = loadRegistry(
            connectors: arguments.connectors, policies: arguments.policies,
            signatures: SignatureRule(signers: signers, isRequired: true))
        var mistakes = loaded.errors
        if let registry = loaded.registry, let path = arguments["journal"] {
            try reading {
                let journal = try JournalReader(path: path)
                mistakes = try SetHistory(try journal.events()).mistakes(of: registry) {
                    try journal.document(hash: $0)
                }
            }
        }
        for mistake in mistakes { Console.complain(mistake.text + "\n") }
        guard mistakes.isEmpty, let registry = loaded.registry, let manifest = registry.manifest
        else {
            Console.complain("La passerelle ne chargerait pas ces documents en production.\n")
            return CommandFailure.Kind.data.rawValue
        }
        Console.write(manifest.sentences(files: registry.files.count { !$0.isSeal }))
        return 0
    }
}

extension ManifestMark {
    /// What a reader wants to know of a manifest that holds.
    func sentences(files: Int) -> String {
        let names = signers.map { "signé par \($0.name.text) (\($0.role.rawValue))\n" }
        return "Manifeste série \(serial), \(files) fichiers, empreinte \(hash)\n" + names.joined()
    }
}

/// One signature that somebody gives.
private struct Signing {
    private let folder: String
    private let registry: Registry
    private let key: DocumentSigningKey
    private let role: SignerMark.Role
    private let name: OperatorText
    private let serial: Int64?

    init(_ arguments: Arguments, registry: Registry) throws(CommandFailure) {
        folder = arguments.policies
        self.registry = registry
        guard let role = SignerMark.Role(rawValue: try arguments.required("role")) else {
            throw CommandFailure(
                .usage, "L'option --role n'a pas la forme attendue.",
                remedy: "Donnez auteur ou approbateur.")
        }
        self.role = role
        guard let name = OperatorText(try arguments.required("nom")) else {
            throw CommandFailure(
                .usage, "L'option --nom n'a pas la forme attendue.",
                remedy: "Écrivez le nom sur une ligne, en 200 octets au plus.")
        }
        self.name = name
        serial = try arguments["serie"].map { (text) throws(CommandFailure) in
            guard let serial = Int64(text), Manifest.serials.contains(serial) else {
                throw CommandFailure(
                    .usage, "L'option --serie n'a pas la forme attendue.",
                    remedy: "Donnez un nombre entier à partir de 1.")
            }
            return serial
        }
        let path = try arguments.required("cle")
        do {
            key = try DocumentSigningKey(pem: try Files.read(path, maxBytes: 1 << 16))
        } catch {
            throw CommandFailure(
                .data, "Le fichier \(path) n'est pas une clé Ed25519 lisible et non chiffrée.",
                remedy: "Faites-en une : openssl genpkey -algorithm ED25519 -out \(path)")
        }
    }

    /// Signs, and says what was done and what remains.
    func run() throws -> String {
        let present = registry.presentManifest
        let manifest: Manifest
        switch role {
        case .author: manifest = try authored(present)
        case .approver: manifest = try approved(present)
        }
        let bytes = manifest.bytes
        let signature = try ManifestSignature(of: bytes, as: role, by: name, with: key)
        if manifest != present {
            // Signatures of another manifest would only be refused beside this one.
            for role in SignerMark.Role.allCases {
                let path = place(ManifestSignature.path(role))
                if Files.exists(path) { try Files.remove(path) }
            }
            try Files.writeAtomically(place(Manifest.path), bytes, mode: 0o644)
        }
        try Files.writeAtomically(
            place(ManifestSignature.path(role)), signature.bytes, mode: 0o644)
        return """
            Manifeste série \(manifest.serial), \(manifest.inventory.entries.count) fichiers : \
            signé par \(name.text) (\(role.rawValue)).
            \(remaining(manifest, isNew: manifest != present))

            """
    }

    /// The manifest that the author signs: the one that is there if nothing changed, or a new one.
    private func authored(_ present: Manifest?) throws(CommandFailure) -> Manifest {
        if let present, present.differences(from: registry.files).isEmpty,
            serial == nil || serial == present.serial
        {
            return present
        }
        let next = serial ?? (present?.serial ?? 0) + 1
        if let present, next <= present.serial {
            throw CommandFailure(
                .data,
                "Le manifeste présent porte déjà la série \(present.serial), et une série ne "
                    + "diminue ni ne sert deux fois.",
                remedy: "Donnez --serie \(present.serial + 1), ou laissez cette option.")
        }
        return Manifest(
            serial: next, createdAt: Timestamp(milliseconds: WallClock.milliseconds()),
            of: registry.files)
    }

    /// The manifest that the author signed, which the approver takes as it is.
    private func approved(_ present: Manifest?) throws(CommandFailure) -> Manifest {
        guard let present else {
            throw CommandFailure(
                .data, "Il n'y a pas encore de manifeste à approuver.",
                remedy: "L'auteur signe d'abord : « dlnuf policies sign --role auteur ».")
        }
        let differences = present.differences(from: registry.files)
        guard differences.isEmpty else {
            for difference in differences {
                Console.complain(
                    "\(difference.path) : \(difference.message) \(difference.remedy)\n")
            }
            throw CommandFailure(
                .data, "Ces documents ne sont plus ceux que l'auteur a signés.",
                remedy: "Rétablissez-les, ou faites signer de nouveau l'auteur, puis relisez.")
        }
        guard serial == nil || serial == present.serial else {
            throw CommandFailure(
                .data, "L'auteur a signé la série \(present.serial).",
                remedy: "L'approbateur ne la change pas : laissez --serie.")
        }
        guard !isAuthor else {
            throw CommandFailure(
                .data, "L'auteur n'approuve pas ses propres documents.",
                remedy: "Faites signer une autre personne, avec une autre clé.")
        }
        return present
    }

    /// Whether the author's signature bears this name or this key.
    private var isAuthor: Bool {
        guard let author = registry.presentSignature(.author),
            let own = try? key.publicKey()
        else { return false }
        return author.name == name || author.key == own
    }

    private func remaining(_ manifest: Manifest, isNew: Bool) -> String {
        let other: SignerMark.Role = role == .author ? .approver : .author
        guard isNew || registry.presentSignature(other) == nil else {
            return "Les deux signatures y sont ; « dlnuf policies verify » les vérifie."
        }
        return "Il reste à faire signer \(other.article)."
    }

    /// Where a file of the manifest lies in the folder that was given.
    private func place(_ path: String) -> String {
        folder + path.dropFirst("policies".count)
    }
}
