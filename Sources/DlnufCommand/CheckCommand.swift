import Platform
import Policies
import Registry
import Vocabulary

extension Command {
    static let check = Command(
        "check",
        summary: "Vérifie connecteurs et finalités, joue exemples et cas, relit les demandes.",
        usage: "[--connectors DOSSIER] [--policies DOSSIER] [--strict]",
        options: [
            .connectors,
            .policies,
            Option(
                name: "strict", value: nil,
                summary: "un avertissement vaut une erreur pour le code de sortie"),
        ],
        details: """
            Chaque remarque nomme le fichier, la ligne, la colonne, le membre, ce qui ne va pas et
            le remède ; toutes sont données d'un coup. Une erreur empêche de charger les documents.
            Chaque exemple d'un connecteur est joué sans réseau : les requêtes que le connecteur
            écrit, et ce qu'il lit des réponses, doivent être ce que l'exemple dit.
            Un avertissement ne l'empêche pas : il signale une base légale à relire, une
            habilitation qui finit dans les 90 jours, et ce qui paraît trop demandé.
            Le code de sortie est 0 sans erreur, 65 sinon ; avec --strict, 65 aussi dès un
            avertissement.
            """
    ) { arguments in
        let reading = loadRegistry(
            connectors: arguments.connectors,
            policies: arguments.policies,
            reviewedOn: Timestamp(milliseconds: WallClock.milliseconds()).parisDate)
        for diagnostic in reading.diagnostics { Console.complain(diagnostic.text + "\n") }
        guard let registry = reading.registry else {
            let errors = counted(reading.errors.count, "erreur")
            Console.complain("\(errors) : rien n'est chargé.\n")
            return CommandFailure.Kind.data.rawValue
        }
        let warnings = counted(reading.diagnostics.count, "avertissement")
        if !reading.diagnostics.isEmpty, arguments.has("strict") {
            Console.complain("\(warnings) : --strict n'en admet aucun.\n")
            return CommandFailure.Kind.data.rawValue
        }
        let policies = registry.policies
        let verdict =
            reading.diagnostics.isEmpty ? "tout est en ordre" : "aucune erreur, \(warnings)"
        Console.write(
            """
            \(policies.catalogue.fields.datasets.count) jeux de données, \
            \(registry.connectors.count) connecteurs, \(policies.services.count) services, \
            \(policies.policies.count) finalités : \(verdict).
            Génération \(policies.generation)

            """)
        return 0
    }
}

private func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count > 1 ? "s" : "")"
}
