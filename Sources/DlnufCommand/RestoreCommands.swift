import Journal
import Platform
import Registry
import Storage
import Vocabulary

extension Command {
    private static let journal = Option(
        name: "journal", value: "CHEMIN", summary: "le journal de la passerelle (obligatoire)")

    static let policiesGenerations = Command(
        "policies generations",
        summary: "Montre les documents qui ont été en vigueur, du plus ancien au plus récent.",
        usage: "--journal CHEMIN",
        options: [journal],
        details: """
            « policies restore » remet l'un de ces ensembles à sa place, par son empreinte.
            """
    ) { arguments in
        let path = try arguments.required("journal")
        try reading {
            let journal = try JournalReader(path: path)
            for period in SetHistory(try journal.events()).periods {
                let files = try journal.document(hash: period.mark.inventory)
                    .flatMap { Inventory($0) }?.entries.count
                Console.write(period.lines(files: files))
            }
        }
        return 0
    }

    static let policiesRestore = Command(
        "policies restore",
        summary: "Remet à leur place les documents d'une génération qui a été en vigueur.",
        usage: "--journal CHEMIN (--precedente | --generation EMPREINTE) --vers DOSSIER "
            + "[--signaler PID]",
        options: [
            journal,
            Option(
                name: "precedente", value: nil, summary: "celle d'avant la génération en vigueur"),
            Option(
                name: "generation", value: "EMPREINTE",
                summary: "celle que montre « policies generations » ; le début suffit"),
            Option(
                name: "vers", value: "DOSSIER",
                summary: "le dossier qui contient, ou contiendra, connectors et policies"),
            Option(
                name: "signaler", value: "PID",
                summary: "fait relire ses documents à cette passerelle, et dit ce qu'elle en a fait"
            ),
        ],
        details: """
            Les documents sont ceux que le journal a gardés, octet pour octet. Ils sont écrits à
            côté, puis prennent la place du dossier d'un seul coup ; ce qui y était reste à côté,
            sous le nom DOSSIER.remplace-<date>. Les exemples des connecteurs, que le journal ne
            garde pas, sont repris de là s'ils n'ont pas changé.
            Là où les documents doivent être signés, ils doivent l'être de nouveau : une série ne
            diminue jamais. La commande dit alors avec quoi.
            """
    ) { arguments in
        try await Restoration(arguments).run()
        return 0
    }
}

extension SetHistory.Period {
    /// What a reader wants to know of a set that was in force.
    fileprivate func lines(files: Int?) -> String {
        let end = until.map { "au \($0.rfc3339)" } ?? "(en vigueur)"
        let count = files.map { "\($0) fichiers" } ?? "fichiers non gardés"
        let signed =
            mark.manifest.map { manifest in
                let names = manifest.signers.map { "\($0.name.text) (\($0.role.rawValue))" }
                return "série \(manifest.serial), signée par \(names.joined(separator: ", "))"
            } ?? "non signés"
        return """
            \(generation)
                du \(since.rfc3339) \(end), indice \(index)
                \(count), \(signed), inventaire \(mark.inventory.prefix(12))…

            """
    }
}
