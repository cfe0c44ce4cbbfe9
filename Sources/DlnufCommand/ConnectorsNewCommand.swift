import Connectors
import JSONText
import Onboarding
import Platform
import Policies
import Registry
import Vocabulary

extension Command {
    static let connectorsNew = Command(
        "connectors new",
        summary: "Écrit un premier connecteur d'après la description OpenAPI d'une API.",
        usage: "--from-openapi FICHIER --detenteur NOM --jeu NOM [--operation NOM] "
            + "[--vers DOSSIER] [--connectors DOSSIER] [--remplacer]",
        options: [
            Option(
                name: "from-openapi", value: "FICHIER",
                summary: "la description, OpenAPI 3.0 ou 3.1 en JSON (obligatoire)"),
            Option(
                name: "detenteur", value: "NOM", summary: "le détenteur, par exemple gip-mds"),
            Option(
                name: "jeu", value: "NOM",
                summary: "le jeu de données ; s'il n'a pas de contrat, un contrat est proposé"),
            Option(
                name: "operation", value: "NOM",
                summary: "l'operationId, ou « GET /chemin » (inutile s'il n'y en a qu'une)"),
            Option(
                name: "vers", value: "DOSSIER",
                summary: "le dossier des connecteurs où écrire (défaut : connectors)"),
            .connectors,
            Option(
                name: "remplacer", value: nil,
                summary: "écrase les fichiers qui existent, et dit lesquels"),
        ],
        details: """
            Le connecteur, un exemple par réponse décrite et, au besoin, le contrat du jeu sont
            écrits. Ce qui ne se devine pas est rangé dans « a_completer » : chaque ligne dit où et
            quoi, et le document est refusé tant qu'il en reste une. Rien n'est deviné en silence.
            Le code de sortie est 0 quand les fichiers sont écrits, 64 si la commande est
            incomplète, 65 si la description ne se lit pas.

            Exemple :
              dlnuf connectors new --from-openapi api.json --detenteur gip-mds \\
                --jeu service_civique --vers mes-connecteurs
              dlnuf connectors check mes-connecteurs/gip-mds/service_civique
            """
    ) { arguments in
        let file = try arguments.required("from-openapi")
        let document = try openAPI(file)
        let operation = try arguments.operation(of: document)
        let (holder, dataset) = try arguments.target(document)
        let target = arguments["vers"] ?? arguments.connectors
        let catalogue = try contract(arguments, dataset, target)
        let scaffold = Scaffold(
            ScaffoldOrder(
                document: document, operation: operation, holder: holder, dataset: dataset,
                catalogue: catalogue))
        let replaced = scaffold.files.map { "\(target)/\($0.path)" }.filter(Files.exists)
        guard replaced.isEmpty || arguments.has("remplacer") else {
            throw CommandFailure(
                .usage, "Ces fichiers existent : \(replaced.joined(separator: ", ")).",
                remedy: "Rien n'est écrit. Choisissez un autre --vers, ou ajoutez --remplacer.")
        }
        for file in scaffold.files { try write(file.text, to: "\(target)/\(file.path)") }
        report(scaffold, target, replaced, "\(holder)/\(dataset)")
        return 0
    }

    // MARK: - Reading

