package import Vocabulary

/// The outcome of the second decision: what it says and, if it permits, the permit.
package struct Ruling: ~Copyable, Sendable {
    package let decision: Decision
    private let permit: Permit?

    init(decision: Decision, permit: consuming Permit?) {
        self.decision = decision
        self.permit = permit
    }

    /// The permit, which can be taken once because taking it ends the ruling.
    package consuming func takePermit() -> Permit? {
        permit
    }
}

/// The proof that the policies allow one exchange.
///
/// Only this module can make one, and spending it is the only way to a `HolderAsk`, so no holder
/// is asked
/// without a decision.
package struct Permit: ~Copyable, Sendable {
    private let decision: Decision
    private let services: [HolderService]
    /// What must be counted, in the transaction that records the decision, before it is spent.
    package let claims: [BoundClaim]

    init(decision: Decision, services: [HolderService], claims: [BoundClaim]) {
        self.decision = decision
        self.services = services
        self.claims = claims
    }

    /// Ends the permit and gives what each holder is to be asked: one question per holder and data
    /// set.
    package consuming func spend(for usager: Usager, in exchange: ExchangeID) -> [HolderAsk] {
        services.map { service in
            HolderAsk(
                exchange: exchange,
                decision: decision,
                service: service,
                leaves: decision.leaves(of: service),
                usager: usager
            )
        }
    }
}

/// What one holder is asked for, for one data set.
///
/// Shared, because child tasks carry it, and made nowhere but where a permit is spent.
package final class HolderAsk: Sendable {
    package let exchange: ExchangeID
    package let purpose: PurposeID
    package let recipient: Siret
    package let service: HolderService
    package let leaves: [GrantedLeaf]
    /// The leaves to read: those granted, and those that a granted form computes from.
    package let read: Set<FieldPath>
    package let period: Period?
    /// The legal day of the decision.
    package let today: CalendarDate
    package let usager: Usager

    init(
        exchange: ExchangeID,
        decision: Decision,
        service: HolderService,
        leaves: [GrantedLeaf],
        usager: Usager
    ) {
        self.exchange = exchange
        self.purpose = decision.question.purpose
        self.recipient = decision.question.recipient
        self.service = service
        self.leaves = leaves
        self.read = Set(leaves.flatMap(\.neededPaths))
        self.period = decision.periods[service.dataset]
        self.today = decision.question.now.parisDate
        self.usager = usager
    }
}

extension GrantedLeaf {
    /// The leaves that must be read to answer this one.
    package var neededPaths: [FieldPath] {
        Policies.neededPaths(contract, form)
    }
}
