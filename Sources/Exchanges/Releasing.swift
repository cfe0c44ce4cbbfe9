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
                    fallback: fallback(for: reason, granted: leaf.fallback),
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
                    fallback: fallback(for: reason, granted: entry.fallback)
                ))
        }
    }
    return release
}

/// The reason's own remedy where it has one (check the identity, ask again), else what the purpose
/// says.
private func fallback(for reason: MissingReason, granted: Fallback) -> Fallback {
    switch reason.fallback {
    case .verifierIdentite, .reessayer: reason.fallback
    case .attestation, .saisie, .piece: granted
    }
}
