import TestSupport
import Testing
import Vocabulary

@Suite struct `An exchange's identifier` {
    @Test(arguments: 0..<50)
    func `is a UUID of version 7 that begins with its time`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<50 {
            let milliseconds = Int64.random(in: 0...((1 << 48) - 1), using: &random)
            let id = ExchangeID(
                time: Timestamp(milliseconds: milliseconds),
                random: (0..<10).map { _ in UInt8.random(in: 0...255, using: &random) })
            let bytes = Array(id.text.utf8)
            #expect(bytes.count == 36)
            #expect(bytes[14] == UInt8(ascii: "7"))
            #expect("89ab".utf8.contains(bytes[19]))
            let hexadecimal = id.text.filter { $0 != "-" }.prefix(12)
            #expect(Int64(hexadecimal, radix: 16) == milliseconds)
            #expect(ExchangeID(id.text) == id)
        }
    }

    @Test func `keeps every random bit that the version leaves`() {
        let zeros = ExchangeID(
            time: Timestamp(milliseconds: 0), random: [UInt8](repeating: 0, count: 10))
        let ones = ExchangeID(
            time: Timestamp(milliseconds: 0), random: [UInt8](repeating: 255, count: 10))
        #expect(zeros.text == "00000000-0000-7000-8000-000000000000")
        #expect(ones.text == "00000000-0000-7fff-bfff-ffffffffffff")
    }

    @Test func `sorts as its time does`() {
        let moments: [Int64] = [
            0, 1, 255, 256, 1_795_219_467_123, 1_795_219_467_124, (1 << 48) - 1,
        ]
        let texts = moments.map { milliseconds in
            ExchangeID(
                time: Timestamp(milliseconds: milliseconds),
                random: [UInt8](repeating: milliseconds % 2 == 0 ? 255 : 0, count: 10)
            ).text
        }
        #expect(texts == texts.sorted())
    }

    @Test(arguments: [
        "", "0192f0c1-0000-7000-8000-00000000000", "0192f0c1-0000-7000-8000-0000000000000",
        "0192F0C1-0000-7000-8000-000000000000", "0192f0c1-0000-4000-8000-000000000000",
        "0192f0c1-0000-7000-0000-000000000000", "0192f0c1-0000-7000-c000-000000000000",
        "0192f0c1000070008000000000000000", "0192f0c1-0000-7000-8000_000000000000",
        "0192f0c1-0000-7000-8000-00000000000g", "{192f0c1-0000-7000-8000-000000000000",
    ])
    func `is read only in its canonical form`(text: String) {
        #expect(ExchangeID(text) == nil)
    }
}
