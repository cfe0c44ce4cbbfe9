/// An exact decimal: a whole number of units of a power of ten.
///
/// Amounts and shares of a tax household are exact in law, so no binary fraction comes near them.
package struct ExactDecimal: Hashable, Sendable {
    package let units: Int64
    /// How many of the units' digits are decimals, 0 to 9.
    package let scale: Int

    package static let maximumScale = 9

    package init(units: Int64, scale: Int = 0) {
        precondition((0...Self.maximumScale).contains(scale), "0 to 9 decimals")
        var units = units
        var scale = scale
        while scale > 0, units % 10 == 0 {
            units /= 10
            scale -= 1
        }
        self.units = units
        self.scale = scale
    }

    /// The number that a JSON text such as `12`, `-3.50` or `1.5e2` writes (RFC 8259, 6), if it
    /// fits.
    package init?(_ text: String) {
        guard let written = WrittenNumber(text) else { return nil }
        var digits = written.digits[...]
        var scale = written.scale
        while digits.last == 0 {
            digits = digits.dropLast()
            scale -= 1
        }
        guard digits.contains(where: { $0 != 0 }) else {
            self.init(units: 0)
            return
        }
        guard scale <= Self.maximumScale, scale > -20 else { return nil }
        let zeros = repeatElement(UInt8(0), count: max(0, -scale))
        // Counted below zero, where the range reaches one further.
        var negated: Int64 = 0
        for digit in digits + zeros {
            let (product, overflowed) = negated.multipliedReportingOverflow(by: 10)
            let (difference, overflowedAgain) = product.subtractingReportingOverflow(Int64(digit))
            guard !overflowed, !overflowedAgain else { return nil }
            negated = difference
        }
        guard written.isNegative || negated != .min else { return nil }
        self.init(units: written.isNegative ? negated : -negated, scale: max(0, scale))
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

    /// The exact sum, or nil where it does not fit.
    package func adding(_ other: ExactDecimal) -> ExactDecimal? {
        let common = max(scale, other.scale)
        guard let own = rescaled(to: common), let theirs = other.rescaled(to: common) else {
            return nil
        }
        let (sum, overflowed) = own.addingReportingOverflow(theirs)
        return overflowed ? nil : ExactDecimal(units: sum, scale: common)
    }

    /// The number times a power of ten, exactly; nil where it does not fit.
    package func scaled(byPowerOfTen exponent: Int) -> ExactDecimal? {
        if exponent == 0 { return self }
        let scale = self.scale - exponent
        if (0...Self.maximumScale).contains(scale) {
            return ExactDecimal(units: units, scale: scale)
        }
        guard scale < 0, scale >= -18 else { return nil }
        let whole = ExactDecimal(units: units)
        return whole.rescaled(to: -scale).map { ExactDecimal(units: $0) }
    }

    /// Whether this number is less than, equal to or more than the other: -1, 0 or 1.
    package func compared(to other: ExactDecimal) -> Int {
        let common = max(scale, other.scale)
        // A number that does not fit at the other's scale is the larger of the two in magnitude.
        guard let own = rescaled(to: common) else { return units < 0 ? -1 : 1 }
        guard let theirs = other.rescaled(to: common) else { return other.units < 0 ? 1 : -1 }
        return own < theirs ? -1 : own > theirs ? 1 : 0
    }

    /// The number divided by a count, to the cent, halves away from zero; nil where it does not
    /// fit.
    package func divided(by count: Int) -> ExactDecimal? {
        guard count > 0, let dividend = scale < 2 ? rescaled(to: 2) : units else { return nil }
        var divisor = Int64(count)
        for _ in 2..<max(2, scale) {
            let (product, overflowed) = divisor.multipliedReportingOverflow(by: 10)
            guard !overflowed else { return nil }
            divisor = product
        }
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        let isRoundedAway = rest.magnitude >= divisor.magnitude - rest.magnitude
        let cents = whole + (isRoundedAway ? dividend.signum() : 0)
        return ExactDecimal(units: cents, scale: 2)
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
}

/// The parts of a number as JSON's grammar writes it.
private struct WrittenNumber {
    let isNegative: Bool
    /// The digits of the whole part and of the fraction, each 0 to 9.
    let digits: [UInt8]
    /// How many of the digits are decimals once the exponent is counted.
    let scale: Int

    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let whole = Self.takeDigits(&rest)
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0 else { return nil }
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = Self.takeDigits(&rest)
            guard !fraction.isEmpty else { return nil }
        }
        guard let exponent = Self.exponent(rest) else { return nil }
        digits = whole + fraction
        scale = fraction.count - exponent
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let digits = rest.prefix { (48...57).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.map { $0 - 48 }
    }

    /// The exponent that the end of the text writes, 0 where it is empty.
    private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
        guard let mark = text.first else { return 0 }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
        // More than six digits of exponent are no amount of anything.
        guard let exponent = Int(String(decoding: text.dropFirst(), as: UTF8.self)),
            (-999_999...999_999).contains(exponent)
        else { return nil }
        return exponent
    }
}
