import JSONText
import Policies
import Vocabulary

/// The tree of an answer's fields, from which `donnees` gets its schema.
struct FieldTree {
    /// One leaf: where an answer writes it, and what is there.
    struct Leaf {
        let steps: [FieldPath.Step]
        let contract: FieldContract
        let form: FormDefinition

        /// The value of a field, where its path says.
        init(_ contract: FieldContract) {
            steps = contract.path.steps
            self.contract = contract
            form = .valeur
        }

        /// A field under a form: the form's key follows its name, or its whole path where it
        /// answers once for an array.
        init(_ contract: FieldContract, _ form: NamedForm) {
            let suffix = form.key == .value ? "" : "@\(form.key.text)"
            if form.definition.isPerElement || contract.path.arrayDepth == 0 {
                var steps = contract.path.steps
                let last = steps.removeLast()
                steps.append(FieldPath.Step(name: last.name + suffix, isArray: last.isArray))
                self.steps = steps
            } else {
                let name = contract.path.localText + suffix
                steps = [FieldPath.Step(name: name, isArray: false)]
            }
            self.contract = contract
            self.form = form.definition
        }
    }

    private indirect enum Node {
        case leaf(Leaf)
        case object([(name: String, isArray: Bool, node: Node)])
    }

    private var root: Node = .object([])
    /// Whether members with a form's key may stand beside those that are named.
    private let admitsForms: Bool

    init(_ leaves: [Leaf], admitsForms: Bool) {
        self.admitsForms = admitsForms
        for leaf in leaves {
            Self.insert(leaf, at: leaf.steps[...], into: &root)
        }
    }

    func write(to writer: inout JSONWriter, label: String) {
        writer.member("description", label)
        write(root, to: &writer)
    }

    private static func insert(
        _ leaf: Leaf, at steps: ArraySlice<FieldPath.Step>, into node: inout Node
    ) {
        guard let step = steps.first else {
            node = .leaf(leaf)
            return
        }
        guard case .object(var members) = node else { return }
        let index = members.firstIndex { $0.name == step.name } ?? members.endIndex
        if index == members.endIndex { members.append((step.name, step.isArray, .object([]))) }
        insert(leaf, at: steps.dropFirst(), into: &members[index].node)
        node = .object(members)
    }

    private func write(_ node: Node, to writer: inout JSONWriter) {
        switch node {
        case .leaf(let leaf):
            writer.member("description", leaf.contract.label)
            leaf.form.writeSchema(of: leaf.contract, to: &writer)
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
            if admitsForms {
                writer.object("patternProperties") { writer in
                    writer.object("@") { $0.member("description", "La réponse d'une forme.") }
                }
            }
            writer.member("additionalProperties", false)
        }
    }
}

extension FormDefinition {
    /// Writes the type of what a form lets out.
    fileprivate func writeSchema(of contract: FieldContract, to writer: inout JSONWriter) {
        switch self {
        case .valeur: contract.writeSchema(to: &writer)
        case .seuil, .presence, .enVigueur: writer.member("type", "boolean")
        case .tranche(let brackets):
            writer.member("type", "string")
            writer.member("enum", brackets.map(\.label))
        case .nombre, .nombreMoinsDe, .age:
            writer.member("type", "integer")
            writer.member("minimum", 0)
        case .somme, .moyenne: writer.member("type", "number")
        case .annee: writer.member("type", "integer")
        case .initiale:
            writer.member("type", "string")
            writer.member("minLength", 1)
        }
    }
}

extension FieldContract {
    fileprivate func writeSchema(to writer: inout JSONWriter) {
        switch type {
        case .entier: writer.member("type", "integer")
        case .decimal: writer.member("type", "number")
        case .booleen: writer.member("type", "boolean")
        case .texte, .enumeration: writer.member("type", "string")
        case .date:
            writer.member("type", "string")
            writer.member("pattern", partialDatePattern)
        case .mois:
            writer.member("type", "string")
            writer.member("pattern", monthPattern)
        }
        if !values.isEmpty { writer.member("enum", values) }
    }
}

extension JSONWriter {
    /// The schema of `donnees`: each data set's fields, under the objects and arrays of their
    /// paths.
    mutating func dataSchema(_ catalogue: FieldCatalogue) {
        let datasets = catalogue.datasets.values.sorted { $0.id < $1.id }
        dataSchema(
            datasets.map { dataset in
                (dataset, FieldTree(dataset.fields.map(FieldTree.Leaf.init), admitsForms: true))
            })
    }

    /// The schema of `donnees`, of the given data sets.
    mutating func dataSchema(_ datasets: [(contract: DatasetContract, tree: FieldTree)]) {
        object("Donnees") { writer in
            writer.member(
                "description",
                """
                Les feuilles obtenues, sous leurs objets. Une date connue en partie est « 2020 » \
                ou « 2020-06 » ; un tableau vide veut dire aucun, non inconnu ; une forme garde sa \
                clé entière, « nombre_parts@seuil ».
                """)
            writer.closedObject(required: []) { writer in
                for dataset in datasets {
                    writer.object(dataset.contract.id.text) { writer in
                        dataset.tree.write(to: &writer, label: dataset.contract.label)
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

    /// Writes a property that is a list of texts, any or of a closed list.
    mutating func texts(_ name: String, _ description: String, among values: [String]? = nil) {
        object(name) { writer in
            writer.member("type", "array")
            writer.member("description", description)
            writer.object("items") { writer in
                writer.member("type", "string")
                if let values { writer.member("enum", values) }
            }
        }
    }

    /// Writes a property that is a text, any or of a closed list.
    mutating func word(_ name: String, _ description: String, among values: [String]?) {
        guard let values else {
            property(name, "string", description)
            return
        }
        choice(name, description, values)
    }
}
