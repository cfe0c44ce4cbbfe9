import Policies
import Vocabulary

/// The usager, once identified, and what may be told of it to the second decision.
struct Identified: Sendable {
    let usager: Usager
    let facts: PersonFacts
    /// When the FranceConnect token ends; nothing may be asked under it afterwards.
    let deadline: ContinuousClock.Instant?
}

extension ExchangeCarrier {
    /// Identifies the usager, asking FranceConnect only where the request is FranceConnected.
    func identify(
        _ request: ExchangeRequest,
        for decision: Decision,
        under policies: PolicySet,
        until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Identified {
        switch request.usager {
        case .identity(let pivot, let identifiers):
            return Identified(
                usager: .identity(pivot: pivot, identifiers: identifiers),
                facts: .identity(identifiers: Set(identifiers.keys)),
                deadline: nil
            )
        case .franceConnect(let token, let identifiers):
            let found = try await introspect(
                token, for: policies.holdersToIntrospectFor(decision), until: deadline)
            return try identified(token, found, identifiers: Set(identifiers.keys))
        }
    }

    /// Introspects once for each holder, under its own registration, at the same time.
    private func introspect(
        _ token: Sensitive<String>,
        for holders: [HolderID],
        until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> [HolderID: Introspection] {
        let results = await withTaskGroup(
            of: (HolderID, Result<Introspection, Problem>).self
        ) { [franceConnect] group in
            for holder in holders {
                group.addTask {
                    do throws(Problem) {
                        let found = try await franceConnect.introspect(
                            token, for: holder, until: deadline)
                        return (holder, .success(found))
                    } catch {
                        return (holder, .failure(error))
                    }
                }
            }
            var results: [HolderID: Result<Introspection, Problem>] = [:]
            for await (holder, result) in group {
                results[holder] = result
            }
            return results
        }
        var found: [HolderID: Introspection] = [:]
        for holder in holders {
            guard let result = results[holder] else { continue }
            found[holder] = try result.get()
        }
        return found
    }

    /// One usager of several introspections, which must agree.
    private func identified(
        _ token: Sensitive<String>,
        _ found: [HolderID: Introspection],
        identifiers: Set<IdentifierKind>
    ) throws(Problem) -> Identified {
        guard let first = found.values.first else { throw Problem(.erreurInterne) }
        for other in found.values
        where other.pivot != first.pivot || other.client != first.client {
            throw Problem(
                .franceConnectIrrecevable,
                detail: "FranceConnect a donné deux identités ou deux clients pour un même jeton.")
        }
        let expiry = found.values.map(\.expiresAt).min() ?? first.expiresAt
        let left = expiry.milliseconds - clocks.wall().milliseconds
        guard left > 0 else { throw Problem(.jetonFranceConnectInactif) }
        return Identified(
            usager: .franceConnect(token: token, pivot: first.pivot),
            facts: .franceConnect(
                client: first.client,
                level: found.values.map(\.level).min() ?? first.level,
                scopes: found.mapValues(\.scopes),
                identifiers: identifiers
            ),
            deadline: clocks.monotonic().advanced(by: .milliseconds(left))
        )
    }
}
