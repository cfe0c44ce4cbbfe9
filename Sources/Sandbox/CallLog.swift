import Synchronization

/// The calls that each double has received, in order.
package final class CallLog: Sendable {
    /// One call.
    package struct Call: Sendable {
        /// When it came, in milliseconds since the Unix epoch.
        package let at: Int64
        /// The request's method.
        package let method: String
        /// What the double noted of the request.
        package var note: CallNote
        /// The status of the answer; `nil` while there is none.
        package var status: Int?
        /// Whether the caller left, or the answer was broken off, before it was whole.
        package var abandoned = false
    }

    /// Which call a double is answering.
    struct Ticket: Sendable {
        let target: String
        let generation: Int
        let index: Int
    }

    private struct Contents {
        var generation = 0
        var calls: [String: [Call]] = [:]
        var recording = true
    }

    /// The calls kept per double; once there, later ones are only counted.
    private static let capacity = 20_000

    private let contents = Mutex(Contents())

    /// Makes an empty list.
    package init() {}

    /// Keeps, or stops keeping, the calls; a bench keeps none.
    package func record(_ recording: Bool) {
        contents.withLock { $0.recording = recording }
    }

    /// Notes that a call has come; `nil` when it is not kept.
    func opened(_ target: String, method: String, at now: Int64) -> Ticket? {
        contents.withLock { contents in
            let index = contents.calls[target, default: []].count
            guard contents.recording, index < Self.capacity else { return nil }
            contents.calls[target, default: []].append(
                Call(at: now, method: method, note: CallNote()))
            return Ticket(target: target, generation: contents.generation, index: index)
        }
    }

    /// Completes a call.
    func update(_ ticket: Ticket?, _ change: (inout Call) -> Void) {
        guard let ticket else { return }
        contents.withLock { contents in
            guard contents.generation == ticket.generation else { return }
            change(&contents.calls[ticket.target, default: []][ticket.index])
        }
    }

    /// The calls of a double.
    package func calls(of target: String) -> [Call] {
        contents.withLock { $0.calls[target] ?? [] }
    }

    /// Forgets every call.
    package func clear() {
        contents.withLock { contents in
            contents.generation += 1
            contents.calls = [:]
        }
    }

    /// The calls of some doubles, as `/sandbox/appels` shows them.
    func document(of targets: [String]) -> Document {
        .object(
            targets.map { target in
                Document.Member(
                    name: target, value: .array(calls(of: target).map(Self.entry)))
            })
    }

    private static func entry(_ call: Call) -> Document {
        .members([
            "recu_le": .string(instantText(call.at)),
            "methode": .string(call.method),
            "chemin": .string(call.note.template),
            "correlation": .orNull(call.note.correlation),
            "destinataire": .orNull(call.note.recipient),
            "portees": .array(call.note.scopes.map { .string($0) }),
            "statut": call.status.map { .integer($0) } ?? .null,
            "abandonne": .bool(call.abandoned),
            "identifiants": .array(call.note.identifiers.map { .string($0) }),
            "confidences": .array(call.note.confidences.map { .string($0) }),
        ])
    }
}
