/// The fields of a request that decide where its body ends and what becomes of the connection.
struct FramingFields: Sendable {
    private(set) var host: Range<Int>?
    private(set) var expectsContinue = false
    private var length: Int?
    private var isChunked = false
    private var wantsClose = false
    private var wantsKeepAlive = false

    /// Looks at one field; most are none of its business.
    mutating func note(
        name: Range<Int>,
        value: Range<Int>,
        of block: Span<UInt8>
    ) throws(HTTPFailure) {
        switch name.count {
        case 4 where matches("host", name, block): try note(host: value, of: block)
        case 6 where matches("expect", name, block): try note(expect: value, of: block)
        case 10 where matches("connection", name, block): note(connection: value, of: block)
        case 14 where matches("content-length", name, block):
            guard length == nil else { throw HTTPFailure(.lengthMalformed) }
            length = try decimal(block.extracting(value))
        case 17 where matches("transfer-encoding", name, block):
            guard !isChunked else { throw HTTPFailure(.transferCodingMalformed) }
            try checkTransferCoding(block.extracting(value))
            isChunked = true
        default: break
        }
    }

    /// How the body is delimited, once all fields have been seen.
    func check(
        method: HTTPMethod,
        version: HTTPVersion,
        limits: HTTPLimits
    ) throws(HTTPFailure) -> HTTPBodyFraming {
        if host == nil, version == .http11 { throw HTTPFailure(.hostMissing) }
        if isChunked {
            if length != nil { throw HTTPFailure(.framingAmbiguous) }
            if version == .http10 { throw HTTPFailure(.transferCodingMalformed) }
            return .chunked
        }
        guard let length else {
            if method.announcesContent { throw HTTPFailure(.lengthRequired) }
            return .length(0)
        }
        guard length <= limits.body else { throw HTTPFailure(.bodyTooLarge) }
        return .length(length)
    }

    /// Whether the connection lives on after this request.
    func keepsAlive(_ version: HTTPVersion) -> Bool {
        !wantsClose && (version == .http11 || wantsKeepAlive)
    }

    private mutating func note(host value: Range<Int>, of block: Span<UInt8>) throws(HTTPFailure) {
        guard host == nil else { throw HTTPFailure(.hostMissing) }
        guard isHost(block.extracting(value)) else { throw HTTPFailure(.hostMalformed) }
        host = value
    }

    private mutating func note(expect value: Range<Int>, of block: Span<UInt8>) throws(HTTPFailure)
    {
        guard matches("100-continue", value, block) else {
            throw HTTPFailure(.expectationUnknown)
        }
        expectsContinue = true
    }

    private mutating func note(connection value: Range<Int>, of block: Span<UInt8>) {
        var start = value.lowerBound
        while start < value.upperBound {
            var end = start
            while end < value.upperBound, block[end] != UInt8(ascii: ",") { end += 1 }
            let token = trimmed(start..<end, of: block)
            if matches("close", token, block) { wantsClose = true }
            if matches("keep-alive", token, block) { wantsKeepAlive = true }
            start = end + 1
        }
    }
}

/// Reads one or more digits and nothing else, without overflow.
private func decimal(_ text: Span<UInt8>) throws(HTTPFailure) -> Int {
    guard text.count > 0 else { throw HTTPFailure(.lengthMalformed) }
    var value = 0
    for index in text.indices {
        let digit = text[index] &- 0x30
        guard digit < 10, value <= (Int.max - 9) / 10 else { throw HTTPFailure(.lengthMalformed) }
        value = value * 10 + Int(digit)
    }
    return value
}

/// Accepts the single coding `chunked`; says of anything else whether it is unknown or malformed.
private func checkTransferCoding(_ value: Span<UInt8>) throws(HTTPFailure) {
    if matches("chunked", 0..<value.count, value) { return }
    var start = 0
    var hasChunked = false
    while start <= value.count {
        var end = start
        while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
        let coding = trimmed(start..<end, of: value)
        guard !hasChunked, !coding.isEmpty, coding.allSatisfy({ isTokenByte(value[$0]) }) else {
            throw HTTPFailure(.transferCodingMalformed)
        }
        hasChunked = matches("chunked", coding, value)
        start = end + 1
    }
    throw HTTPFailure(.transferCodingUnknown)
}

private func trimmed(_ range: Range<Int>, of block: Span<UInt8>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, block[start] == 0x20 || block[start] == 0x09 { start += 1 }
    while end > start, block[end - 1] == 0x20 || block[end - 1] == 0x09 { end -= 1 }
    return start..<end
}

/// Whether part of a block is a word given in small letters, without regard to case.
@inline(__always)
private func matches(_ word: StaticString, _ range: Range<Int>, _ block: Span<UInt8>) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    let letters = word.utf8Start
    for index in 0..<range.count
    where lowercased(block[range.lowerBound + index]) != letters[index] {
        return false
    }
    return true
}
