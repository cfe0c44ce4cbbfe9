import JSONText

extension JSONValue {
    /// The document laid out for people: what fits on a line stands on one.
    var laidOut: String { laidOut(at: "", after: 0) + "\n" }

    private static let width = 100

    private func laidOut(at margin: String, after used: Int) -> String {
        let line = onOneLine
        if margin.count + used + line.count <= Self.width || isScalar { return line }
        let inner = margin + "  "
        switch self {
        case .object(let members):
            let lines = members.map { member in
                let head = "\(JSONValue.string(member.name).text): "
                let value = member.node.value.laidOut(at: inner, after: head.count + 1)
                return inner + head + value
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
        case .array(let elements):
            let lines = elements.map { inner + $0.value.laidOut(at: inner, after: 1) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(margin)]"
        default: return line
        }
    }

    private var onOneLine: String {
        switch self {
        case .object(let members):
            "{"
                + members.map { "\(JSONValue.string($0.name).text): \($0.node.value.onOneLine)" }
                .joined(separator: ", ") + "}"
        case .array(let elements):
            "[" + elements.map(\.value.onOneLine).joined(separator: ", ") + "]"
        default: text
        }
    }

    private var isScalar: Bool {
        switch self {
        case .object(let members): members.isEmpty
        case .array(let elements): elements.isEmpty
        default: true
        }
    }
}
