import Policies
import Vocabulary

/// What leaves of one holder's reply: the granted leaves in their forms, each with a value or a
/// reason, and nothing else.
func release(of reply: HolderReply, to ask: HolderAsk) -> Release {
    guard reply.status == .obtenu else {
        let reason = reply.missing ?? .detenteurIndisponible
        return Release(
            missing: ask.leaves.map { leaf in
                MissingLeaf(
                    instance: LeafInstance(path: leaf.request.path),
                    form: leaf.request.form,
                    reason: reason,
                    fallback: fallback(for: reason, of: reply, granted: leaf.fallback),
                    retryAfterSeconds: reply.retryAfterSeconds
                )
            })
    }
    let outcome = ask.applyForms(to: reply.reading)
    var release = Release(extents: outcome.extents)
    for entry in outcome.entries {
        let instance = LeafInstance(path: entry.request.path, indices: entry.indices)
        switch entry.reading {
        case .value(let value):
            release.leaves.append(
                ReleasedLeaf(instance: instance, form: entry.request.form, value: value))
        case .missing(let reason):
            release.missing.append(
                MissingLeaf(
                    instance: instance,
                    form: entry.request.form,
                    reason: reason,
                    fallback: fallback(for: reason, of: reply, granted: entry.fallback),
                    retryAfterSeconds: reason.fallback == .reessayer
                        ? reply.retryAfterSeconds : nil
                ))
        }
    }
    return release
}

/// The reason's own remedy where it has one (check the identity, ask again), else what the purpose
/// says; to ask again is no remedy where the holder will say the same.
private func fallback(
    for reason: MissingReason, of reply: HolderReply, granted: Fallback
) -> Fallback {
    if reason.fallback == .reessayer, !reply.mayRetry { return granted }
    return switch reason.fallback {
    case .verifierIdentite, .reessayer: reason.fallback
    case .attestation, .saisie, .piece: granted
    }
}

extension Brought {
    init(_ replies: [(HolderAsk, HolderReply, Timestamp)]) {
        sources = replies.flatMap { Brought.sources(of: $1, to: $0, at: $2) }
        self.replies = replies.map(\.1)
    }

    /// One source for each call that was to bring some of the leaves.
    private static func sources(
        of reply: HolderReply, to ask: HolderAsk, at time: Timestamp
    ) -> [Source] {
        let whole = release(of: reply, to: ask)
        let requests = ask.leaves.map(\.request)
        guard reply.calls.count > 1 else {
            return [
                source(
                    ask, requests, whole, of: reply, status: reply.status, reason: reply.missing,
                    at: time)
            ]
        }
        return reply.calls.map { call in
            source(
                ask, requests.filter { call.fields.contains($0.path) }, whole.part(call.fields),
                of: reply, status: call.status, reason: call.missing, at: time,
                coverage: call.coverage)
        }
    }

    private static func source(
        _ ask: HolderAsk, _ requests: [FieldRequest], _ release: Release, of reply: HolderReply,
        status: SourceStatus, reason: MissingReason?, at time: Timestamp,
        coverage: String? = nil
    ) -> Source {
        Source(
            dataset: ask.service.dataset,
            holder: ask.service.holder,
            requests: requests,
            status: status,
            reason: reason,
            obtainedAt: status == .obtenu ? time : nil,
            period: ask.period,
            coverage: coverage ?? reply.coverage,
            upToDate: reply.upToDate,
            release: release
        )
    }
}

extension Release {
    /// What leaves, or does not, of some leaves alone.
    fileprivate func part(_ paths: Set<FieldPath>) -> Release {
        Release(
            leaves: leaves.filter { paths.contains($0.instance.path) },
            missing: missing.filter { paths.contains($0.instance.path) },
            extents: extents.filter { extent in paths.contains { $0.isWithin(extent.path) } }
        )
    }
}
