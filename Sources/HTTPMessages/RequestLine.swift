/// A request line that kept every rule.
struct RequestLine: Sendable {
    let method: HTTPMethod
    let target: RequestTarget
    let version: HTTPVersion

    /// Reads `method SP target SP version`, nothing else.
    init(_ line: Span<UInt8>) throws(HTTPFailure) {
        var index = 0
        while index < line.count, isTokenByte(line[index]) { index += 1 }
        let methodEnd = index
        guard methodEnd > 0, methodEnd < line.count, line[methodEnd] == 0x20 else {
            throw HTTPFailure(.requestLineMalformed)
        }
        index += 1
        while index < line.count, line[index] != 0x20 { index += 1 }
        let targetEnd = index
        guard targetEnd > methodEnd + 1, targetEnd < line.count else {
            throw HTTPFailure(.requestLineMalformed)
        }
        version = try Self.version(line.extracting((targetEnd + 1)..<line.count))
        guard let method = Self.method(line.extracting(0..<methodEnd)) else {
            throw HTTPFailure(.methodUnknown)
        }
        self.method = method
        target = try RequestTarget(
            line.extracting((methodEnd + 1)..<targetEnd),
            method: method
        )
    }

    private static func method(_ name: Span<UInt8>) -> HTTPMethod? {
        guard name.count <= 7 else { return nil }
        var word: UInt64 = 0
        for index in name.indices { word = word << 8 | UInt64(name[index]) }
        return switch word {
        case 0x47_45_54: .get
        case 0x48_45_41_44: .head
        case 0x50_4F_53_54: .post
        case 0x50_55_54: .put
        case 0x50_41_54_43_48: .patch
        case 0x44_45_4C_45_54_45: .delete
        case 0x4F_50_54_49_4F_4E_53: .options
        default: nil
        }
    }

    private static func version(_ text: Span<UInt8>) throws(HTTPFailure) -> HTTPVersion {
        guard text.count == 8, text[0] == 0x48, text[1] == 0x54, text[2] == 0x54,
            text[3] == 0x50, text[4] == 0x2F, text[6] == 0x2E,
            text[5] &- 0x30 < 10, text[7] &- 0x30 < 10
        else { throw HTTPFailure(.requestLineMalformed) }
        switch (text[5], text[7]) {
        case (0x31, 0x31): return .http11
        case (0x31, 0x30): return .http10
        default: throw HTTPFailure(.versionUnsupported)
        }
    }
}
