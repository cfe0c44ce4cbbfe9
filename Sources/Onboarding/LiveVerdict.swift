package import Connectors
package import Vocabulary

/// What asking a holder's own bac à sable one of a connector's examples showed.
package enum LiveVerdict: Sendable, Equatable {
    /// It answers as the example says.
    case conforms
    /// It holds nothing of the example's invented person, so nothing was compared.
    case personAbsent
    /// The example shows a failure that nobody brings about by asking.
    case notProvoked
    /// It answers otherwise; each difference in French.
    case differs([String])

    /// The verdict as people read it.
    package var text: String {
        switch self {
        case .conforms: "conforme"
        case .personAbsent: "personne ou dossier absent du bac à sable"
        case .notProvoked: "cas qui ne se provoque pas d'ici"
        case .differs: "écart"
        }
    }

    /// Judges a reply by its example.
    package init(_ reply: HolderReply, of example: ConnectorExample) {
        let outcome: CallOutcome = reply.missing.map { .ended($0) } ?? .obtained
        guard outcome == example.outcome else {
            self = LiveVerdict.other(outcome, than: example.outcome)
            return
        }
        guard outcome == .obtained else {
            self = .conforms
            return
        }
        let differences = LiveVerdict.differences(reply.reading, example)
        self = differences.isEmpty ? .conforms : .differs(differences)
    }

    private static func other(
        _ outcome: CallOutcome, than expected: CallOutcome
    ) -> LiveVerdict {
        if case .ended(let reason) = expected, !reason.concernsPerson { return .notProvoked }
        // The bac à sable says that it holds nothing of an invented person whom it was never given.
        let absences: [MissingReason] = [.personneInconnue, .nonDetenu, .nonCouvert]
        if absences.contains(where: { outcome == .ended($0) }) { return .personAbsent }
        return .differs([
            "l'issue est « \(outcome.text) », l'exemple dit « \(expected.text) »"
        ])
    }

    /// Names alone: a value of the bac à sable is never shown here.
    private static func differences(
        _ reading: HolderReading, _ example: ConnectorExample
    ) -> [String] {
        var differences: [String] = []
        for (instance, leaf) in reading.leaves.sorted(by: { $0.key.text < $1.key.text }) {
            switch leaf {
            case .value(let value):
                guard let expected = example.values[instance.text] else {
                    differences.append("« \(instance.text) » a une valeur que l'exemple n'a pas")
                    continue
                }
                if value.reveal().json != expected {
                    differences.append("« \(instance.text) » a une autre valeur")
                }
            case .missing(let reason):
                guard example.missing[instance.text] != reason else { continue }
                differences.append("« \(instance.text) » manque (\(reason.rawValue))")
            }
        }
        let read = Set(reading.leaves.keys.map(\.text))
        for name in Set(example.values.keys).subtracting(read).sorted() {
            differences.append("« \(plainText(name)) » n'est pas dans la réponse")
        }
        return differences
    }
}
