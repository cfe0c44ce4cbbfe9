import Vocabulary

/// One value for each mode, found without hashing.
struct PerMode<Value> {
    private let franceconnect: Value
    private let identite: Value

    init(_ value: (Mode) -> Value) {
        franceconnect = value(.franceconnect)
        identite = value(.identite)
    }

    subscript(mode: Mode) -> Value {
        switch mode {
        case .franceconnect: franceconnect
        case .identite: identite
        }
    }
}

extension PerMode: Sendable where Value: Sendable {}
