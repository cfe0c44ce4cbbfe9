/// Reads a document piece by piece, to take what is wanted without building a tree.
///
/// It accepts what ``parseJSON(_:limits:)`` accepts, but for one thing: equal member names are
/// found
/// in the objects that are read with ``nextMember()``, not in those that are skipped. A value that
/// the caller leaves unread is skipped by the next call of ``nextMember()`` or ``nextElement()``.
package struct JSONReader: Sendable {
    /// The kinds of value.
    package enum Kind: Sendable {
        case null
        case bool
        case number
        case string
        case array
        case object
    }

    private struct Frame: Sendable {
        let isObject: Bool
        var count = 0
        var name = ""
        var names = JSONNames()
    }

    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var state = JSONScanState()
    private var frames: [Frame] = []
    private var isValueNext = true

    /// Starts before the document's only value.
    package init(_ bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONError) {
        self.bytes = bytes
        self.limits = limits
        try scan { scanner throws(JSONError) in try scanner.checkStart() }
    }

    /// Where the reader stands.
    package var position: JSONPosition { state.position }

    /// The path of the value that is next, or of the container between whose values the reader is.
    package var path: String {
        (isValueNext ? frames[...] : frames.dropLast()).filter { $0.count > 0 }
            .map { $0.isObject ? JSONPathStep.member($0.name) : .element($0.count - 1) }.text
    }

    /// The kind of the value that is next.
    package mutating func kind() throws(JSONError) -> Kind {
        try scan { scanner throws(JSONError) in
            switch scanner.peek() {
            case 0x22: .string
            case 0x7B: .object
            case 0x5B: .array
            case 0x74, 0x66: .bool
            case 0x6E: .null
            case 0x2D, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39: .number
            default: throw scanner.unexpected()
            }
        }
    }

    /// Enters the object that is next.
    package mutating func beginObject() throws(JSONError) {
        try enter(isObject: true)
    }

    /// Enters the array that is next.
    package mutating func beginArray() throws(JSONError) {
        try enter(isObject: false)
    }

    /// Moves to the next member of the object entered last; nil, and the object is left, at its
    /// end.
    package mutating func nextMember() throws(JSONError) -> String? {
        guard let depth = frames.indices.last, frames[depth].isObject else {
            throw failure(.unexpectedType)
        }
        if isValueNext { try skip() }
        let isFirst = frames[depth].count == 0
        let name: (text: String, position: JSONPosition)? = try scan { scanner throws(JSONError) in
            if scanner.take(0x7D) { return nil }
            if !isFirst { try scanner.expect(0x2C) }
            _ = scanner.peek()
            let position = scanner.state.position
            let name = try scanner.string()
            try scanner.expect(0x3A)
            return (name, position)
        }
        guard let name else {
            frames.removeLast()
            return nil
        }
        frames[depth].count += 1
        frames[depth].name = name.text
        isValueNext = true
        guard frames[depth].names.insert(name.text) else {
            throw JSONError(code: .duplicateMember, position: name.position, path: path)
        }
        return name.text
    }

    /// Moves to the next element of the array entered last; false, and the array is left, at its
    /// end.
    package mutating func nextElement() throws(JSONError) -> Bool {
        guard let depth = frames.indices.last, !frames[depth].isObject else {
            throw failure(.unexpectedType)
        }
        if isValueNext { try skip() }
        let isFirst = frames[depth].count == 0
        let hasMore: Bool = try scan { scanner throws(JSONError) in
            if scanner.take(0x5D) { return false }
            if !isFirst { try scanner.expect(0x2C) }
            return true
        }
        guard hasMore else {
            frames.removeLast()
            return false
        }
        frames[depth].count += 1
        isValueNext = true
        return true
    }

    /// Passes over the value that is next.
    package mutating func skip() throws(JSONError) {
        let depth = frames.count
        try consume { scanner throws(JSONError) in try scanner.skipValue(depth: depth) }
    }

    /// Reads the text that is next.
    package mutating func string() throws(JSONError) -> String {
        try need(.string)
        return try consume { scanner throws(JSONError) in
            try scanner.countNode()
            return try scanner.string()
        }
    }

    /// Reads the number that is next, exactly as it is written.
    package mutating func number() throws(JSONError) -> JSONNumber {
        try need(.number)
        return try consume { scanner throws(JSONError) in
            try scanner.countNode()
            return JSONNumber(text: scanner.text(try scanner.passNumber()))
        }
    }

    /// Reads the truth value that is next.
    package mutating func bool() throws(JSONError) -> Bool {
        try need(.bool)
        return try consume { scanner throws(JSONError) in
            try scanner.countNode()
            let isTrue = scanner.peek() == 0x74
            try scanner.literal(isTrue ? "true" : "false")
            return isTrue
        }
    }

    /// Reads the `null` that is next.
    package mutating func null() throws(JSONError) {
        try need(.null)
        try consume { scanner throws(JSONError) in
            try scanner.countNode()
            try scanner.literal("null")
        }
    }

    /// Refuses anything after the document; call it last.
    package mutating func end() throws(JSONError) {
        if isValueNext || !frames.isEmpty {
            throw failure(.unexpectedEnd)
        }
        try scan { scanner throws(JSONError) in try scanner.expectEnd() }
    }
}

// MARK: - Steps

extension JSONReader {
    private func failure(_ code: JSONError.Code) -> JSONError {
        JSONError(code: code, position: state.position, path: path)
    }

    private mutating func need(_ kind: Kind) throws(JSONError) {
        guard isValueNext, try self.kind() == kind else {
            throw failure(.unexpectedType)
        }
    }

    private mutating func enter(isObject: Bool) throws(JSONError) {
        try need(isObject ? .object : .array)
        let depth = frames.count + 1
        try consume { scanner throws(JSONError) in
            try scanner.countNode()
            try scanner.checkDepth(depth)
            try scanner.expect(isObject ? 0x7B : 0x5B)
        }
        frames.append(Frame(isObject: isObject))
    }

    /// Runs one value's worth of scanning.
    private mutating func consume<Value>(
        _ body: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        guard isValueNext else {
            throw failure(.unexpectedType)
        }
        let value = try scan(body)
        isValueNext = false
        return value
    }

    /// Lends a scanner over the bytes, and keeps where it stopped.
    private mutating func scan<Value>(
        _ body: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        let start = state
        let limits = limits
        var stop = start
        do throws(JSONError) {
            let value = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) -> Value in
                var scanner = JSONScanner(buffer, state: start, limits: limits)
                defer { stop = scanner.state }
                return try body(&scanner)
            }
            state = stop
            return value
        } catch {
            state = stop
            var located = error
            if located.path.isEmpty { located.path = path }
            throw located
        }
    }
}
