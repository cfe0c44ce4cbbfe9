/// A JSON Pointer (RFC 6901) in which `*` stands for every element of an array.
struct Pointer: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case member(String)
        case elements
    }

    static let maximumDepth = 16
    /// How many arrays a pointer may go through.
    static let maximumStars = ArrayPlace.maximumDepth

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
        guard steps.count(where: { $0 == .elements }) <= Pointer.maximumStars else { return nil }
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

/// A place in the arrays on a pointer's way, which needs no memory of its own.
struct ArrayPlace: Hashable, Comparable, Sendable {
    static let maximumDepth = 4
    /// The place of what no array leads to.
    static let root = ArrayPlace()

    private(set) var depth = 0
    private var indices = SIMD4<Int32>(repeating: -1)

    /// The place before the first element of an array at this place.
    mutating func enterArray() {
        depth += 1
    }

    mutating func nextElement() {
        indices[depth - 1] += 1
    }

    mutating func leaveArray() {
        depth -= 1
        indices[depth] = -1
    }

    /// The place of the array around, so many deep.
    func prefix(_ depth: Int) -> ArrayPlace {
        var prefix = self
        while prefix.depth > depth { prefix.leaveArray() }
        return prefix
    }

    /// The order in which a document has its elements.
    static func < (left: ArrayPlace, right: ArrayPlace) -> Bool {
        for level in 0..<maximumDepth where left.indices[level] != right.indices[level] {
            return left.indices[level] < right.indices[level]
        }
        return false
    }
}

/// A scalar of a holder's answer, in the text that it was written with.
enum RawScalar: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    /// An object or an array stood where a scalar belongs.
    case composite
}

/// Where a scalar stands: at the first of these pointers that has a value, because some holders
/// name a member after what it says.
struct ScalarSource: Hashable, Sendable {
    let pointers: [Int]
    /// What the texts of an array are joined with, where the pointers end with `*`.
    let joiner: String?

    init(_ pointers: [Int], joiner: String? = nil) {
        self.pointers = pointers
        self.joiner = joiner
    }
}
