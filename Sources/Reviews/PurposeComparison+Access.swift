import Policies
import Publications
import Vocabulary

// Who may use a purpose: its state, habilitations, modes, initiators, roles.
extension PurposeComparison {
    mutating func compareAccess(_ old: Policy, _ new: Policy) {
        compareState(old, new)
        compareHabilitations(old, new)
        for mode in Mode.allCases { compareMode(mode, old.modes[mode], new.modes[mode]) }
        compareInitiators(old, new)
        compare(
            Set(old.roles.map(\.rawValue)), Set(new.roles.map(\.rawValue)), in: "roles",
            gained: { "Le rôle « \($0) » est désormais admis dans le dossier." },
            lost: { "Le rôle « \($0) » n'est plus admis dans le dossier." })
    }

    private mutating func compareState(_ old: Policy, _ new: Policy) {
        guard old.state != new.state else { return }
        if new.state == .active {
            note(.opens, "etat", "La finalité, \(old.state.inWords) jusqu'ici, devient active.")
        } else if old.state == .active {
            note(
                .closes, "etat",
                "La finalité n'est plus active mais \(new.state.inWords) : plus aucun destinataire "
                    + "n'obtient rien.")
        } else {
            note(
                .neutral, "etat",
                "La finalité passe de \(old.state.inWords) à \(new.state.inWords).")
        }
    }

    // MARK: - Habilitations

    private mutating func compareHabilitations(_ old: Policy, _ new: Policy) {
        let recipients = Set((old.habilitations + new.habilitations).map(\.recipient)).sorted()
        for recipient in recipients {
            let own = old.habilitations.filter { $0.recipient == recipient }
            let next = new.habilitations.filter { $0.recipient == recipient }
            let name = (next + own).lazy.compactMap(\.name).first ?? "Le destinataire"
            let who = "\(name) (\(recipient.text))"
            let before = spans(own, self.before)
            let after = spans(next, self.after)
            for (from, to) in after.subtracting(before).days {
                note(.opens, "habilitations", "\(who) obtient l'accès \(span(from, to)).")
            }
            for (from, to) in before.subtracting(after).days {
                let isWhole = after.spans.isEmpty
                note(
                    .closes, "habilitations",
                    "\(who) perd l'accès "
                        + (isWhole ? "(\(span(from, to)))." : span(from, to) + "."))
            }
            guard before == after else { continue }
            if Set(own) != Set(next) {
                note(.neutral, "habilitations", "\(who) garde ses dates ; \(words(own, next)).")
            }
        }
    }

    /// The days on which the purpose's service may ask for a recipient.
    private func spans(_ own: [Habilitation], _ policies: PolicySet) -> DaySpans {
        let service = policies.services[purpose.service]?.siret
        let usable = own.filter { service == $0.recipient || service == $0.delegate }
        return DaySpans(usable.map { ($0.from, $0.to) })
    }

    private func span(_ from: CalendarDate, _ to: CalendarDate) -> String {
        "du \(from.inWords) au \(to.inWords)"
    }

    private func words(_ own: [Habilitation], _ next: [Habilitation]) -> String {
        var parts: [String] = []
        if Set(own.map(\.delegate)) != Set(next.map(\.delegate)) { parts.append("le délégataire") }
        if Set(own.map(\.number)) != Set(next.map(\.number)) { parts.append("le numéro") }
        if Set(own.map(\.name)) != Set(next.map(\.name)) { parts.append("le nom") }
        return parts.isEmpty
            ? "ses habilitations sont découpées autrement"
            : parts.joined(separator: ", ") + " de ses habilitations change"
    }

    // MARK: - Modes

    private mutating func compareMode(_ mode: Mode, _ old: ModeRule?, _ new: ModeRule?) {
        switch (old, new) {
        case (nil, nil): break
        case (nil, _?): note(.opens, "modes", "Le mode \(mode.inWords) est désormais admis.")
        case (_?, nil): note(.closes, "modes", "Le mode \(mode.inWords) n'est plus admis.")
        case (let old?, let new?):
            compareLevels(old.minimumLevel, new.minimumLevel)
            compare(
                Set(old.clients.map(\.symbol)), Set(new.clients.map(\.symbol)), in: "modes",
                gained: { "Les jetons du client FranceConnect « \($0) » sont désormais admis." },
                lost: { "Les jetons du client FranceConnect « \($0) » ne sont plus admis." })
            compare(
                Set(old.identifiers.map(\.rawValue)), Set(new.identifiers.map(\.rawValue)),
                in: "modes",
                gained: { "L'identifiant « \($0) » peut désormais accompagner l'identité." },
                lost: { "L'identifiant « \($0) » ne peut plus accompagner l'identité." })
        }
    }

    private mutating func compareLevels(_ old: AssuranceLevel?, _ new: AssuranceLevel?) {
        guard let old, let new, old != new else { return }
        note(
            new < old ? .opens : .closes, "modes",
            "Le niveau FranceConnect exigé passe de \(old.text) à \(new.text).")
    }

    // MARK: - Initiators

    private mutating func compareInitiators(_ old: Policy, _ new: Policy) {
        compare(
            PurposeComparison.initiators(old), PurposeComparison.initiators(new),
            in: "initiateurs",
            gained: { "Peut désormais être à l'initiative : \($0)." },
            lost: { "Ne peut plus être à l'initiative : \($0)." })
    }

    private static func initiators(_ policy: Policy) -> Set<String> {
        Set(
            policy.initiators.flatMap { rule in
                rule.modes.filter { policy.modes[$0] != nil }
                    .map { "« \(rule.quality.rawValue) » en mode \($0.inWords)" }
            })
    }
}

extension Mode {
    /// The mode as a sentence names it.
    var inWords: String {
        switch self {
        case .franceconnect: "FranceConnect"
        case .identite: "identité saisie"
        }
    }
}
