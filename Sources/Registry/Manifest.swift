package import Cryptography
import JSONText
package import Journal
package import Vocabulary

/// What two people sign: every file of a set with its hash, under a number that never decreases.
package struct Manifest: Sendable, Equatable {
    /// Tells a set from those before it; a lower one is never loaded again.
    package let serial: Int64
    /// When it was made.
    package let createdAt: Timestamp
    /// Every file, but the manifest itself and its signatures.
    package let inventory: Inventory

    /// The file that holds it.
    package static let path = "policies/manifeste.json"

    /// The highest serial: what every reader of JSON takes without rounding.
    package static let serials: ClosedRange<Int64> = 1...9_007_199_254_740_991

    /// Lists the files of a set.
    package init(serial: Int64, createdAt: Timestamp, of files: [SetFile]) {
        self.serial = serial
        self.createdAt = createdAt
        inventory = Inventory(of: files.filter { !$0.isSeal })
    }

    private init(serial: Int64, createdAt: Timestamp, inventory: Inventory) {
        self.serial = serial
        self.createdAt = createdAt
        self.inventory = inventory
    }

    /// The bytes that are signed: one line a file, so that two of them compare well.
    package var bytes: [UInt8] {
        let lines = inventory.entries.map { entry in
            var writer = JSONWriter()
            writer.object { object in
                object.member("chemin", entry.path)
                object.member("sha256", entry.hash)
            }
            return "    " + writer.text
        }
        let text = """
            {
              "version": 1,
              "serie": \(serial),
              "cree_le_ms": \(createdAt.milliseconds),
              "fichiers": [
            \(lines.joined(separator: ",\n"))
              ]
            }

            """
        return Array(text.utf8)
    }

    /// Reads a manifest; every mistake at once.
    static func read(_ file: SetFile) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
        var mistakes = JSONMistakes()
        var manifest: Manifest?
        do throws(JSONError) {
            let limits = JSONLimits(bytes: 1 << 24, depth: 8, nodes: 1_000_000)
            manifest = read(JSONPlace(root: try parseJSON(file.bytes, limits: limits)), &mistakes)
        } catch {
            return (
                nil,
                [
                    Diagnostic(
                        .erreur, file: file.path, position: error.position,
                        message: error.message, remedy: Manifest.remake)
                ]
            )
        }
        let diagnostics = mistakes.all.map { Diagnostic(.erreur, file: file.path, $0) }
        return (diagnostics.isEmpty ? manifest : nil, diagnostics)
    }

    private static func read(_ place: JSONPlace, _ mistakes: inout JSONMistakes) -> Manifest? {
        guard
            let object = mistakes.object(place, ["version", "serie", "cree_le_ms", "fichiers"]),
            mistakes.required(
                object, "version", { (place) throws(JSONMistake) in try place.int(in: 1...1) })
                != nil
        else { return nil }
        let serial = mistakes.required(object, "serie") { (place) throws(JSONMistake) in
            try place.int(in: serials)
        }
        let time = mistakes.required(object, "cree_le_ms") { (place) throws(JSONMistake) in
            try place.int(in: 0...serials.upperBound)
        }
        let files = mistakes.required(object, "fichiers") { (place) throws(JSONMistake) in
            try place.array(max: 100_000)
        }
        guard let serial, let time, let files else { return nil }
        var entries: [String: Inventory.Entry] = [:]
        for file in files {
            guard let entry = mistakes.attempt({ () throws(JSONMistake) in try entry(file) })
            else { continue }
            if entries.updateValue(entry, forKey: entry.path) != nil {
                mistakes.add(
                    file.mistake(
                        "Le fichier « \(entry.path) » est deux fois dans le manifeste.",
                        remedy: remake))
            }
        }
        return Manifest(
            serial: serial, createdAt: Timestamp(milliseconds: time),
            inventory: Inventory(entries.values))
    }

    private static func entry(_ place: JSONPlace) throws(JSONMistake) -> Inventory.Entry {
        let object = try place.object(["chemin", "sha256"])
        let path = try object.required("chemin")
        let text = try path.string()
        guard isPlainPath(text), !SetFile.isSeal(text) else {
            throw path.mistake(
                "Ce chemin ne peut pas être celui d'un document.", remedy: remake)
        }
        let hash = try object.required("sha256")
        let digest = try hash.string()
        guard Hex.decode(digest)?.count == 32 else {
            throw hash.mistake("Ce n'est pas une empreinte SHA-256.", remedy: remake)
        }
        return Inventory.Entry(path: text, hash: digest.lowercased())
    }

    static let remake =
        "N'écrivez pas ce fichier à la main : « dlnuf policies sign » le fait."
}

