import HTTPMessages
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct `How the input is cut` {
    @Test(arguments: 0..<100)
    func `changes nothing of what a valid stream says`(seed: Int) {
        var random = Seeded(seed)
        let input = Array(
            (0..<Int.random(in: 1...4, using: &random)).map { _ in
                validRequest(&random)
            }.joined()
        )
        let whole = read(input)
        #expect(whole.failure == nil)
        #expect(whole.requests.allSatisfy { $0.isComplete })
        #expect(whole == readByteByByte(input))
        #expect(whole == read(input, cuts: cuts(input, &random)))
    }

    @Test(arguments: 0..<300)
    func `changes nothing of how a damaged stream is refused`(seed: Int) {
        var random = Seeded(seed)
        var input = Array(
            (0..<2).map { _ in validRequest(&random) }.joined()
        )
        for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&input, &random) }
        expectInvariance(input, &random)
    }

    @Test func `changes nothing for the inputs kept from the past`() throws {
        let inputs = try corpus("http-request")
        #expect(inputs.count >= 10)
        var random = Seeded(1)
        for var input in inputs {
            expectInvariance(input, &random)
            for _ in 0..<20 {
                damage(&input, &random)
                expectInvariance(input, &random)
            }
        }
    }

    private func expectInvariance(_ input: [UInt8], _ random: inout Seeded) {
        let whole = read(input)
        #expect(whole == readByteByByte(input), "\(input)")
        #expect(whole == read(input, cuts: cuts(input, &random)), "\(input)")
        let small = HTTPLimits(
            startLine: 24,
            headerBytes: 64,
            headerFields: 3,
            body: 20,
            chunkLine: 8,
            trailerBytes: 16
        )
        #expect(read(input, limits: small) == readByteByByte(input, limits: small), "\(input)")
    }
}

private func cuts(_ input: [UInt8], _ random: inout Seeded) -> [Int] {
    (0..<Int.random(in: 0...6, using: &random))
        .map { _ in Int.random(in: 0...input.count, using: &random) }.sorted()
}

private func damage(_ input: inout [UInt8], _ random: inout Seeded) {
    guard !input.isEmpty else { return }
    let index = Int.random(in: 0..<input.count, using: &random)
    let suspects = Array("\r\n\0 \t:;,%/.0aZ_\u{7F}".utf8) + [0x80, 0xFF]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: input[index] = suspects.randomElement(using: &random) ?? 0
    case 1: input[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: input.remove(at: index)
    case 3: input.insert(suspects.randomElement(using: &random) ?? 0, at: index)
    case 4:
        let end = min(input.count, index + Int.random(in: 1...12, using: &random))
        input.insert(contentsOf: input[index..<end], at: index)
    default: input.removeLast(min(input.count, Int.random(in: 1...8, using: &random)))
    }
}

private func validRequest(_ random: inout Seeded) -> [UInt8] {
    let path = ["/", "/v1/echanges", "/a%20b/c?x=%&y", "http://h/x"].randomElement(using: &random)
    var lines = ["Host: a.fr", "X: \(String(repeating: "v", count: .random(in: 0...40)))"]
    let body = String(repeating: "b", count: .random(in: 0...50, using: &random))
    var wire = body
    switch Int.random(in: 0..<3, using: &random) {
    case 0: lines.append("Content-Length: \(body.utf8.count)")
    case 1:
        lines.append("Transfer-Encoding: chunked")
        wire = chunked(body, &random)
    default:
        return request(["GET \(path ?? "/") HTTP/1.1"] + lines)
    }
    lines.shuffle(using: &random)
    return request(["POST \(path ?? "/") HTTP/1.1"] + lines, body: wire)
}

private func chunked(_ body: String, _ random: inout Seeded) -> String {
    var rest = body[...]
    var wire = ""
    while !rest.isEmpty {
        let piece = rest.prefix(.random(in: 1...20, using: &random))
        rest = rest.dropFirst(piece.count)
        wire += String(piece.utf8.count, radix: 16) + (Bool.random(using: &random) ? ";e" : "")
        wire += "\r\n\(piece)\r\n"
    }
    return wire + "0\r\n" + (Bool.random(using: &random) ? "T: x\r\n" : "") + "\r\n"
}

/// The files of a folder of Tests/Corpus, in the order of their names.
private func corpus(_ name: String) throws -> [[UInt8]] {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let path = "/\(folder)/Corpus/\(name)"
    let directory = try #require(opendir(path))
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
    }
    return try names.sorted().map { name in
        let file = try #require(fopen("\(path)/\(name)", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        return bytes
    }
}
