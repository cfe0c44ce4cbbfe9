package import Policies
import Publications
package import Vocabulary

/// The dry run of an exchange: the first decision itself, and what would follow from it.
///
/// It knows no person, asks nobody and leaves no trace.
package struct Explanation: Sendable {
    package let decision: Decision
    /// What decided.
    let policies: PolicySet
    /// What is left of the bounds that the service may see.
    package var quotas: [Quota]
    /// What the caller showed who it is with; nil where nobody called.
    package var credential: Credential?

    /// What a caller showed, and whether an exchange would do with it.
    package struct Credential: Sendable {
        package let kind: CredentialKind
        package let isEnough: Bool
    }

    /// Decides on a question, as an exchange would.
    package init(of question: ExchangeQuestion, under policies: PolicySet, quotas: [Quota] = []) {
        self.init(policies.decide(question), under: policies, quotas: quotas)
    }

    /// Explains a decision of these policies.
    package init(_ decision: Decision, under policies: PolicySet, quotas: [Quota] = []) {
        self.decision = decision
        self.policies = policies
        self.quotas = quotas
    }

    var question: ExchangeQuestion { decision.question }
    /// The policy, where the service has such a purpose.
    var policy: Policy? { decision.rule == nil ? nil : policies[question.purpose] }
    var rule: ModeRule? { policy?.modes[question.mode] }

    /// What the person concerned must be told, where something would be exchanged.
    var notice: UsagerNotice? { UsagerNotice(of: decision, in: policies) }
}

/// Explains a request that a file holds, as `POST /v1/echanges/explication` would.
///
/// - Parameters:
///   - bytes: the body of the request.
///   - service: who asks; nil for the service that the purpose belongs to.
///   - policies: what decides.
///   - now: the moment of the decision.
/// - Returns: the explanation.
/// - Throws: the problem that the caller would read.
package func explain(
    _ bytes: [UInt8], as service: ServiceID?, under policies: PolicySet, at now: Timestamp
) throws(Problem) -> Explanation {
    let reader = RequestReader(
        limits: RequestLimits(), catalogue: policies.catalogue.fields, today: now.parisDate)
    let asked = try reader.explanation(bytes)
    let question = asked.question.asked(
        by: service ?? asked.question.purpose.service, mode: asked.mode, role: asked.role, at: now)
    return Explanation(of: question, under: policies)
}
