import Credentials
import Cryptography
import JSONText
import Platform
import Policies
import Vocabulary

private let configOption = Option(
    name: "config", value: "FICHIER",
    summary: "la configuration de la passerelle, qui dit où est le registre (obligatoire)")

extension Command {
    static let servicesNew = Command(
        "services new",
        summary: "Inscrit un client d'un service au registre des titres.",
        usage: "SERVICE --config FICHIER [--client NOM]",
        options: [
            configOption,
            Option(
                name: "client", value: "NOM",
                summary: "« iss » de ses assertions (défaut : le nom du service)"),
        ],
        details: """
            SERVICE est un dossier de « finalites ». Un client est un programme de ce service, dans
            l'environnement de la configuration ; il n'a encore aucun titre : « dlnuf services key »
            lui en donne. Le registre est créé s'il n'existe pas.
            """,
        positional: 1
    ) { arguments in
        let target = try RegistryTarget(arguments)
        guard let name = arguments.positional.first else {
            throw CommandFailure(
                .usage, "Le nom du service manque.", remedy: "Écrivez : dlnuf services new SERVICE")
        }
        let service = try target.service(name)
        let id = arguments["client"] ?? service.text
        guard ServiceRegistry.isName(id) else { throw CommandFailure.badName("--client") }
        try target.change { registry in
            try registry.adding(
                ServiceClient(
                    id: id, service: service, environment: target.environment, createdAt: now()))
        }
        Console.write(
            """
            Client « \(id) » du service \(service), environnement \(target.environment.rawValue).
            Donnez-lui un titre : dlnuf services key \(id) --config \(target.config)

            """)
        return 0
    }

    static let servicesKey = Command(
        "services key",
        summary: "Donne un titre à un client : une clé d'API, une clé publique ou un certificat.",
        usage: "CLIENT --config FICHIER [--cle-publique FICHIER | --certificat FICHIER] "
            + "[--algorithme ALG] [--nom NOM] [--fin DATE]",
        options: [
            configOption,
            Option(
                name: "cle-publique", value: "FICHIER",
                summary: "une clé publique, en JWK ou en PEM : elle vérifiera ses assertions"),
            Option(
                name: "certificat", value: "FICHIER",
                summary: "un certificat client, en PEM : ses jetons pourront y être liés"),
            Option(
                name: "algorithme", value: "ALG",
                summary: "l'algorithme de ses assertions (défaut : celui de la clé)"),
            Option(
                name: "nom", value: "NOM",
                summary: "le nom du titre, que le journal garde (défaut : CLIENT et la date)"),
            Option(
                name: "fin", value: "DATE",
                summary: "le jour où il ne vaut plus, AAAA-MM-JJ (défaut : dans un an)"),
        ],
        details: """
            Sans fichier, une clé d'API neuve de 256 bits est faite et montrée cette seule fois : le
            registre n'en garde que l'empreinte. Hors du bac à sable, une clé d'API ne suffit pas au
            mode identité : donnez au client une clé publique, et des jetons liés à une clé DPoP ou
            à un certificat. La passerelle en marche prend le titre dès la requête suivante.
            """,
        positional: 1
    ) { arguments in
        let target = try RegistryTarget(arguments)
        let client = try arguments.named("CLIENT", of: "services key")
        let made = try NewCredential(arguments, client: client, in: target.environment)
        try target.change { registry in
            guard registry.client(client)?.environment ?? target.environment == target.environment
            else {
                throw CommandFailure(
                    .data, "Ce client est d'un autre environnement.",
                    remedy: "Faites un client pour chacun : un titre ne vaut que dans le sien.")
            }
            return try registry.adding(made.credential, to: client)
        }
        Console.write(made.text(client: client))
        return 0
    }

    static let servicesRevoke = Command(
        "services revoke",
        summary: "Révoque un titre, ou tous ceux d'un client, sans retour.",
        usage: "NOM --config FICHIER",
        options: [configOption],
        details: """
            NOM est celui d'un titre ou d'un client. La passerelle en marche le refuse dès la
            requête suivante, et les jetons obtenus avec lui ne valent plus rien. Ce qui est révoqué
            reste dans le registre, pour que personne ne l'inscrive de nouveau.
            """,
        positional: 1
    ) { arguments in
        let target = try RegistryTarget(arguments)
        let name = try arguments.named("NOM", of: "services revoke")
        var revoked: [String] = []
        try target.change { registry in
            let result = try registry.revoking(name, at: now())
            revoked = result.revoked
            return result.registry
        }
        Console.write(
            revoked.isEmpty
                ? "Déjà révoqué.\n"
                : revoked.map { "Révoqué : \($0)\n" }.joined())
        return 0
    }

