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
    /// Unknown members are errors, and nothing that decides safety has a default. Every mistake is
    /// told at once.
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
        var reader = ConfigurationReader()
        let configuration = reader.configuration(JSONPlace(root: root))
        guard let configuration, reader.mistakes.isEmpty else {
            throw CommandFailure(reader.mistakes.all, in: path)
        }
        return configuration
    }

    /// As many loops as cores.
    static var defaultLoops: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

extension CommandFailure {
    /// Every mistake of a configuration, in the order of the file.
    fileprivate init(_ mistakes: [JSONMistake], in file: String) {
        let ordered = mistakes.sorted { $0.position.offset < $1.position.offset }
        let lines = ordered.map { mistake in
            let position = "\(mistake.position.line):\(mistake.position.column)"
            let path = mistake.path.isEmpty ? "" : " \(mistake.path) :"
            return "\(file):\(position) :\(path) \(mistake.message)"
        }
        if let only = ordered.first, ordered.count == 1 {
            self.init(.configuration, lines[0], remedy: only.remedy)
            return
        }
        self.init(
            .configuration, "\(file) a \(ordered.count) erreurs.",
            remedy: zip(lines, ordered).map { "\($0) \($1.remedy)" }
                .joined(separator: "\n        "))
    }
}

/// Reads a configuration, and gathers its mistakes.
struct ConfigurationReader {
    var mistakes = JSONMistakes(schema: ConfigurationMembers.schema)
    /// The environment, once it is read: what is not admitted in production depends on it.
    private(set) var environment: GatewayConfiguration.Environment?

    /// Whether the rules of production hold.
    var isProduction: Bool { environment == .production }

    mutating func configuration(_ place: JSONPlace) -> GatewayConfiguration? {
        let former = ConfigurationMembers.former
        guard
            let object = mistakes.object(place, ConfigurationMembers.document + former.map(\.name))
        else { return nil }
        for (name, remedy) in former {
            guard let place = object.optional(name) else { continue }
            mistakes.add(
                place.mistake("Le membre « \(name) » n'existe plus.", remedy: remedy))
        }
        environment = mistakes.required(object, "environnement", kind)
        let listeners = places(object, "ecoute").compactMap { listening($0) }
        let loops = mistakes.optional(object, "boucles") { (place) throws(JSONMistake) in
            Int(try place.int(in: 1...64))
        }
        let connectors = mistakes.required(object, "connecteurs", path)
        let policies = mistakes.required(object, "finalites", path)
        let journal = mistakes.required(object, "journal", path)
        let credentials = self.credentials(mistakes.required(object, "titres", whole))
        let franceConnect = self.franceConnect(mistakes.required(object, "franceconnect", whole))
        let holders = self.holders(mistakes.required(object, "detenteurs", whole))
        let timeout = mistakes.optional(object, "delai_max_s") { (place) throws(JSONMistake) in
            try place.int(in: 1...55)
        }
        let signers = mistakes.optional(object, "signataires", AuthorisedSigner.read)
        let operators = object.optional("operateurs").flatMap {
            self.operators($0, besideJournal: journal ?? "")
        }
        if isProduction, object.optional("signataires") == nil {
            mistakes.add(
                place.mistake(
                    "En production, les documents ne se chargent que signés, et rien ne dit par "
                        + "qui.",
                    remedy: "Ajoutez « signataires » : le nom, la clé et les rôles de chacun."))
        }
        guard let environment, let connectors, let policies, let journal, let credentials,
            let franceConnect,
            mistakes.isEmpty
        else { return nil }
        return GatewayConfiguration(
            environment: environment, listeners: listeners,
            loops: loops ?? GatewayConfiguration.defaultLoops, connectors: connectors,
            policies: policies,
            signatures: signers.map {
                SignatureRule(signers: $0, isRequired: environment == .production)
            } ?? .none,
            journal: journal, credentials: credentials, franceConnect: franceConnect,
            holders: holders, exchangeTimeout: .seconds(timeout ?? 10),
            operators: operators)
    }

    // MARK: - Members

    private func kind(
        _ place: JSONPlace
    ) throws(JSONMistake) -> GatewayConfiguration.Environment {
        guard let environment = GatewayConfiguration.Environment(rawValue: try place.string())
        else {
            throw place.mistake(
                "Cet environnement n'existe pas.", remedy: "Écrivez bac_a_sable ou production.")
        }
        return environment
    }

    /// One entry of « ecoute ».
    mutating func listening(_ place: JSONPlace) -> GatewayConfiguration.Listening? {
        guard let object = mistakes.object(place, ConfigurationMembers.listening) else {
            return nil
        }
        let address = mistakes.required(object, "adresse") { (place) throws(JSONMistake) in
            try place.string()
        }
        let port = mistakes.required(object, "port") { (place) throws(JSONMistake) in
            UInt16(try place.int(in: 0...65_535))
        }
        let tls = object.optional("tls").flatMap { files($0) }
        guard let address, let port else { return nil }
        if isProduction, object.optional("tls") == nil, !address.hasPrefix("127.") {
            mistakes.add(
                place.mistake(
                    "En production, une écoute sans TLS n'est admise que sur 127.0.0.1.",
                    remedy: "Ajoutez « tls » à l'écoute."))
        }
        return GatewayConfiguration.Listening(address: address, port: port, tls: tls)
    }

    private mutating func files(_ place: JSONPlace) -> GatewayConfiguration.TLSFiles? {
        guard let files = mistakes.object(place, ConfigurationMembers.tls) else { return nil }
        let certificate = mistakes.required(files, "certificat", path)
        let key = mistakes.required(files, "cle", path)
        let authorities = mistakes.optional(files, "autorites_clients", path)
        guard let certificate, let key else { return nil }
        return GatewayConfiguration.TLSFiles(
            certificate: certificate, key: key, clientAuthorities: authorities)
    }
}

// MARK: - Values

extension ConfigurationReader {
    /// A place as it is, to be read further.
    func whole(_ place: JSONPlace) throws(JSONMistake) -> JSONPlace { place }

    /// The elements of a list that must be there.
    mutating func places(_ object: JSONObjectPlace, _ name: String) -> [JSONPlace] {
        mistakes.required(object, name) { (place) throws(JSONMistake) in
            try place.array(max: 10_000)
        } ?? []
    }

    /// A secret is never in the file: `{"fichier": chemin}` or `{"environnement": nom}`.
    func secret(_ place: JSONPlace) throws(JSONMistake) -> Sensitive<String> {
        let object = try place.object(ConfigurationMembers.secret)
        if let file = object.optional("fichier") {
            guard let bytes = try? Files.read(try path(file), maxBytes: 1 << 16) else {
                throw file.mistake(
                    "Ce fichier de secret ne se lit pas.", remedy: "Vérifiez chemin et droits.")
            }
            return Sensitive(
                String(decoding: bytes, as: UTF8.self)
                    .trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let name = try object.required("environnement")
        guard let value = ProcessInfo.processInfo.environment[try name.string()] else {
            throw name.mistake(
                "Cette variable d'environnement n'existe pas.", remedy: "Définissez-la.")
        }
        return Sensitive(value)
    }

    /// The path of a file or folder.
    func path(_ place: JSONPlace) throws(JSONMistake) -> String {
        let path = try place.string(maxBytes: 4096)
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw place.mistake("Ce n'est pas un chemin.", remedy: "Donnez un chemin de fichier.")
        }
        return path
    }
}
