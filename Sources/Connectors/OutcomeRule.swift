import HTTPMessages
package import Vocabulary

/// What an answer means.
package enum CallOutcome: Hashable, Sendable {
    case obtained
    case ended(MissingReason)
}

/// What a scalar of the answer must be for a rule to hold.
///
/// Where arrays are on the way, one of their scalars is enough.
struct BodyCondition: Sendable {
    let pointer: Int
    /// Whether the scalar must be nowhere, or null.
    var isAbsent = false
    /// The texts of which it is one, whether the holder writes a number or a text.
    var texts: Set<String> = []
    /// The texts of which it holds one.
    var contained: [String] = []
    /// The texts with one of which it begins or ends.
    var beginnings: [String] = []
    var endings: [String] = []

    func holds(_ captures: Captures) -> Bool {
        let known = captures.all(pointer).compactMap(\.known)
        if isAbsent { return known.isEmpty }
        return known.contains { text in
            texts.contains(text) || contained.contains { text.contains($0) }
                || beginnings.contains { text.hasPrefix($0) }
                || endings.contains { text.hasSuffix($0) }
        }
    }
}

/// What a header of the answer must be for a rule to hold.
struct HeaderCondition: Sendable {
    let name: String
    var isAbsent = false
    /// The values of which it has one; none means that it is there.
    var values: Set<String> = []

    func holds(_ headers: HTTPHeaders) -> Bool {
        guard let value = headers[name] else { return isAbsent }
        return !isAbsent && (values.isEmpty || values.contains(value.trimmingSpaces))
    }
}

/// Where an answer says when to ask again: a number of seconds, or a moment.
enum RetrySource: Sendable {
    case header(String)
    case body(Int)
}

/// One rule on what an answer means; it holds where all of its conditions do.
struct OutcomeRule: Sendable {
    let statuses: [ClosedRange<Int>]
    let headers: [HeaderCondition]
    let bodies: [BodyCondition]
    let outcome: CallOutcome
    /// Whether asking again later may help, where that does not follow from the outcome.
    let mayRetry: Bool?
    let retrySource: RetrySource?
    let retryAfterSeconds: Int?

    var pointers: [Int] {
        var pointers = bodies.map(\.pointer)
        if case .body(let pointer)? = retrySource { pointers.append(pointer) }
        return pointers
    }

    func holds(for response: InboundResponse, _ captures: Captures?) -> Bool {
        guard statuses.isEmpty || statuses.contains(where: { $0 ~= response.status }),
            headers.allSatisfy({ $0.holds(response.headers) })
        else { return false }
        if bodies.isEmpty { return true }
        guard let captures else { return false }
        return bodies.allSatisfy { $0.holds(captures) }
    }
}
