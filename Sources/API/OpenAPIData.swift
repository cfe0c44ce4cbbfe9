import JSONText
import Vocabulary

/// The tree of the catalogue's fields, from which `donnees` gets its schema.
private struct FieldTree {
    private indirect enum Node {
        case leaf(FieldContract)
        case object([(name: String, isArray: Bool, node: Node)])
    }

    private var root: Node = .object([])

    init(_ dataset: DatasetContract) {
        for field in dataset.fields {
            Self.insert(field, at: field.path.steps[...], into: &root)
        }
    }

    func write(to writer: inout JSONWriter, label: String) {
        writer.member("description", label)
        Self.write(root, to: &writer)
    }

    private static func insert(
        _ field: FieldContract, at steps: ArraySlice<FieldPath.Step>, into node: inout Node
    ) {
        guard let step = steps.first else {
            node = .leaf(field)
            return
        }
        guard case .object(var members) = node else { return }
        let index = members.firstIndex { $0.name == step.name } ?? members.endIndex
        if index == members.endIndex { members.append((step.name, step.isArray, .object([]))) }
        insert(field, at: steps.dropFirst(), into: &members[index].node)
        node = .object(members)
    }

    private static func write(_ node: Node, to writer: inout JSONWriter) {
        switch node {
        case .leaf(let field):
            field.writeSchema(to: &writer)
        case .object(let members):
            writer.member("type", "object")
            writer.object("properties") { writer in
                for member in members {
                    writer.object(member.name) { writer in
                        guard member.isArray else {
                            write(member.node, to: &writer)
                            return
                        }
                        writer.member("type", "array")
                        writer.object("items") { write(member.node, to: &$0) }
                    }
                }
            }
            writer.object("patternProperties") { writer in
                writer.object("@") { $0.member("description", "La réponse d'une forme.") }
            }
            writer.member("additionalProperties", false)
        }
    }
}

extension FieldContract {
    fileprivate func writeSchema(to writer: inout JSONWriter) {
        writer.member("description", label)
        switch type {
        case .entier: writer.member("type", "integer")
        case .decimal: writer.member("type", "number")
        case .booleen: writer.member("type", "boolean")
        case .texte, .date, .mois, .enumeration: writer.member("type", "string")
        }
        if !values.isEmpty { writer.member("enum", values) }
    }
}

extension JSONWriter {
    /// The schema of `donnees`: each data set's fields, under the objects and arrays of their
    /// paths.
    mutating func dataSchema(_ catalogue: FieldCatalogue) {
        object("Donnees") { writer in
            writer.member(
                "description",
                """
                Les feuilles obtenues, sous leurs objets. Une date connue en partie est « 2020 » \
                ou « 2020-06 » ; un tableau vide veut dire aucun, non inconnu ; une forme garde sa \
                clé entière, « nombre_parts@seuil ».
                """)
            writer.closedObject(required: []) { writer in
                for dataset in catalogue.datasets.values.sorted(by: { $0.id < $1.id }) {
                    writer.object(dataset.id.text) { writer in
                        FieldTree(dataset).write(to: &writer, label: dataset.label)
                    }
                }
            }
        }
    }
}

// MARK: - How schemas are written

extension JSONWriter {
    /// Writes a member that is an object.
    mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    /// Writes a member that is an array.
    mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }

    /// Writes the member that refers to a schema of `components`.
    mutating func reference(_ schema: String) {
        member("$ref", "#/components/schemas/\(schema)")
    }

    /// Writes a schema whose members are all known.
    mutating func record(
        _ name: String, _ description: String, required: [String],
        _ properties: (inout JSONWriter) -> Void
    ) {
        object(name) { writer in
            writer.member("description", description)
            writer.closedObject(required: required, properties)
        }
    }

    /// Writes the members of such a schema.
    mutating func closedObject(required: [String], _ properties: (inout JSONWriter) -> Void) {
        member("type", "object")
        if !required.isEmpty { member("required", required) }
        object("properties", properties)
        member("additionalProperties", false)
    }

    /// Writes a property that has a schema of its own.
    mutating func property(_ name: String, _ schema: String) {
        object(name) { $0.reference(schema) }
    }

    /// Writes a property of a plain type.
    mutating func property(
        _ name: String, _ type: String, _ description: String, pattern: String? = nil,
        bytes: ClosedRange<Int>? = nil
    ) {
        object(name) { writer in
            writer.member("type", type)
            writer.member("description", description)
            writer.member("pattern", ifPresent: pattern)
            guard let bytes else { return }
            writer.member("minLength", bytes.lowerBound)
            writer.member("maxLength", bytes.upperBound)
        }
    }

    /// Writes a property that takes one of the values of a closed list.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ description: String, _ choices: Choice.Type
    ) where Choice.RawValue == String {
        choice(name, description, choices.allCases.map(\.rawValue))
    }

    /// Writes a property that takes one of some texts.
    mutating func choice(_ name: String, _ description: String, _ values: [String]) {
        object(name) { writer in
            writer.member("type", "string")
            writer.member("description", description)
            writer.member("enum", values)
        }
    }

    /// Writes a property that is a list of one schema.
    mutating func list(_ name: String, of schema: String) {
        object(name) { writer in
            writer.member("type", "array")
            writer.object("items") { $0.reference(schema) }
        }
    }

    /// Writes a property that is a list of texts.
    mutating func texts(_ name: String, _ description: String) {
        object(name) { writer in
            writer.member("type", "array")
            writer.member("description", description)
            writer.object("items") { $0.member("type", "string") }
        }
    }
}
