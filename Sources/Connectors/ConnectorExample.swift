import HTTPMessages
import JSONText
package import Vocabulary

/// One case that a connector ships: a question, what the holder hears and says, and what comes of
/// it.
///
/// It is documentation, a test, and what a holder compares its own API with. Its persons are
/// invented.
package struct ConnectorExample: Sendable {
    package let description: String
    let question: HolderQuestion
    let calls: [Call]
    let outcome: CallOutcome
    /// By the name of the instance: what must have been read.
    let values: [String: JSONValue]
    let missing: [String: MissingReason]
    let extents: [String: Int]
    let dropped: Set<String>
    let droppedUnknown: Int?

    struct Call: Sendable {
        let method: String
        let target: String
        let headers: [String: String]
        let body: String?
        let response: InboundResponse
    }

    /// What differs from the example when the connector makes its calls and reads these answers, in
    /// French.
    package func differences(
        from connector: Connector, agrees: (PivotIdentity, ReturnedIdentity) -> Bool
    ) -> [String] {
        var run = ExampleRun(example: self)
        run.play(connector) { agrees(question.pivot.reveal(), $0) }
        return run.differences
    }
}

/// Plays an example and gathers what differs.
struct ExampleRun {
    let example: ConnectorExample
    var differences: [String] = []
    private var reading = HolderReading()
    private var dropped: Set<String> = []
    private var unknown = 0

    init(example: ConnectorExample) {
        self.example = example
    }

    mutating func play(_ connector: Connector, agrees: (ReturnedIdentity) -> Bool) {
        let steps = connector.steps(for: example.question)
        var calls = example.calls[...]
        var outcome = CallOutcome.ended(.nonDetenu)
        var kept: [String: Sensitive<String>] = [:]
        for step in steps {
            let request: CallRequest
            do throws(CallImpossible) {
                request = try step.request(for: example.question, kept: kept)
            } catch {
                outcome = .ended(error.reason)
                break
            }
            guard let call = calls.popFirst() else {
                differences.append("L'étape « \(step.name) » n'a pas d'appel dans l'exemple.")
                return
            }
            compare(request, with: call, step.name)
            let read = step.read(call.response, for: example.question, agrees: agrees)
            outcome = read.outcome
            dropped.formUnion(read.dropped.keys)
            unknown += read.droppedUnknown
            guard outcome == .obtained else { break }
            reading.leaves.merge(read.reading.leaves) { _, new in new }
            reading.extents += read.reading.extents
            kept.merge(read.kept) { _, new in new }
        }
        if !calls.isEmpty { differences.append("L'exemple décrit un appel de trop.") }
        if outcome != example.outcome {
            differences.append(
                "L'issue est « \(outcome.text) » et non « \(example.outcome.text) ».")
        }
        if outcome == .obtained { compareReading() }
        compareDropped()
    }

    private mutating func compare(
        _ request: CallRequest, with call: ConnectorExample.Call, _ step: String
    ) {
        if request.method.rawValue != call.method {
            differences.append("\(step) : la méthode est \(request.method.rawValue).")
        }
        if request.target != call.target {
            differences.append("\(step) : la cible est « \(request.target) ».")
        }
        for (name, value) in call.headers.sorted(by: { $0.key < $1.key }) {
            let own = request.headers.first { $0.name.lowercased() == name.lowercased() }
            if own?.value != value {
                differences.append("\(step) : l'en-tête \(name) diffère ou manque.")
            }
        }
        let body = String(decoding: request.body, as: UTF8.self)
        if let expected = call.body, expected != body {
            differences.append("\(step) : le corps est « \(body) ».")
        }
    }

    private mutating func compareReading() {
        var values: [String: JSONValue] = [:]
        var missing: [String: MissingReason] = [:]
        for (instance, leaf) in reading.leaves {
            switch leaf {
            case .value(let value): values[instance.text] = value.reveal().json
            case .missing(let reason): missing[instance.text] = reason
            }
        }
        for name in Set(values.keys).union(example.values.keys).sorted()
        where values[name] != example.values[name] {
            differences.append("« \(name) » : la valeur diffère, manque ou est de trop.")
        }
        for name in Set(missing.keys).union(example.missing.keys).sorted()
        where missing[name] != example.missing[name] {
            differences.append("« \(name) » : le motif est \(missing[name]?.rawValue ?? "absent").")
        }
        let extents = Dictionary(
            reading.extents.map { ($0.path.text, $0.count) }, uniquingKeysWith: { $1 })
        if extents != example.extents { differences.append("Les longueurs des listes diffèrent.") }
    }

    private mutating func compareDropped() {
        if dropped != example.dropped {
            let names = dropped.sorted().joined(separator: ", ")
            differences.append("Les champs laissés de côté sont : \(names).")
        }
        if let expected = example.droppedUnknown, expected != unknown {
            differences.append("Il y a \(unknown) membres inconnus.")
        }
    }
}

extension CallOutcome {
    var text: String {
        switch self {
        case .obtained: "obtenu"
        case .ended(let reason): reason.rawValue
        }
    }
}

extension FieldValue {
    /// The value as an answer writes it.
    var json: JSONValue {
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
