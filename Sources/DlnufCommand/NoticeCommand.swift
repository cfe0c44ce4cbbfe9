import JSONText
import Platform
import Policies
import Publications
import Registry
import Vocabulary

extension Command {
    static let policiesNotice = Command(
        "policies notice",
        summary: "Montre ce que l'usager doit lire avant un échange de cette finalité.",
        usage: "FINALITE [--mode MODE] [--html] [--connectors DOSSIER] [--policies DOSSIER]",
        options: [
            Option(
                name: "mode", value: "MODE",
                summary: "franceconnect ou identite (défaut : tous ceux de la finalité)"),
            Option(name: "html", value: nil, summary: "un fragment HTML au lieu du texte"),
            .connectors,
            .policies,
        ],
        details: """
            La notice dit en français courant quelles données, de qui, pourquoi, sur quelle base,
            pour combien de temps, avec quels droits. Le fragment HTML n'a ni style ni script : le
            formulaire de la démarche l'insère tel quel.
            """,
        positional: 1
    ) { arguments in
        let policies = try loadDocuments(
            connectors: arguments.connectors, policies: arguments.policies
        ).policies
        let purpose = try arguments.purpose(among: policies)
        let mode = try arguments.mode
        let day = Timestamp(milliseconds: WallClock.milliseconds()).parisDate
        guard let notice = UsagerNotice(of: purpose, mode: mode, in: policies, on: day) else {
            let modes = policies[purpose]?.modes.keys.map(\.rawValue).sorted() ?? []
            throw CommandFailure(
                .usage, "La finalité \(purpose.text) n'admet pas ce mode.",
                remedy: "Choisissez parmi : \(modes.joined(separator: ", ")).")
        }
        Console.write(arguments.has("html") ? notice.html : notice.text)
        return 0
    }
}

extension Arguments {
    /// The purpose that the command's only argument names.
    func purpose(among policies: PolicySet) throws(CommandFailure) -> PurposeID {
        let known = policies.policies.map(\.id.text)
        guard let name = positional.first else {
            throw CommandFailure(
                .usage, "Le nom de la finalité manque.",
                remedy: "Choisissez parmi : \(known.joined(separator: ", ")).")
        }
        guard let purpose = PurposeID(name), policies[purpose] != nil else {
            throw CommandFailure(
                .usage, "La finalité « \(shownName(name)) » n'existe pas.",
                remedy: nearestName(to: name, among: known).map { "Vouliez-vous dire « \($0) » ?" }
                    ?? "Choisissez parmi : \(known.joined(separator: ", ")).")
        }
        return purpose
    }

    /// The mode that `--mode` names, nil where it is not given.
    fileprivate var mode: Mode? {
        get throws(CommandFailure) {
            guard let text = self["mode"] else { return nil }
            guard let mode = Mode(rawValue: text) else {
                throw CommandFailure(
                    .usage, "« \(shownName(text)) » n'est pas un mode.",
                    remedy: "Écrivez --mode franceconnect ou --mode identite.")
            }
            return mode
        }
    }
}
