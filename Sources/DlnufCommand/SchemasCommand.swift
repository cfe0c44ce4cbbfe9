import JSONText
import Platform

extension Command {
    static let schemas = Command(
        "schemas",
        summary: "Donne les schémas JSON de tous les documents.",
        usage: "[NOM] [--vers DOSSIER]",
        options: [
            Option(
                name: "vers", value: "DOSSIER",
                summary: "écrit chaque schéma dans DOSSIER/NOM.schema.json")
        ],
        details: """
            Sans rien, liste les schémas ; avec un nom, écrit celui-là sur la sortie. Ils suivent
            JSON Schema 2020-12, et viennent des lecteurs eux-mêmes : ce qu'un schéma refuse,
            « dlnuf check » le refuse. Le contraire n'est pas vrai : un schéma ne sait ni jouer un
            cas, ni comparer deux dates, ni chercher un champ dans un jeu.
            """,
        positional: 1
    ) { arguments in
        if let folder = arguments["vers"] {
            try Files.createDirectory(folder, mode: 0o755)
            for schema in publishedSchemas {
                try Files.writeAtomically(
                    "\(folder)/\(schema.name).schema.json", Array(schema.indented.utf8),
                    mode: 0o644)
            }
            Console.write("\(publishedSchemas.count) schémas écrits dans \(folder).\n")
            return 0
        }
        guard let name = arguments.positional.first else {
            let width = publishedSchemas.map(\.name.count).max() ?? 0
            for schema in publishedSchemas {
                let padding = String(repeating: " ", count: width - schema.name.count)
                Console.write("\(schema.name)\(padding)  \(schema.title)\n")
            }
            return 0
        }
        guard let schema = publishedSchemas.first(where: { $0.name == name }) else {
            let near = nearestName(to: name, among: publishedSchemas.map(\.name))
            throw CommandFailure(
                .usage, "Le schéma « \(shownName(name)) » n'existe pas.",
                remedy: near.map { "Vouliez-vous dire « \($0) » ?" }
                    ?? "« dlnuf schemas » les liste.")
        }
        Console.write(schema.indented)
        return 0
    }
}

extension PublishedSchema {
    /// The schema as a person reads it.
    fileprivate var indented: String { indentedJSON(Array(text.utf8)) + "\n" }
}
