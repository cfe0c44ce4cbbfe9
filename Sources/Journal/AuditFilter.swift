package import Vocabulary

/// Which records an audit looks at.
package struct AuditFilter: Sendable, Hashable {
    /// Only those of this service.
    package var service: ServiceID?
    /// Only those for this purpose.
    package var purpose: PurposeID?
    /// Only those for this recipient.
    package var recipient: Siret?
    /// Only those of this exchange.
    package var exchange: ExchangeID?
    /// Only those of this legal day (Europe/Paris) and later ones.
    package var from: CalendarDate?
    /// Only those of this legal day and earlier ones.
    package var to: CalendarDate?

    /// Admits every record until something is set.
    package init(
        service: ServiceID? = nil,
        purpose: PurposeID? = nil,
        recipient: Siret? = nil,
        exchange: ExchangeID? = nil,
        from: CalendarDate? = nil,
        to: CalendarDate? = nil
    ) {
        self.service = service
        self.purpose = purpose
        self.recipient = recipient
        self.exchange = exchange
        self.from = from
        self.to = to
    }

    /// Whether a record is one that the audit looks at.
    package func admits(_ placed: PlacedRecord) -> Bool {
        let facts = placed.record.facts
        if let service, facts.service != service { return false }
        if let purpose, facts.purpose != .known(purpose) { return false }
        if let recipient, facts.recipient != .known(recipient) { return false }
        if let exchange, facts.exchange != exchange { return false }
        guard from != nil || to != nil else { return true }
        let day = placed.time.parisDate
        if let from, day < from { return false }
        if let to, day > to { return false }
        return true
    }
}
