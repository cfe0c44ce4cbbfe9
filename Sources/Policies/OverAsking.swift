import JSONText
package import Vocabulary

// What a policy may ask and perhaps should not: remarks for the jurist who reviews it.
extension Policy {
    /// Every remark on this policy alone, in the order of its document.
    package func remarks(catalogue: Catalogue, today: CalendarDate) -> [PolicyRemark] {
        habilitationRemarks(today) + wholeDatasets(catalogue) + justificationRemarks(catalogue)
            + copiedJustifications() + ineffectiveRules(catalogue) + narrowCells(catalogue)
    }

    // MARK: - Habilitations

    /// How long before its end a habilitation is worth a word.
    private static let noticeDays: Int64 = 90

    private func habilitationRemarks(_ today: CalendarDate) -> [PolicyRemark] {
        guard state == .active || state == .brouillon else {
            return []
        }
        return habilitations.indices.compactMap { index in
            let own = habilitations[index]
            let isFollowed = habilitations.contains {
                $0.recipient == own.recipient && $0.delegate == own.delegate && $0.from > own.to
            }
            let days = own.to.daysSinceEpoch - today.daysSinceEpoch
            guard !isFollowed, days <= Policy.noticeDays else {
                return nil
            }
            let name = "L'habilitation « \(shownText(own.number)) »"
            return PolicyRemark(
                place: .habilitation(index),
                message: days < 0
                    ? "\(name) a pris fin le \(own.to.text)."
                    : "\(name) finit le \(own.to.text), \(Policy.delay(days)).",
                remedy: days < 0
                    ? "Renouvelez-la, ou retirez-la si le destinataire ne demande plus rien."
                    : "Préparez son renouvellement : après cette date, tout lui sera refusé.")
        }
    }

    private static func delay(_ days: Int64) -> String {
        switch days {
        case 0: "aujourd'hui"
        case 1: "demain"
        default: "dans \(days) jours"
        }
    }

    // MARK: - Fields

    /// A data set of which every field leaves as it is.
    private func wholeDatasets(_ catalogue: Catalogue) -> [PolicyRemark] {
        var open: [DatasetID: Set<FieldPath>] = [:]
        for rule in fields where rule.forms.contains(where: { $0.definition == .valeur }) {
            for leaf in catalogue.fields.leaves(of: rule.path) where !isForbidden(leaf.path) {
                open[leaf.path.dataset, default: []].insert(leaf.path)
            }
        }
        return open.keys.sorted().compactMap { id in
            let all = catalogue.fields.datasets[id]?.fields.count ?? 0
            guard all > 2, open[id]?.count == all else {
                return nil
            }
            return PolicyRemark(
                place: .fields,
                message: "La finalité demande tout le jeu « \(id) » : ses \(all) champs, en clair.",
                remedy: "Gardez ceux dont une règle de la démarche se sert, un par un.")
        }
    }

    private func isForbidden(_ leaf: FieldPath) -> Bool {
        forbidden.contains { $0 == leaf || leaf.isWithin($0) }
    }

    /// A rule all of whose leaves are forbidden elsewhere in the same policy.
    private func ineffectiveRules(_ catalogue: Catalogue) -> [PolicyRemark] {
        fields.indices.compactMap { index in
            let leaves = catalogue.fields.leaves(of: fields[index].path)
            guard !leaves.isEmpty, leaves.allSatisfy({ isForbidden($0.path) }) else {
                return nil
            }
            return PolicyRemark(
                place: .field(index),
                message: "Cette règle ne permet rien : « champs_interdits » l'emporte.",
                remedy: "Retirez la règle, ou l'interdiction.")
        }
    }
}

// MARK: - Justifications

extension Policy {
    private func justificationRemarks(_ catalogue: Catalogue) -> [PolicyRemark] {
        fields.indices.flatMap { index in
            let rule = fields[index]
            let leaves = catalogue.fields.leaves(of: rule.path)
            let text = Justification(rule.justification)
            if text.isTooShort {
                return [
                    PolicyRemark(
                        place: .field(index),
                        message: "La justification de « \(rule.path) » est trop courte "
                            + "pour convaincre.",
                        remedy: "Dites quelle règle de la démarche a besoin de ce champ, "
                            + "et pour quoi faire.")
                ]
            }
            if text.onlyRepeats(rule.path, leaves.map(\.label)) {
                return [
                    PolicyRemark(
                        place: .field(index),
                        message: "La justification de « \(rule.path) » ne fait que répéter "
                            + "le nom du champ.",
                        remedy: "Dites quelle règle de la démarche en a besoin.")
                ]
            }
            return valueForAThreshold(index, text, leaves)
        }
    }

    /// The value of a number whose justification speaks of a threshold or of a bracket.
    private func valueForAThreshold(
        _ index: Int, _ text: Justification, _ leaves: [FieldContract]
    ) -> [PolicyRemark] {
        guard let word = text.thresholdWord, leaves.contains(where: FormKind.seuil.suits) else {
            return []
        }
        let rule = fields[index]
        return rule.forms.indices.compactMap { form in
            let named = rule.forms[form]
            let isExplained = named.reason.map { !Justification($0).isTooShort } ?? false
            guard named.definition == .valeur, !isExplained else {
                return nil
            }
            return PolicyRemark(
                place: .form(field: index, form: form),
                message: "La justification de « \(rule.path) » parle de « \(word) », "
                    + "et la finalité demande la valeur.",
                remedy: "Donnez la forme « seuil » ou « tranche », ou dites dans « motif » "
                    + "pourquoi seule la valeur convient.")
        }
    }

    /// The same words for fields that have nothing in common.
    private func copiedJustifications() -> [PolicyRemark] {
        var first: [String: Int] = [:]
        return fields.indices.compactMap { index in
            let text = foldedToCapitals(fields[index].justification)
            guard let other = first[text] else {
                first[text] = index
                return nil
            }
            if Policy.isRelated(fields[index].path, fields[other].path) {
                return nil
            }
            return PolicyRemark(
                place: .field(index),
                message: "La justification de « \(fields[index].path) » est celle de "
                    + "« \(fields[other].path) », mot pour mot.",
                remedy: "Dites ce que ce champ-ci apporte, ou retirez-le.")
        }
    }

    /// Whether two fields are parts of one thing: of the same person, address or list.
    private static func isRelated(_ left: FieldPath, _ right: FieldPath) -> Bool {
        left.dataset == right.dataset && left.steps.count > 1
            && left.steps.dropLast() == right.steps.dropLast()
    }
}
