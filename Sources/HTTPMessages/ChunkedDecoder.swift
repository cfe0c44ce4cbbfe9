/// Reads a body sent in chunks (RFC 9112, 7.1), strictly and within limits.
///
/// Extensions are skipped and trailers dropped; both are bounded, and so is what they cost in
/// proportion to the data they come with.
package struct ChunkedDecoder: Sendable {
    /// What the decoder found.
    package enum Event: Sendable, Equatable {
        /// Bytes of the body, as a range of the input.
        case data(Range<Int>)
        /// The end of the body, trailers included.
        case end
    }

    private enum State: Sendable {
        case size(value: Int, digits: Int)
        case extensions(size: Int)
        case sizeFeed(size: Int)
        case data(remaining: Int)
        case dataReturn
        case dataFeed
        case trailer
        case trailerFeed
    }

    private let limits: HTTPLimits
    private var state = State.size(value: 0, digits: 0)
    private var lineBytes = 0
    private var overhead = 0
    private var total = 0
    private var trailerBytes = 0
    private var line: [UInt8] = []

    /// Makes a decoder for one body.
    package init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
    }

    /// Finds the next event in `input`, from `position` on, which it moves behind what it took;
    /// `nil` when all was taken and more is needed.
    package mutating func next(
        in input: Span<UInt8>,
        from position: inout Int
    ) throws(HTTPFailure) -> Event? {
        while position < input.count {
            if case .data(let remaining) = state {
                let start = position
                position += min(remaining, input.count - position)
                let left = remaining - (position - start)
                state = left == 0 ? .dataReturn : .data(remaining: left)
                return .data(start..<position)
            }
            let byte = input[position]
            position += 1
            if try take(byte) { return .end }
        }
        return nil
    }

    /// Takes one byte that is not data; says whether it ends the body.
    private mutating func take(_ byte: UInt8) throws(HTTPFailure) -> Bool {
        switch state {
        case .size(let value, let digits):
            try takeSize(byte, value: value, digits: digits)
        case .extensions(let size):
            try countLineByte()
            if byte == 0x0D {
                state = .sizeFeed(size: size)
            } else if isControlByte(byte) {
                throw HTTPFailure(.chunkMalformed)
            }
        case .sizeFeed(let size):
            try expect(byte, 0x0A)
            try startChunk(size)
        case .dataReturn:
            try expect(byte, 0x0D)
            state = .dataFeed
        case .dataFeed:
            try expect(byte, 0x0A)
            state = .size(value: 0, digits: 0)
        case .trailer:
            try takeTrailer(byte)
        case .trailerFeed:
            try countTrailerByte()
            guard byte == 0x0A else { throw HTTPFailure(.trailerMalformed) }
            if line.isEmpty { return true }
            try checkTrailer()
            line.removeAll(keepingCapacity: true)
            state = .trailer
        case .data: break
        }
        return false
    }

    private mutating func takeSize(
        _ byte: UInt8,
        value: Int,
        digits: Int
    ) throws(HTTPFailure) {
        try countLineByte()
        if let digit = hexValue(byte) {
            guard digits < 16, value <= Int.max >> 4 else { throw HTTPFailure(.chunkMalformed) }
            state = .size(value: value << 4 | Int(digit), digits: digits + 1)
            return
        }
        guard digits > 0 else { throw HTTPFailure(.chunkMalformed) }
        switch byte {
        case 0x0D: state = .sizeFeed(size: value)
        case UInt8(ascii: ";"): state = .extensions(size: value)
        default: throw HTTPFailure(.chunkMalformed)
        }
    }

    private mutating func startChunk(_ size: Int) throws(HTTPFailure) {
        guard size > 0 else {
            state = .trailer
            return
        }
        guard size <= limits.body - total else { throw HTTPFailure(.bodyTooLarge) }
        total += size
        // Long extensions on tiny chunks make a body far dearer than its size: each chunk may
        // cost what it carries twice over, and a little more; the rest adds up to a bound.
        overhead = max(0, overhead + lineBytes - 12 - 2 * min(size, 1 << 20))
        guard overhead <= limits.headerBytes else { throw HTTPFailure(.chunkMalformed) }
        lineBytes = 0
        state = .data(remaining: size)
    }

    private mutating func takeTrailer(_ byte: UInt8) throws(HTTPFailure) {
        try countTrailerByte()
        if byte == 0x0D {
            state = .trailerFeed
        } else if isControlByte(byte) {
            throw HTTPFailure(.trailerMalformed)
        } else {
            line.append(byte)
        }
    }

    private mutating func countLineByte() throws(HTTPFailure) {
        lineBytes += 1
        guard lineBytes <= limits.chunkLine else { throw HTTPFailure(.chunkMalformed) }
    }

    private mutating func countTrailerByte() throws(HTTPFailure) {
        trailerBytes += 1
        guard trailerBytes <= limits.trailerBytes else { throw HTTPFailure(.headersTooLarge) }
    }

    private func expect(_ byte: UInt8, _ wanted: UInt8) throws(HTTPFailure) {
        guard byte == wanted else { throw HTTPFailure(.chunkMalformed) }
    }

    /// Refuses a trailer that is no field, or that would change how the message is understood.
    private func checkTrailer() throws(HTTPFailure) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy({ isTokenByte($0) && $0 != UInt8(ascii: "_") }),
            !Self.forbidden.contains(where: { equalIgnoringCase($0.utf8, line[..<colon]) })
        else { throw HTTPFailure(.trailerMalformed) }
    }

    private static let forbidden = [
        "authorization", "connection", "content-encoding", "content-length", "content-range",
        "content-type", "cookie", "expect", "host", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]
}
