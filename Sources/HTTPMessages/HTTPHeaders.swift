/// The fields of one message, in order.
///
/// Names and values lie in one buffer and become strings only when somebody asks, so that reading a
/// request costs two allocations however many fields it has. Names compare without regard to case.
package struct HTTPHeaders: Sendable {
    /// Where one field lies in the buffer.
    struct Field: Sendable {
        var nameStart: UInt32
        var nameLength: UInt32
        var valueStart: UInt32
        var valueLength: UInt32

        var name: Range<Int> { Int(nameStart)..<Int(nameStart + nameLength) }
        var value: Range<Int> { Int(valueStart)..<Int(valueStart + valueLength) }
    }

    private(set) var text: [UInt8]
    private(set) var fields: [Field]

    /// Makes an empty list.
    package init() {
        text = []
        fields = []
    }

    /// Makes a list from pairs, in their order.
    package init(_ pairs: [(String, String)]) {
        self.init()
        for (name, value) in pairs {
            add(name, value)
        }
    }

    /// Takes over a buffer that a parser has checked.
    init(checked text: [UInt8], fields: [Field]) {
        self.text = text
        self.fields = fields
    }

    /// How many fields there are.
    package var count: Int { fields.count }

    /// The first value of a field; setting replaces every value, and `nil` removes them.
    package subscript(_ name: String) -> String? {
        get {
            guard let field = first(name) else { return nil }
            return string(field.value)
        }
        set {
            remove(name)
            if let newValue {
                add(name, newValue)
            }
        }
    }

    /// Whether a field is present.
    package func contains(_ name: String) -> Bool {
        first(name) != nil
    }

    /// Every value of a field, in order.
    package func all(_ name: String) -> [String] {
        fields.filter { matches($0, name) }.map { string($0.value) }
    }

    /// Every field, in order, with names as they were written.
    package var pairs: [(name: String, value: String)] {
        fields.map { (string($0.name), string($0.value)) }
    }

    /// Puts one value in place of all others of that name.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    /// Adds a field after the others.
    ///
    /// A name that is no token is not added, which the result says. In a value each control
    /// character becomes a space (RFC 9110, 5.5), so that no value can start another line.
    @discardableResult
    package mutating func add(_ name: String, _ value: String) -> Bool {
        var (name, value) = (name, value)
        return name.withUTF8 { name in value.withUTF8 { value in add(name: name, value: value) } }
    }

    /// Adds a field given as bytes, by the same rules.
    @discardableResult
    package mutating func add(
        name: some Collection<UInt8>,
        value: some Collection<UInt8>
    ) -> Bool {
        guard !name.isEmpty, name.allSatisfy(isTokenByte) else { return false }
        guard text.count + name.count + value.count <= Int(UInt32.max) else { return false }
        let nameStart = text.count
        text.append(contentsOf: name)
        let valueStart = text.count
        text.append(contentsOf: value)
        for index in valueStart..<text.count where isControlByte(text[index]) {
            text[index] = 0x20
        }
        fields.append(
            Field(
                nameStart: UInt32(nameStart),
                nameLength: UInt32(valueStart - nameStart),
                valueStart: UInt32(valueStart),
                valueLength: UInt32(text.count - valueStart)
            )
        )
        return true
    }

    /// Removes every value of a field.
    package mutating func remove(_ name: String) {
        if first(name) != nil {
            fields = fields.filter { !matches($0, name) }
        }
    }

    /// Whether a comma-separated field lists a token, without regard to case.
    package func lists(_ token: String, in name: String) -> Bool {
        all(name).contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { item in
                equalIgnoringCase(trimmed(item), token.utf8)
            }
        }
    }

    private func first(_ name: String) -> Field? {
        fields.first { matches($0, name) }
    }

    private func matches(_ field: Field, _ name: String) -> Bool {
        let wanted = name.utf8
        guard wanted.count == Int(field.nameLength) else { return false }
        var index = Int(field.nameStart)
        for byte in wanted {
            guard lowercased(byte) == lowercased(text[index]) else { return false }
            index += 1
        }
        return true
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }
}

extension HTTPHeaders: Equatable {
    /// Two lists are equal when they hold the same fields in the same order.
    package static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.fields.count == right.fields.count
            && zip(left.fields, right.fields).allSatisfy { one, other in
                equalIgnoringCase(left.text[one.name], right.text[other.name])
                    && left.text[one.value] == right.text[other.value]
            }
    }
}

extension HTTPHeaders: CustomStringConvertible, CustomReflectable {
    /// The number of fields: values may name a person or carry a secret, so they never print.
    package var description: String { "\(fields.count) fields" }

    /// A mirror without children, so that `dump` shows no value either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
