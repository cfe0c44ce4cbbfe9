import JSONText
import Vocabulary

/// The objects and arrays of `donnees`, built from flat leaves.
///
/// An array has as many elements as its extent says, so that an element of which every leaf is
/// missing still keeps its index.
struct AnswerTree {
    private enum Node {
        case value(FieldValue)
        case object([(name: String, node: Node)])
        case array([Node])
    }

    private var root: Node = .object([])

    init(_ releases: [Release]) {
        for release in releases {
            for extent in release.extents {
                let path = Self.steps(extent.path, indices: extent.indices)
                Self.insert(.array(Self.empty(extent.count)), at: path[...], into: &root)
            }
            for leaf in release.leaves {
                let path = Self.steps(of: leaf)
                Self.insert(.value(leaf.value.reveal()), at: path[...], into: &root)
            }
        }
    }

    func write(to writer: inout JSONWriter) {
        Self.write(root, to: &writer)
    }

    private enum Step {
        case member(String)
        case element(Int)
    }

    private static func empty(_ count: Int) -> [Node] {
        (0..<count).map { _ in .object([]) }
    }

    /// The way to a leaf: a form over a whole array is one member of the data set, under its full
    /// key.
    private static func steps(of leaf: ReleasedLeaf) -> [Step] {
        let path = leaf.instance.path
        let suffix = leaf.form == .value ? "" : "@\(leaf.form.text)"
        guard leaf.instance.indices.count == path.arrayDepth else {
            return [.member(path.dataset.text), .member(path.localText + suffix)]
        }
        var steps = steps(path, indices: leaf.instance.indices)
        if case .member(let name)? = steps.last {
            steps[steps.count - 1] = .member(name + suffix)
        }
        return steps
    }

    /// The way to a place: an array's own step stays without index where there are no more indices.
    private static func steps(_ path: FieldPath, indices: [Int]) -> [Step] {
        var steps: [Step] = [.member(path.dataset.text)]
        var next = indices.makeIterator()
        for step in path.steps {
            steps.append(.member(step.name))
            if step.isArray, let index = next.next() {
                steps.append(.element(index))
            }
        }
        return steps
    }

    private static func insert(_ new: Node, at path: ArraySlice<Step>, into node: inout Node) {
        guard let step = path.first else {
            // An array that leaves have already filled keeps them.
            if case .array(let elements) = node, case .array(let grown) = new {
                node = .array(elements + grown.dropFirst(elements.count))
            } else {
                node = new
            }
            return
        }
        let rest = path.dropFirst()
        switch step {
        case .member(let name):
            guard case .object(var members) = node else { return }
            node = .object([])
            if let index = members.firstIndex(where: { $0.name == name }) {
                insert(new, at: rest, into: &members[index].node)
            } else {
                var child = placeholder(for: rest.first)
                insert(new, at: rest, into: &child)
                members.append((name, child))
            }
            node = .object(members)
        case .element(let index):
            guard case .array(var elements) = node else { return }
            node = .array([])
            elements += empty(max(0, index + 1 - elements.count))
            insert(new, at: rest, into: &elements[index])
            node = .array(elements)
        }
    }

    private static func placeholder(for step: Step?) -> Node {
        guard case .element? = step else { return .object([]) }
        return .array([])
    }

    private static func write(_ node: Node, to writer: inout JSONWriter) {
        switch node {
        case .value(let value):
            value.write(to: &writer)
        case .object(let members):
            writer.object { writer in
                for member in members {
                    writer.key(member.name)
                    write(member.node, to: &writer)
                }
            }
        case .array(let elements):
            writer.array { writer in
                for element in elements { write(element, to: &writer) }
            }
        }
    }
}
