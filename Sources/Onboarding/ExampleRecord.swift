import Connectors
import Identification
import JSONText
import Vocabulary

/// What a connector reads of an example's answers, as the example's own members say it.
struct ExampleRecord {
    let example: ConnectorExample
    private(set) var outcome = CallOutcome.ended(.nonDetenu)
    private var reading = HolderReading()
    private var dropped: Set<String> = []
    private var unknown = 0

    init(example: ConnectorExample) {
        self.example = example
    }

    /// Reads the first answer.
    mutating func read(_ step: CallStep) {
        guard let call = example.calls.first else { return }
        let pivot = example.question.pivot.reveal()
        let read = step.read(call.response, for: example.question) { returned in
            agreement(of: pivot, with: returned) == .agrees
        }
        outcome = read.outcome
        reading = read.reading
        dropped = Set(read.dropped.keys)
        unknown = read.droppedUnknown
    }

    /// The members `issue`, `valeurs`, `manquants`, `listes`, `abandonnes` and `inconnus`.
    var expectations: [(String, JSONValue)] {
        var values: [(String, JSONValue)] = []
        var missing: [(String, JSONValue)] = []
        for (instance, leaf) in reading.leaves.sorted(by: { $0.key.text < $1.key.text }) {
            switch leaf {
            case .value(let value): values.append((instance.text, value.reveal().json))
            case .missing(let reason): missing.append((instance.text, .string(reason.rawValue)))
            }
        }
        let lists = reading.extents.map { ($0.path.text, JSONValue.whole($0.count)) }
        var members: [(String, JSONValue)] = [("issue", .string(outcome.text))]
        if !values.isEmpty { members.append(("valeurs", .members(values))) }
        if !missing.isEmpty { members.append(("manquants", .members(missing))) }
        if !lists.isEmpty { members.append(("listes", .members(lists))) }
        if !dropped.isEmpty { members.append(("abandonnes", .texts(dropped.sorted()))) }
        if unknown > 0 { members.append(("inconnus", .whole(unknown))) }
        return members
    }
}
