/// A number as it was written: nothing is rounded.
package struct JSONNumber: Sendable, Hashable {
    /// The number's text, which follows JSON's grammar.
    package let text: String

    /// Wraps a text that is already known to be a JSON number.
    package init(text: String) {
        self.text = text
    }

    /// The number if it is written as a whole one and fits: "2" is whole, "2.0" and "2e0" are not.
    package var integer: Int64? {
        Int64(text)
    }
}

/// A value, and where it was read.
package struct JSONNode: Sendable, Equatable {
    /// The value.
    package let value: JSONValue
    /// Where its first byte was.
    package let position: JSONPosition

    /// Creates a node.
    package init(value: JSONValue, position: JSONPosition) {
        self.value = value
        self.position = position
    }

    /// The member of that name, if this is an object that has one.
    package subscript(name: String) -> JSONNode? {
        guard case .object(let members) = value else {
            return nil
        }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.node
    }

    /// The element at that index, if this is an array that has one.
    package subscript(index: Int) -> JSONNode? {
        guard case .array(let elements) = value, elements.indices.contains(index) else {
            return nil
        }
        return elements[index]
    }

    /// The text, if this is a string.
    package var string: String? {
        if case .string(let text) = value { text } else { nil }
    }

    /// The whole number, if this is one.
    package var integer: Int64? {
        if case .number(let number) = value { number.integer } else { nil }
    }

    /// The truth value, if this is one.
    package var bool: Bool? {
        if case .bool(let bool) = value { bool } else { nil }
    }

    /// The elements, if this is an array.
    package var elements: [JSONNode]? {
        if case .array(let elements) = value { elements } else { nil }
    }

    /// The members, if this is an object.
    package var members: [JSONMember]? {
        if case .object(let members) = value { members } else { nil }
    }
}

/// A JSON value; objects keep their members in order.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONNode])
    case object([JSONMember])
}

/// A member of an object.
package struct JSONMember: Sendable, Equatable {
    /// The member's name, unescaped.
    package let name: String
    /// Where the name's opening quote was.
    package let namePosition: JSONPosition
    /// The member's value.
    package let node: JSONNode

    /// Creates a member.
    package init(name: String, namePosition: JSONPosition, node: JSONNode) {
        self.name = name
        self.namePosition = namePosition
        self.node = node
    }
}
