package import HTTPMessages
import JSONText
package import Vocabulary

/// One call that a question needs.
package struct CallStep: Sendable {
    let plan: StepPlan

    /// The step's name in its connector.
    package var name: String { plan.name }
    /// The leaves that the call can bring.
    package var fields: Set<FieldPath> { plan.reading.fields }
    package var authentication: CallAuthentication { plan.request.authentication }
    /// Bytes of the answer beyond which it is refused.
    package var maximumBytes: Int { plan.reading.limits.bytes }
    /// How long the call may take, whatever the exchange's own deadline.
    package var totalTime: Duration { .milliseconds(plan.totalMilliseconds) }

    /// How long connecting may take, each time.
    package var connectTime: Duration { .milliseconds(plan.times.connectMilliseconds) }
    /// How long the answer's first byte may take, each time; nil for as long as the call itself.
    package var firstByteTime: Duration? {
        plan.times.firstByteMilliseconds.map { .milliseconds($0) }
    }
    /// Whether the call may be made twice.
    package var isRepeatable: Bool { plan.isRepeatable }

    /// The request, with what earlier steps kept.
    package func request(
        for question: HolderQuestion, kept: [String: Sensitive<String>] = [:]
    ) throws(CallImpossible) -> CallRequest {
        var request = try plan.request.render(VariableValues(question: question, kept: kept))
        if case .franceConnectToken = plan.request.authentication {
            guard let token = question.token else {
                throw CallImpossible(
                    reason: .passerelleEnDefaut, variable: "jeton_franceconnect")
            }
            request = request.adding("Authorization", "Bearer \(token.reveal())")
        }
        return request.adding("Accept", plan.reading.mediaTypes.joined(separator: ", "))
    }

    /// Reads the answer in one pass; `agrees` says whether a returned identity is the usager's.
    package func read(
        _ response: InboundResponse, for question: HolderQuestion,
        agrees: (ReturnedIdentity) -> Bool
    ) -> StepReading {
        AnswerReader(
            plan: plan.reading, stepRules: plan.rules, question: question
        ).read(response, agrees: agrees)
    }
}

extension CallRequest {
    func adding(_ name: String, _ value: String) -> CallRequest {
        CallRequest(
            origin: origin, method: method, target: target,
            headers: headers + [(name: name, value: value)], body: body,
            authentication: authentication
        )
    }
}
