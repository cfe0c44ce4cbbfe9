package import Journal
package import Policies
package import Vocabulary

/// The counters of a purpose of which its service may know what is left.
package struct ShownCounters: Sendable {
    private let claims: [BoundClaim]
    private let now: Timestamp
    /// The counters, as the journal names them.
    package let keys: [CounterKey]

    /// The counters that a decision's exchange would take; none where the service has no such
    /// purpose.
    package init(of decision: Decision, under policies: PolicySet) {
        let question = decision.question
        let policy = decision.rule == nil ? nil : policies[question.purpose]
        let claims = policy?.bounds.shownClaims ?? []
        self.claims = claims
        now = question.now
        keys = claims.map { claim in
            CounterKey(
                claim.bound, of: question.purpose,
                over: claim.period.window(around: question.now))
        }
    }

    /// What values leave, one for each key.
    package func quotas(_ values: [Int64]) -> [Quota] {
        zip(claims, values).compactMap { claim, value in
            claim.quota(found: Int(value), at: now)
        }
    }
}
