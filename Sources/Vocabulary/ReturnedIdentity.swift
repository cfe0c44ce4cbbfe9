/// An identity as a holder's answer gives it, to be compared with the pivot and dropped.
///
/// Texts are as the holder wrote them: the comparison folds case and marks itself. A trait that the
/// answer does not give is nil.
package struct ReturnedIdentity: Hashable, Sendable {
    /// What a holder does to identities, so that a difference of that kind is no disagreement.
    package struct Tolerances: Hashable, Sendable {
        /// Letters after which the holder cuts the birth name.
        package var birthNameCut: Int?
        /// Letters after which the holder cuts the given names.
        package var givenNamesCut: Int?
        /// Whether the holder gives only the first given name.
        package var isFirstGivenNameOnly: Bool
        /// Whether the name that the holder calls a birth name may be the name in use.
        package var isUsageNameAccepted: Bool
        /// Whether the holder may give more given names, after those that the usager said.
        package var areMoreGivenNamesAccepted = false
        /// Whether the holder gives the given names in an order of its own.
        package var isGivenNameOrderFree = false

        package init(
            birthNameCut: Int? = nil,
            givenNamesCut: Int? = nil,
            isFirstGivenNameOnly: Bool = false,
            isUsageNameAccepted: Bool = false
        ) {
            self.birthNameCut = birthNameCut
            self.givenNamesCut = givenNamesCut
            self.isFirstGivenNameOnly = isFirstGivenNameOnly
            self.isUsageNameAccepted = isUsageNameAccepted
        }
    }

    package var birthName: String?
    package var usageName: String?
    /// All given names that the holder gives, in one text.
    package var givenNames: String?
    package var birthDate: PartialDate?
    package var sex: Sex?
    package var birthCountry: String?
    package var birthCommune: String?
    package var tolerances: Tolerances

    package init(
        birthName: String? = nil,
        usageName: String? = nil,
        givenNames: String? = nil,
        birthDate: PartialDate? = nil,
        sex: Sex? = nil,
        birthCountry: String? = nil,
        birthCommune: String? = nil,
        tolerances: Tolerances = Tolerances()
    ) {
        self.birthName = birthName
        self.usageName = usageName
        self.givenNames = givenNames
        self.birthDate = birthDate
        self.sex = sex
        self.birthCountry = birthCountry
        self.birthCommune = birthCommune
        self.tolerances = tolerances
    }
}

extension ReturnedIdentity: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var description: String { "‹identité masquée›" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
