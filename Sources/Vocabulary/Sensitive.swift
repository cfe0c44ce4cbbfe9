/// A value about a person, or a secret, that must never be printed.
///
/// Wrapping is what keeps a name, an identifier or a token out of logs, errors and records: every
/// way that Swift has of turning a value into text gives the same mark, and reading the value is a
/// visible act (`reveal()`) that a reviewer can search for.
package struct Sensitive<Value: Sendable>: Sendable {
    private let value: Value

    package init(_ value: Value) {
        self.value = value
    }

    /// The value itself, for the one place that needs it.
    package func reveal() -> Value {
        value
    }

    /// A sensitive value made from this one.
    package func map<Other: Sendable>(_ transform: (Value) -> Other) -> Sensitive<Other> {
        Sensitive<Other>(transform(value))
    }
}

extension Sensitive: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "‹masqué›" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Sensitive: Equatable where Value: Equatable {}
extension Sensitive: Hashable where Value: Hashable {}
