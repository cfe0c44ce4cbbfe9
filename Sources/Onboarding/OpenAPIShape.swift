import JSONText

/// One scalar of a schema.
struct ShapeLeaf: Sendable {
    /// Stands for every element of an array.
    static let elements = "*"

    /// The names on the way; ``elements`` for each array.
    let steps: [String]
    /// `string`, `integer`, `number`, `boolean`; empty where the schema does not say.
    var type = ""
    var format = ""
    var pattern = ""
    var choices: [String] = []
    var description = ""
    var example: JSONNode?

    init(steps: [String]) {
        self.steps = steps
    }

    /// The pointer to it: `/individu/entreprise/*/siren`.
    var pointer: String { pointerText(steps) }
    /// The last name on the way.
    var name: String { steps.last { $0 != ShapeLeaf.elements } ?? "" }
    /// What says how it is written: its description, its pattern and its example.
    var evidence: String { "\(description) \(pattern) \(exampleText)" }
    /// The example as a text.
    var exampleText: String {
        switch example?.value {
        case .string(let text): text
        case .number(let number): number.text
        default: ""
        }
    }
}

/// The pointer that steps make.
func pointerText(_ steps: [String]) -> String {
    steps.map { step in
        step == ShapeLeaf.elements
            ? "/*" : "/" + step.replacing("~", with: "~0").replacing("/", with: "~1")
    }.joined()
}

/// All that a schema holds.
struct Shape {
    var leaves: [ShapeLeaf] = []
    var arrays: [String] = []
    var hasAlternatives = false
    var isTooLarge = false
}

extension OpenAPIReader {
    static let maximumDepth = 12
    static let maximumLeaves = 500

    /// Adds the scalars of a schema; a schema that holds itself is followed once.
    mutating func flatten(
        _ schema: JSONPlace, _ steps: [String], _ way: [String], into shape: inout Shape
    ) {
        let names = schema.node["$ref"]?.string.map { [$0] } ?? []
        guard !shape.isTooLarge, names.allSatisfy({ !way.contains($0) }),
            let place = reached(schema),
            let object = try? place.anyObject()
        else { return }
        guard shape.leaves.count < Self.maximumLeaves, steps.count <= Self.maximumDepth else {
            shape.isTooLarge = true
            mistakes.add(
                place.mistake(
                    "Ce schéma compte plus de \(Self.maximumLeaves) valeurs ou plus de "
                        + "\(Self.maximumDepth) niveaux.",
                    remedy: "Ne gardez que ce que la réponse porte vraiment."))
            return
        }
        let way = way + names
        var isParent = false
        for part in (try? object.optional("allOf")?.array(max: 50)) ?? [] {
            isParent = true
            flatten(part, steps, way, into: &shape)
        }
        for member in ["oneOf", "anyOf"] {
            let parts = ((try? object.optional(member)?.array(max: 50)) ?? [])
                .filter { $0.node["type"]?.string != "null" }
            if parts.count > 1 { shape.hasAlternatives = true }
            for part in parts {
                isParent = true
                flatten(part, steps, way, into: &shape)
            }
        }
        if let properties = try? object.optional("properties")?.anyObject() {
            isParent = true
            for (name, place) in properties.members where name != ShapeLeaf.elements {
                flatten(place, steps + [name], way, into: &shape)
            }
        }
        if let items = object.optional("items") {
            isParent = true
            let steps = steps + [ShapeLeaf.elements]
            let pointer = pointerText(steps)
            if !shape.arrays.contains(pointer) { shape.arrays.append(pointer) }
            flatten(items, steps, way, into: &shape)
        }
        guard !isParent, !steps.isEmpty, type(object) != "object" else { return }
        var leaf = ShapeLeaf(steps: steps)
        fill(&leaf, object)
        if !shape.leaves.contains(where: { $0.steps == steps }) { shape.leaves.append(leaf) }
    }

    /// Describes a parameter by its schema; whether it is a list.
    mutating func describe(_ leaf: inout ShapeLeaf, _ schema: JSONPlace) -> Bool {
        guard let place = reached(schema),
            let object = try? place.anyObject()
        else { return false }
        let parts =
            ["allOf", "oneOf", "anyOf"].flatMap { (try? object.optional($0)?.array(max: 50)) ?? [] }
        var isList = false
        for part in parts { isList = describe(&leaf, part) || isList }
        if let items = object.optional("items") {
            _ = describe(&leaf, items)
            return true
        }
        fill(&leaf, object)
        return isList
    }

