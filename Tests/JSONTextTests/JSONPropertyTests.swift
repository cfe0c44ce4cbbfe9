import JSONText
import Testing

@Suite struct `Random JSON documents` {
    @Test(arguments: 0..<200)
    func `are written and read back the same`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<10 {
            var writer = JSONWriter()
            writer.value(randomNode(&random, depth: 5))
            let node = try parseJSON(writer.bytes)
            var again = JSONWriter()
            again.value(node)
            #expect(again.bytes == writer.bytes)
            #expect(try pullTree(writer.bytes) == writer.bytes)
        }
    }

    @Test(arguments: 0..<200)
    func `never crash the parsers once broken, and both judge alike`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 1_000_000)
        for _ in 0..<40 {
            var writer = JSONWriter()
            writer.value(randomNode(&random, depth: 4))
            var bytes = writer.bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
            let limits = JSONLimits(bytes: 100_000, depth: 6, nodes: 200)
            let tree = Result { try parseJSON(bytes, limits: limits) }
            let pulled = Result { try pullTree(bytes, limits) }
            switch (tree, pulled) {
            case (.success(let node), .success(let copy)):
                var again = JSONWriter()
                again.value(node)
                #expect(again.bytes == copy)
            case (.failure(let left), .failure(let right)):
                #expect(left as? JSONError == right as? JSONError)
            default:
                Issue.record("the parsers disagree on \(bytes)")
            }
        }
    }

    @Test(arguments: 0..<50)
    func `are passed over exactly to their end`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 2_000_000)
        var writer = JSONWriter()
        let node = randomNode(&random, depth: 5)
        writer.object { writer in
            writer.key("saute")
            writer.value(node)
            writer.member("voulu", 7)
        }
        var reader = try JSONReader(writer.bytes)
        try reader.beginObject()
        #expect(try reader.nextMember() == "saute")
        #expect(try reader.nextMember() == "voulu")
        #expect(try reader.number().integer == 7)
        #expect(try reader.nextMember() == nil)
        try reader.end()
    }
}

/// A small generator whose seed names a failing case.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

private func randomNode(_ random: inout SeededGenerator, depth: Int) -> JSONNode {
    let position = JSONPosition(line: 1, column: 1, offset: 0)
    return JSONNode(value: randomValue(&random, depth: depth), position: position)
}

private func randomValue(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
    let position = JSONPosition(line: 1, column: 1, offset: 0)
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .number(JSONNumber(text: randomNumber(&random)))
    case 3, 4: return .string(randomText(&random))
    case 5, 6:
        return .array(
            (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                randomNode(&random, depth: depth - 1)
            })
    default:
        return .object(
            (0..<Int.random(in: 0..<5, using: &random)).map { index in
                JSONMember(
                    name: "\(index)" + randomText(&random),
                    namePosition: position,
                    node: randomNode(&random, depth: depth - 1)
                )
            })
    }
}

private func randomNumber(_ random: inout SeededGenerator) -> String {
    ["0", "-0", "12", "-7.50", "1e9", "2.5E-3", "123456789012345678901234567890", "9.99"]
        .randomElement(using: &random) ?? "0"
}

private func randomText(_ random: inout SeededGenerator) -> String {
    let pieces = [
        "a", "\"", "\\", "\n", "\u{0}", "\u{1F}", "é", "Œ", "😀", "\u{7F}", "\u{FFFF}", "/",
    ]
    return (0..<Int.random(in: 0..<6, using: &random))
        .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
}

private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else {
        return
    }
    let index = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes.remove(at: index)
    case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2:
        bytes.insert(
            Array("{}[],:\"\\0e-. tn\u{1}".utf8).randomElement(using: &random) ?? 0, at: index)
    default: bytes.removeLast(bytes.count - index)
    }
}
