/// Reads the head of a request line by line, each as soon as its CRLF is there.
///
/// Offsets count from the first byte of the head. Every byte is judged in its order and with what
/// precedes it only, which makes the verdict independent of how the input was cut.
struct RequestHeadScanner: Sendable {
    private let limits: HTTPLimits
    private var position = 0
    private var lineStart = 0
    private var fieldsStart = 0
    private var hasSkippedLine = false
    private var requestLine: RequestLine?
    private var fields: [HTTPHeaders.Field] = []
    private var framing = FramingFields()

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Reads on in `block`, which starts with the head; the offset of the head's end, once known.
    mutating func advance(over block: Span<UInt8>) throws(HTTPFailure) -> Int? {
        while let lineEnd = try endOfLine(in: block) {
            let line = lineStart..<lineEnd
            lineStart = lineEnd + 2
            position = lineStart
            if requestLine == nil {
                try take(requestLine: line, of: block)
            } else if line.isEmpty {
                return lineStart
            } else {
                try take(field: line, of: block)
            }
        }
        return nil
    }

    /// The finished head, over the bytes that were scanned.
    func head(_ block: [UInt8]) throws(HTTPFailure) -> HTTPRequestHead {
        guard let requestLine else { throw HTTPFailure(.requestLineMalformed) }
        let target = requestLine.target
        let version = requestLine.version
        let length = try framing.check(
            method: requestLine.method,
            version: version,
            limits: limits
        )
        let host = framing.host.map { String(decoding: block[$0], as: UTF8.self) }
        return HTTPRequestHead(
            method: requestLine.method,
            target: target.text,
            segments: target.segments,
            query: target.query,
            version: version,
            authority: target.authority ?? host,
            headers: HTTPHeaders(checked: block, fields: fields),
            framing: length,
            expectsContinue: framing.expectsContinue && version == .http11,
            keepsAlive: framing.keepsAlive(version)
        )
    }

    /// The offset of the CR that ends the current line; `nil` when it is not there yet.
    private mutating func endOfLine(in block: Span<UInt8>) throws(HTTPFailure) -> Int? {
        let isFirst = requestLine == nil
        let limit = isFirst ? lineStart + limits.startLine : fieldsStart + limits.headerBytes
        let stop = min(block.count, limit)
        position = firstControlByte(in: block, from: position, to: stop)
        guard position < block.count else { return nil }
        let isReturn = block[position] == 0x0D
        if isFirst {
            guard position < limit || isReturn else { throw HTTPFailure(.targetTooLong) }
        } else {
            guard position < limit else { throw HTTPFailure(.headersTooLarge) }
        }
        guard isReturn else { throw HTTPFailure(.invalidByte) }
        guard position + 1 < block.count else { return nil }
        guard isFirst || position + 1 < limit else { throw HTTPFailure(.headersTooLarge) }
        guard block[position + 1] == 0x0A else { throw HTTPFailure(.invalidByte) }
        return position
    }

    private mutating func take(
        requestLine line: Range<Int>,
        of block: Span<UInt8>
    ) throws(HTTPFailure) {
        if line.isEmpty, !hasSkippedLine {
            // One empty line before a request is forgiven: old clients end a body with it.
            hasSkippedLine = true
            return
        }
        requestLine = try RequestLine(block.extracting(line))
        fieldsStart = lineStart
        fields.reserveCapacity(16)
    }

    private mutating func take(
        field line: Range<Int>,
        of block: Span<UInt8>
    ) throws(HTTPFailure) {
        guard fields.count < limits.headerFields else { throw HTTPFailure(.headersTooLarge) }
        var colon = line.lowerBound
        while colon < line.upperBound, isTokenByte(block[colon]),
            block[colon] != 0x5F || limits.admitsUnderscores
        {
            colon += 1
        }
        guard colon > line.lowerBound, colon < line.upperBound, block[colon] == 0x3A else {
            throw HTTPFailure(.headerMalformed)
        }
        var start = colon + 1
        var end = line.upperBound
        while start < end, block[start] == 0x20 || block[start] == 0x09 { start += 1 }
        while end > start, block[end - 1] == 0x20 || block[end - 1] == 0x09 { end -= 1 }
        fields.append(
            HTTPHeaders.Field(
                nameStart: UInt32(line.lowerBound),
                nameLength: UInt32(colon - line.lowerBound),
                valueStart: UInt32(start),
                valueLength: UInt32(end - start)
            )
        )
        try framing.note(name: line.lowerBound..<colon, value: start..<end, of: block)
    }
}

/// The offset of the first control byte other than a tab, or `end`.
private func firstControlByte(in block: Span<UInt8>, from start: Int, to end: Int) -> Int {
    guard start < end else { return start }
    return block.withUnsafeBytes { bytes in
        var index = start
        while index + 8 <= end {
            // Eight bytes at a time: a high bit marks each byte below 0x20 or equal to 0x7F,
            // or above 0x7F by mistake, which the loop below sorts out.
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let low = word &- 0x2020_2020_2020_2020
            let delete = word &+ 0x0101_0101_0101_0101
            guard (low | delete | word) & 0x8080_8080_8080_8080 == 0 else { break }
            index += 8
        }
        while index < end, !isControlByte(bytes[index]) { index += 1 }
        return index
    }
}