    static let servicesList = Command(
        "services list",
        summary: "Montre les clients et leurs titres, avec leur fin et leur dernier changement.",
        usage: "--config FICHIER [--json]",
        options: [
            configOption,
            Option(name: "json", value: nil, summary: "un objet JSON par titre"),
        ],
        details: "Aucun secret n'est dans le registre, et aucun n'est montré."
    ) { arguments in
        let target = try RegistryTarget(arguments)
        let registry = try CredentialFile.read(target.path)
        Console.write(
            arguments.has("json") ? registry.lines(at: now()) : registry.table(at: now()))
        return 0
    }
}

private func now() -> Timestamp { Timestamp(milliseconds: WallClock.milliseconds()) }

extension Arguments {
    /// The one word that a command takes.
    fileprivate func named(_ name: String, of command: String) throws(CommandFailure) -> String {
        guard let word = positional.first else {
            throw CommandFailure(
                .usage, "\(name) manque.", remedy: "Écrivez : dlnuf \(command) \(name) …")
        }
        return word
    }
}

extension CommandFailure {
    static func badName(_ option: String) -> CommandFailure {
        CommandFailure(
            .usage, "\(option) n'est pas un nom.",
            remedy: "Écrivez une lettre minuscule, puis lettres minuscules, chiffres, « - » ou "
                + "« _ » : 64 au plus.")
    }
}

/// The registry that a command changes, as the gateway's configuration names it.
///
/// Only what is needed is read of the configuration: whoever enters services need not be able to
/// read the holders' secrets.
struct RegistryTarget {
    let config: String
    let path: String
    let environment: CredentialEnvironment
    private let policies: String

    init(_ arguments: Arguments) throws(CommandFailure) {
        let config = try arguments.required("config")
        self.config = config
        let bytes: [UInt8]
        do {
            bytes = try Files.read(config, maxBytes: 1 << 20)
        } catch {
            throw CommandFailure(
                .configuration, "Le fichier de configuration \(config) ne se lit pas (\(error)).",
                remedy: "Vérifiez le chemin et les droits.")
        }
        do {
            let document = try JSONPlace(root: try parseJSON(bytes)).anyObject()
            let titles = try document.required("titres").anyObject()
            path = try titles.required("registre").string(maxBytes: 4096)
            policies = try document.required("finalites").string(maxBytes: 4096)
            let named = try document.required("environnement")
            guard let known = CredentialEnvironment(rawValue: try named.string()) else {
                throw named.mistake(
                    "Cet environnement n'existe pas.", remedy: "Écrivez bac_a_sable ou production.")
            }
            environment = known
        } catch let mistake as JSONMistake {
            throw CommandFailure(
                .configuration,
                "\(config):\(mistake.position.line):\(mistake.position.column) : "
                    + "\(mistake.path) : \(mistake.message)", remedy: mistake.remedy)
        } catch {
            throw CommandFailure(
                .configuration, "\(config) n'est pas un document JSON.",
                remedy: "Corrigez le fichier, puis relancez.")
        }
    }

    /// A service that the policies describe.
    func service(_ name: String) throws(CommandFailure) -> ServiceID {
        let file = "\(policies)/\(name)/service.json"
        guard let id = ServiceID(name), let bytes = try? Files.read(file, maxBytes: 1 << 16),
            readService(bytes, named: name).value != nil
        else {
            let known = (try? Files.list(policies)) ?? []
            let near = nearestName(to: name, among: known)
            throw CommandFailure(
                .data, "Aucun service ne s'appelle « \(shownName(name)) » dans \(policies).",
                remedy: near.map { "Vouliez-vous dire « \($0) » ?" }
                    ?? "Ajoutez d'abord son dossier, avec service.json.")
        }
        return id
    }

    /// Changes the registry, alone.
    func change(_ body: (ServiceRegistry) throws -> ServiceRegistry) throws {
        do {
            try CredentialFile.change(path, body)
        } catch let refusal as RegistryRefusal {
            throw CommandFailure(.data, refusal.message, remedy: refusal.remedy)
        }
    }
}
