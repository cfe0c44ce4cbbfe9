package import HTTPMessages
package import JSONText
package import Vocabulary

/// One case that a connector ships: a question, what the holder hears and says, and what comes of
/// it.
///
/// It is documentation, a test, and what a holder compares its own API with. Its persons are
/// invented.
package struct ConnectorExample: Sendable {
    package let description: String
    package let question: HolderQuestion
    package let calls: [Call]
    package let outcome: CallOutcome
    /// By the name of the instance: what must have been read.
    package let values: [String: JSONValue]
    package let missing: [String: MissingReason]
    package let extents: [String: Int]
    package let dropped: Set<String>
    package let droppedUnknown: Int?
    /// The document itself, where a difference has its place.
    package let document: JSONObjectPlace

    /// One call: what the holder must hear, and what it says.
    package struct Call: Sendable {
        package let method: String
        package let target: String
        /// Those that must be there, among others.
        package let headers: [String: String]
        /// The body, where the example says one.
        package let body: String?
        package let response: InboundResponse
        /// The call in its document.
        package let document: JSONObjectPlace
    }

    /// The same example with other calls.
    package func with(calls: [Call]) -> ConnectorExample {
        ConnectorExample(
            description: description, question: question, calls: calls, outcome: outcome,
            values: values, missing: missing, extents: extents, dropped: dropped,
            droppedUnknown: droppedUnknown, document: document)
    }
}

extension CallOutcome {
    /// The outcome, as documents write it.
    package var text: String {
        switch self {
        case .obtained: "obtenu"
        case .ended(let reason): reason.rawValue
        }
    }
}

extension FieldValue {
    /// The value as an answer writes it.
    package var json: JSONValue {
        switch self {
        case .integer(let integer): .number(JSONNumber(text: String(integer)))
        case .decimal(let decimal): .number(JSONNumber(text: decimal.text))
        case .boolean(let boolean): .bool(boolean)
        case .text(let text): .string(text)
        case .date(let date): .string(date.text)
        case .month(let month): .string(month.text)
        }
    }
}
