/// All the pointers of one reading as a tree, so that one pass over the answer finds them.
struct Selection: Sendable {
    struct Node: Sendable {
        var children: [(name: String, node: Int)] = []
        var elements: Int?
        /// The pointer that ends here, by its number.
        var pointer: Int?

        /// Whether nothing below is told apart.
        var isLeaf: Bool { children.isEmpty && elements == nil }

        func child(_ name: String) -> Int? {
            for child in children where child.name == name { return child.node }
            return nil
        }
    }

    private(set) var nodes: [Node] = [Node()]
    private(set) var pointers: [Pointer] = []
    /// By pointer: how many arrays are on its way.
    private(set) var depths: [Int] = []

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
        depths.append(pointer.stars)
        return pointers.count - 1
    }

    private func isElement(_ node: Int) -> Bool {
        guard let pointer = nodes[node].pointer else { return false }
        return pointers[pointer].steps.last == .elements
    }
}
