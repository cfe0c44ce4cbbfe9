package import Policies
package import Vocabulary

// Who asks, why, and for which data.
extension NoticeScope {
    var essentials: UsagerNotice.Section {
        let who = service?.name ?? policy.id.service.text
        let goal =
            isProactive
            ? "Pour vous dire à quels droits vous pouvez prétendre"
            : "Pour traiter votre demande"
        return UsagerNotice.Section(
            "essentiel", "L'essentiel",
            [
                "\(goal), le service « \(who) » demande à d'autres administrations des données "
                    + "qu'elles ont déjà sur vous.",
                "Vous n'avez donc pas à les fournir vous-même. Ce texte vous dit lesquelles, "
                    + "pourquoi, et quels sont vos droits.",
            ])
    }

    var requesters: UsagerNotice.Section {
        var paragraphs: [String] = []
        let names = recipientNames
        if names.count == 1 {
            paragraphs.append("Vos données sont remises à : \(names[0]).")
        } else if names.count > 8 {
            paragraphs.append(
                "Vos données sont remises à l'administration qui traite votre dossier. Elle fait "
                    + "partie de \(names.count) administrations autorisées : leur liste est dans "
                    + "le registre public des échanges.")
        } else if !names.isEmpty {
            paragraphs.append(
                "Vos données sont remises à celle de ces administrations qui traite votre "
                    + "dossier : \(listInWords(names, last: "ou")).")
        } else {
            paragraphs.append(
                "Aucune administration n'est autorisée à recevoir vos données à ce jour.")
        }
        if let service, recipients.contains(where: { $0.recipient != service.siret }) {
            let only = recipients.allSatisfy { $0.recipient != service.siret }
            let whose = only ? "pour son compte" : "pour celles qui l'en ont chargé"
            paragraphs.append("Le service « \(service.name) » fait la demande \(whose).")
        }
        paragraphs.append(initiators)
        return UsagerNotice.Section("demandeur", "Qui demande vos données ?", paragraphs)
    }

    /// The names of those who receive the data, each once.
    private var recipientNames: [String] {
        var names: [String] = []
        for habilitation in recipients {
            let own = policies.services.values.first { $0.siret == habilitation.recipient }?.name
            let name = habilitation.name ?? own ?? "établissement \(habilitation.recipient.text)"
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private var initiators: String {
        if let initiator {
            switch initiator {
            case .usager: return "C'est vous qui lancez cette demande de données."
            case .agent:
                return "Un agent du service lance cette demande de données pour instruire votre "
                    + "dossier ; il est identifié."
            default: return "Votre \(initiator.inWords) lance cette demande de données pour vous."
            }
        }
        let rules = policy.initiators.filter { rule in
            mode.map { rule.modes.contains($0) } ?? true
        }
        let names = rules.map { rule in
            switch rule.quality {
            case .usager: "vous"
            case .agent: "un agent du service (il est identifié)"
            default: "votre \(rule.quality.inWords)"
            }
        }
        return "Qui peut lancer cette demande de données : \(listInWords(names, last: "ou"))."
    }

    var reasons: UsagerNotice.Section {
        let goal = policy.title.withoutStop.lowercasedFirst
        var paragraphs = ["Vos données servent seulement à ceci : \(goal)."]
        if isProactive {
            paragraphs.append(
                "Elles ne serviront à rien d'autre. En particulier, elles ne serviront jamais à "
                    + "rechercher ou à sanctionner une fraude.")
        } else {
            paragraphs.append("Seules les données nécessaires sont demandées.")
        }
        return UsagerNotice.Section("raison", "À quoi servent-elles ?", paragraphs)
    }

    var data: UsagerNotice.Section {
        UsagerNotice.Section(
            "donnees", "Quelles données, et qui les donne ?",
            groups: datasets.map { dataset in
                let name = policies.holderName(of: dataset)
                let period = periodInWords(dataset)
                return UsagerNotice.Group(
                    name + (period.isEmpty ? "" : " : \(period)"), lines(of: dataset))
            },
            closing: ["Aucune autre donnée n'est demandée à ces administrations."])
    }

    private func periodInWords(_ dataset: DatasetID) -> String {
        if let period = periods[dataset] {
            return period.inWords
        }
        let own = offers.filter { $0.contract.path.dataset == dataset }
        let hasPayments = own.contains { $0.contract.path.arrayDepth > 0 }
        let isPaymentsOnly = own.allSatisfy { $0.contract.path.arrayDepth > 0 }
        return policies.periodRule(of: dataset, for: policy.id)?
            .usualInWords(paymentsOnly: isPaymentsOnly, withPayments: hasPayments) ?? ""
    }

    /// One line for each field of the policy, or for each leaf where only a part of it is meant.
    private func lines(of dataset: DatasetID) -> [UsagerNotice.Line] {
        var lines: [UsagerNotice.Line] = []
        for rule in policy.fields where rule.path.dataset == dataset {
            let own = offers.filter { $0.rule == rule }
            let leaves = policies.catalogue.fields.leaves(of: rule.path)
            let asked = Set(own.map(\.contract.path))
            if !own.isEmpty, asked.count == leaves.count, rule.path != leaves.first?.path,
                let label = policies.plainLabel(rule.path)
            {
                lines.append(line(label, own, rule))
                continue
            }
            for leaf in leaves where asked.contains(leaf.path) {
                lines.append(
                    line(
                        policies.plainLabel(leaf.path) ?? leaf.label,
                        own.filter { $0.contract.path == leaf.path }, rule))
            }
        }
        return lines
    }

    private func line(
        _ label: String, _ offers: [FieldOffer], _ rule: FieldRule
    ) -> UsagerNotice.Line {
        var limits: [String] = []
        var isWhole = false
        for offer in offers {
            if let limit = offer.form.definition.limit {
                if !limits.contains(limit) { limits.append(limit) }
            } else {
                isWhole = true
            }
        }
        let text = isWhole ? label : "\(label) : \(listInWords(limits, last: "ou bien"))"
        return UsagerNotice.Line(
            text + ".", detail: "Pourquoi : \(rule.justification.lowercasedFirst)")
    }
}

extension InitiatorQuality {
    /// The quality as a sentence says it.
    var inWords: String {
        switch self {
        case .usager: "usager"
        case .representantLegal: "représentant légal"
        case .tuteur: "tuteur"
        case .mandataire: "mandataire"
        case .aidant: "aidant"
        case .agent: "agent"
        }
    }
}

extension PolicySet {
    /// A data set's holder, by the name that people know.
    package func holderName(of dataset: DatasetID) -> String {
        let document = catalogue.documents[dataset]
        return document?.words?.holder ?? document?.holderName ?? dataset.text
    }

    /// What a field is called to the persons whom it concerns, where the contract says it.
    package func plainLabel(_ path: FieldPath) -> String? {
        catalogue.documents[path.dataset]?.words?.labels[path]
    }
}
