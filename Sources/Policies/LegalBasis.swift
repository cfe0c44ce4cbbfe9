package import Vocabulary

/// A text on which a purpose rests.
package struct LegalBasis: Sendable, Hashable {
    /// What sort of text it is.
    package enum Kind: String, CaseIterable, Sendable {
        /// A law, a code, a decree, an order: published, so it has an address.
        case texte
        /// What an assembly decided for its own territory, such as a town council's tariffs.
        case deliberation
    }

    package let text: String
    package let url: String?
    /// Whether the reference was not read again.
    package let isToConfirm: Bool
    /// Nil for a text of law.
    package let deliberation: Deliberation?

    package var kind: Kind { deliberation == nil ? .texte : .deliberation }
}

/// Who decided, when, and for whom.
package struct Deliberation: Sendable, Hashable {
    /// The assembly, such as « Conseil municipal d'Exemple ».
    package let assembly: String
    package let date: CalendarDate
    package let number: String?
    /// The only recipient whom it concerns; nil where it concerns them all.
    package let recipient: Siret?
}

/// What makes a processing lawful: the points of article 6(1) of the RGPD.
///
/// Point f, legitimate interest, is not open to public authorities in the performance of their
/// tasks.
package enum RGPDArticle: String, CaseIterable, Sendable {
    case consentement = "6-1-a"
    case contrat = "6-1-b"
    case obligationLegale = "6-1-c"
    case interetsVitaux = "6-1-d"
    case missionPublique = "6-1-e"

    /// What the point says, in French.
    package var label: String {
        switch self {
        case .consentement: "le consentement de la personne"
        case .contrat: "l'exécution d'un contrat avec la personne"
        case .obligationLegale: "une obligation légale"
        case .interetsVitaux: "la sauvegarde d'intérêts vitaux"
        case .missionPublique: "une mission d'intérêt public ou d'autorité publique"
        }
    }
}
