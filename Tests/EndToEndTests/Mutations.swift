import JSONText

/// One change to a document, somewhere in it.
struct Mutation {
    let name: String
    let text: String
}

/// Every way to change one place of a document: take a member out, give a value another type, add a
/// member that nobody knows, repeat the elements of a list.
func mutations(of root: JSONNode) -> [Mutation] {
    places(in: root, at: []).flatMap { place, node in
        changes(of: node, at: place).map { name, changed in
            var writer = JSONWriter()
            writer.value(root.replacing(place[...], with: changed))
            let path = place.isEmpty ? "(racine)" : place.map { "\($0)" }.joined(separator: "/")
            return Mutation(name: "\(path) : \(name)", text: writer.text)
        }
    }
}

/// A step into an object or a list, by position, so that changed documents are walked alike.
private typealias Way = [Int]

private func places(in node: JSONNode, at way: Way) -> [(Way, JSONNode)] {
    [(way, node)]
        + node.children.enumerated().flatMap { index, child in
            places(in: child, at: way + [index])
        }
}

private func changes(of node: JSONNode, at way: Way) -> [(String, JSONNode?)] {
    let others: [(String, JSONValue)] = [
        ("null", .null), ("booléen", .bool(true)), ("nombre", .number(JSONNumber(text: "7"))),
        ("texte", .string("essai")), ("texte vide", .string("")), ("liste", .array([])),
        ("objet", .object([])),
    ]
    var changes: [(String, JSONNode?)] = others.compactMap { name, value in
        value == node.value ? nil : (name, JSONNode(value: value, position: node.position))
    }
    if !way.isEmpty { changes.append(("retiré", nil)) }
    switch node.value {
    case .object(let members):
        let stranger = JSONMember(
            name: "inattendu", namePosition: node.position,
            node: JSONNode(value: .bool(true), position: node.position))
        changes.append(
            (
                "membre inconnu",
                JSONNode(value: .object(members + [stranger]), position: node.position)
            ))
    case .array(let elements) where !elements.isEmpty:
        changes.append(
            ("répété", JSONNode(value: .array(elements + elements), position: node.position)))
    default: break
    }
    return changes
}

extension JSONNode {
    fileprivate var children: [JSONNode] {
        switch value {
        case .object(let members): members.map(\.node)
        case .array(let elements): elements
        default: []
        }
    }

    /// The same tree, with another node, or none, at one place.
    fileprivate func replacing(_ way: ArraySlice<Int>, with other: JSONNode?) -> JSONNode {
        guard let index = way.first else { return other ?? self }
        let child = children[index]
        let changed =
            way.count == 1 ? other : child.replacing(way.dropFirst(), with: other)
        switch value {
        case .object(var members):
            if let changed {
                members[index] = JSONMember(
                    name: members[index].name, namePosition: members[index].namePosition,
                    node: changed)
            } else {
                members.remove(at: index)
            }
            return JSONNode(value: .object(members), position: position)
        case .array(var elements):
            if let changed { elements[index] = changed } else { elements.remove(at: index) }
            return JSONNode(value: .array(elements), position: position)
        default: return self
        }
    }
}
