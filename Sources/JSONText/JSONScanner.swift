/// The lexical half of RFC 8259, over borrowed bytes.
///
/// The tree parser and the pull reader both stand on it, so that they accept the same texts.
/// A raw line feed can only be white space in JSON, so lines are counted there alone.
struct JSONScanner {
    private let buffer: UnsafeBufferPointer<UInt8>
    private let end: Int
    private let limits: JSONLimits
    var state: JSONScanState

    init(_ buffer: UnsafeBufferPointer<UInt8>, state: JSONScanState, limits: JSONLimits) {
        self.buffer = buffer
        self.end = buffer.count
        self.limits = limits
        self.state = state
    }

    /// Refuses a document that is too long or starts with a byte order mark.
    func checkStart() throws(JSONError) {
        if end > limits.bytes {
            throw failure(.tooLarge, at: 0)
        }
        if end >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF {
            throw failure(.byteOrderMark, at: 0)
        }
    }

    /// An error at a byte of the current line.
    func failure(_ code: JSONError.Code, at offset: Int) -> JSONError {
        JSONError(code: code, position: state.position(at: offset))
    }

    /// The error of a byte that does not fit, or of a text that ended.
    func unexpected() -> JSONError {
        failure(state.offset < end ? .unexpectedByte : .unexpectedEnd, at: state.offset)
    }

    /// The next byte that is not white space, or nil at the end.
    mutating func peek() -> UInt8? {
        while state.offset < end {
            let byte = buffer[state.offset]
            if byte == 0x20 || byte == 0x09 || byte == 0x0D {
                state.offset += 1
            } else if byte == 0x0A {
                state.offset += 1
                state.line += 1
                state.lineStart = state.offset
            } else {
                return byte
            }
        }
        return nil
    }

    /// Consumes one given byte, after white space.
    mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard peek() == byte else {
            throw unexpected()
        }
        state.offset += 1
    }

    /// Consumes one given byte if it is next, after white space.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else {
            return false
        }
        state.offset += 1
        return true
    }

    /// Refuses anything after the document.
    mutating func expectEnd() throws(JSONError) {
        if peek() != nil {
            throw failure(.trailingData, at: state.offset)
        }
    }

    /// Counts one more value.
    mutating func countNode() throws(JSONError) {
        state.nodes += 1
        if state.nodes > limits.nodes {
            throw failure(.tooMany, at: state.offset)
        }
    }

    /// Refuses a container that is nested too deep.
    func checkDepth(_ depth: Int) throws(JSONError) {
        if depth > limits.depth {
            throw failure(.tooDeep, at: state.offset)
        }
    }

    /// Consumes `true`, `false` or `null`.
    mutating func literal(_ text: StaticString) throws(JSONError) {
        let length = text.utf8CodeUnitCount
        for index in 0..<length {
            guard state.offset < end, buffer[state.offset] == text.utf8Start[index] else {
                throw unexpected()
            }
            state.offset += 1
        }
    }
}

// MARK: - Numbers

extension JSONScanner {
    /// Passes over a number that starts here, and gives its bytes' range.
    mutating func passNumber() throws(JSONError) -> Range<Int> {
        let start = state.offset
        if current == 0x2D { state.offset += 1 }
        if current == 0x30 {
            state.offset += 1
        } else {
            try passDigits(from: start)
        }
        if current == 0x2E {
            state.offset += 1
            try passDigits(from: start)
        }
        if current == 0x65 || current == 0x45 {
            state.offset += 1
            if current == 0x2B || current == 0x2D { state.offset += 1 }
            try passDigits(from: start)
        }
        if let byte = current, byte >= 0x30 && byte <= 0x39 || byte == 0x2E {
            throw failure(.invalidNumber, at: start)
        }
        return start..<state.offset
    }

    private var current: UInt8? {
        state.offset < end ? buffer[state.offset] : nil
    }

    private mutating func passDigits(from start: Int) throws(JSONError) {
        let first = state.offset
        while state.offset < end, buffer[state.offset] &- 0x30 < 10 {
            state.offset += 1
        }
        if state.offset == first {
            throw failure(state.offset < end ? .invalidNumber : .unexpectedEnd, at: start)
        }
    }

    /// The text of a range that is known to be ASCII or valid UTF-8.
    func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: buffer[range]), as: UTF8.self)
    }
}

// MARK: - Strings

extension JSONScanner {
    /// Reads a string whose opening quote is next.
    mutating func string() throws(JSONError) -> String {
        try expect(0x22)
        let start = state.offset
        let hasEscapes = try passString()
        let range = start..<(state.offset - 1)
        return hasEscapes ? unescaped(range) : text(range)
    }

    /// Passes over a string after its opening quote; true if it holds an escape.
    mutating func passString() throws(JSONError) -> Bool {
        var hasEscapes = false
        var index = state.offset
        while index < end {
            let byte = buffer[index]
            if byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5C {
                index += 1
            } else if byte == 0x22 {
                state.offset = index + 1
                return hasEscapes
            } else if byte == 0x5C {
                hasEscapes = true
                index += try escapeLength(at: index)
            } else if byte < 0x20 {
                throw failure(.controlCharacter, at: index)
            } else {
                index += try sequenceLength(at: index)
            }
        }
        throw failure(.unexpectedEnd, at: end)
    }

