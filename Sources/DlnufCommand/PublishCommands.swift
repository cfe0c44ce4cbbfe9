import API
import Platform
import Policies
import Publications
import Registry
import Vocabulary

extension Command {
    static let policiesPublish = Command(
        "policies publish",
        summary: "Écrit tout ce que les finalités rendent public : pages, schémas, registre.",
        usage: "--vers DOSSIER [--connectors DOSSIER] [--policies DOSSIER]",
        options: [
            Option(name: "vers", value: "DOSSIER", summary: "où écrire (obligatoire)"),
            .connectors,
            .policies,
        ],
        details: """
            Le dossier se pose tel quel derrière un serveur de fichiers : les liens sont relatifs.
            Il contient, pour chaque finalité, sa page, sa description OpenAPI, ses schémas JSON, la
            notice de l'usager, l'accord ODRL et la ligne de l'article 30 du RGPD ; et le registre
            public des échanges, tel qu'il est ce jour. La passerelle sert les mêmes documents.
            """
    ) { arguments in
        let folder = try arguments.required("vers")
        let policies = try loadDocuments(
            connectors: arguments.connectors, policies: arguments.policies
        ).policies
        let day = Timestamp(milliseconds: WallClock.milliseconds()).parisDate
        let purposes = policies.policies.filter(\.isPublic).map(\.id)
        let documents =
            PublishedDocument.general + purposes.flatMap(PublishedDocument.ofPurpose)
        for document in documents {
            let links = PublishedLinks(isExport: true)
            guard let bytes = document.bytes(in: policies, on: day, links) else { continue }
            try write(bytes, to: "\(folder)/\(document.file)")
        }
        Console.write(
            "\(documents.count) documents de \(purposes.count) finalités dans \(folder)\n")
        return 0
    }

    static let policiesRegister = Command(
        "policies registre",
        summary: "Montre le registre public des échanges en vigueur (CRPA L114-8, III).",
        usage: "[--format json|csv|html] [--date AAAA-MM-JJ] [--connectors DOSSIER] "
            + "[--policies DOSSIER]",
        options: [
            Option(name: "format", value: "FORMAT", summary: "json, csv ou html (défaut : json)"),
            Option(name: "date", value: "AAAA-MM-JJ", summary: "le jour (défaut : aujourd'hui)"),
            .connectors,
            .policies,
        ],
        details: """
            Le registre dit quelles administrations échangent quelles données, et sur quelle base.
            Une finalité y figure si elle est active et qu'une habilitation couvre le jour.
            """
    ) { arguments in
        let name = arguments["format"] ?? "json"
        guard let format = PublishedDocument.Format(rawValue: name) else {
            throw CommandFailure(
                .usage, "L'option --format n'est ni json, ni csv, ni html.",
                remedy: "Écrivez par exemple --format csv.")
        }
        let today = Timestamp(milliseconds: WallClock.milliseconds()).parisDate
        let given = arguments["date"]
        guard let day = given.map({ CalendarDate($0) }) ?? today else {
            throw CommandFailure(
                .usage, "L'option --date n'est pas un jour.",
                remedy: "Écrivez AAAA-MM-JJ, par exemple 2026-11-21.")
        }
        let policies = try loadDocuments(
            connectors: arguments.connectors, policies: arguments.policies
        ).policies
        let links = PublishedLinks(isExport: false)
        let bytes = PublishedDocument.register(format).bytes(in: policies, on: day, links) ?? []
        Console.write(String(decoding: bytes, as: UTF8.self) + (format == .json ? "\n" : ""))
        return 0
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        do throws(SystemError) {
            let name = path.lastIndex(of: "/") ?? path.startIndex
            // A file server reads them: nothing here is secret.
            try Files.createDirectory(String(path[..<name]), mode: 0o755)
            try Files.writeAtomically(path, bytes, mode: 0o644)
        } catch {
            throw CommandFailure(
                .system, "Le fichier \(path) ne peut pas être écrit (\(error.text)).",
                remedy: "Vérifiez le dossier, ses droits et l'espace libre.")
        }
    }
}
