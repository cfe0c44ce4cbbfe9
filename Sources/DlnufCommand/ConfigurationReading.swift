import API
import Cryptography
import Foundation
import JOSE
import JSONText
import Platform
import Registry
import Vocabulary

extension GatewayConfiguration {
    /// Reads the file that `dlnuf serve --config` names.
    ///
    /// Unknown members are errors, and nothing that decides safety has a default.
    static func read(_ path: String) throws(CommandFailure) -> GatewayConfiguration {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, maxBytes: 1 << 20)
        } catch {
            throw CommandFailure(
                .configuration, "Le fichier de configuration \(path) ne se lit pas (\(error)).",
                remedy: "Vérifiez le chemin et les droits.")
        }
        let root: JSONNode
        do throws(JSONError) {
            root = try parseJSON(bytes)
        } catch {
            throw CommandFailure(
                .configuration, "\(path) : \(error.message)",
                remedy: "Corrigez le fichier, puis relancez.")
        }
        return try read(JSONPlace(root: root), file: path)
    }

    private static func read(
        _ place: JSONPlace, file: String
    ) throws(CommandFailure) -> GatewayConfiguration {
        do throws(JSONMistake) {
            return try configuration(place)
        } catch {
            let position = "\(error.position.line):\(error.position.column)"
            throw CommandFailure(
                .configuration, "\(file):\(position) : \(error.path) : \(error.message)",
                remedy: error.remedy)
        }
    }

    private static func configuration(
        _ place: JSONPlace
    ) throws(JSONMistake) -> GatewayConfiguration {
        let object = try place.object(ConfigurationMembers.document)
        var secrets: [String: Sensitive<String>] = [:]
        for (name, member) in try object.required("secrets").anyObject().members {
            secrets[name] = try secret(member)
        }
        var origins: [String: Origin] = [:]
        for (name, member) in try object.required("origines").anyObject().members {
            let origin = try member.object(ConfigurationMembers.origin)
            origins[name] = Origin(
                url: try url(try origin.required("url")),
                authorities: try origin.optional("autorites").map(path))
        }
        let environment = try environment(try object.required("environnement"))
        var configuration = GatewayConfiguration(
            environment: environment,
            listeners: try each(try object.required("ecoute"), listening),
            loops: try object.optional("boucles").map { (place) throws(JSONMistake) in
                Int(try place.int(in: 1...64))
            } ?? defaultLoops,
            connectors: try path(try object.required("connecteurs")),
            policies: try path(try object.required("finalites")),
            journal: try path(try object.required("journal")),
            credentials: try each(try object.required("services"), credential),
            franceConnect: try franceConnect(try object.required("franceconnect")),
            origins: origins,
            secrets: secrets,
            exchangeTimeout: .seconds(
                try object.optional("delai_max_s").map { (place) throws(JSONMistake) in
                    try place.int(in: 1...55)
                } ?? 10)
        )
        if let signers = object.optional("signataires") {
            configuration.signatures = SignatureRule(
                signers: try AuthorisedSigner.read(signers),
                isRequired: environment == .production)
        }
        try configuration.requireSafety(place)
        return configuration
    }

    /// As many loops as cores.
    static var defaultLoops: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// Production admits neither plain http nor loopback origins.
    private func requireSafety(_ place: JSONPlace) throws(JSONMistake) {
        guard environment == .production else { return }
        let urls = origins.values.map(\.url) + [franceConnect.issuer]
        guard urls.allSatisfy({ $0.hasPrefix("https://") }) else {
            throw place.mistake(
                "En production, chaque origine et FranceConnect s'appellent en https.",
                remedy: "Donnez des URL en « https:// ».")
        }
        let isPlain = listeners.contains { $0.tls == nil && !$0.address.hasPrefix("127.") }
        guard !isPlain else {
            throw place.mistake(
                "En production, une écoute sans TLS n'est admise que sur 127.0.0.1.",
                remedy: "Ajoutez « tls » à l'écoute.")
        }
        guard !signatures.signers.isEmpty else {
            throw place.mistake(
                "En production, les documents ne se chargent que signés, et rien ne dit par qui.",
                remedy: "Ajoutez « signataires » : le nom, la clé et les rôles de chacun.")
        }
    }

    // MARK: - Members

    private static func environment(_ place: JSONPlace) throws(JSONMistake) -> Environment {
        guard let environment = Environment(rawValue: try place.string()) else {
            throw place.mistake(
                "Cet environnement n'existe pas.", remedy: "Écrivez bac_a_sable ou production.")
        }
        return environment
    }

    private static func listening(_ place: JSONPlace) throws(JSONMistake) -> Listening {
        let object = try place.object(ConfigurationMembers.listening)
        let tls = try object.optional("tls").map { (place) throws(JSONMistake) in
            let files = try place.object(ConfigurationMembers.tls)
            return TLSFiles(
                certificate: try path(try files.required("certificat")),
                key: try path(try files.required("cle")),
                clientAuthorities: try files.optional("autorites_clients").map(path))
        }
        return Listening(
            address: try object.required("adresse").string(),
            port: UInt16(try object.required("port").int(in: 0...65_535)),
            tls: tls)
    }

    private static func credential(_ place: JSONPlace) throws(JSONMistake) -> ServiceCredential {
        let object = try place.object(ConfigurationMembers.credential)
        let service = try object.required("service")
        guard let id = ServiceID(try service.string()) else {
            throw service.mistake(
                "Ce n'est pas un service.", remedy: "Donnez le nom d'un dossier de finalites.")
        }
        let digest = try object.required("empreinte")
        guard let bytes = Hex.decode(try digest.string()), bytes.count == 32 else {
            throw digest.mistake(
                "Ce n'est pas une empreinte SHA-256.",
                remedy: "Donnez 64 chiffres hexadécimaux : printf %s \"$CLE\" | sha256sum")
        }
        let end = try object.optional("fin").map { (place) throws(JSONMistake) in
            guard let date = CalendarDate(try place.string()) else {
                throw place.mistake(
                    "Ce n'est pas une date.", remedy: "Écrivez-la « AAAA-MM-JJ ».")
            }
            return Timestamp(milliseconds: date.daysSinceEpoch * 86_400_000)
        }
        return ServiceCredential(
            name: try object.required("nom").string(maxBytes: 64), service: id, digest: bytes,
            expiresAt: end)
    }

    private static func franceConnect(_ place: JSONPlace) throws(JSONMistake) -> FranceConnect {
        let object = try place.object(ConfigurationMembers.franceConnect)
        var clients: [FranceConnectClient: String] = [:]
        for (symbol, member) in try object.required("clients").anyObject().members {
            clients[FranceConnectClient(symbol: symbol)] = try member.string()
        }
        guard Set(clients.values).count == clients.count else {
            throw try object.required("clients").mistake(
                "Deux clients FranceConnect ont le même identifiant.",
                remedy: "Donnez à chacun le sien.")
        }
        var registrations: [HolderID: Registration] = [:]
        for (holder, member) in try object.required("enregistrements").anyObject().members {
            let registration = try member.object(ConfigurationMembers.registration)
            guard let id = HolderID(holder) else {
                throw member.mistake(
                    "Ce n'est pas un détenteur.", remedy: "Donnez le nom d'un dossier.")
            }
            registrations[id] = Registration(
                clientID: try registration.required("client_id").string(),
                secret: try secret(try registration.required("secret")))
        }
        return FranceConnect(
            issuer: try url(try object.required("emetteur")),
            clients: clients,
            registrations: registrations,
            encryption: try algorithm(try object.required("chiffrement")),
            signature: try algorithm(try object.required("signature")),
            decryptionKeys: try each(try object.required("cles_dechiffrement"), secret)
        )
    }

    private static func algorithm<Algorithm: RawRepresentable & CaseIterable>(
        _ place: JSONPlace
    ) throws(JSONMistake) -> Algorithm where Algorithm.RawValue == String {
        guard let algorithm = Algorithm(rawValue: try place.string()) else {
            let known = Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw place.mistake(
                "Cet algorithme n'est pas admis.", remedy: "Choisissez parmi : \(known).")
        }
        return algorithm
    }

    /// A secret is never in the file: `{"fichier": chemin}` or `{"environnement": nom}`.
    private static func secret(_ place: JSONPlace) throws(JSONMistake) -> Sensitive<String> {
        let object = try place.object(ConfigurationMembers.secret)
        if let file = object.optional("fichier") {
            guard let bytes = try? Files.read(try path(file), maxBytes: 1 << 16) else {
                throw file.mistake(
                    "Ce fichier de secret ne se lit pas.", remedy: "Vérifiez chemin et droits.")
            }
            return Sensitive(trimmed(String(decoding: bytes, as: UTF8.self)))
        }
        let name = try object.required("environnement")
        guard let value = ProcessInfo.processInfo.environment[try name.string()] else {
            throw name.mistake(
                "Cette variable d'environnement n'existe pas.", remedy: "Définissez-la.")
        }
        return Sensitive(value)
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func path(_ place: JSONPlace) throws(JSONMistake) -> String {
        let path = try place.string(maxBytes: 4096)
        guard !path.isEmpty else {
            throw place.mistake("Ce chemin est vide.", remedy: "Donnez un chemin de fichier.")
        }
        return path
    }

    private static func url(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 2048)
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.hasSuffix("/") else {
            throw place.mistake(
                "Ce n'est pas une URL de base.",
                remedy: "Écrivez « https://hote[:port] », sans barre finale.")
        }
        return text
    }

    private static func each<Value>(
        _ place: JSONPlace, _ read: (JSONPlace) throws(JSONMistake) -> Value
    ) throws(JSONMistake) -> [Value] {
        var values: [Value] = []
        for element in try place.array(max: 10_000) {
            values.append(try read(element))
        }
        return values
    }
}
