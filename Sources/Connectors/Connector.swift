package import Resilience
package import Vocabulary

/// A holder's API for one data set, as its connector describes it.
package struct Connector: Sendable {
    package let holder: HolderID
    package let dataset: DatasetID
    package let label: String
    /// What the holder's answers cover, and until when.
    let coverage: Coverage
    /// Whether the API is the project's own because no public one exists.
    package let isOwnContract: Bool
    /// Where the holder announces that its origins are.
    let environments: [HolderEnvironment: [OriginName: String]]
    /// The origins to which the deployment must show a certificate of its own.
    package let certificateOrigins: Set<OriginName>
    let modes: [Mode: ModePlan]
    /// How the holder is treated, whatever it is asked.
    package let resilience: ResilienceSettings

    /// What each mode serves, for the policies.
    package var services: [HolderService] {
        Mode.allCases.compactMap { mode in
            modes[mode].map { $0.service(holder: holder, dataset: dataset, mode: mode) }
        }
    }

    /// The origins that the deployment must bind, those of token requests included.
    package var origins: Set<OriginName> {
        var origins: Set<OriginName> = []
        for step in allSteps {
            origins.insert(step.request.origin)
            if case .client(let credentials) = step.request.authentication {
                origins.insert(credentials.origin)
            }
        }
        return origins
    }

    /// The secrets that the deployment must bind.
    package var secrets: Set<SecretName> {
        Set(allSteps.flatMap(\.request.authentication.secrets))
    }

    /// The assertions that its accounts sign.
    package var assertions: [ClientAssertion] {
        Set(
            allSteps.compactMap { step in
                guard case .client(let credentials) = step.request.authentication,
                    case .assertion(let assertion) = credentials.proof
                else { return nil }
                return assertion
            }
        ).sorted { $0.key < $1.key }
    }

    /// The calls that a question needs, in order; empty where the connector does not serve it.
    ///
    /// Each call may be made only once the one before has brought an answer about the usager.
    package func steps(for question: HolderQuestion) -> [CallStep] {
        guard question.dataset == dataset, let plan = modes[question.mode] else { return [] }
        let chosen = plan.steps.filter { step in
            step.applies(to: question)
                && (step.isAlways || !step.reading.fields.isDisjoint(with: question.leaves))
        }
        // A step that only prepares another is of no use alone.
        guard chosen.contains(where: { !$0.reading.fields.isDisjoint(with: question.leaves) })
        else { return [] }
        return chosen.map { CallStep(plan: $0) }
    }

    /// Whether an unknown person is asked for again under the birth date that a 01 may hide: where
    /// the connector says so, and only if some request tells the holder that date.
    package func retriesPresumedDate(for question: HolderQuestion) -> Bool {
        (modes[question.mode]?.retriesPresumedDate ?? false)
            && steps(for: question).contains { $0.plan.request.carriesBirthDate }
    }

    private var allSteps: [StepPlan] { modes.values.flatMap(\.steps) }
}

/// How a connector serves one mode.
struct ModePlan: Sendable {
    let neededIdentifier: IdentifierKind?
    /// The lowest FranceConnect level that the holder accepts; nil where it takes any.
    let minimumLevel: AssuranceLevel?
    let retriesPresumedDate: Bool
    let steps: [StepPlan]
    /// Since when the mode answers.
    let availability: ModeAvailability

    func service(holder: HolderID, dataset: DatasetID, mode: Mode) -> HolderService {
        HolderService(
            holder: holder,
            dataset: dataset,
            mode: mode,
            fields: steps.reduce(into: []) { $0.formUnion($1.reading.fields) },
            neededIdentifier: neededIdentifier,
            introspectsToken: steps.contains { $0.request.relaysToken },
            receivesIdentity: steps.contains { $0.request.carriesIdentity },
            returnsIdentity: returnsIdentity,
            minimumLevel: minimumLevel
        )
    }

    /// Whether no field is read without an identity to compare: in its own step, in one that always
    /// comes before, or because the holder knows the person by the FranceConnect token.
    private var returnsIdentity: Bool {
        var wasCompared = false
        for step in steps {
            let compares = step.reading.agreement != nil
            let isSafe = compares || wasCompared || step.request.relaysToken
            if !step.reading.fields.isEmpty, !isSafe { return false }
            if compares, step.isAlways { wasCompared = true }
        }
        return steps.contains { $0.reading.agreement != nil }
    }
}

/// One call of a connector.
final class StepPlan: Sendable {
    let name: String
    /// Whether the call is made even when none of its own leaves is asked.
    let isAlways: Bool
    let onlyWith: IdentifierKind?
    let onlyWithout: IdentifierKind?
    /// The asked fields under which the call is made.
    let condition: FieldCondition
    let request: RequestPlan
    let rules: [OutcomeRule]
    let reading: ReadingPlan
    let totalMilliseconds: Int
    let times: StepTimes
    /// Whether the call may be made twice.
    let isRepeatable: Bool

    init(
        name: String, isAlways: Bool, onlyWith: IdentifierKind?, onlyWithout: IdentifierKind?,
        condition: FieldCondition, request: RequestPlan, rules: [OutcomeRule],
        reading: ReadingPlan, totalMilliseconds: Int, times: StepTimes, isRepeatable: Bool
    ) {
        self.name = name
        self.isAlways = isAlways
        self.onlyWith = onlyWith
        self.onlyWithout = onlyWithout
        self.condition = condition
        self.request = request
        self.rules = rules
        self.reading = reading
        self.totalMilliseconds = totalMilliseconds
        self.times = times
        self.isRepeatable = isRepeatable
    }

    func applies(to question: HolderQuestion) -> Bool {
        if let onlyWith, question.identifiers[onlyWith] == nil { return false }
        if let onlyWithout, question.identifiers[onlyWithout] != nil { return false }
        return condition.holds(for: question.leaves)
    }
}
