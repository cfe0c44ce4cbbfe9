/// The known name that a mistyped one most resembles, if any is near enough to be meant.
package func nearestName(to name: String, among known: [String]) -> String? {
    nearest(to: name, among: known.map { KnownName($0) })
}

/// Names among which a mistyped one is looked for at a bounded cost, however many they are.
///
/// Few names are all compared. Of many, only those that stand beside the typed name are: in
/// alphabetical order, where the end was mistyped, and in that of the names read backwards, where
/// the beginning was.
package struct NameIndex: Sendable {
    private let forwards: [KnownName]
    private let backwards: [KnownName]

    /// How many names are compared on each side of the place where the typed one would stand.
    private static let reach = 32

    package init(_ names: some Sequence<String>) {
        forwards = names.sorted().map { KnownName($0) }
        let areMany = forwards.count > 4 * NameIndex.reach
        backwards = areMany ? forwards.sorted { $0.backwards < $1.backwards } : []
    }

    /// The name that the typed one most resembles, if any is near enough to be meant.
    package func nearest(to name: String) -> String? {
        guard !backwards.isEmpty else {
            return JSONText.nearest(to: name, among: forwards)
        }
        let typed = KnownName(name)
        let beside =
            NameIndex.neighbours(in: forwards) { $0.text < typed.text }
            + NameIndex.neighbours(in: backwards) { $0.backwards < typed.backwards }
        return JSONText.nearest(to: name, among: beside.sorted { $0.text < $1.text })
    }

    private static func neighbours(
        in sorted: [KnownName], before: (KnownName) -> Bool
    ) -> ArraySlice<KnownName> {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if before(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return sorted[max(0, low - reach)..<min(sorted.count, low + reach)]
    }
}

/// A name with what makes comparing it cheap.
private struct KnownName: Sendable {
    let text: String
    /// The bytes, no more than are compared.
    let bytes: [UInt8]
    /// Which bytes occur, one bit for each that may stand in a name.
    let letters: UInt64

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8.prefix(EditDistance.longest))
        letters = bytes.reduce(0) { $0 | 1 << UInt64($1 & 63) }
    }

    var backwards: String { String(decoding: bytes.reversed(), as: UTF8.self) }
}

private func nearest(to name: String, among known: [KnownName]) -> String? {
    let typed = KnownName(name)
    var limit = max(1, min(3, typed.bytes.count / 3))
    var distance = EditDistance(from: typed.bytes)
    var best: String?
    for candidate in known {
        // A step changes the length by one at most, and the letters that occur by two.
        guard abs(candidate.text.utf8.count - typed.bytes.count) <= limit,
            (candidate.letters ^ typed.letters).nonzeroBitCount <= 2 * limit,
            let steps = distance.steps(to: candidate.bytes, atMost: limit)
        else { continue }
        best = candidate.text
        if steps == 0 { break }
        limit = steps - 1
    }
    return best
}

/// Counts the insertions, removals, replacements and swaps of neighbours that part two texts.
///
/// Only the cells near the diagonal are computed: the others need more steps than are allowed.
private struct EditDistance {
    static let longest = 64

    private let typed: [UInt8]
    private var before: [Int]
    private var last: [Int]
    private var next: [Int]

    init(from typed: [UInt8]) {
        self.typed = typed
        before = Array(repeating: 0, count: EditDistance.longest + 2)
        last = before
        next = before
    }

    /// The number of steps to another text, or nil where it takes more than the limit.
    mutating func steps(to other: [UInt8], atMost limit: Int) -> Int? {
        for cell in 0...other.count { last[cell] = cell }
        for row in 0..<typed.count {
            if fill(row + 1, other, limit) > limit { return nil }
            swap(&before, &last)
            swap(&last, &next)
        }
        return last[other.count] <= limit ? last[other.count] : nil
    }

    /// Fills the cells of one row that lie near the diagonal, and gives the least of them.
    private mutating func fill(_ row: Int, _ other: [UInt8], _ limit: Int) -> Int {
        let first = max(1, row - limit)
        let end = min(other.count, row + limit)
        next[first - 1] = first == 1 ? row : limit + 1
        var least = next[first - 1]
        guard first <= end else { return least }
        for cell in first...end {
            let isSame = typed[row - 1] == other[cell - 1]
            var steps = min(last[cell] + 1, next[cell - 1] + 1, last[cell - 1] + (isSame ? 0 : 1))
            if row > 1, cell > 1, typed[row - 1] == other[cell - 2],
                typed[row - 2] == other[cell - 1]
            {
                steps = min(steps, before[cell - 2] + 1)
            }
            next[cell] = steps
            least = min(least, steps)
        }
        // The next row looks one cell further than this one went.
        next[end + 1] = limit + 1
        return least
    }
}
