package import Policies
package import Vocabulary

/// The service provider that authenticated itself.
package struct Caller: Sendable, Hashable {
    package let service: ServiceID
    /// The registry's own name of the credential, which is no secret.
    package let credential: String
    /// With what it showed who it is.
    package let kind: CredentialKind

    package init(service: ServiceID, credential: String, kind: CredentialKind = .apiKey) {
        self.service = service
        self.credential = credential
        self.kind = kind
    }
}

/// Who the request says the usager is, before anything was verified.
package enum UsagerClaim: Sendable {
    case franceConnect(
        token: Sensitive<String>, identifiers: [IdentifierKind: Sensitive<String>])
    case identity(
        pivot: Sensitive<PivotIdentity>, identifiers: [IdentifierKind: Sensitive<String>])

    package var mode: Mode {
        switch self {
        case .franceConnect: .franceconnect
        case .identity: .identite
        }
    }

    package var identifiers: [IdentifierKind: Sensitive<String>] {
        switch self {
        case .franceConnect(_, let identifiers), .identity(_, let identifiers): identifiers
        }
    }
}

/// One request, read and well formed: an immutable reference, held to the end of the exchange.
package final class ExchangeRequest: Sendable {
    package let id: ExchangeID
    package let caller: Caller
    package let question: ExchangeQuestion
    package let usager: UsagerClaim
    package let dossier: Sensitive<String>?

    package init(
        id: ExchangeID,
        caller: Caller,
        question: ExchangeQuestion,
        usager: UsagerClaim,
        dossier: Sensitive<String>?
    ) {
        self.id = id
        self.caller = caller
        self.question = question
        self.usager = usager
        self.dossier = dossier
    }
}
