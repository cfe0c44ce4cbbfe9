import JSONText
import Vocabulary

/// A scalar of a holder's answer, in the text that it was written with.
enum RawScalar: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    /// An object or an array stood where a scalar belongs.
    case composite
}

/// A JSON Pointer (RFC 6901) in which `*` stands for every element of an array.
struct Pointer: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case member(String)
        case elements
    }

    static let maximumDepth = 16

    let text: String
    let steps: [Step]

    init?(_ text: String) {
        guard text.first == "/", text.utf8.count <= 300 else { return nil }
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= Pointer.maximumDepth else { return nil }
        var steps: [Step] = []
        for part in parts {
            if part == "*" {
                steps.append(.elements)
                continue
            }
            guard let name = Pointer.unescaped(part) else { return nil }
            steps.append(.member(name))
        }
        self.text = text
        self.steps = steps
    }

    /// How many arrays are on the way.
    var stars: Int { steps.count { $0 == .elements } }

    /// Whether the other pointer begins like this one, up to this one's end or last array.
    func sharesArrays(with other: Pointer) -> Bool {
        guard let last = steps.lastIndex(of: .elements) else { return true }
        return other.steps.starts(with: steps[...last])
    }

    private static func unescaped(_ part: Substring) -> String? {
        var result = ""
        var rest = part[...]
        while let tilde = rest.firstIndex(of: "~") {
            result += rest[..<tilde]
            let next = rest.index(after: tilde)
            guard next < rest.endIndex, rest[next] == "0" || rest[next] == "1" else { return nil }
            result += rest[next] == "0" ? "~" : "/"
            rest = rest[rest.index(after: next)...]
        }
        return result + rest
    }
}

/// All the pointers of one reading as a tree, so that one pass over the answer finds them.
struct Selection: Sendable {
    struct Node: Sendable {
        var children: [(name: String, node: Int)] = []
        var elements: Int?
        /// The pointer that ends here, by its number.
        var pointer: Int?

        func child(_ name: String) -> Int? {
            for child in children where child.name == name { return child.node }
            return nil
        }
    }

    private(set) var nodes: [Node] = [Node()]
    private(set) var pointers: [Pointer] = []
    private(set) var pointerNodes: [Int] = []

    /// The number of a pointer, which is added if it is new; nil where it would end in the middle
    /// of another's way, or the other way round.
    mutating func add(_ pointer: Pointer) -> Int? {
        if let known = pointers.firstIndex(of: pointer) { return known }
        var node = 0
        for step in pointer.steps {
            guard nodes[node].pointer == nil || isElement(node) else { return nil }
            switch step {
            case .member(let name):
                guard nodes[node].elements == nil else { return nil }
                if let next = nodes[node].child(name) {
                    node = next
                    continue
                }
                nodes.append(Node())
                nodes[node].children.append((name, nodes.count - 1))
            case .elements:
                guard nodes[node].children.isEmpty else { return nil }
                if let next = nodes[node].elements {
                    node = next
                    continue
                }
                nodes.append(Node())
                nodes[node].elements = nodes.count - 1
            }
            node = nodes.count - 1
        }
        let endsInside = !nodes[node].children.isEmpty || nodes[node].elements != nil
        guard !endsInside || pointer.steps.last == .elements else { return nil }
        nodes[node].pointer = pointers.count
        pointers.append(pointer)
        pointerNodes.append(node)
        return pointers.count - 1
    }

    private func isElement(_ node: Int) -> Bool {
        guard let pointer = nodes[node].pointer else { return false }
        return pointers[pointer].steps.last == .elements
    }
}

/// What one pass over an answer took.
struct Captures: Sendable {
    /// A scalar and its place in the arrays on the way.
    struct Value: Sendable {
        let indices: [Int]
        let scalar: RawScalar
    }

    /// By pointer: the scalars of those that were wanted.
    var values: [[Value]]
    /// By pointer that ends with `*`: the places of its elements.
    var elements: [[[Int]]]
    /// By node: whether an array was met there.
    var arrays: Set<Int> = []
    /// By pointer that was not wanted: whether it had a value.
    var passed: [Bool]
    /// Whether an array or object that leads to a wanted scalar was something else.
    var isMisshapen = false
    /// How many members that no pointer names were met, each name counted once at its place.
    var unknown = 0

