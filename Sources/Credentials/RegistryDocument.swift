import Cryptography
import JOSE
package import JSONText
import Vocabulary

/// The members of the registry's file, which its reader, its writer and its schema share.
enum RegistryMembers {
    static let format = "dlnuf/titres/v1"
    static let document = ["format", "clients"]
    static let client = ["client", "service", "environnement", "cree_le_ms", "titres"]
    static let credential = [
        "nom", "type", "empreinte", "algorithme", "cle", "cree_le_ms", "fin_ms", "revoque_le_ms",
    ]
    static let apiKey = "cle_api"
    static let publicKey = "cle_publique"
    static let certificate = "certificat"
}

extension ServiceRegistry {
    /// The largest file that is read.
    package static let maximumBytes = 8 << 20
    static let maximumClients = 10_000
    static let maximumCredentials = 100

    /// Whether a text may name a client or a credential.
    package static func isName(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first else { return false }
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        return isLetter(first)
            && text.utf8.allSatisfy { byte in
                isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    /// Reads a registry; every mistake is told, and one is enough for there to be none.
    package static func read(_ bytes: [UInt8]) throws(RegistryUnreadable) -> ServiceRegistry {
        let root: JSONNode
        do throws(JSONError) {
            root = try parseJSON(
                bytes, limits: JSONLimits(bytes: maximumBytes, depth: 8, nodes: 2_000_000))
        } catch {
            throw .notJSON(error)
        }
        var reader = RegistryReader()
        let clients = reader.clients(JSONPlace(root: root))
        guard reader.mistakes.isEmpty else { throw .mistakes(reader.mistakes.all) }
        return ServiceRegistry(checked: clients)
    }

    /// The registry's bytes: the same for the same registry.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("format", RegistryMembers.format)
            writer.member(
                "clients",
                array: { writer in
                    for client in clients { client.write(to: &writer) }
                })
        }
        return writer.bytes
    }
}

/// Why a file is no registry.
package enum RegistryUnreadable: Error, Sendable {
    case notJSON(JSONError)
    case mistakes([JSONMistake])
}

/// Reads the registry's file, and gathers its mistakes.
private struct RegistryReader {
    var mistakes = JSONMistakes()
    private var ids: Set<String> = []
    private var names: Set<String> = []
    private var fingerprints: Set<[UInt8]> = []

    mutating func clients(_ place: JSONPlace) -> [ServiceClient] {
        guard let object = mistakes.object(place, RegistryMembers.document) else { return [] }
        _ = mistakes.required(object, "format") { (place) throws(JSONMistake) in
            guard try place.string() == RegistryMembers.format else {
                throw place.mistake(
                    "Ce n'est pas un registre des titres.",
                    remedy: "Écrivez « \(RegistryMembers.format) », ou donnez un autre fichier.")
            }
        }
        let places = mistakes.required(object, "clients") { (place) throws(JSONMistake) in
            try place.array(max: ServiceRegistry.maximumClients)
        }
        return (places ?? []).compactMap { client($0) }
    }

    private mutating func client(_ place: JSONPlace) -> ServiceClient? {
        guard let object = mistakes.object(place, RegistryMembers.client) else { return nil }
        let id = mistakes.required(object, "client", Self.name)
        let service = mistakes.required(object, "service") { (place) throws(JSONMistake) in
            guard let id = ServiceID(try place.string()) else {
                throw place.mistake(
                    "Ce n'est pas un service.", remedy: "Donnez le nom d'un dossier de finalités.")
            }
            return id
        }
        let environment = mistakes.required(object, "environnement") {
            (place) throws(JSONMistake) in
            guard let known = CredentialEnvironment(rawValue: try place.string()) else {
                throw place.mistake(
                    "Cet environnement n'existe pas.",
                    remedy: "Écrivez bac_a_sable ou production.")
            }
            return known
        }
        let created = mistakes.required(object, "cree_le_ms", Self.moment)
        let places = mistakes.required(object, "titres") { (place) throws(JSONMistake) in
            try place.array(max: ServiceRegistry.maximumCredentials)
        }
        let credentials = (places ?? []).compactMap { credential($0) }
        guard let id, let service, let environment, let created else { return nil }
        guard ids.insert(id).inserted else {
            mistakes.add(
                place.mistake("Deux clients ont le même nom.", remedy: "Renommez-en un."))
            return nil
        }
        return ServiceClient(
            id: id, service: service, environment: environment, createdAt: created,
            credentials: credentials)
    }

