import API
import Cryptography
import JSONText
import Journal
import Vocabulary

/// What the deployment says of those who run the gateway, and of how holders reach it.
struct OperatorsConfiguration: Sendable {
    /// Where operators connect.
    enum Listening: Sendable {
        /// A Unix socket, open to the gateway's own user alone.
        case socket(path: String)
        /// An address where a client certificate is required.
        case network(GatewayConfiguration.Listening)
    }

    var listeners: [Listening]
    /// Where the connectors that holders proposed lie.
    var revisions: String
    var credentials: OperatorsCredentials

    /// Gathers what is known of the operators.
    init(listeners: [Listening], revisions: String, credentials: OperatorsCredentials) {
        self.listeners = listeners
        self.revisions = revisions
        self.credentials = credentials
    }
}

extension ConfigurationMembers {
    static let operators = ["ecoute", "dossier", "personnes", "detenteurs"]
    static let operatorsSocket = ["socket"]
    static let person = ["nom", "cle", "certificat", "fin"]
    static let holderCredential = ["detenteur"] + person
}

// MARK: - Reading

extension ConfigurationReader {
    /// Reads « operateurs »; the revisions lie beside the journal unless told.
    mutating func operators(
        _ place: JSONPlace, besideJournal journal: String
    ) -> OperatorsConfiguration? {
        guard let object = mistakes.object(place, ConfigurationMembers.operators) else {
            return nil
        }
        let listening = places(object, "ecoute")
        if listening.isEmpty, let place = object.optional("ecoute") {
            mistakes.add(
                place.mistake(
                    "Les opérateurs n'ont aucune écoute.",
                    remedy: "Écrivez par exemple [{\"socket\": \"/run/dlnuf/operateurs.sock\"}]."))
        }
        let listeners = listening.compactMap { operatorsListening($0) }
        let folder = mistakes.optional(object, "dossier", path)
        var credentials = OperatorsCredentials()
        for place in places(object, "personnes") {
            add(operatorsCredential(place, isHolder: false), to: &credentials, at: place)
        }
        if object.optional("detenteurs") != nil {
            for place in places(object, "detenteurs") {
                add(operatorsCredential(place, isHolder: true), to: &credentials, at: place)
            }
        }
        return OperatorsConfiguration(
            listeners: listeners, revisions: folder ?? "\(journal).revisions",
            credentials: credentials)
    }

    private mutating func operatorsListening(
        _ place: JSONPlace
    ) -> OperatorsConfiguration.Listening? {
        guard let object = anyObject(place) else { return nil }
        if object.optional("socket") != nil {
            guard let socket = mistakes.object(place, ConfigurationMembers.operatorsSocket) else {
                return nil
            }
            return mistakes.required(socket, "socket") {
                [self] (place) throws(JSONMistake) in
                let path = try self.path(place)
                guard path.utf8.count < 108 else {
                    throw place.mistake(
                        "Ce chemin est trop long pour une socket Unix.",
                        remedy: "Donnez un chemin de moins de 108 octets.")
                }
                return .socket(path: path)
            }
        }
        guard let listening = self.listening(place) else { return nil }
        guard listening.tls?.clientAuthorities != nil else {
            mistakes.add(
                place.mistake(
                    "Par le réseau, les opérateurs se présentent par un certificat.",
                    remedy: "Donnez « tls » avec « autorites_clients », ou une « socket »."))
            return nil
        }
        return .network(listening)
    }

    private mutating func add(
        _ credential: OperatorsCredential?, to credentials: inout OperatorsCredentials,
        at place: JSONPlace
    ) {
        guard let credential, !credentials.add(credential) else { return }
        mistakes.add(
            place.mistake(
                "Ce nom, cette clé ou ce certificat est déjà celui d'une autre entrée.",
                remedy: "Donnez à chaque personne et à chaque détenteur les siens."))
    }

