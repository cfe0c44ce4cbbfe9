package import Vocabulary

/// What a service asks, without any person: all that the first decision may know.
///
/// An immutable reference, which the decision and both records hold.
package final class ExchangeQuestion: Sendable, Equatable {
    package let service: ServiceID
    package let recipient: Siret
    package let purpose: PurposeID
    /// The fields as the request writes them; a name that no catalogue holds is refused, not an
    /// error.
    package let fields: [String]
    package let periods: [DatasetID: RequestedPeriod]
    package let mode: Mode
    package let initiator: Initiator
    package let role: DossierRole?
    package let now: Timestamp

    package init(
        service: ServiceID,
        recipient: Siret,
        purpose: PurposeID,
        fields: [String],
        periods: [DatasetID: RequestedPeriod],
        mode: Mode,
        initiator: Initiator,
        role: DossierRole?,
        now: Timestamp
    ) {
        self.service = service
        self.recipient = recipient
        self.purpose = purpose
        self.fields = fields
        self.periods = periods
        self.mode = mode
        self.initiator = initiator
        self.role = role
        self.now = now
    }

    package static func == (left: ExchangeQuestion, right: ExchangeQuestion) -> Bool {
        left === right
            || (left.service == right.service && left.recipient == right.recipient
                && left.purpose == right.purpose && left.fields == right.fields
                && left.periods == right.periods && left.mode == right.mode
                && left.initiator == right.initiator && left.role == right.role
                && left.now == right.now)
    }
}

/// What identifying the usager showed, without saying who they are: all that the second decision
/// may know.
package enum PersonFacts: Sendable, Equatable {
    /// What the introspections said: the token's client (nil where the deployment knows no symbol
    /// for it), the
    /// lowest level, and the scopes under each holder's own registration.
    case franceConnect(
        client: FranceConnectClient?,
        level: AssuranceLevel,
        scopes: [HolderID: Set<String>],
        identifiers: Set<IdentifierKind>
    )
    /// Which kinds of identifier came beside the pivot.
    case identity(identifiers: Set<IdentifierKind>)
}
