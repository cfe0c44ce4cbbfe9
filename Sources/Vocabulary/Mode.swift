/// The two ways of saying who the usager is.
package enum Mode: String, CaseIterable, Sendable {
    /// A FranceConnect token, introspected for this exchange.
    case franceconnect
    /// A civil identity, with a holder's identifier where the purpose allows one.
    case identite
}

/// A FranceConnect level of assurance (eIDAS), compared by rank.
package enum AssuranceLevel: Int, Comparable, CaseIterable, Sendable {
    case eidas1 = 1
    case eidas2 = 2
    case eidas3 = 3

    package init?(_ text: String) {
        guard let level = Self.allCases.first(where: { $0.text == text }) else { return nil }
        self = level
    }

    package var text: String { "eidas\(rawValue)" }

    package static func < (left: AssuranceLevel, right: AssuranceLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// In what quality somebody asks.
package enum InitiatorQuality: String, CaseIterable, Sendable {
    case usager
    case representantLegal = "representant_legal"
    case tuteur
    case mandataire
    case aidant
    case agent
}

/// Who began the exchange.
package struct Initiator: Hashable, Sendable {
    package let quality: InitiatorQuality
    /// The service's own opaque reference of its agent.
    package let agent: Sensitive<String>?

    package init(quality: InitiatorQuality = .usager, agent: Sensitive<String>? = nil) {
        self.quality = quality
        self.agent = agent
    }
}

/// The usager's part in the dossier.
package enum DossierRole: String, CaseIterable, Sendable {
    case demandeur
    case conjoint
    case enfant
    case cohabitant
}
