package import Vocabulary

/// Which records an audit looks at.
package struct AuditFilter: Sendable, Hashable {
    /// Only those of this service.
    package var service: ServiceID?
    /// Only those for this purpose.
    package var purpose: PurposeID?
    /// Only those for this recipient.
    package var recipient: Siret?
    /// Only those of this exchange, or the event of this identifier.
    package var exchange: ExchangeID?
    /// Only those of this kind.
    package var kind: RecordKind?
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
        kind: RecordKind? = nil,
        from: CalendarDate? = nil,
        to: CalendarDate? = nil
    ) {
        self.service = service
        self.purpose = purpose
        self.recipient = recipient
        self.exchange = exchange
        self.kind = kind
        self.from = from
        self.to = to
    }

    /// Whether a record is one that the audit looks at.
    package func admits(_ placed: PlacedRecord) -> Bool {
        let record = placed.record
        if let service, record.service != service { return false }
        if let purpose, record.purpose != .known(purpose) { return false }
        if let recipient, record.facts?.recipient != .known(recipient) { return false }
        if let exchange, record.id != exchange { return false }
        if let kind, record.kind != kind { return false }
        guard from != nil || to != nil else { return true }
        let day = placed.time.parisDate
        if let from, day < from { return false }
        if let to, day > to { return false }
        return true
    }
}
