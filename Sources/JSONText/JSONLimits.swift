/// What a JSON document may cost before it is refused.
package struct JSONLimits: Sendable, Equatable {
    /// The longest document, in bytes.
    package let bytes: Int
    /// The deepest nesting of arrays and objects.
    package let depth: Int
    /// The most values, of any kind, in the whole document.
    package let nodes: Int

    /// Creates limits; the defaults suit a request or a document written by hand.
    package init(bytes: Int = 1 << 20, depth: Int = 32, nodes: Int = 100_000) {
        self.bytes = bytes
        self.depth = min(depth, 512)
        self.nodes = nodes
    }
}

/// A place in a document: line and column count from one, the column in bytes.
package struct JSONPosition: Sendable, Equatable, Hashable {
    /// The line, from 1.
    package let line: Int
    /// The column in bytes, from 1.
    package let column: Int
    /// The byte's index in the document, from 0.
    package let offset: Int

    /// Creates a position.
    package init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }
}

/// One step of a path through a document.
enum JSONPathStep: Sendable, Equatable {
    case member(String)
    case element(Int)
}

extension [JSONPathStep] {
    /// The path as people write it: `champs[2]`, `usager.identite.prenoms[0]`.
    var text: String {
        var text = ""
        for step in self {
            switch step {
            case .member(let name):
                if !text.isEmpty { text += "." }
                text += shownName(name)
            case .element(let index):
                text += "[\(index)]"
            }
        }
        return text
    }
}

/// A name that came from outside, made safe to show: plain ASCII, at most 64 characters.
package func shownName(_ name: String) -> String {
    // Nearly every name, and each is looked at once per request.
    if name.utf8.count <= 64, name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return name }
    var shown = ""
    var length = 0
    for scalar in name.unicodeScalars {
        if length == 64 {
            return shown + "…"
        }
        let isPlain = scalar.value >= 0x20 && scalar.value < 0x7F
        shown += isPlain ? String(scalar) : "\\u{" + String(scalar.value, radix: 16) + "}"
        length += 1
    }
    return shown
}

/// A sentence that came from outside, made safe to show: what is written in letters stays, what
/// steers a terminal or the order of reading does not; at most 160 characters.
package func shownText(_ text: String) -> String {
    var shown = ""
    for (length, scalar) in text.unicodeScalars.enumerated() {
        if length == 160 {
            return shown + "…"
        }
        let isPlain =
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
                .paragraphSeparator:
                false
            default: true
            }
        shown += isPlain ? String(scalar) : "\\u{" + String(scalar.value, radix: 16) + "}"
    }
    return shown
}

/// Whether two texts are the same bytes.
func isSame(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    // The bytes as memory: walking two views side by side costs ten times as much.
    let isEqual = left.utf8.withContiguousStorageIfAvailable { one in
        right.utf8.withContiguousStorageIfAvailable { other in one.elementsEqual(other) }
    }
    return isEqual.flatMap { $0 } ?? left.utf8.elementsEqual(right.utf8)
}

/// Text compared byte by byte.
///
/// Swift's own equality of strings follows Unicode's canonical equivalence, under which the
/// Kelvin sign equals the letter K: member names must not.
struct ExactText: Hashable {
    let text: String

    static func == (left: ExactText, right: ExactText) -> Bool {
        isSame(left.text, right.text)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(text.utf8.count)
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

/// The names already met in one object, to find the second of two equal ones.
struct JSONNames: Sendable {
    private var few: [String] = []
    /// The marks of those names: equal names have equal marks, and others hardly ever.
    private var marks: [UInt64] = []
    private var many: Set<ExactText> = []

    /// Beyond so many, comparing with each costs more than a table.
    private static let fewest = 64

    /// Adds a name; false if it was there.
    mutating func insert(_ name: String) -> Bool {
        if !many.isEmpty {
            return many.insert(ExactText(text: name)).inserted
        }
        let mark = Self.mark(name)
        for index in marks.indices where marks[index] == mark {
            if isSame(few[index], name) { return false }
        }
        few.append(name)
        marks.append(mark)
        if few.count > Self.fewest {
            many = Set(few.map { ExactText(text: $0) })
        }
        return true
    }

    /// FNV-1a: names made to collide cost a comparison each, no more.
    private static func mark(_ name: String) -> UInt64 {
        // The bytes as memory, for the reason that `isSame` gives.
        name.utf8.withContiguousStorageIfAvailable { mark($0) } ?? mark(name.utf8)
    }

    private static func mark(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var mark: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { mark = (mark ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return mark
    }
}

extension ExactText: Sendable {}