    private mutating func credential(_ place: JSONPlace) -> ClientCredential? {
        guard let object = mistakes.object(place, RegistryMembers.credential) else { return nil }
        let name = mistakes.required(object, "nom", Self.name)
        let kind = mistakes.attempt { [self] () throws(JSONMistake) in try self.kind(object) }
        let created = mistakes.required(object, "cree_le_ms", Self.moment)
        let end = mistakes.required(object, "fin_ms", Self.moment)
        let revoked = mistakes.optional(object, "revoque_le_ms", Self.moment)
        guard let name, let kind, let created, let end else { return nil }
        let credential = ClientCredential(
            name: name, kind: kind, createdAt: created, expiresAt: end, revokedAt: revoked)
        if !names.insert(name).inserted {
            mistakes.add(
                place.mistake("Deux titres ont le même nom.", remedy: "Renommez-en un."))
        }
        if !fingerprints.insert(credential.fingerprint).inserted {
            mistakes.add(
                place.mistake(
                    "Deux services ont le même titre, ou un service l'a deux fois.",
                    remedy: "Donnez à chaque service son propre titre."))
        }
        return credential
    }

    private func kind(_ object: JSONObjectPlace) throws(JSONMistake) -> ClientCredential.Kind {
        let type = try object.required("type")
        let text = try type.string()
        let isKey = text == RegistryMembers.publicKey
        for name in ["algorithme", "cle"] where !isKey {
            if let place = object.optional(name) {
                throw place.mistake(
                    "Ce membre va avec le type \(RegistryMembers.publicKey).",
                    remedy: "Retirez-le.")
            }
        }
        switch text {
        case RegistryMembers.apiKey:
            return .apiKey(digest: try Self.digest(try object.required("empreinte")))
        case RegistryMembers.certificate:
            return .certificate(thumbprint: try Self.digest(try object.required("empreinte")))
        case RegistryMembers.publicKey:
            if let place = object.optional("empreinte") {
                throw place.mistake(
                    "Une clé publique n'a pas d'empreinte : elle est là entière.",
                    remedy: "Retirez-la.")
            }
            return try publicKey(object)
        default:
            throw type.mistake(
                "Ce type de titre n'existe pas.",
                remedy: "Écrivez cle_api, cle_publique ou certificat.")
        }
    }

    private func publicKey(
        _ object: JSONObjectPlace
    ) throws(JSONMistake) -> ClientCredential.Kind {
        let key = try object.required("cle")
        let named = try object.required("algorithme")
        guard let algorithm = SignatureAlgorithm(rawValue: try named.string()) else {
            throw named.mistake(
                "Cet algorithme n'est pas admis.",
                remedy: "Choisissez parmi : \(ClientCredential.algorithmNames).")
        }
        guard let jwk = (try? JWK(key.node)) ?? nil else {
            throw key.mistake(
                "Ce n'est pas une clé publique JWK.",
                remedy: "Refaites cette entrée avec « dlnuf services key ».")
        }
        guard jwk.key.kind == algorithm.keyKind else {
            throw named.mistake(
                "Cet algorithme n'est pas de cette sorte de clé.", remedy: "Changez l'un des deux.")
        }
        return .publicKey(algorithm, jwk)
    }

    private static func digest(_ place: JSONPlace) throws(JSONMistake) -> [UInt8] {
        guard let bytes = Hex.decode(try place.string()), bytes.count == 32 else {
            throw place.mistake(
                "Ce n'est pas une empreinte SHA-256.",
                remedy: "Refaites cette entrée avec « dlnuf services key ».")
        }
        return bytes
    }

    private static func name(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string()
        guard ServiceRegistry.isName(text) else {
            throw place.mistake(
                "Ce n'est pas un nom.",
                remedy: "Écrivez 64 lettres minuscules, chiffres, « - » ou « _ » au plus.")
        }
        return text
    }

    private static func moment(_ place: JSONPlace) throws(JSONMistake) -> Timestamp {
        Timestamp(milliseconds: try place.int(in: 0...253_402_300_799_999))
    }
}

extension ServiceClient {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("client", id)
            writer.member("service", service.text)
            writer.member("environnement", environment.rawValue)
            writer.member("cree_le_ms", createdAt.milliseconds)
            writer.member(
                "titres",
                array: { writer in
                    for credential in credentials { credential.write(to: &writer) }
                })
        }
    }
}

extension ClientCredential {
    /// The algorithms of assertions, as a sentence lists them.
    package static var algorithmNames: String {
        SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("nom", name)
            switch kind {
            case .apiKey(let digest):
                writer.member("type", RegistryMembers.apiKey)
                writer.member("empreinte", Hex.encode(digest))
            case .certificate(let thumbprint):
                writer.member("type", RegistryMembers.certificate)
                writer.member("empreinte", Hex.encode(thumbprint))
            case .publicKey(let algorithm, let key):
                writer.member("type", RegistryMembers.publicKey)
                writer.member("algorithme", algorithm.rawValue)
                writer.key("cle")
                var own = JSONWriter()
                // A key that was read can be written.
                try? key.write(to: &own)
                writer.raw(own.bytes)
            }
            writer.member("cree_le_ms", createdAt.milliseconds)
            writer.member("fin_ms", expiresAt.milliseconds)
            if let revokedAt { writer.member("revoque_le_ms", revokedAt.milliseconds) }
        }
    }
}
