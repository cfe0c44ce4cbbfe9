import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite struct `An exact decimal` {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("12", "12"), ("-3.50", "-3.5"), ("1.5e2", "150"),
        ("1.5E+2", "150"), ("150e-2", "1.5"), ("0.000000001", "0.000000001"),
        ("1e-9", "0.000000001"),
        ("10e-10", "0.000000001"), ("1.0000000000000000000000", "1"), ("0e999", "0"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-9223372036.854775808", "-9223372036.854775808"), ("0.05", "0.05"), ("-0.05", "-0.05"),
        ("92233720368547758070e-1", "9223372036854775807"), ("1e18", "1000000000000000000"),
    ])
    func `reads what JSON writes`(text: String, written: String) {
        #expect(ExactDecimal(text)?.text == written)
    }

    @Test(arguments: [
        "", "-", "+1", ".5", "5.", "01", "-01", "1e", "1e+", "1e++1", "1e1.5", "1.2.3", "1,5", " 1",
        "1 ", "0x10", "NaN", "Infinity", "١", "1e99999999999999999999", "--1", "1e-", "e5", "1_000",
    ])
    func `refuses what JSON does not write`(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "1e19", "0.0000000001", "1e-10",
        "1.0000000001", "123456789012.123456789", "1e400", "1e-400",
    ])
    func `refuses what does not fit`(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(arguments: 0..<300)
    func `is read back from what it writes, and nonsense is none`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<50 {
            let number = Self.number(&random)
            #expect(ExactDecimal(number.text) == number)
            #expect(Decimal(string: number.text) == Self.decimal(number))
            if let strange = ExactDecimal(random.nonsense()) {
                #expect(ExactDecimal(strange.text) == strange)
            }
        }
    }

    @Test(arguments: 0..<300)
    func `adds and compares as Foundation does`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<50 {
            let left = Self.number(&random)
            let right =
                Bool.random(using: &random) ? Self.near(left, &random) : Self.number(&random)
            let (one, other) = (Self.decimal(left), Self.decimal(right))
            #expect(left.compared(to: right) == (one < other ? -1 : one > other ? 1 : 0))
            #expect(right.compared(to: left) == -left.compared(to: right))
            #expect((left == right) == (left.compared(to: right) == 0))
            if let sum = left.adding(right) { #expect(Self.decimal(sum) == one + other) }
        }
    }

    @Test(arguments: 0..<300)
    func `is divided to the cent as Foundation does`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<50 {
            let number = Self.number(&random)
            let count = Int.random(in: 1...1000, using: &random)
            guard let quotient = number.divided(by: count) else { continue }
            #expect(quotient.scale <= 2)
            // Twice the distance to the true quotient is at most a cent, in exact integers.
            let error = Self.decimal(quotient) * Decimal(count) - Self.decimal(number)
            let distance = error.magnitude * 200
            #expect(distance <= Decimal(count))
            if distance == Decimal(count) {
                #expect(quotient.units.magnitude > 0)
                #expect(
                    Self.decimal(quotient).magnitude * Decimal(count)
                        > Self.decimal(number).magnitude)
            }
        }
    }

    @Test(arguments: [
        ("10", 3, "3.33"), ("-10", 3, "-3.33"), ("0.01", 2, "0.01"), ("-0.01", 2, "-0.01"),
        ("0.005", 1, "0.01"), ("0.0049", 1, "0"), ("1.234", 1, "1.23"), ("100", 8, "12.5"),
        ("0", 7, "0"), ("2", 3, "0.67"),
    ])
    func `rounds halves away from zero`(text: String, count: Int, quotient: String) {
        #expect(ExactDecimal(text)?.divided(by: count)?.text == quotient)
    }

    @Test func `says nil rather than overflow`() throws {
        let largest = ExactDecimal(units: .max)
        let least = ExactDecimal(units: .min)
        let small = ExactDecimal(units: 1, scale: 9)
        #expect(largest.adding(ExactDecimal(units: 1)) == nil)
        #expect(least.adding(ExactDecimal(units: -1)) == nil)
        #expect(largest.adding(small) == nil)
        #expect(largest.divided(by: 2) == nil)
        #expect(largest.divided(by: 0) == nil)
        #expect(largest.divided(by: -1) == nil)
        #expect(small.divided(by: .max) == nil)
        #expect(least.compared(to: largest) == -1)
        #expect(least.compared(to: small) == -1)
        #expect(small.compared(to: largest) == -1)
    }

    /// Two numbers that are the same double and not the same number.
    @Test func `is not compared as a double`() throws {
        let left = try #require(ExactDecimal("922337203685477581"))
        let right = try #require(ExactDecimal("922337203685477580.7"))
        #expect(left.compared(to: right) == 1)
        #expect(right.compared(to: left) == -1)
    }

    private static func number(_ random: inout Seeded) -> ExactDecimal {
        let bound = Int64(1) << Int64.random(in: 0...62, using: &random)
        return ExactDecimal(
            units: Int64.random(in: -bound...bound, using: &random),
            scale: Int.random(in: 0...9, using: &random))
    }

    /// A number close to another, or the same in another writing.
    private static func near(_ number: ExactDecimal, _ random: inout Seeded) -> ExactDecimal {
        let (units, overflowed) = number.units.addingReportingOverflow(
            Int64.random(in: -1...1, using: &random))
        return overflowed ? number : ExactDecimal(units: units, scale: number.scale)
    }

    private static func decimal(_ number: ExactDecimal) -> Decimal {
        Decimal(
            sign: number.units < 0 ? .minus : .plus, exponent: -number.scale,
            significand: Decimal(number.units.magnitude))
    }
}
