import JSONText

/// What one pass over an answer took.
struct Captures: Sendable {
    /// A scalar and its place in the arrays on the way.
    struct Value: Sendable {
        let place: ArrayPlace
        let scalar: RawScalar
    }

    /// By pointer: how many arrays are on its way.
    let depths: [Int]
    /// By pointer that no array leads to: its scalar, if it was wanted.
    var singles: [RawScalar?]
    /// By pointer within arrays: the scalars of those that were wanted, in the order of their
    /// places.
    var values: [[Value]]
    /// By pointer that ends with `*`: the places of its elements.
    var elements: [[ArrayPlace]]
    /// By node: whether an array was met there.
    var arrays: Set<Int> = []
    /// By pointer that was not wanted: whether it had a value.
    var passed: [Bool]
    /// Whether an array or object that leads to a wanted scalar was something else.
    var isMisshapen = false
    /// How many members that no pointer names were met, each name counted once at its place.
    var unknown = 0

    init(_ selection: Selection) {
        depths = selection.depths
        singles = Array(repeating: nil, count: depths.count)
        values = Array(repeating: [], count: depths.count)
        elements = Array(repeating: [], count: depths.count)
        passed = Array(repeating: false, count: depths.count)
    }

    mutating func take(_ scalar: RawScalar, of pointer: Int, at place: ArrayPlace) {
        if depths[pointer] == 0 {
            singles[pointer] = scalar
        } else {
            values[pointer].append(Value(place: place, scalar: scalar))
        }
    }

    /// The scalar of a pointer for an element, or of an array around it.
    func scalar(_ pointer: Int, at place: ArrayPlace = .root) -> RawScalar? {
        let depth = depths[pointer]
        if depth == 0 { return singles[pointer] }
        guard depth <= place.depth else { return nil }
        let place = place.prefix(depth)
        let found = values[pointer]
        var low = 0
        var high = found.count
        while low < high {
            let middle = (low + high) / 2
            if found[middle].place < place { low = middle + 1 } else { high = middle }
        }
        return low < found.count && found[low].place == place ? found[low].scalar : nil
    }

    /// The first scalar of a source that has a value, else what stands there instead of one.
    func scalar(_ source: ScalarSource, at place: ArrayPlace = .root) -> RawScalar? {
        var found: RawScalar?
        for pointer in source.pointers {
            let scalar =
                source.joiner.map { joined(pointer, at: place, with: $0) }
                ?? self.scalar(pointer, at: place)
            guard let scalar else { continue }
            if scalar == .composite || scalar.known != nil { return scalar }
            found = found ?? scalar
        }
        return found
    }

    /// Every scalar of a pointer, whatever the arrays on its way.
    func all(_ pointer: Int) -> [RawScalar] {
        guard depths[pointer] == 0 else { return values[pointer].map(\.scalar) }
        return singles[pointer].map { [$0] } ?? []
    }

    /// The texts of an array's elements as one text; nil where there is none.
    private func joined(
        _ pointer: Int, at place: ArrayPlace, with joiner: String
    ) -> RawScalar? {
        let scalars = values[pointer].lazy
            .filter { $0.place.prefix(place.depth) == place }.map(\.scalar)
        if scalars.contains(.composite) { return .composite }
        let texts = scalars.compactMap(\.known)
        return texts.isEmpty ? nil : .text(texts.joined(separator: joiner))
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
    private var place = ArrayPlace.root

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
        captures = Captures(selection)
    }

    /// Recursion is bounded by the depth of the longest pointer: what lies deeper is skipped.
    private mutating func value(at index: Int) throws(JSONError) {
        let node = selection.nodes[index]
        let kind = try reader.kind()
        if let pointer = node.pointer, selection.pointers[pointer].steps.last == .elements {
            captures.elements[pointer].append(place)
            if node.isLeaf { return try leaf(pointer, kind) }
        } else if let pointer = node.pointer {
            return try leaf(pointer, kind)
        }
        switch kind {
        case .object where !node.children.isEmpty: try object(index, node)
        case .array where node.elements != nil: try array(index, node)
        case .null: try reader.null()
        default:
            if node.isLeaf {
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
        if place.depth == 0 {
            loneUnknowns += 1
        } else {
            unknowns.insert(Unknown(node: index, name: name))
        }
    }

    private mutating func array(_ index: Int, _ node: Selection.Node) throws(JSONError) {
        captures.arrays.insert(index)
        guard let element = node.elements else { return try reader.skip() }
        try reader.beginArray()
        place.enterArray()
        while try reader.nextElement() {
            place.nextElement()
            try value(at: element)
        }
        place.leaveArray()
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
        captures.take(scalar, of: pointer, at: place)
    }

    private func leadsToWanted(_ index: Int) -> Bool {
        let node = selection.nodes[index]
        if let pointer = node.pointer, wanted[pointer] { return true }
        if let elements = node.elements, leadsToWanted(elements) { return true }
        return node.children.contains { leadsToWanted($0.node) }
    }
}