    private func fill(_ leaf: inout ShapeLeaf, _ object: JSONObjectPlace) {
        let type = type(object)
        if !type.isEmpty { leaf.type = type }
        leaf.format = text(object, "format")
        leaf.pattern = text(object, "pattern")
        let description = text(object, "description")
        if leaf.description.isEmpty { leaf.description = description }
        for place in (try? object.optional("enum")?.array(max: 100)) ?? [] where !place.isNull {
            leaf.choices.append(scalarText(place.node.value))
        }
        if let only = object.optional("const") { leaf.choices = [scalarText(only.node.value)] }
        leaf.example =
            leaf.example ?? object.optional("example")?.node
            ?? object.optional("examples")?.node[0]
    }

    /// The type, whether 3.0 writes one or 3.1 a list with `null`.
    private func type(_ object: JSONObjectPlace) -> String {
        guard let place = object.optional("type") else { return "" }
        if let text = place.node.string { return text }
        return ((try? place.stringArray(max: 10)) ?? []).first { $0 != "null" } ?? ""
    }

    // MARK: - Samples

    /// A value that follows a schema: its example, or one that its type suggests.
    mutating func sample(_ schema: JSONPlace, _ way: [String]) -> JSONValue {
        let names = schema.node["$ref"]?.string.map { [$0] } ?? []
        guard names.allSatisfy({ !way.contains($0) }), way.count <= Self.maximumDepth,
            let place = reached(schema), let object = try? place.anyObject()
        else { return .null }
        let given =
            object.optional("example")?.node ?? object.optional("examples")?.node[0]
            ?? object.optional("default")?.node ?? object.optional("const")?.node
            ?? object.optional("enum")?.node[0]
        if let given { return given.value }
        let way = way + names + (names.isEmpty ? [""] : [])
        var members: [(String, JSONValue)] = []
        for part in (try? object.optional("allOf")?.array(max: 50)) ?? [] {
            guard case .object(let own) = sample(part, way) else { continue }
            members += own.map { ($0.name, $0.node.value) }
        }
        for member in ["oneOf", "anyOf"] {
            let parts = (try? object.optional(member)?.array(max: 50)) ?? []
            guard let first = parts.first(where: { $0.node["type"]?.string != "null" })
            else { continue }
            let value = sample(first, way)
            guard case .object(let own) = value else { return value }
            members += own.map { ($0.name, $0.node.value) }
        }
        for (name, place) in (try? object.optional("properties")?.anyObject())?.members ?? []
        where !members.contains(where: { $0.0 == name }) {
            members.append((name, sample(place, way)))
        }
        if let items = object.optional("items") { return .list([sample(items, way)]) }
        if !members.isEmpty || type(object) == "object" { return .members(members) }
        return scalarSample(type(object), text(object, "format"))
    }

    private func scalarSample(_ type: String, _ format: String) -> JSONValue {
        switch (type, format) {
        case ("integer", _), ("number", _): .number(JSONNumber(text: "1"))
        case ("boolean", _): .bool(true)
        case (_, "date"): .string("2026-01-31")
        case (_, "date-time"): .string("2026-01-31T10:00:00Z")
        case (_, "email"): .string("adresse@exemple.fr")
        default: .string("texte")
        }
    }
}

/// A scalar as a text.
func scalarText(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .number(let number): number.text
    case .bool(let bool): bool ? "true" : "false"
    default: ""
    }
}

extension JSONValue {
    private static func node(_ value: JSONValue) -> JSONNode {
        JSONNode(value: value, position: JSONPosition(line: 1, column: 1, offset: 0))
    }

    /// A list of values.
    static func list(_ values: [JSONValue]) -> JSONValue {
        .array(values.map(node))
    }

    /// An object of those members, in that order; the first of two equal names stays.
    static func members(_ members: [(String, JSONValue)]) -> JSONValue {
        var names: Set<String> = []
        return .object(
            members.filter { names.insert($0.0).inserted }.map { name, value in
                JSONMember(
                    name: name, namePosition: JSONPosition(line: 1, column: 1, offset: 0),
                    node: node(value))
            })
    }

    /// A whole number.
    static func whole(_ number: Int) -> JSONValue {
        .number(JSONNumber(text: String(number)))
    }

    /// A list of texts.
    static func texts(_ texts: [String]) -> JSONValue {
        .list(texts.map { .string($0) })
    }
}
