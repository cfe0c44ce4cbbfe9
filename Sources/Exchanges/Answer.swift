package import Journal
package import Vocabulary

/// What the caller receives: it cannot exist without the receipt of its outcome's record.
package struct Answer: Sendable, Equatable {
    /// How much of what was asked is there.
    package enum State: String, Sendable {
        case complet
        case partiel
        case aucun
    }

    package let exchange: ExchangeID
    package let state: State
    package let releases: [Release]
    package let sources: [Source]
    package let retentionDays: Int?
    package let receipt: Receipt
    /// What is left to the service of the purpose's bounds; never of a person's.
    package let quotas: [Quota]

    init(
        exchange: ExchangeID,
        brought: Brought,
        retentionDays: Int?,
        receipt: Receipt,
        quotas: [Quota]
    ) {
        self.exchange = exchange
        self.state = brought.state
        self.releases = brought.sources.map(\.release)
        self.sources = brought.sources
        self.retentionDays = retentionDays
        self.receipt = receipt
        self.quotas = quotas
    }
}

/// One call to a holder, as the answer tells it.
package struct Source: Sendable, Equatable {
    package let dataset: DatasetID
    package let holder: HolderID
    /// The leaves as they were asked in this call.
    package let requests: [FieldRequest]
    package let status: SourceStatus
    /// Why the call brought nothing, nil where it did or where each leaf says it.
    package let reason: MissingReason?
    /// When the holder's answer was there; nil where none came.
    package let obtainedAt: Timestamp?
    package let period: Period?
    package let coverage: String?
    /// Until when the holder's data are complete, whoever is asked about.
    package let upToDate: CalendarDate?
    package let release: Release

    /// The fields as they were asked in this call.
    package var fields: [String] { requests.map(\.text) }

    /// The requests that were answered: an instance of theirs leaves, or their array is empty.
    var releasedRequests: [FieldRequest] {
        let leaving = Set(
            release.leaves.map { FieldRequest(path: $0.instance.path, form: $0.form) })
        let missing = Set(
            release.missing.map { FieldRequest(path: $0.instance.path, form: $0.form) })
        return requests.filter { leaving.contains($0) || !missing.contains($0) }
    }
}

/// What the holders brought, before it is recorded.
struct Brought: Sendable {
    let sources: [Source]
    let replies: [HolderReply]

    var state: Answer.State {
        let released = sources.contains { !$0.release.leaves.isEmpty || hasEmptyArray($0.release) }
        let missing = sources.contains { !$0.release.missing.isEmpty }
        return released ? (missing ? .partiel : .complet) : .aucun
    }

    /// An array that was read and is empty is an answer: nobody, none.
    private func hasEmptyArray(_ release: Release) -> Bool {
        release.extents.contains { $0.count == 0 }
    }
}
