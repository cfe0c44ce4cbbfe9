package import Journal
package import Policies
package import Vocabulary

/// What an exchange needs of the journal.
package protocol JournalPort: Sendable {
    /// Sets the places of one exchange's two records aside.
    ///
    /// - Throws: `journalIndisponible` while the journal is known not to write, `passerelleSaturee`
    ///   where no place is free; nobody has been called yet.
    func reserve() throws(Problem) -> any JournalPlace

    /// What counters hold now, taking nothing; nil while the journal does not say.
    func values(_ counters: [CounterKey]) async -> [Int64]?
}

/// Room in the journal for the records of one exchange, given back when the value ends.
package protocol JournalPlace: Sendable {
    /// Writes a record and returns once it is durable.
    ///
    /// Cancelling the task does not shorten the wait: what was begun is recorded.
    ///
    /// - Throws: `journalIndisponible`.
    func append(_ draft: Draft) async throws(Problem) -> Receipt

    /// Writes a record with the counts that it takes, in one transaction, and returns once both
    /// are durable; where a count is beyond its limit, nothing is written and the place is kept.
    ///
    /// - Throws: `journalIndisponible`.
    func claim(_ draft: Draft) async throws(Problem) -> Claimed
}

/// What FranceConnect says of a token, under one holder's registration.
package struct Introspection: Sendable {
    /// The service's client, nil where the deployment knows no symbol for it.
    package let client: FranceConnectClient?
    package let level: AssuranceLevel
    package let scopes: Set<String>
    package let expiresAt: Timestamp
    package let pivot: Sensitive<PivotIdentity>

    package init(
        client: FranceConnectClient?,
        level: AssuranceLevel,
        scopes: Set<String>,
        expiresAt: Timestamp,
        pivot: Sensitive<PivotIdentity>
    ) {
        self.client = client
        self.level = level
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.pivot = pivot
    }
}

/// What an exchange needs of FranceConnect.
package protocol FranceConnectPort: Sendable {
    /// Introspects a token now, under the registration of one holder.
    ///
    /// - Throws: a problem that says whose fault it is.
    func introspect(
        _ token: Sensitive<String>,
        for holder: HolderID,
        until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Introspection
}

/// What an exchange needs of the data holders.
package protocol HolderPort: Sendable {
    /// Asks one holder. The receipt proves that the decision is durable; failures are replies.
    func ask(
        _ ask: HolderAsk,
        recorded receipt: Receipt,
        until deadline: ContinuousClock.Instant
    ) async -> HolderReply
}

/// The two clocks, read at the edge and handed in.
package struct Clocks: Sendable {
    package let wall: @Sendable () -> Timestamp
    package let monotonic: @Sendable () -> ContinuousClock.Instant

    package init(
        wall: @escaping @Sendable () -> Timestamp,
        monotonic: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.wall = wall
        self.monotonic = monotonic
    }
}
