package import Connectors
import HTTPMessages
import Identification
package import JSONText
import Vocabulary

/// Everything in which an example's document is wrong, or its connector does otherwise than it
/// says: the mistakes of its writing where there are some, else the differences of playing it.
///
/// Nothing is called: the example's own answers are read.
package func examine(_ bytes: [UInt8], with connector: Connector) -> [JSONMistake] {
    let document = ConnectorExampleDocument(bytes, dataset: connector.dataset)
    guard let example = document.example else { return document.mistakes }
    return differences(of: example, with: connector).map(\.mistake)
}

/// Every difference between what an example says and what its connector does.
package func differences(
    of example: ConnectorExample, with connector: Connector
) -> [ExampleDifference] {
    var play = ExamplePlay(example: example)
    play.run(connector)
    return play.differences
}

/// Plays an example without a network and gathers what differs.
struct ExamplePlay {
    let example: ConnectorExample
    var differences: [ExampleDifference] = []
    private var outcome = CallOutcome.ended(.nonDetenu)
    private var reading = HolderReading()
    private var dropped: Set<String> = []
    private var unknown = 0

    init(example: ConnectorExample) {
        self.example = example
    }

    mutating func run(_ connector: Connector) {
        guard makeCalls(connector) else { return }
        if outcome != example.outcome {
            differences.append(
                ExampleDifference(
                    place("issue"), "L'issue n'est pas la même",
                    expected: example.outcome.text, found: outcome.text,
                    remedy: "Corrigez « issue », ou les règles « issues » du connecteur."))
        }
        if outcome == .obtained, example.outcome == .obtained { compareReading() }
        compareDropped()
    }

    /// Makes the calls one after the other; false where the example lacks one.
    private mutating func makeCalls(_ connector: Connector) -> Bool {
        let steps = connector.steps(for: example.question)
        if steps.isEmpty {
            differences.append(
                ExampleDifference(
                    place("question"), "Le connecteur ne fait aucun appel pour cette question",
                    remedy: "Vérifiez « mode » et « champs » : le connecteur doit les servir."))
            return false
        }
        var calls = example.calls[...]
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
                differences.append(
                    ExampleDifference(
                        place("appels"), "L'appel de l'étape « \(step.name) » manque",
                        found: "\(request.method.rawValue) \(request.target)",
                        remedy: "Ajoutez cet appel et sa réponse à « appels »."))
                return false
            }
            RequestComparison(call: call, step: step.name).compare(request, &differences)
            guard read(call, step, &kept) else { break }
        }
        for call in calls {
            differences.append(
                ExampleDifference(
                    call.document.place, "Le connecteur ne fait pas cet appel",
                    expected: "\(call.method) \(call.target)",
                    remedy: "Retirez-le, ou revoyez les étapes du connecteur."))
        }
        return true
    }

    /// Reads the answer of a call; false where no further call follows.
    private mutating func read(
        _ call: ConnectorExample.Call, _ step: CallStep,
        _ kept: inout [String: Sensitive<String>]
    ) -> Bool {
        let pivot = example.question.pivot.reveal()
        let read = step.read(call.response, for: example.question) { returned in
            agreement(of: pivot, with: returned) == .agrees
        }
        outcome = read.outcome
        dropped.formUnion(read.dropped.keys)
        unknown += read.droppedUnknown
        guard outcome == .obtained else { return false }
        reading.leaves.merge(read.reading.leaves) { _, new in new }
        reading.extents += read.reading.extents
        kept.merge(read.kept) { _, new in new }
        return true
    }

    /// The place of a member of the example, or of the whole where it has none.
    private func place(_ member: String, _ name: String? = nil) -> JSONPlace {
        guard let place = example.document.optional(member) else { return example.document.place }
        guard let name, let object = try? place.anyObject() else { return place }
        return object.optional(name) ?? place
    }

    // MARK: - Values

    private mutating func compareReading() {
        var values: [String: JSONValue] = [:]
        var missing: [String: MissingReason] = [:]
        for (instance, leaf) in reading.leaves {
            switch leaf {
            case .value(let value): values[instance.text] = value.reveal().json
            case .missing(let reason): missing[instance.text] = reason
            }
        }
        compareValues(values, missing)
        compareMissing(missing, values)
        compareExtents()
    }

    private mutating func compareValues(
        _ values: [String: JSONValue], _ missing: [String: MissingReason]
    ) {
        for name in Set(values.keys).union(example.values.keys).sorted()
        where values[name] != example.values[name] {
            // A value that is missing instead is said once, among the missing.
            if values[name] == nil, missing[name] != nil { continue }
            differences.append(
                ExampleDifference(
                    place("valeurs", name), "La valeur de « \(shownName(name)) » diffère",
                    expected: example.values[name].map(\.text) ?? "rien",
                    found: values[name].map(\.text) ?? "rien",
                    remedy: "Corrigez « valeurs », ou la façon de lire ce champ."))
        }
    }

    private mutating func compareMissing(
        _ missing: [String: MissingReason], _ values: [String: JSONValue]
    ) {
        for name in Set(missing.keys).union(example.missing.keys).sorted()
        where missing[name] != example.missing[name] {
            // A value that is there instead is said once, among the values.
            if missing[name] == nil, values[name] != nil, example.values[name] == nil { continue }
            let expected = example.missing[name]?.rawValue ?? example.values[name]?.text
            differences.append(
                ExampleDifference(
                    place(example.missing[name] == nil ? "valeurs" : "manquants", name),
                    "Ce qui manque n'est pas le même pour « \(shownName(name)) »",
                    expected: expected ?? "rien",
                    found: missing[name]?.rawValue ?? values[name]?.text ?? "rien",
                    remedy: "Corrigez « manquants », ou « si_absent » et « si_null » du champ."))
        }
    }

    private mutating func compareExtents() {
        let extents = Dictionary(
            reading.extents.map { ($0.path.text, $0.count) }, uniquingKeysWith: { $1 })
        for name in Set(extents.keys).union(example.extents.keys).sorted()
        where extents[name] != example.extents[name] {
            differences.append(
                ExampleDifference(
                    place("listes", name), "La longueur de « \(shownName(name)) » diffère",
                    expected: example.extents[name].map(String.init) ?? "rien",
                    found: extents[name].map(String.init) ?? "rien",
                    remedy: "Corrigez « listes », ou la liste du connecteur."))
        }
    }

    private mutating func compareDropped() {
        for name in dropped.symmetricDifference(example.dropped).sorted() {
            let isKept = example.dropped.contains(name)
            differences.append(
                ExampleDifference(
                    place("abandonnes"),
                    isKept
                        ? "« \(shownName(name)) » n'est pas laissé de côté"
                        : "« \(shownName(name)) » est reçu et laissé de côté sans être dit",
                    remedy: isKept
                        ? "Retirez-le de « abandonnes »." : "Ajoutez-le à « abandonnes »."))
        }
        if let expected = example.droppedUnknown, expected != unknown {
            differences.append(
                ExampleDifference(
                    place("inconnus"), "Le nombre de membres inconnus diffère",
                    expected: String(expected), found: String(unknown),
                    remedy: "Corrigez « inconnus », ou décrivez ces membres."))
        }
    }
}

extension JSONValue {
    /// The value as JSON writes it.
    var text: String {
        var writer = JSONWriter()
        writer.value(
            JSONNode(value: self, position: JSONPosition(line: 1, column: 1, offset: 0)))
        return writer.text
    }
}
