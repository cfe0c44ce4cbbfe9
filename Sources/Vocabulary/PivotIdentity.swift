/// Sex as civil status has it.
package enum Sex: String, CaseIterable, Sendable {
    case feminin = "F"
    case masculin = "M"
    case indetermine
}

/// The identity by which the State recognises a person (pivot d'identité).
///
/// Nothing prints it: the names are `Sensitive`, and so is the whole wherever it is carried.
package struct PivotIdentity: Hashable, Sendable {
    package let birthName: String
    /// The name in use, where it differs; holders search by the birth name.
    package let usageName: String?
    /// In the order of civil status, never empty; one may hold a space.
    package let givenNames: [String]
    package let birthDate: PartialDate
    /// Whether an unknown day or month may hide behind a 01, as FranceConnect completes presumed
    /// dates.
    package let mayBePresumed: Bool
    package let sex: Sex
    /// The country's code in the Code officiel géographique: `99100` is France.
    package let birthCountry: String
    /// The commune's code at the time of birth; present exactly when born in France.
    package let birthCommune: String?

    package init(
        birthName: String,
        usageName: String?,
        givenNames: [String],
        birthDate: PartialDate,
        mayBePresumed: Bool,
        sex: Sex,
        birthCountry: String,
        birthCommune: String?
    ) {
        self.birthName = birthName
        self.usageName = usageName
        self.givenNames = givenNames
        self.birthDate = birthDate
        self.mayBePresumed = mayBePresumed
        self.sex = sex
        self.birthCountry = birthCountry
        self.birthCommune = birthCommune
    }

    package static let france = "99100"

    package var isBornInFrance: Bool { birthCountry == PivotIdentity.france }
}

extension PivotIdentity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "‹identité masquée›" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The kinds of holder's identifier that a request may add to a full pivot.
package enum IdentifierKind: String, CaseIterable, Sendable {
    case numeroFiscal = "numero_fiscal"
    case identifiantFranceTravail = "identifiant_france_travail"
    case ine
}
