import Connectors
import JSONText
import Onboarding
import Registry
import Vocabulary

extension Command {
    static let connectorsDoc = Command(
        "connectors doc",
        summary: "Rend un connecteur comme une page qu'un juriste peut lire.",
        usage: "DETENTEUR/JEU [--format html|md] [--connectors DOSSIER]",
        options: [
            Option(name: "format", value: "FORMAT", summary: "html ou md (défaut : md)"),
            .connectors,
        ],
        details: """
            La page dit qui est interrogé, dans quel mode, ce qui est envoyé de l'état civil et où
            cela figure (URL, en-tête ou corps), quels champs reviennent, comment l'identité est
            comparée, ce que veut dire chaque réponse, les délais et la couverture. Elle est tirée
            du document même, qui doit passer sa vérification.

            Exemple :
              dlnuf connectors doc dgfip/revenu_fiscal --format html > revenu_fiscal.html
            """,
        positional: 1
    ) { arguments in
        let format = arguments["format"] ?? "md"
        guard ["html", "md"].contains(format) else {
            throw CommandFailure(
                .usage, "L'option --format n'est ni html, ni md.",
                remedy: "Écrivez par exemple --format html.")
        }
        let (shelf, reading) = try ConnectorsFolder(arguments).shelf()
        let sheet: ConnectorSheet
        do throws(JSONError) {
            sheet = try ConnectorSheet(
                shelf.document.bytes, connector: shelf.connector,
                contract: reading.catalogue.datasets[shelf.connector.dataset],
                examples: shelf.examples.map(\.bytes))
        } catch {
            throw CommandFailure(
                .data, "Le connecteur ne se lit pas : \(error.message)",
                remedy: "Corrigez le document.")
        }
        Console.write(format == "html" ? sheet.html : sheet.markdown)
        return 0
    }
}
