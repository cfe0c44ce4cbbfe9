import API
import Exchanges
import Foundation
import JSONText
import Platform
import Policies
import Registry
import Storage
import Vocabulary

extension Command {
    static let explain = Command(
        "explain",
        summary: "Dit d'avance ce qu'une demande obtiendrait, sans nommer personne.",
        usage: "FICHIER [--service SERVICE] [--le AAAA-MM-JJ] [--journal CHEMIN] [--json]",
        options: [
            Option(
                name: "service", value: "SERVICE",
                summary: "qui demande (défaut : le service de la finalité)"),
            Option(name: "le", value: "AAAA-MM-JJ", summary: "à quel jour (défaut : aujourd'hui)"),
            Option(
                name: "json", value: nil,
                summary: "le document de POST /v1/echanges/explication"),
            Option(
                name: "journal", value: "CHEMIN",
                summary: "le journal où lire ce qui reste des bornes (facultatif)"),
            .connectors, .policies,
        ],
        details: """
            FICHIER est la demande telle qu'elle serait envoyée, « mode » au lieu de « usager » :
            une explication ne prend personne. « - » la lit sur l'entrée standard.
            C'est la décision même de l'échange ; aucun détenteur n'est interrogé, rien n'est écrit.
            Codes de sortie : 0 la demande serait permise, 2 elle serait refusée, 64, 65 ou 78 si la
            demande ou les documents ne se lisent pas.
            """,
        positional: 1
    ) { arguments in
        guard let path = arguments.positional.first else {
            throw CommandFailure(
                .usage, "Le fichier de la demande manque.",
                remedy: "Écrivez « dlnuf explain FICHIER ».")
        }
        let request = try readRequest(path)
        let service = try named(arguments, "service", "un service") { ServiceID($0) }
        let day = try named(arguments, "le", "un jour AAAA-MM-JJ") { CalendarDate($0) }
        let registry = try loadDocuments(
            connectors: arguments.connectors, policies: arguments.policies)
        var explanation: Explanation
        do throws(Problem) {
            explanation = try API.explain(
                request, as: service, under: registry.policies, at: moment(of: day))
        } catch {
            throw CommandFailure(
                .data,
                (error.place.map { "« \($0) » : " } ?? "")
                    + (error.detail ?? error.code.entry.title),
                remedy: error.code.entry.remedy)
        }
        if let journal = arguments["journal"] {
            explanation.quotas = try quotas(
                ShownCounters(of: explanation.decision, under: registry.policies), in: journal)
        }
        Console.write(
            arguments.has("json")
                ? indentedJSON(explanation.json) + "\n" : explanation.text)
        return explanation.decision.isPermitted ? 0 : 2
    }

    /// What a journal says is left; reading takes nothing.
    private static func quotas(
        _ counters: ShownCounters, in journal: String
    ) throws(CommandFailure) -> [Quota] {
        try storing { () throws(JournalStoreError) in
            counters.quotas(try JournalReader(path: journal).values(counters.keys))
        }
    }

    /// Noon of a day, so that it is the same day in Paris; now where no day is named.
    private static func moment(of day: CalendarDate?) -> Timestamp {
        guard let day else { return Timestamp(milliseconds: WallClock.milliseconds()) }
        return Timestamp(milliseconds: day.daysSinceEpoch * 86_400_000 + 43_200_000)
    }

    private static func readRequest(_ path: String) throws(CommandFailure) -> [UInt8] {
        if path == "-" {
            return [UInt8](FileHandle.standardInput.readData(ofLength: RequestLimits().bytes + 1))
        }
        do throws(SystemError) {
            return try Files.read(path, maxBytes: RequestLimits().bytes)
        } catch {
            throw CommandFailure(
                .data, "Le fichier \(shownName(path)) ne se lit pas (\(error.text)).",
                remedy: "Vérifiez son chemin, ses droits et sa taille (256 Kio au plus).")
        }
    }
}
