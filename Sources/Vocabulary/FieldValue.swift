/// One value of a field, in the type that its contract fixes.
package enum FieldValue: Hashable, Sendable {
    case integer(Int64)
    case decimal(ExactDecimal)
    case boolean(Bool)
    case text(String)
    case date(PartialDate)
    case month(YearMonth)
}

/// A leaf's place in an answer: its path and, for each array on the way, an index.
package struct LeafInstance: Hashable, Sendable {
    package let path: FieldPath
    package let indices: [Int]

    package init(path: FieldPath, indices: [Int] = []) {
        self.path = path
        self.indices = indices
    }

    /// The instance by name: `quotient_familial.enfants[1].date_naissance`.
    package var text: String {
        var result = path.dataset.text
        var next = indices.makeIterator()
        for step in path.steps {
            result += ".\(step.name)"
            guard step.isArray else { continue }
            result += next.next().map { "[\($0)]" } ?? "[]"
        }
        return result
    }
}

/// What reading a holder's answer gave for one leaf.
package enum LeafReading: Hashable, Sendable {
    case value(Sensitive<FieldValue>)
    case missing(MissingReason)
}

/// What was read of one holder's answer: leaves, and how long each array is.
///
/// Flat on purpose: forms compute over leaves, and the surface alone builds objects. An array that
/// was read and is empty has an extent of 0, which is how `[]` differs from an array of which
/// nothing is known.
package struct HolderReading: Sendable, Equatable {
    /// An array's length: the path ends with the array's own step.
    package struct Extent: Hashable, Sendable {
        package let path: FieldPath
        package let indices: [Int]
        package let count: Int

        package init(path: FieldPath, indices: [Int], count: Int) {
            self.path = path
            self.indices = indices
            self.count = count
        }
    }

    package var leaves: [LeafInstance: LeafReading]
    package var extents: [Extent]

    package init(leaves: [LeafInstance: LeafReading] = [:], extents: [Extent] = []) {
        self.leaves = leaves
        self.extents = extents
    }
}
