package import Vocabulary

/// How often a purpose may be used.
package struct Bounds: Sendable, Hashable {
    /// How often one person may be asked about for one dossier.
    package struct OfPerson: Sendable, Hashable {
        package let calls: Int
        package let period: CountingPeriod
    }

    package let perPersonAndDossier: OfPerson?
    /// How many exchanges a legal day.
    package let perDay: Int?
    /// How many exchanges a second.
    package let perSecond: Int?
    package let probing: ProbingLimits

    /// A purpose whose document sets no bound.
    package static let none = Bounds(
        perPersonAndDossier: nil, perDay: nil, perSecond: nil, probing: .usual)
}

/// What the identity mode of one credential may do for one purpose before probing is presumed.
package struct ProbingLimits: Sendable, Hashable {
    /// Distinct persons a legal day.
    package var personsPerDay: Int
    /// Distinct persons of one dossier a legal year.
    package var personsPerDossier: Int
    /// Distinct persons of one birth name and birth date a legal day.
    package var variantsPerDay: Int
    /// Exchanges an hour in which nobody was recognised.
    package var missesPerHour: Int
    /// Such exchanges among the last hundred.
    package var missesInHundred: Int

    /// What holds where a policy says nothing: enough for a service of some size whose users
    /// mistype now and then.
    package static let usual = ProbingLimits(
        personsPerDay: 2000, personsPerDossier: 12, variantsPerDay: 5, missesPerHour: 40,
        missesInHundred: 40)
}

/// One count that must be taken before a permit may be used.
package struct BoundClaim: Sendable, Hashable {
    package let bound: Bound
    package let period: CountingPeriod
    package let limit: Int

    /// What is left to the service once so many were found at a moment; nil where the service may
    /// not be told.
    package func quota(found: Int, at time: Timestamp) -> Quota? {
        guard bound.isShown else { return nil }
        return Quota(
            bound: bound, limit: limit, found: found, window: period.window(around: time))
    }
}

extension Bounds {
    /// The counts that an exchange in a mode takes; none for a purpose without bounds that is
    /// FranceConnected.
    package func claims(in mode: Mode) -> [BoundClaim] {
        var claims = shownClaims
        if let own = perPersonAndDossier {
            claims.append(
                BoundClaim(bound: .parPersonneEtDossier, period: own.period, limit: own.calls))
        }
        if mode == .identite {
            claims += [
                BoundClaim(
                    bound: .personnesParJour, period: .jour, limit: probing.personsPerDay),
                BoundClaim(
                    bound: .personnesParDossier, period: .annee, limit: probing.personsPerDossier),
                BoundClaim(
                    bound: .variantesParJour, period: .jour, limit: probing.variantsPerDay),
            ]
        }
        return claims
    }

    /// The counts of which the service may be told what is left.
    package var shownClaims: [BoundClaim] {
        var claims: [BoundClaim] = []
        if let perDay {
            claims.append(BoundClaim(bound: .parJour, period: .jour, limit: perDay))
        }
        if let perSecond {
            claims.append(BoundClaim(bound: .parSeconde, period: .seconde, limit: perSecond))
        }
        return claims
    }
}

extension PolicySet {
    /// What the counts that were found make of a permitted decision: the same, or a refusal.
    ///
    /// Pure, so that a replay with the counts of the record gives the verdict again.
    package func judge(_ decision: Decision, by counts: [FoundCount]) -> Decision {
        let exceeded = counts.filter(\.isExceeded).compactMap { Bound(rawValue: $0.counter) }
        guard !exceeded.isEmpty else { return decision }
        // Whoever is presumed to probe is told nothing of the other bounds.
        let isProbing = exceeded.contains(where: \.isOfProbing)
        let reasons = isProbing ? [.sondagePresume] : Set(exceeded.map(\.reason))
        let contact = self[decision.question.purpose]?.contact
        return decision.refused(
            reasons.sorted { $0.rawValue < $1.rawValue }.map { reason in
                Refusal(field: nil, reason: reason, rule: decision.rule?.text, contact: contact)
            })
    }
}
