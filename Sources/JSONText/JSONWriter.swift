/// Writes JSON without white space, members in the order given: the same calls give the same bytes.
package struct JSONWriter: Sendable {
    /// The document so far.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Creates an empty document.
    package init() {
        // Room for most documents at once, rather than by doubling.
        bytes.reserveCapacity(960)
    }

    /// The document so far, as text.
    package var text: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// Writes an object whose members the body writes.
    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        begin(0x7B)
        try body(&self)
        end(0x7D)
    }

    /// Writes an array whose elements the body writes.
    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        begin(0x5B)
        try body(&self)
        end(0x5D)
    }

    /// Writes a member's name; its value must follow.
    package mutating func key(_ name: String) {
        separate()
        appendString(name)
        bytes.append(0x3A)
        needsComma = false
    }

    /// Writes a text.
    package mutating func value(_ text: String) {
        separate()
        appendString(text)
    }

    /// Writes a whole number.
    package mutating func value(_ integer: Int64) {
        separate()
        bytes.append(contentsOf: String(integer).utf8)
    }

    /// Writes a whole number.
    package mutating func value(_ integer: Int) {
        value(Int64(integer))
    }

    /// Writes `true` or `false`.
    package mutating func value(_ bool: Bool) {
        separate()
        bytes.append(contentsOf: (bool ? "true" : "false").utf8)
    }

    /// Writes `null`.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a number by a text that already follows JSON's grammar.
    package mutating func number(text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes bytes that are already one JSON value.
    package mutating func raw(_ value: [UInt8]) {
        separate()
        bytes.append(contentsOf: value)
    }

    /// Writes a tree.
    package mutating func value(_ node: JSONNode) {
        switch node.value {
        case .null: null()
        case .bool(let bool): value(bool)
        case .number(let number): self.number(text: number.text)
        case .string(let text): value(text)
        case .array(let elements):
            array { writer in
                for element in elements { writer.value(element) }
            }
        case .object(let members):
            object { writer in
                for member in members {
                    writer.key(member.name)
                    writer.value(member.node)
                }
            }
        }
    }
}

// MARK: - Members in one call

extension JSONWriter {
    /// Writes a member that is a text.
    package mutating func member(_ name: String, _ text: String) {
        key(name)
        value(text)
    }

    /// Writes a member that is a text, unless there is none.
    package mutating func member(_ name: String, ifPresent text: String?) {
        if let text { member(name, text) }
    }

    /// Writes a member that is a whole number.
    package mutating func member(_ name: String, _ integer: Int64) {
        key(name)
        value(integer)
    }

    /// Writes a member that is a whole number.
    package mutating func member(_ name: String, _ integer: Int) {
        key(name)
        value(integer)
    }

    /// Writes a member that is `true` or `false`.
    package mutating func member(_ name: String, _ bool: Bool) {
        key(name)
        value(bool)
    }

    /// Writes a member that is a list of texts.
    package mutating func member(_ name: String, _ texts: [String]) {
        key(name)
        array { writer in
            for text in texts { writer.value(text) }
        }
    }

    /// Writes a member that is an object.
    package mutating func member(
        _ name: String, object body: (inout JSONWriter) throws -> Void
    ) rethrows {
        key(name)
        try object(body)
    }

    /// Writes a member that is an array.
    package mutating func member(
        _ name: String, array body: (inout JSONWriter) throws -> Void
    ) rethrows {
        key(name)
        try array(body)
    }
}

// MARK: - Bytes

extension JSONWriter {
    private mutating func begin(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func end(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    private mutating func appendString(_ text: String) {
        bytes.append(0x22)
        // The bytes as memory, looked at and copied as one: a record holds hundreds of texts, and
        // walking a text's view costs twenty times as much a byte.
        let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { appendText($0) }
        if isWritten == nil { Array(text.utf8).withUnsafeBufferPointer { appendText($0) } }
        bytes.append(0x22)
    }

    private mutating func appendText(_ text: UnsafeBufferPointer<UInt8>) {
        var defects: UInt8 = 0
        // Neither a branch nor a way out, so that many bytes are looked at in one instruction.
        for byte in text {
            defects |= (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0)
        }
        if defects != 0 {
            for byte in text { appendEscaped(byte) }
        } else {
            bytes.append(contentsOf: text)
        }
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
        case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
        case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
        case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
        case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: Array("\\u00".utf8))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}
