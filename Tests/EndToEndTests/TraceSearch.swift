import Cryptography
import HTTPMessages

/// Looks for many texts at once, as they are and as programs write them: percent-encoded, in
/// hexadecimal, in base64 at any offset.
struct TraceSearch: Sendable {
    private struct Needle: Sendable {
        let bytes: [UInt8]
        let trace: String
        /// Whether it counts only by itself: digits are in every hash and every time.
        let isNumber: Bool
    }

    private var needles: [UInt32: [Needle]] = [:]
    /// Whether some needle's first four bytes fold to a number.
    private var folded: [Bool]
    /// How many texts are looked for.
    let count: Int

    private static let foldedBits: UInt32 = 20

    init(_ traces: [String]) {
        let distinct = Set(traces)
        count = distinct.count
        folded = Array(repeating: false, count: 1 << Self.foldedBits)
        for trace in distinct where !Self.isNumber(trace.utf8) || trace.utf8.count >= 5 {
            for bytes in Self.writings(of: trace) where bytes.count >= 4 {
                let key = bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
                needles[key, default: []].append(
                    Needle(bytes: bytes, trace: trace, isNumber: Self.isNumber(bytes)))
                folded[Self.fold(key)] = true
            }
        }
    }

    private static func fold(_ key: UInt32) -> Int {
        Int((key &* 0x9e37_79b1) >> (32 - foldedBits))
    }

    /// The texts that are in some bytes, in any writing.
    func traces(in bytes: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        var key: UInt32 = 0
        bytes.withUnsafeBufferPointer { bytes in
            folded.withUnsafeBufferPointer { folded in
                var index = 0
                while index < bytes.count {
                    key = key << 8 | UInt32(bytes[index])
                    index += 1
                    guard index >= 4, folded[Int((key &* 0x9e37_79b1) >> 12)] else { continue }
                    for needle in needles[key, default: []] {
                        let end = index - 4 + needle.bytes.count
                        guard end <= bytes.count else { continue }
                        let isPart =
                            needle.isNumber
                            && (Self.isWord(bytes, index - 5) || Self.isWord(bytes, end))
                        if !isPart, bytes[(index - 4)..<end].elementsEqual(needle.bytes) {
                            found.insert(needle.trace)
                        }
                    }
                }
            }
        }
        return found
    }

    private static func isNumber(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
    }

    private static func isWord(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard bytes.indices.contains(index) else { return false }
        switch bytes[index] {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: return true
        default: return false
        }
    }

    private static func writings(of trace: String) -> Set<[UInt8]> {
        let utf8 = Array(trace.utf8)
        var writings: Set<[UInt8]> = [utf8, Array(PercentEncoding.encode(trace).utf8)]
        // What is shorter would be found in any random bytes.
        guard utf8.count >= 6 else { return writings }
        let hexadecimal = Hex.encode(utf8)
        writings.insert(Array(hexadecimal.utf8))
        writings.insert(Array(hexadecimal.uppercased().utf8))
        for offset in 0..<3 {
            // The characters at the edges depend on what stands beside the text.
            let padded = [UInt8](repeating: 0, count: offset) + utf8
            let whole = padded.count / 3 * 4
            let first = (offset * 8 + 5) / 6
            for text in [Base64.encode(padded), Base64URL.encode(padded)] {
                writings.insert(Array(Array(text.utf8)[first..<whole]))
            }
        }
        return writings
    }
}
