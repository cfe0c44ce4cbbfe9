import Connectors
import Curl
import HTTPMessages
import HolderClients
import JSONText
import Onboarding
import Platform
import Registry
import Vocabulary

extension Command {
    static let connectorsTest = Command(
        "connectors test",
        summary: "Joue les exemples d'un connecteur contre le bac à sable de son détenteur.",
        usage: "DETENTEUR/JEU [--config FICHIER] [--origine NOM=URL] [--exemple NOM] "
            + "[--montrer] [--connectors DOSSIER]",
        options: [
            Option(
                name: "config", value: "FICHIER",
                summary: "une configuration avec « detenteurs » : adresses, secrets, accords"),
            Option(
                name: "origine", value: "NOM=URL",
                summary: "où est une origine, à la place de la configuration (plusieurs : « , »)"),
            Option(name: "exemple", value: "NOM", summary: "un seul exemple, sans « .json »"),
            Option(
                name: "environnement", value: "NOM",
                summary: "bac_a_sable, le seul où l'on joue des personnes inventées"),
            Option(
                name: "montrer", value: nil,
                summary: "montre la requête entière et les valeurs lues (personnes inventées)"),
            .connectors,
        ],
        details: """
            Chaque exemple est demandé au détenteur comme la passerelle le ferait : mêmes requêtes,
            mêmes jetons, même lecture. Pour chacun : ce qui est envoyé, l'identité masquée ; le
            statut, le type et la taille de la réponse ; ce qui en est lu ; ce qui est laissé de
            côté ; le verdict. Un cas dont la personne n'existe pas dans le bac à sable, ou dont la
            panne ne se provoque pas, est dit tel quel et ne compte pas comme un écart.
            Le code de sortie est 0 sans écart et avec un cas comparé au moins, 65 sinon.

            Exemples, à côté de « dlnuf sandbox --data bac » :
              dlnuf connectors test cnav/quotient_familial --config bac/passerelle.json
              dlnuf connectors test mesri/statut_etudiant --exemple trouve-etat-civil \\
                --config bac/passerelle.json --montrer
            """,
        positional: 1
    ) { arguments in
        if let name = arguments["environnement"], name != "bac_a_sable" {
            throw CommandFailure(
                .usage, "L'environnement « \(shownName(name)) » ne s'essaie pas.",
                remedy: "Les exemples sont des personnes inventées : gardez bac_a_sable.")
        }
        let (shelf, _) = try ConnectorsFolder(arguments).shelf()
        let cases = try LiveCase.all(of: shelf, only: arguments["exemple"])
        let binding = try HolderBinding(for: shelf.connector, arguments)
        guard let loop = EventLoop.current else {
            throw CommandFailure(.system, "La boucle d'appel manque.", remedy: "Relancez.")
        }
        let run = LiveRun(
            shelf: shelf, binding: binding, shows: arguments.has("montrer"),
            client: try HTTPClient(loop: loop, configuration: .init()))
        return try await run.play(cases)
    }
}

/// One example to be asked over the network.
struct LiveCase {
    let name: String
    let example: ConnectorExample

    /// The examples of a connector, or the one that is named.
    static func all(
        of shelf: ConnectorsReading.Shelf, only: String?
    ) throws(CommandFailure) -> [LiveCase] {
        let all = shelf.examples.compactMap { file -> LiveCase? in
            let dataset = shelf.connector.dataset
            guard let example = ConnectorExampleDocument(file.bytes, dataset: dataset).example,
                let name = file.path.split(separator: "/").last?.dropLast(".json".count)
            else { return nil }
            return LiveCase(name: String(name), example: example)
        }
        guard !all.isEmpty else {
            throw CommandFailure(
                .data, "Ce connecteur n'a pas d'exemple à jouer.",
                remedy: "Ajoutez-en sous examples/.")
        }
        guard let only else { return all }
        let chosen = all.filter { $0.name == only }
        guard chosen.isEmpty else { return chosen }
        throw CommandFailure(
            .usage, "L'exemple « \(shownName(only)) » n'existe pas.",
            remedy: "Choisissez parmi : \(all.map(\.name).joined(separator: ", ")).")
    }
}

extension HolderBinding {
    /// What the command line and the configuration give a connector.
    fileprivate init(for connector: Connector, _ arguments: Arguments) throws(CommandFailure) {
        var origins: [String: Origin] = [:]
        var secrets: [String: Sensitive<String>] = [:]
        // Whoever runs the command chose the connector; a configuration narrows it.
        var receives = connector.relayed
        if let file = arguments["config"] {
            let grant = try ConfigurationReader.grant(of: connector.holder, in: file)
            origins = grant.origins.mapValues { origin in
                Origin(
                    baseURLs: origin.addresses,
                    reach: Reach(ranges: origin.networks, admitsThisMachine: true),
                    caFile: origin.authorities, clientCertificate: origin.certificate,
                    allowsPlainHTTP: true)
            }
            secrets = grant.secrets
            receives = grant.receives
        }
        // What the holder announces serves where nothing nearer says where its bac à sable is.
        for origin in connector.origins where origins[origin.text] == nil {
            guard let address = connector.announcedAddress(of: origin, in: .sandbox) else {
                continue
            }
            origins[origin.text] = Origin(baseURLs: [address])
        }
        for pair in arguments["origine"]?.split(separator: ",") ?? [] {
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2, Origin.isBaseURL(sides[1], allowsPlainHTTP: true) else {
                throw CommandFailure(
                    .usage, "--origine n'est pas « nom=URL ».",
                    remedy: "Écrivez par exemple --origine cnav=http://127.0.0.1:9000, sans barre "
                        + "finale.")
            }
            origins[sides[0]] = Origin(
                baseURLs: [sides[1]], reach: Reach(admitsThisMachine: true), allowsPlainHTTP: true)
        }
        self.init(origins: origins, secrets: secrets, receives: receives)
    }
}

extension ConfigurationReader {
    /// What a configuration grants one holder; its other members are not looked at.
    static func grant(
        of holder: HolderID, in file: String
    ) throws(CommandFailure) -> GatewayConfiguration.HolderGrant {
        let unreadable = { (why: String) in
            CommandFailure(
                .configuration, "La configuration \(file) ne se lit pas (\(why)).",
                remedy: "Donnez un fichier JSON avec « environnement » et « detenteurs ».")
        }
        let root: JSONNode
        do {
            root = try parseJSON(try Files.read(file, maxBytes: 1 << 20))
        } catch {
            throw unreadable((error as? JSONError)?.message ?? "chemin ou droits")
        }
        guard root["environnement"]?.string != "production" else {
            throw CommandFailure(
                .configuration, "Cette configuration est celle de la production.",
                remedy: "Les exemples ne s'y jouent pas : donnez celle du bac à sable.")
        }
        var reader = ConfigurationReader()
        let object = try? JSONPlace(root: root).anyObject()
        let grants = reader.holders(object?.optional("detenteurs"))
        if let mistake = reader.mistakes.all.first {
            throw CommandFailure(
                .configuration,
                "\(file):\(mistake.position.line):\(mistake.position.column) : \(mistake.message)",
                remedy: mistake.remedy)
        }
        guard let grant = grants[holder] else {
            throw CommandFailure(
                .configuration, "\(file) n'accorde rien au détenteur « \(holder) ».",
                remedy: "Ajoutez-le sous « detenteurs » : origines, secrets, recoit.")
        }
        return grant
    }
}
