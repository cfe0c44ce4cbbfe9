/// Reads requests from a stream of bytes, strictly and within limits.
///
/// Bytes go in, events come out, and how the bytes were cut never changes the events. A request
/// that is whole in the input is read where it lies; otherwise the parser keeps what it has of the
/// head. Everything that two readers could understand differently is refused: bare CR or LF, folded
/// lines, repeated or contradictory lengths, more than one Host (RFC 9112, 11.2).
package struct HTTPRequestParser: ~Copyable, Sendable {
    /// What the parser found.
    package enum Event: Sendable, Equatable {
        /// A request line with its fields.
        case head(HTTPRequestHead)
        /// Bytes of the body, as a range of the input.
        case body(Range<Int>)
        /// The end of the request; the next one follows.
        case end
    }

    private enum State: Sendable {
        case head
        case body(remaining: Int)
        case chunks(ChunkedDecoder)
        case end
        case failed(HTTPFailure)
    }

    private let limits: HTTPLimits
    private var state = State.head
    private var scanner: RequestHeadScanner
    private var kept: [UInt8] = []

    /// Makes a parser.
    package init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        scanner = RequestHeadScanner(limits: limits)
    }

    /// Whether a head has begun and is not complete.
    package var isInsideHead: Bool { !kept.isEmpty }

    /// Whether the next event is the end of a request, for which no more input is needed.
    package var isAtEnd: Bool {
        if case .end = state { return true }
        return false
    }

    /// Finds the next event in `input`, from `position` on, which it moves behind what it took.
    ///
    /// `nil` means that all was taken and more is needed. After a failure the stream has no
    /// meaning: every further call fails the same way.
    package mutating func next(
        in input: Span<UInt8>,
        from position: inout Int
    ) throws(HTTPFailure) -> Event? {
        do throws(HTTPFailure) {
            return try advance(in: input, from: &position)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private mutating func advance(
        in input: Span<UInt8>,
        from position: inout Int
    ) throws(HTTPFailure) -> Event? {
        switch state {
        case .head:
            guard let head = try nextHead(in: input, from: &position) else { return nil }
            switch head.framing {
            case .length(0): state = .end
            case .length(let length): state = .body(remaining: length)
            case .chunked: state = .chunks(ChunkedDecoder(limits: limits))
            }
            return .head(head)
        case .body(let remaining):
            guard position < input.count else { return nil }
            let start = position
            position += min(remaining, input.count - position)
            let left = remaining - (position - start)
            state = left == 0 ? .end : .body(remaining: left)
            return .body(start..<position)
        case .chunks(var decoder):
            // Only one copy may live, or each byte of a trailer would copy the line anew.
            state = .end
            let event = try decoder.next(in: input, from: &position)
            state = .chunks(decoder)
            switch event {
            case nil: return nil
            case .data(let range): return .body(range)
            case .end:
                state = .head
                return .end
            }
        case .end:
            state = .head
            return .end
        case .failed(let failure):
            throw failure
        }
    }

    private mutating func nextHead(
        in input: Span<UInt8>,
        from position: inout Int
    ) throws(HTTPFailure) -> HTTPRequestHead? {
        guard position < input.count else { return nil }
        let rest = input.extracting(position..<input.count)
        if kept.isEmpty {
            guard let end = try scanner.advance(over: rest) else {
                kept = copy(rest)
                position = input.count
                return nil
            }
            position += end
            return try finishHead(copy(rest.extracting(0..<end)))
        }
        let before = kept.count
        rest.withUnsafeBufferPointer { kept.append(contentsOf: $0) }
        let whole = kept
        guard let end = try scanner.advance(over: whole.span) else {
            position = input.count
            return nil
        }
        position += end - before
        kept.removeAll()
        return try finishHead(Array(whole[..<end]))
    }

    private mutating func finishHead(_ block: [UInt8]) throws(HTTPFailure) -> HTTPRequestHead {
        var finished = RequestHeadScanner(limits: limits)
        swap(&finished, &scanner)
        return try finished.head(block)
    }
}

/// The bytes of a span as an array.
func copy(_ span: Span<UInt8>) -> [UInt8] {
    span.withUnsafeBufferPointer { Array($0) }
}
