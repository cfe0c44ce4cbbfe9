import Policies
import Publications
import Vocabulary

// How often, how long, on which ground: bounds, retention, obligations, legal bases, words.
extension PurposeComparison {
    mutating func compareDuties(_ old: Policy, _ new: Policy) {
        compareBounds(old.bounds, new.bounds)
        if old.retentionDays != new.retentionDays {
            note(
                new.retentionDays > old.retentionDays ? .opens : .closes, "conservation",
                "Les données se gardent \(new.retentionDays) jours au plus, au lieu de "
                    + "\(old.retentionDays).")
        }
        // To owe less is to be let do more.
        compare(
            Set(new.obligations.map(\.rawValue)), Set(old.obligations.map(\.rawValue)),
            in: "obligations",
            gained: { "Le service n'est plus tenu à « \($0) »." },
            lost: { "Le service est désormais tenu à « \($0) »." })
        if old.kind != new.kind {
            note(
                new.kind == .demande ? .opens : .closes, "type",
                "La finalité passe de « \(old.kind.rawValue) » à « \(new.kind.rawValue) » "
                    + "(CRPA L114-8, \(new.kind == .demande ? "I" : "II : aucune réutilisation")).")
        }
        compareGrounds(old, new)
        compareWording(old, new)
    }

    private mutating func compareBounds(_ old: Bounds, _ new: Bounds) {
        compareLimit("d'échanges par jour", old.perDay, new.perDay)
        compareLimit("d'échanges par seconde", old.perSecond, new.perSecond)
        let mine = old.perPersonAndDossier
        let next = new.perPersonAndDossier
        if mine?.period == next?.period || mine == nil || next == nil {
            compareLimit("d'appels par personne et dossier", mine?.calls, next?.calls)
        } else if let mine, let next {
            note(
                next.calls > mine.calls ? .opens : .closes, "bornes",
                "La borne par personne et dossier passe de \(mine.calls) appels par "
                    + "\(mine.period.rawValue) à \(next.calls) par \(next.period.rawValue).")
        }
        let limits: [(String, KeyPath<ProbingLimits, Int>)] = [
            ("de personnes par jour", \.personsPerDay),
            ("de personnes par dossier", \.personsPerDossier),
            ("de variantes d'un nom et d'une date par jour", \.variantsPerDay),
            ("d'échecs par heure", \.missesPerHour),
            ("d'échecs sur les cent derniers", \.missesInHundred),
        ]
        for (words, limit) in limits {
            compareLimit(words, old.probing[keyPath: limit], new.probing[keyPath: limit])
        }
    }

    private mutating func compareLimit(_ words: String, _ old: Int?, _ new: Int?) {
        guard old != new else { return }
        let from = old.map(String.init) ?? "aucune"
        let to = new.map(String.init) ?? "aucune"
        note(
            new ?? .max > old ?? .max ? .opens : .closes, "bornes",
            "La borne \(words) passe de \(from) à \(to).")
    }

    private mutating func compareGrounds(_ old: Policy, _ new: Policy) {
        if old.rgpdArticle != new.rgpdArticle {
            note(
                .neutral, "rgpd",
                "La base du RGPD devient l'article \(new.rgpdArticle.rawValue) : "
                    + "\(new.rgpdArticle.label).")
        }
        let mine = Set(old.legalBases)
        let next = Set(new.legalBases)
        for basis in new.legalBases where !mine.contains(basis) {
            let isToConfirm = basis.isToConfirm ? " (à confirmer)" : ""
            note(.neutral, "bases_legales", "Repose désormais sur : \(basis.text)\(isToConfirm).")
        }
        for basis in old.legalBases where !next.contains(basis) {
            note(.neutral, "bases_legales", "Ne repose plus sur : \(basis.text).")
        }
    }

    private mutating func compareWording(_ old: Policy, _ new: Policy) {
        let words: [(String, String, String)] = [
            ("intitule", old.title, new.title), ("demarche", old.demarche, new.demarche),
            ("etape", old.step.rawValue, new.step.rawValue),
            ("contact", old.contact, new.contact),
            ("relecteur", old.reviewer, new.reviewer),
            (
                "categories_dpv", old.dpvCategories.joined(separator: ", "),
                new.dpvCategories.joined(separator: ", ")
            ),
        ]
        for (member, mine, next) in words where mine != next {
            note(.neutral, member, "« \(member) » devient « \(next) » (avant : « \(mine) »).")
        }
        if old.retentionReason != new.retentionReason {
            note(.neutral, "conservation", "Le motif de la conservation change.")
        }
    }
}
