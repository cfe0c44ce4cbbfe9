import Testing
import Vocabulary

@Suite struct `A SIRET` {
    @Test(arguments: ["13002526500013", "21750001600019", "73282932000074"])
    func `is admitted when its Luhn sum holds`(text: String) {
        #expect(Siret(text)?.text == text)
    }

    @Test(arguments: ["35600000000048", "35600000049837", "35600000009075"])
    func `of La Poste is admitted by either rule`(text: String) {
        #expect(Siret(text) != nil)
    }

    @Test(arguments: [
        "", "1300252650001", "130025265000130", "1300252650001A", "130 025 265 00013",
        "１３００２５２６５０００１３", "-3002526500013", "1300252650001\u{301}", "35600000049838",
    ])
    func `is refused when it is something else`(text: String) {
        #expect(Siret(text) == nil)
    }

    /// A Luhn key finds every single wrong digit.
    @Test(arguments: 0..<14)
    func `is refused with one wrong digit`(position: Int) {
        let right = Array("13002526500013".utf8)
        for digit in UInt8(48)...57 where digit != right[position] {
            var wrong = right
            wrong[position] = digit
            #expect(Siret(String(decoding: wrong, as: UTF8.self)) == nil)
        }
    }

    @Test func `of another company has no use for La Poste's rule`() {
        // Its digits add up to 30, and its Luhn sum does not hold.
        #expect(Siret("35600100000069") == nil)
    }
}