    init(pointers: Int) {
        values = Array(repeating: [], count: pointers)
        elements = Array(repeating: [], count: pointers)
        passed = Array(repeating: false, count: pointers)
    }

    /// The scalar of a pointer that no array leads to.
    func single(_ pointer: Int) -> RawScalar? {
        values[pointer].first?.scalar
    }
}

/// One pass over one answer.
struct SelectionPass {
    private struct Unknown: Hashable {
        let node: Int
        let name: String
    }

    /// Beyond so many, unknown names are no longer told apart.
    static let maximumUnknowns = 1000

    private let selection: Selection
    private let wanted: [Bool]
    private var reader: JSONReader
    private var captures: Captures
    private var unknowns: Set<Unknown> = []
    /// Unknown names outside arrays, where each is met once.
    private var loneUnknowns = 0
    private var indices: [Int] = []

    /// Passes over a body; `wanted` says, by pointer, whether its scalars may be taken.
    static func run(
        _ selection: Selection, wanted: [Bool], over body: [UInt8], limits: JSONLimits
    ) throws(JSONError) -> Captures {
        var pass = SelectionPass(
            selection: selection, wanted: wanted, reader: try JSONReader(body, limits: limits))
        try pass.value(at: 0)
        try pass.reader.end()
        pass.captures.unknown = pass.unknowns.count + pass.loneUnknowns
        return pass.captures
    }

    private init(selection: Selection, wanted: [Bool], reader: JSONReader) {
        self.selection = selection
        self.wanted = wanted
        self.reader = reader
        captures = Captures(pointers: selection.pointers.count)
    }

    /// Recursion is bounded by the depth of the longest pointer: what lies deeper is skipped.
    private mutating func value(at index: Int) throws(JSONError) {
        let node = selection.nodes[index]
        let kind = try reader.kind()
        if let pointer = node.pointer, selection.pointers[pointer].steps.last == .elements {
            captures.elements[pointer].append(indices)
        } else if let pointer = node.pointer {
            return try leaf(pointer, kind)
        }
        switch kind {
        case .object where !node.children.isEmpty: try object(index, node)
        case .array where node.elements != nil: try array(index, node)
        case .null: try reader.null()
        default:
            if node.children.isEmpty, node.elements == nil {
                try reader.skip()
            } else {
                captures.isMisshapen = captures.isMisshapen || leadsToWanted(index)
                try reader.skip()
            }
        }
    }

    private mutating func object(_ index: Int, _ node: Selection.Node) throws(JSONError) {
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if let child = node.child(name) {
                try value(at: child)
            } else {
                note(unknown: name, in: index)
            }
        }
    }

    private mutating func note(unknown name: String, in index: Int) {
        guard unknowns.count + loneUnknowns < SelectionPass.maximumUnknowns else { return }
        if indices.isEmpty {
            loneUnknowns += 1
        } else {
            unknowns.insert(Unknown(node: index, name: name))
        }
    }

    private mutating func array(_ index: Int, _ node: Selection.Node) throws(JSONError) {
        captures.arrays.insert(index)
        guard let element = node.elements else { return try reader.skip() }
        try reader.beginArray()
        indices.append(-1)
        let last = indices.count - 1
        while try reader.nextElement() {
            indices[last] += 1
            try value(at: element)
        }
        indices.removeLast()
    }

    private mutating func leaf(
        _ pointer: Int, _ kind: JSONReader.Kind
    ) throws(JSONError) {
        guard wanted[pointer] else {
            if kind != .null { captures.passed[pointer] = true }
            return try reader.skip()
        }
        let scalar: RawScalar
        switch kind {
        case .null:
            try reader.null()
            scalar = .null
        case .bool: scalar = .bool(try reader.bool())
        case .number: scalar = .number(try reader.number().text)
        case .string: scalar = .text(try reader.string())
        case .object, .array:
            try reader.skip()
            scalar = .composite
        }
        captures.values[pointer].append(Captures.Value(indices: indices, scalar: scalar))
    }

    private func leadsToWanted(_ index: Int) -> Bool {
        let node = selection.nodes[index]
        if let pointer = node.pointer, wanted[pointer] { return true }
        if let elements = node.elements, leadsToWanted(elements) { return true }
        return node.children.contains { leadsToWanted($0.node) }
    }
}
