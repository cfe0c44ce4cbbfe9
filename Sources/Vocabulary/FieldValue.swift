/// An exact decimal: a whole number of units of a power of ten.
///
/// Amounts and shares of a tax household are exact in law, so no binary fraction comes near them.
package struct ExactDecimal: Hashable, Sendable {
    package let units: Int64
    /// How many of the units' digits are decimals, 0 to 9.
    package let scale: Int

    package init(units: Int64, scale: Int = 0) {
        var units = units
        var scale = scale
        while scale > 0, units % 10 == 0 {
            units /= 10
            scale -= 1
        }
        self.units = units
        self.scale = scale
    }

    /// The number that a JSON text such as `12`, `-3.50` or `1.5e2` writes, if it fits.
    package init?(_ text: String) {
        var units: Int64 = 0
        var scale = 0
        var digits = 0
        var isNegative = false
        var sawPoint = false
        var bytes = Array(text.utf8)[...]
        if bytes.first == 45 {
            isNegative = true
            bytes = bytes.dropFirst()
        }
        while let byte = bytes.first, byte != 69, byte != 101 {
            bytes = bytes.dropFirst()
            if byte == 46, !sawPoint {
                sawPoint = true
                continue
            }
            guard (48...57).contains(byte) else { return nil }
            let (product, overflowed) = units.multipliedReportingOverflow(by: 10)
            let (sum, overflowedAgain) = product.addingReportingOverflow(Int64(byte - 48))
            guard !overflowed, !overflowedAgain else { return nil }
            units = sum
            digits += 1
            if sawPoint { scale += 1 }
        }
        guard digits > 0 else { return nil }
        if !bytes.isEmpty {
            guard let exponent = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)),
                (-9...18).contains(exponent)
            else { return nil }
            scale -= exponent
            while scale < 0 {
                let (product, overflowed) = units.multipliedReportingOverflow(by: 10)
                guard !overflowed else { return nil }
                units = product
                scale += 1
            }
        }
        while scale > 9 {
            guard units % 10 == 0 else { return nil }
            units /= 10
            scale -= 1
        }
        self.init(units: isNegative ? -units : units, scale: scale)
    }

    /// The number as JSON writes it, without useless zeros.
    package var text: String {
        guard scale > 0 else { return String(units) }
        let magnitude = String(units.magnitude)
        let digits =
            String(repeating: "0", count: max(0, scale + 1 - magnitude.utf8.count)) + magnitude
        let sign = units < 0 ? "-" : ""
        return "\(sign)\(digits.dropLast(scale)).\(digits.suffix(scale))"
    }

    package func adding(_ other: ExactDecimal) -> ExactDecimal? {
        guard let pair = aligned(with: other) else { return nil }
        let (sum, overflowed) = pair.own.addingReportingOverflow(pair.other)
        return overflowed ? nil : ExactDecimal(units: sum, scale: max(scale, other.scale))
    }

    /// Whether this number is less than, equal to or more than the other: -1, 0 or 1.
    package func compared(to other: ExactDecimal) -> Int {
        guard let pair = aligned(with: other) else {
            // Only numbers of very different sizes do not align.
            let own = Double(units) / Self.power(scale)
            let theirs = Double(other.units) / Self.power(other.scale)
            return own < theirs ? -1 : own > theirs ? 1 : 0
        }
        return pair.own < pair.other ? -1 : pair.own > pair.other ? 1 : 0
    }

    /// The number divided by a count, to the cent, halves away from zero.
    package func divided(by count: Int) -> ExactDecimal? {
        guard count > 0, let cents = rescaled(to: max(scale, 2)) else { return nil }
        let whole = cents / Int64(count)
        let rest = cents % Int64(count)
        let roundsUp = rest.magnitude * 2 >= UInt64(count)
        let rounded = whole + (roundsUp ? (cents < 0 ? -1 : 1) : 0)
        return ExactDecimal(units: rounded, scale: max(scale, 2))
    }

    private func aligned(with other: ExactDecimal) -> (own: Int64, other: Int64)? {
        let common = max(scale, other.scale)
        guard let own = rescaled(to: common), let theirs = other.rescaled(to: common) else {
            return nil
        }
        return (own, theirs)
    }

    private func rescaled(to target: Int) -> Int64? {
        var result = units
        for _ in scale..<target {
            let (product, overflowed) = result.multipliedReportingOverflow(by: 10)
            guard !overflowed else { return nil }
            result = product
        }
        return result
    }

    private static func power(_ exponent: Int) -> Double {
        (0..<exponent).reduce(1.0) { product, _ in product * 10 }
    }
}

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
/// Flat on purpose: forms compute over leaves, and the surface alone builds objects. An array that was read
/// and is empty has an extent of 0, which is how `[]` differs from an array of which nothing is known.
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
