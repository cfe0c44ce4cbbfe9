import JSONText
import Platform
import Policies
import Registry
import Reviews
import Vocabulary

extension Command {
    static let policiesDiff = Command(
        "policies diff",
        summary: "Dit ce qu'un changement de politiques change, et pour qui.",
        usage: "A B [--le AAAA-MM-JJ] [--json] [--connectors DOSSIER] [--policies DOSSIER]",
        options: [
            Option(
                name: "le", value: "AAAA-MM-JJ",
                summary: "le jour des décisions comparées (défaut : aujourd'hui)"),
            Option(name: "json", value: nil, summary: "un document JSON"),
            .connectors,
            Option(
                name: "policies", value: "DOSSIER",
                summary: "où sont décrits les services de politiques seules (défaut : policies)"),
        ],
        details: """
            A et B sont chacun un policy.json ou un dossier de finalités entier ; les finalités se
            comparent par leur nom. Ce qui ouvre est à part : c'est ce qu'un approbateur doit voir.
            Le sens est comparé, pas le texte ; puis les décisions sont prises sous A et sous B pour
            chaque champ, mode, destinataire et initiateur, et celles qui changent sont listées.
            Codes de sortie : 0 aucune différence, 1 des différences, 64, 65, 71 ou 78 si la
            comparaison n'a pas pu se faire.
            """,
        positional: 2
    ) { arguments in
        guard arguments.positional.count == 2 else {
            throw CommandFailure(
                .usage, "Il faut deux politiques ou deux dossiers à comparer.",
                remedy: "Écrivez « dlnuf policies diff A B ».")
        }
        let day = try named(arguments, "le", "un jour AAAA-MM-JJ") { CalendarDate($0) }
        let before = try ComparedSet(arguments.positional[0], arguments)
        let after = try ComparedSet(arguments.positional[1], arguments)
        let diff = PolicyDiff(
            from: before.policies, to: after.policies,
            of: ComparedSet.purposes(in: before, after),
            on: day ?? Timestamp(milliseconds: WallClock.milliseconds()).parisDate)
        Console.write(
            arguments.has("json")
                ? indentedJSON(diff.json) + "\n" : diff.text)
        return diff.purposes.isEmpty ? 0 : 1
    }
}

/// One side of a comparison.
private struct ComparedSet {
    let policies: PolicySet
    /// The purpose of a lone policy; nil for a whole folder.
    let only: PurposeID?

    init(_ path: String, _ arguments: Arguments) throws(CommandFailure) {
        let file = Files.exists("\(path)/policy.json") ? "\(path)/policy.json" : path
        guard Files.kind(file) == .file else {
            policies = try loadDocuments(connectors: arguments.connectors, policies: path).policies
            only = nil
            return
        }
        let base = try loadDocuments(
            connectors: arguments.connectors, policies: arguments.policies
        ).policies
        let candidate = try Candidate(file, against: base)
        guard let set = base.replacing(candidate.purpose, by: candidate.bytes) else {
            throw CommandFailure(
                .data, "La politique \(shownName(file)) ne se lit pas.", remedy: "Corrigez-la.")
        }
        policies = set
        only = candidate.purpose
    }

    /// The purposes to compare: a lone policy narrows the comparison to its own.
    static func purposes(in before: ComparedSet, _ after: ComparedSet) -> Set<PurposeID>? {
        let named = [before.only, after.only].compactMap { $0 }
        return named.isEmpty ? nil : Set(named)
    }
}
