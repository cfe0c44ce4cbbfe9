import Policies
import Registry
import Vocabulary

extension Command {
    static let check = Command(
        "check",
        summary: "Vérifie connecteurs et finalités, et joue les cas des finalités.",
        usage: "[--connectors DOSSIER] [--policies DOSSIER]",
        options: [
            .connectors,
            .policies,
        ],
        details: """
            Chaque remarque nomme le fichier, la ligne, le membre, l'erreur et le remède ; toutes
            sont données d'un coup. Le code de sortie est 0 sans erreur, 65 sinon.
            """
    ) { arguments in
        let reading = loadRegistry(
            connectors: arguments.connectors,
            policies: arguments.policies)
        for diagnostic in reading.diagnostics { Console.complain(diagnostic.text + "\n") }
        guard let registry = reading.registry else {
            Console.complain("\(reading.errors.count) erreur(s) : rien n'est chargé.\n")
            return CommandFailure.Kind.data.rawValue
        }
        let policies = registry.policies
        Console.write(
            """
            \(policies.catalogue.fields.datasets.count) jeux de données, \
            \(registry.connectors.count) connecteurs, \(policies.services.count) services, \
            \(policies.policies.count) finalités : tout est en ordre.
            Génération \(policies.generation)

            """)
        return 0
    }
}
