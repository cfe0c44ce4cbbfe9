import Connectors
import Platform
import Registry
import Vocabulary

extension Command {
    static let connectorsCheck = Command(
        "connectors check",
        summary: "Vérifie des connecteurs et joue leurs exemples, sans réseau.",
        usage: "[DOSSIER | DETENTEUR/JEU] [--connectors DOSSIER]",
        options: [.connectors],
        details: """
            Chaque remarque nomme le fichier, la ligne, la colonne, le membre, ce qui ne va pas et
            le remède ; toutes sont données d'un coup. Chaque exemple est joué : la requête que le
            connecteur écrit et ce qu'il lit de la réponse doivent être ce que l'exemple dit.
            Le code de sortie est 0 sans erreur, 65 sinon.

            Exemples :
              dlnuf connectors check
              dlnuf connectors check dgfip/revenu_fiscal
              dlnuf connectors check mes-connecteurs/gip-mds/service_civique
            """,
        positional: 1
    ) { arguments in
        let folder = ConnectorsFolder(arguments)
        let reading = try folder.read()
        let diagnostics = reading.diagnostics.filter { folder.covers($0.file) }
        for diagnostic in diagnostics { Console.complain(diagnostic.text + "\n") }
        let errors = diagnostics.filter { $0.severity == .erreur }
        for shelf in reading.shelves where folder.covers(shelf.document.path) {
            let own = errors.filter { error in
                error.file.hasPrefix(String(shelf.document.path.dropLast("connector.json".count)))
            }
            if own.isEmpty { Console.write(summary(of: shelf)) }
        }
        guard errors.isEmpty else {
            Console.complain(
                "\(errors.count) erreur\(errors.count > 1 ? "s" : "") : rien ne serait chargé.\n")
            return CommandFailure.Kind.data.rawValue
        }
        return 0
    }

    /// What a connector that is in order serves and shows, in sentences.
    private static func summary(of shelf: ConnectorsReading.Shelf) -> String {
        let connector = shelf.connector
        let modes = connector.services.map { service in
            "\(service.mode.rawValue) (\(service.fields.count) champs)"
        }
        let outcomes = shelf.examples.compactMap { file in
            ConnectorExampleDocument(file.bytes, dataset: connector.dataset).example?.outcome.text
        }
        let shown = Set(outcomes)
        var text = """
            \(connector.holder)/\(connector.dataset) : tout est en ordre.
              Modes : \(modes.joined(separator: ", ")).
              Exemples joués : \(outcomes.count).

            """
        let lacking = expected.filter { !shown.contains($0) }
        if !lacking.isEmpty {
            text += "  Aucun exemple ne montre : \(lacking.joined(separator: ", ")).\n"
        }
        return text
    }

    /// What a holder's examples do well to show.
    private static let expected = [
        "obtenu", MissingReason.personneInconnue.rawValue,
        MissingReason.personneAmbigue.rawValue, MissingReason.identiteDiscordante.rawValue,
        MissingReason.detenteurQuota.rawValue, MissingReason.reponseIrrecevable.rawValue,
    ]
}
