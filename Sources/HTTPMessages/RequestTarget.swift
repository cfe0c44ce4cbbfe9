/// The target of a request (RFC 9112, 3.2): origin form, absolute form, or `*` for OPTIONS.
struct RequestTarget: Sendable {
    let text: String
    let segments: [String]
    let query: String?
    let authority: String?

    init(_ target: Span<UInt8>, method: HTTPMethod) throws(HTTPFailure) {
        for index in target.indices {
            let byte = target[index]
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "#") else {
                throw HTTPFailure(.targetMalformed)
            }
        }
        text = string(target)
        if target.count == 1, target[0] == UInt8(ascii: "*"), method == .options {
            segments = ["*"]
            query = nil
            authority = nil
            return
        }
        var pathStart = 0
        var authority: String?
        if target[0] != UInt8(ascii: "/") {
            let range = try Self.authority(of: target)
            authority = string(target.extracting(range))
            pathStart = range.upperBound
        }
        self.authority = authority
        var pathEnd = pathStart
        while pathEnd < target.count, target[pathEnd] != UInt8(ascii: "?") { pathEnd += 1 }
        query =
            pathEnd < target.count
            ? string(target.extracting((pathEnd + 1)..<target.count)) : nil
        segments = try Self.segments(target.extracting(pathStart..<pathEnd))
    }

    /// Where the authority of an absolute target lies.
    private static func authority(of target: Span<UInt8>) throws(HTTPFailure) -> Range<Int> {
        guard let start = afterPrefix("http://", target) ?? afterPrefix("https://", target) else {
            throw HTTPFailure(.targetMalformed)
        }
        var end = start
        while end < target.count, target[end] != UInt8(ascii: "/"),
            target[end] != UInt8(ascii: "?")
        {
            end += 1
        }
        guard isHost(target.extracting(start..<end)) else { throw HTTPFailure(.targetMalformed) }
        return start..<end
    }

    private static func afterPrefix(_ prefix: StaticString, _ target: Span<UInt8>) -> Int? {
        let length = prefix.utf8CodeUnitCount
        guard target.count > length else { return nil }
        let isEqual = prefix.withUTF8Buffer { bytes in
            (0..<length).allSatisfy { lowercased(target[$0]) == bytes[$0] }
        }
        return isEqual ? length : nil
    }

    /// Splits a path and decodes each segment once; an empty path is that of `/`.
    private static func segments(_ path: Span<UInt8>) throws(HTTPFailure) -> [String] {
        var segments: [String] = []
        guard path.count > 1 else { return segments }
        segments.reserveCapacity(4)
        var start = 1
        while true {
            var end = start
            var isEncoded = false
            while end < path.count, path[end] != UInt8(ascii: "/") {
                isEncoded = isEncoded || path[end] == UInt8(ascii: "%")
                guard isPathByte(path[end]) else { throw HTTPFailure(.pathMalformed) }
                end += 1
            }
            let isLast = end == path.count
            // A final slash leaves one empty segment; any other would make `//`.
            guard end > start || isLast else { throw HTTPFailure(.pathMalformed) }
            let raw = path.extracting(start..<end)
            segments.append(try segment(raw, isEncoded: isEncoded))
            if isLast { return segments }
            start = end + 1
        }
    }

    private static func segment(
        _ raw: Span<UInt8>,
        isEncoded: Bool
    ) throws(HTTPFailure) -> String {
        let text: String
        if isEncoded {
            guard let decoded = PercentEncoding.decode(copy(raw)),
                decoded.allSatisfy({
                    $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
                }),
                let valid = String(validating: decoded, as: UTF8.self)
            else { throw HTTPFailure(.pathMalformed) }
            text = valid
        } else {
            text = string(raw)
        }
        guard text != ".", text != ".." else { throw HTTPFailure(.pathMalformed) }
        return text
    }

    /// Whether a byte may stand in a path as it is: a `pchar` or the start of an encoding.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
            UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
            false
        default: true
        }
    }
}

/// Whether bytes are a `uri-host` with an optional port (RFC 9110, 7.2), not empty.
func isHost(_ host: Span<UInt8>) -> Bool {
    var index = 0
    if host.count > 0, host[0] == UInt8(ascii: "[") {
        index = 1
        while index < host.count, isAddressByte(host[index]) { index += 1 }
        guard index > 2, index < host.count, host[index] == UInt8(ascii: "]") else { return false }
        index += 1
    } else {
        while index < host.count, isNameByte(host[index]) { index += 1 }
        guard index > 0 else { return false }
    }
    guard index < host.count else { return true }
    guard host[index] == UInt8(ascii: ":"), host.count - index <= 6 else { return false }
    return ((index + 1)..<host.count).allSatisfy { host[$0] &- 0x30 < 10 }
}

private func isAddressByte(_ byte: UInt8) -> Bool {
    hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
}

/// The text of bytes that are ASCII or have been checked.
private func string(_ bytes: Span<UInt8>) -> String {
    bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
}
