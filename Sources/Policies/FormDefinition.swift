package import Vocabulary

/// A form with the parameters that its policy gives it; a request only names it.
package enum FormDefinition: Sendable, Hashable {
    /// How a value stands to a bound.
    package enum Comparison: String, CaseIterable, Sendable {
        case auMoins = "au_moins"
        case auPlus = "au_plus"
        case plusDe = "plus_de"
        case moinsDe = "moins_de"
    }

    /// A bracket: from its bound, included, to the next bracket's.
    package struct Bracket: Sendable, Hashable {
        package let label: String
        /// Nil for the first bracket, which has no lower bound.
        package let from: ExactDecimal?

        package init(label: String, from: ExactDecimal?) {
            self.label = label
            self.from = from
        }
    }

    case valeur
    case seuil(Comparison, ExactDecimal)
    case tranche([Bracket])
    case presence
    case nombre
    case nombreMoinsDe(years: Int)
    case somme
    case moyenne
    case enVigueur
    case annee
    case age
    case initiale

    package var kind: FormKind {
        switch self {
        case .valeur: .valeur
        case .seuil: .seuil
        case .tranche: .tranche
        case .presence: .presence
        case .nombre: .nombre
        case .nombreMoinsDe: .nombreMoinsDe
        case .somme: .somme
        case .moyenne: .moyenne
        case .enVigueur: .enVigueur
        case .annee: .annee
        case .age: .age
        case .initiale: .initiale
        }
    }
}