/// One person's signature of a manifest, as one of the two that are needed.
package struct ManifestSignature: Sendable, Equatable {
    package let role: SignerMark.Role
    package let name: OperatorText
    package let key: DocumentVerificationKey
    package let signature: [UInt8]

    /// The file that holds the signature given in a role.
    package static func path(_ role: SignerMark.Role) -> String {
        "policies/manifeste.\(role.rawValue).json"
    }

    /// Signs a manifest, by its bytes.
    package init(
        of manifest: [UInt8], as role: SignerMark.Role, by name: OperatorText,
        with key: DocumentSigningKey
    ) throws(CryptographyError) {
        self.role = role
        self.name = name
        self.key = try key.publicKey()
        signature = try key.sign(ManifestSignature.message(manifest, role, name))
    }

    /// What is signed: a line that says what it is, the role, the name, then the manifest.
    ///
    /// A signature given in one role is thus none in the other.
    package static func message(
        _ manifest: [UInt8], _ role: SignerMark.Role, _ name: OperatorText
    ) -> [UInt8] {
        Array("dlnuf/manifeste/v1\n\(role.rawValue)\n\(name.text)\n".utf8) + manifest
    }

    /// Whether the signature is that of a manifest's bytes.
    func holds(over manifest: [UInt8]) -> Bool {
        key.verifies(signature, over: ManifestSignature.message(manifest, role, name))
    }

    /// The signature's file.
    package var bytes: [UInt8] {
        var name = JSONWriter()
        name.value(self.name.text)
        let text = """
            {
              "role": "\(role.rawValue)",
              "nom": \(name.text),
              "cle": "\(key.text)",
              "signature": "\(Base64.encode(signature))"
            }

            """
        return Array(text.utf8)
    }

    /// Reads a signature's file.
    init(_ file: SetFile) throws {
        let root = JSONPlace(root: try parseJSON(file.bytes))
        let object = try root.object(["role", "nom", "cle", "signature"])
        role = try object.required("role").read("un rôle") { SignerMark.Role(rawValue: $0) }
        name = try object.required("nom").read("un nom") { OperatorText($0) }
        key = try object.required("cle").read("une clé") { DocumentVerificationKey(text: $0) }
        signature = try object.required("signature").read("une signature") { text in
            Base64.decode(text).flatMap {
                $0.count == DocumentVerificationKey.signatureBytes ? $0 : nil
            }
        }
    }
}

extension JSONPlace {
    fileprivate func read<Value>(
        _ what: String, _ convert: (String) -> Value?
    ) throws(JSONMistake) -> Value {
        guard let value = convert(try string()) else {
            throw mistake("Ce n'est pas \(what).", remedy: Manifest.remake)
        }
        return value
    }
}

extension SetFile {
    /// Whether the file is the manifest or one of its signatures, which no manifest lists.
    package var isSeal: Bool { SetFile.isSeal(path) }

    static func isSeal(_ path: String) -> Bool {
        path == Manifest.path
            || SignerMark.Role.allCases.contains {
                path == ManifestSignature.path($0)
            }
    }
}