    private static func openAPI(_ file: String) throws(CommandFailure) -> OpenAPIDocument {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(file, maxBytes: OpenAPIDocument.limits.bytes)
        } catch {
            throw CommandFailure(
                .data, "Le fichier \(shownText(file)) ne se lit pas (\(error.text)).",
                remedy: "Vérifiez son chemin et ses droits ; il pèse au plus "
                    + "\(OpenAPIDocument.limits.bytes >> 20) Mo.")
        }
        let reading = OpenAPIReading(bytes, file: file)
        for mistake in reading.mistakes {
            Console.complain(Diagnostic(.erreur, file: file, mistake).text + "\n")
        }
        guard let document = reading.document else {
            throw CommandFailure(
                .data, "La description OpenAPI n'est pas utilisable.",
                remedy: "Corrigez ce qui est dit plus haut ; rien n'est écrit.")
        }
        return document
    }

    /// The data set's contract where the connector is written, else in `--connectors`; nothing
    /// where it has none, or one that `--remplacer` writes anew.
    private static func contract(
        _ arguments: Arguments, _ dataset: DatasetID, _ target: String
    ) throws(CommandFailure) -> FieldCatalogue {
        let names = [target, arguments.connectors].map { "\($0)/datasets/\(dataset).json" }
        guard let file = names.first(where: Files.exists) else { return FieldCatalogue([]) }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(file, maxBytes: 1 << 20)
        } catch {
            throw CommandFailure(
                .system, "Le contrat \(file) ne se lit pas (\(error.text)).",
                remedy: "Vérifiez ses droits.")
        }
        let reading = readDataset(bytes, named: dataset.text)
        if let contract = reading.value?.contract { return FieldCatalogue([contract]) }
        if arguments.has("remplacer"), file == names[0] { return FieldCatalogue([]) }
        for mistake in reading.mistakes {
            Console.complain(Diagnostic(.erreur, file: file, mistake).text + "\n")
        }
        throw CommandFailure(
            .data, "Le contrat du jeu « \(dataset) » n'est pas en ordre.",
            remedy: "Complétez-le d'abord, ou réécrivez-le avec --remplacer.")
    }

    // MARK: - Writing

    private static func write(_ text: String, to path: String) throws(CommandFailure) {
        do throws(SystemError) {
            let name = path.lastIndex(of: "/") ?? path.startIndex
            try Files.createDirectory(String(path[..<name]), mode: 0o755)
            try Files.writeAtomically(path, Array(text.utf8), mode: 0o644)
        } catch {
            throw CommandFailure(
                .system, "Le fichier \(path) ne peut pas être écrit (\(error.text)).",
                remedy: "Vérifiez le dossier, ses droits et l'espace libre.")
        }
    }

    private static func report(
        _ scaffold: Scaffold, _ target: String, _ replaced: [String], _ name: String
    ) {
        var text = ""
        for file in scaffold.files {
            let path = "\(target)/\(file.path)"
            text += "\(replaced.contains(path) ? "Remplacé" : "Écrit") : \(path)\n"
        }
        let all = scaffold.remaining + scaffold.remainingOfContract
        if !all.isEmpty { text += "\nReste à compléter (\(all.count)) :\n" }
        for remaining in scaffold.remaining {
            text += "  connector.json, \(remaining.path) : \(remaining.what)\n"
        }
        for remaining in scaffold.remainingOfContract {
            text += "  le contrat, \(remaining.path) : \(remaining.what)\n"
        }
        if !scaffold.unread.isEmpty {
            text += "\nReçu et non lu : \(scaffold.unread.joined(separator: ", ")).\n"
        }
        text += "\nPuis : dlnuf connectors check \(name) --connectors \(target)\n"
        Console.write(text)
    }
}

extension Arguments {
    fileprivate func operation(
        of document: OpenAPIDocument
    ) throws(CommandFailure) -> OpenAPIOperation {
        let known = document.operations.map { shownText($0.id) }
        guard let name = self["operation"] else {
            if document.operations.count == 1 { return document.operations[0] }
            throw CommandFailure(
                .usage, "La description compte \(known.count) opérations.",
                remedy: "Choisissez-en une avec --operation : \(known.joined(separator: ", ")).")
        }
        if let operation = document.operations.first(where: {
            $0.id == name || "\($0.method) \($0.path)" == name
        }) {
            return operation
        }
        throw CommandFailure(
            .usage, "L'opération « \(shownText(name)) » n'est pas décrite.",
            remedy: nearestName(to: name, among: known).map { "Vouliez-vous dire « \($0) » ?" }
                ?? "Choisissez parmi : \(known.joined(separator: ", ")).")
    }

    fileprivate func target(
        _ document: OpenAPIDocument
    ) throws(CommandFailure) -> (HolderID, DatasetID) {
        guard let holder = HolderID(try required("detenteur")),
            let dataset = DatasetID(try required("jeu"))
        else {
            throw CommandFailure(
                .usage, "--detenteur ou --jeu n'est pas un nom de dossier.",
                remedy: "Employez des minuscules sans accent, des chiffres, « _ » ou « - ».")
        }
        return (holder, dataset)
    }
}
