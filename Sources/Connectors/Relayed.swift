package import Vocabulary

/// A trait of the pivot, as a deployment grants it to a holder.
package enum IdentityTrait: String, CaseIterable, Sendable {
    case birthName = "nom_naissance"
    case usageName = "nom_usage"
    case givenNames = "prenoms"
    case birthDate = "date_naissance"
    case sex = "sexe"
    case birthCountry = "pays_naissance"
    case birthCommune = "commune_naissance"
}

/// What says who the usager is and may be handed to a holder.
///
/// What a step keeps of an answer is not in the list: it came from the same holder.
package enum Relayed: Hashable, Comparable, Sendable {
    /// The usager's FranceConnect token.
    case token
    case trait(IdentityTrait)
    case identifier(IdentifierKind)

    /// The name, as a configuration writes it.
    package var text: String {
        switch self {
        case .token: "jeton_franceconnect"
        case .trait(let trait): "identite.\(trait.rawValue)"
        case .identifier(let kind): "identifiant.\(kind.rawValue)"
        }
    }

    package static func < (left: Relayed, right: Relayed) -> Bool { left.text < right.text }

    /// Every trait: what `identite` alone grants.
    package static let identity = Set(IdentityTrait.allCases.map { Relayed.trait($0) })

    /// The names of a grant, in the order in which they are listed.
    package static let grantNames: [String] =
        ["identite"] + IdentityTrait.allCases.map { Relayed.trait($0).text }
        + IdentifierKind.allCases.map { Relayed.identifier($0).text } + [Relayed.token.text]

    /// What a name grants; nil where it is not in the list.
    package static func granted(by name: String) -> Set<Relayed>? {
        if name == "identite" { return identity }
        let all =
            [Relayed.token] + IdentityTrait.allCases.map { .trait($0) }
            + IdentifierKind.allCases.map { .identifier($0) }
        return all.first { $0.text == name }.map { [$0] }
    }
}

extension Connector {
    /// What its requests hand to the holder of what says who the usager is.
    package var relayed: Set<Relayed> {
        var relayed: Set<Relayed> = []
        for request in modes.values.flatMap(\.steps).map(\.request) {
            if request.relaysToken { relayed.insert(.token) }
            for variable in request.variables {
                switch variable {
                case .identity(let projection): relayed.insert(.trait(projection.trait))
                case .identifier(let kind): relayed.insert(.identifier(kind))
                default: break
                }
            }
        }
        return relayed
    }
}

extension IdentityProjection {
    /// The trait that the projection writes, in whole or in part.
    var trait: IdentityTrait {
        switch self {
        case .birthName: .birthName
        case .usageName: .usageName
        case .firstGivenName, .givenNames: .givenNames
        case .birthDate, .birthDateCompleted, .birthDateCompact, .birthDateSlashed, .birthYear,
            .birthMonth, .birthDay:
            .birthDate
        case .sex, .sexDigit, .civilSex: .sex
        case .birthCountry: .birthCountry
        case .birthCommune, .birthDepartment, .birthDepartmentShort, .birthCommuneWithin,
            .birthCommuneEnd:
            .birthCommune
        }
    }
}