    /// The length of the escape that starts here, checked; a surrogate pair counts as one.
    private func escapeLength(at index: Int) throws(JSONError) -> Int {
        guard index + 1 < end else {
            throw failure(.unexpectedEnd, at: end)
        }
        switch buffer[index + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
            return 2
        case 0x75:
            let unit = try hexUnit(at: index + 2)
            if unit < 0xD800 || unit > 0xDFFF {
                return 6
            }
            guard unit < 0xDC00, index + 7 < end, buffer[index + 6] == 0x5C,
                buffer[index + 7] == 0x75
            else {
                throw failure(.loneSurrogate, at: index)
            }
            let low = try hexUnit(at: index + 8)
            guard low >= 0xDC00, low <= 0xDFFF else {
                throw failure(.loneSurrogate, at: index)
            }
            return 12
        default:
            throw failure(.invalidEscape, at: index)
        }
    }

    private func hexUnit(at index: Int) throws(JSONError) -> UInt32 {
        guard index + 4 <= end else {
            throw failure(.unexpectedEnd, at: end)
        }
        var unit: UInt32 = 0
        for offset in index..<(index + 4) {
            guard let digit = hexDigit(buffer[offset]) else {
                throw failure(.invalidEscape, at: index - 2)
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// The length of the UTF-8 sequence that starts here, checked as the Unicode standard's
    /// table 3-7 says: no overlong form, no surrogate, nothing above U+10FFFF.
    private func sequenceLength(at index: Int) throws(JSONError) -> Int {
        let first = buffer[index]
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, lowest) = (3, 0xA0)
        case 0xED: (length, highest) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, lowest) = (4, 0x90)
        case 0xF4: (length, highest) = (4, 0x8F)
        case 0xF1...0xF3: length = 4
        default: throw failure(.invalidUTF8, at: index)
        }
        guard index + length <= end else {
            throw failure(.invalidUTF8, at: index)
        }
        guard buffer[index + 1] >= lowest, buffer[index + 1] <= highest else {
            throw failure(.invalidUTF8, at: index)
        }
        for offset in 2..<max(length, 2) where buffer[index + offset] & 0xC0 != 0x80 {
            throw failure(.invalidUTF8, at: index)
        }
        return length
    }

    /// The text of a range that `passString` accepted, its escapes replaced.
    private func unescaped(_ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = buffer[index]
            guard byte == 0x5C else {
                bytes.append(byte)
                index += 1
                continue
            }
            let kind = buffer[index + 1]
            guard kind == 0x75 else {
                bytes.append(simpleEscape(kind))
                index += 2
                continue
            }
            var value = unit(at: index + 2)
            index += 6
            if value >= 0xD800, value <= 0xDBFF {
                value = 0x10000 + (value - 0xD800) << 10 + (unit(at: index + 2) - 0xDC00)
                index += 6
            }
            if let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) {
                bytes.append(contentsOf: encoded)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func unit(at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in index..<(index + 4) {
            unit = unit << 4 | (hexDigit(buffer[offset]) ?? 0)
        }
        return unit
    }
}

private func simpleEscape(_ kind: UInt8) -> UInt8 {
    switch kind {
    case 0x62: 0x08
    case 0x66: 0x0C
    case 0x6E: 0x0A
    case 0x72: 0x0D
    case 0x74: 0x09
    default: kind
    }
}

private func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
}

// MARK: - Skipping

extension JSONScanner {
    /// Passes over one value, checked but not kept; equal member names are not looked for.
    mutating func skipValue(depth: Int) throws(JSONError) {
        try countNode()
        switch peek() {
        case 0x22:
            state.offset += 1
            _ = try passString()
        case 0x7B: try skipObject(depth: depth + 1)
        case 0x5B: try skipArray(depth: depth + 1)
        case 0x74: try literal("true")
        case 0x66: try literal("false")
        case 0x6E: try literal("null")
        case 0x2D, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39:
            _ = try passNumber()
        default: throw unexpected()
        }
    }

    private mutating func skipObject(depth: Int) throws(JSONError) {
        try checkDepth(depth)
        state.offset += 1
        if take(0x7D) { return }
        repeat {
            try expect(0x22)
            _ = try passString()
            try expect(0x3A)
            try skipValue(depth: depth)
        } while take(0x2C)
        try expect(0x7D)
    }

    private mutating func skipArray(depth: Int) throws(JSONError) {
        try checkDepth(depth)
        state.offset += 1
        if take(0x5D) { return }
        repeat {
            try skipValue(depth: depth)
        } while take(0x2C)
        try expect(0x5D)
    }
}

/// Where a scan stands; kept between the calls of a pull reader.
struct JSONScanState: Sendable, Equatable {
    var offset = 0
    var line = 1
    var lineStart = 0
    var nodes = 0

    func position(at offset: Int) -> JSONPosition {
        JSONPosition(line: line, column: offset - lineStart + 1, offset: offset)
    }

    var position: JSONPosition { position(at: offset) }
}
