/// Reads a whole document into a tree: strict RFC 8259, UTF-8, no byte order mark, no two equal
/// member names in one object.
package func parseJSON(
    _ bytes: [UInt8], limits: JSONLimits = .init()
) throws(JSONError) -> JSONNode {
    try bytes.withUnsafeBufferPointer { buffer throws(JSONError) -> JSONNode in
        var parser = JSONParser(buffer, limits: limits)
        do throws(JSONError) {
            return try parser.document()
        } catch {
            var located = error
            located.path = parser.path.text
            throw located
        }
    }
}

/// The syntactic half of RFC 8259; a failure leaves the path at the place where it happened.
private struct JSONParser {
    var scanner: JSONScanner
    var path: [JSONPathStep] = []

    init(_ buffer: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        scanner = JSONScanner(buffer, state: JSONScanState(), limits: limits)
    }

    mutating func document() throws(JSONError) -> JSONNode {
        try scanner.checkStart()
        let node = try value()
        try scanner.expectEnd()
        return node
    }

    mutating func value() throws(JSONError) -> JSONNode {
        try scanner.countNode()
        let first = scanner.peek()
        let position = scanner.state.position
        let value: JSONValue
        switch first {
        case 0x22: value = .string(try scanner.string())
        case 0x7B: value = .object(try members())
        case 0x5B: value = .array(try elements())
        case 0x74:
            try scanner.literal("true")
            value = .bool(true)
        case 0x66:
            try scanner.literal("false")
            value = .bool(false)
        case 0x6E:
            try scanner.literal("null")
            value = .null
        case 0x2D, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39:
            value = .number(JSONNumber(text: scanner.text(try scanner.passNumber())))
        default: throw scanner.unexpected()
        }
        return JSONNode(value: value, position: position)
    }

    private mutating func members() throws(JSONError) -> [JSONMember] {
        try scanner.checkDepth(path.count + 1)
        try scanner.expect(0x7B)
        var members: [JSONMember] = []
        if scanner.take(0x7D) { return members }
        var names = JSONNames()
        repeat {
            _ = scanner.peek()
            let position = scanner.state.position
            let name = try scanner.string()
            if !names.insert(name) {
                path.append(.member(name))
                throw JSONError(code: .duplicateMember, position: position)
            }
            try scanner.expect(0x3A)
            path.append(.member(name))
            members.append(JSONMember(name: name, namePosition: position, node: try value()))
            path.removeLast()
        } while scanner.take(0x2C)
        try scanner.expect(0x7D)
        return members
    }

    private mutating func elements() throws(JSONError) -> [JSONNode] {
        try scanner.checkDepth(path.count + 1)
        try scanner.expect(0x5B)
        var elements: [JSONNode] = []
        if scanner.take(0x5D) { return elements }
        repeat {
            path.append(.element(elements.count))
            elements.append(try value())
            path.removeLast()
        } while scanner.take(0x2C)
        try scanner.expect(0x5D)
        return elements
    }
}
