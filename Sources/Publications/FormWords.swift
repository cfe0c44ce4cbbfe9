package import Policies
package import Vocabulary

extension FormDefinition {
    /// What a form lets out, and what it holds back; nil for the value itself.
    package var limit: String? {
        switch self {
        case .valeur: nil
        case .seuil(let comparison, let bound):
            "seulement par oui ou par non : \(comparison.inWords) \(bound.inWords) ; "
                + "jamais le montant"
        case .tranche(let brackets):
            "seulement la tranche (\(listInWords(brackets.map(\.label), last: "ou"))) ; "
                + "jamais le montant"
        case .presence: "seulement par oui ou par non : l'information existe-t-elle ?"
        case .nombre: "seulement combien il y en a ; jamais le détail"
        case .nombreMoinsDe(let years):
            "seulement combien de personnes ont moins de \(years) ans ; jamais les dates"
        case .somme: "seulement le total de la période ; jamais le détail"
        case .moyenne: "seulement la moyenne de la période ; jamais le détail"
        case .enVigueur: "seulement par oui ou par non : est-ce en cours à la date demandée ?"
        case .annee: "seulement l'année"
        case .age: "seulement l'âge"
        case .initiale: "seulement la première lettre"
        }
    }

    /// What the service receives, for its developer.
    package func received(of contract: FieldContract) -> String {
        switch self {
        case .valeur: contract.typeInWords
        case .seuil(let comparison, let bound):
            "vrai ou faux : la valeur est \(comparison.inWords) \(bound.inWords)"
        case .tranche(let brackets):
            "un libellé de tranche : \(brackets.inWords)"
        case .presence: "vrai ou faux : le détenteur a une valeur"
        case .nombre: "un nombre d'éléments"
        case .nombreMoinsDe(let years): "un nombre de personnes de moins de \(years) ans"
        case .somme: "un nombre : la somme sur la période"
        case .moyenne: "un nombre : la moyenne sur la période"
        case .enVigueur: "vrai ou faux : l'intervalle couvre la date"
        case .annee: "une année"
        case .age: "un âge, en années"
        case .initiale: "une lettre"
        }
    }
}

extension FormDefinition.Comparison {
    /// The comparison as a sentence says it.
    var inWords: String {
        switch self {
        case .auMoins: "au moins"
        case .auPlus: "au plus"
        case .plusDe: "plus de"
        case .moinsDe: "moins de"
        }
    }
}

extension [FormDefinition.Bracket] {
    /// The brackets with their bounds: « A (moins de 400), B (à partir de 400) ».
    fileprivate var inWords: String {
        let lines = enumerated().map { index, bracket in
            if let from = bracket.from {
                return "\(bracket.label) (à partir de \(from.inWords))"
            }
            let next = indices.contains(index + 1) ? self[index + 1].from : nil
            return bracket.label + (next.map { " (moins de \($0.inWords))" } ?? "")
        }
        return lines.joined(separator: ", ")
    }
}

extension FieldContract {
    /// The type of the value, for a developer.
    package var typeInWords: String {
        let one =
            switch type {
            case .entier: "un entier"
            case .decimal: "un nombre"
            case .booleen: "vrai ou faux"
            case .texte: "un texte"
            case .date: "une date (AAAA-MM-JJ, ou AAAA-MM, ou AAAA)"
            case .mois: "un mois (AAAA-MM)"
            case .enumeration: "un mot parmi : \(values.joined(separator: ", "))"
            }
        return path.arrayDepth > 0 ? "\(one), pour chaque élément" : one
    }
}