    private mutating func operatorsCredential(
        _ place: JSONPlace, isHolder: Bool
    ) -> OperatorsCredential? {
        let known =
            isHolder ? ConfigurationMembers.holderCredential : ConfigurationMembers.person
        guard let object = mistakes.object(place, known) else { return nil }
        let name = mistakes.required(object, "nom") { (place) throws(JSONMistake) in
            guard let name = OperatorText(try place.string()) else {
                throw place.mistake(
                    "Ce n'est pas un nom.",
                    remedy: "Écrivez-le sur une ligne, en 200 octets au plus.")
            }
            return name
        }
        let holder = !isHolder ? nil : mistakes.required(object, "detenteur", ownHolder)
        let key = mistakes.optional(object, "cle") { (place) throws(JSONMistake) in
            try place.digest("printf %s \"$CLE\" | sha256sum")
        }
        let certificate = mistakes.optional(object, "certificat") { (place) throws(JSONMistake) in
            try place.digest("openssl x509 -in CERT.pem -outform DER | sha256sum")
        }
        let end = mistakes.optional(object, "fin") { (place) throws(JSONMistake) in
            guard let date = CalendarDate(try place.string()) else {
                throw place.mistake(
                    "Ce n'est pas une date.", remedy: "Écrivez-la « AAAA-MM-JJ ».")
            }
            return Timestamp(milliseconds: date.daysSinceEpoch * 86_400_000)
        }
        if object.optional("cle") == nil, object.optional("certificat") == nil {
            mistakes.add(
                place.mistake(
                    "Cette entrée n'a ni clé ni certificat.",
                    remedy: "Donnez l'empreinte SHA-256 de l'une ou de l'autre."))
        }
        guard let name, key != nil || certificate != nil, (holder != nil) == isHolder else {
            return nil
        }
        return OperatorsCredential(
            party: holder.map { .holder($0, credential: name) } ?? .person(name), key: key,
            certificate: certificate, expiresAt: end)
    }

    private func ownHolder(_ place: JSONPlace) throws(JSONMistake) -> HolderID {
        guard let holder = HolderID(try place.string(maxBytes: 64)) else {
            throw place.mistake(
                "Ce n'est pas un détenteur.", remedy: "Donnez le nom d'un dossier.")
        }
        return holder
    }
}

extension JSONPlace {
    fileprivate func digest(_ command: String) throws(JSONMistake) -> [UInt8] {
        guard let bytes = Hex.decode(try string()), bytes.count == 32 else {
            throw mistake(
                "Ce n'est pas une empreinte SHA-256.",
                remedy: "Donnez 64 chiffres hexadécimaux : \(command)")
        }
        return bytes
    }
}

// MARK: - The schema

extension ConfigurationMembers {
    static let operatorsSchema = JSONSchema.object(
        "Ceux qui exploitent la passerelle, et les détenteurs qui lui proposent des connecteurs.",
        operators, required: ["ecoute", "personnes"],
        [
            "ecoute": .list(
                "Où ils se connectent.",
                of: .anyOf(
                    "Une socket Unix, ou une adresse où un certificat est exigé.",
                    [
                        .object(
                            "Une socket Unix.", operatorsSocket, required: operatorsSocket,
                            ["socket": .text("Son chemin.", max: 107, pattern: ".")]),
                        .reference("ecoute_chiffree"),
                    ]), min: 1, max: 8),
            "dossier": .reference(
                "chemin", "Où vont les connecteurs proposés ; à côté du journal sinon."),
            "personnes": .list(
                "Les opérateurs.", of: credential(person, "Un opérateur."), max: 1000),
            "detenteurs": .list(
                "Les accréditations des détenteurs.",
                of: credential(holderCredential, "L'accréditation d'un détenteur."), max: 1000),
        ])

    /// A listener that always asks for a client certificate.
    static let encryptedListeningSchema = JSONSchema.object(
        "Une écoute chiffrée.", listening, required: ["adresse", "port", "tls"],
        [
            "adresse": .reference("nom"),
            "port": .integer("Le port ; 0 pour un port libre.", 0...65_535),
            "tls": .object(
                "Ses fichiers PEM, et les autorités des certificats exigés.", tls, required: tls,
                [
                    "certificat": .reference("chemin"), "cle": .reference("chemin"),
                    "autorites_clients": .reference("chemin"),
                ]),
        ])

    private static func credential(_ members: [String], _ description: String) -> JSONSchema {
        let digest = "^[0-9a-fA-F]{64}$"
        return JSONSchema.object(
            description, members,
            required: members.filter { ["nom", "detenteur"].contains($0) },
            [
                "detenteur": .text(
                    "Le détenteur : un dossier de connecteurs.",
                    pattern: "^[a-z][a-z0-9_-]{0,63}$"),
                "nom": .text("Son nom, que le journal retient.", max: 200),
                "cle": .text("SHA-256 d'une clé de 256 bits.", pattern: digest),
                "certificat": .text("SHA-256 du certificat, en DER.", pattern: digest),
                "fin": .date("Le jour où elle ne vaut plus."),
            ]
        ).with(
            "anyOf",
            .list(
                ["cle", "certificat"].map {
                    .schema(JSONSchema([("required", .list([.text($0)]))]))
                }))
    }
}
