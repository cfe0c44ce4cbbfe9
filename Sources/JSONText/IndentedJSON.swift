/// A document laid out for people, its members in their own order.
package func indentedJSON(_ bytes: [UInt8]) -> String {
    guard let node = try? parseJSON(bytes) else { return String(decoding: bytes, as: UTF8.self) }
    return indented(node, at: "")
}

private func indented(_ node: JSONNode, at margin: String) -> String {
    let inner = margin + "  "
    switch node.value {
    case .object(let members) where !members.isEmpty:
        let lines = members.map { member in
            "\(inner)\(compact(.string(member.name))): \(indented(member.node, at: inner))"
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
    case .array(let elements) where !elements.isEmpty && !elements.allSatisfy(\.isScalar):
        let lines = elements.map { inner + indented($0, at: inner) }
        return "[\n" + lines.joined(separator: ",\n") + "\n\(margin)]"
    default:
        return compact(node.value)
    }
}

private func compact(_ value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.value(JSONNode(value: value, position: JSONPosition(line: 1, column: 1, offset: 0)))
    return writer.text
}

extension JSONNode {
    fileprivate var isScalar: Bool {
        switch value {
        case .object, .array: false
        case .null, .bool, .number, .string: true
        }
    }
}
