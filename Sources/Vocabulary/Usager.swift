/// The person whose data is asked for, as an exchange knows them once identified.
package enum Usager: Sendable {
    /// FranceConnected: the token, and the pivot that its introspection gave.
    case franceConnect(token: Sensitive<String>, pivot: Sensitive<PivotIdentity>)
    /// Otherwise: a full pivot, and identifiers that the purpose allows beside it.
    case identity(
        pivot: Sensitive<PivotIdentity>, identifiers: [IdentifierKind: Sensitive<String>])

    package var pivot: Sensitive<PivotIdentity> {
        switch self {
        case .franceConnect(_, let pivot), .identity(let pivot, _): pivot
        }
    }

    package var identifiers: [IdentifierKind: Sensitive<String>] {
        guard case .identity(_, let identifiers) = self else { return [:] }
        return identifiers
    }

    package var token: Sensitive<String>? {
        guard case .franceConnect(let token, _) = self else { return nil }
        return token
    }
}
