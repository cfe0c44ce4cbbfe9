/// Reads requests from a stream of bytes, strictly.
package struct HTTPRequestParser: Sendable {
    /// What the parser found.
    package enum Event: Sendable, Equatable {
        /// A request line with its fields.
        case head(HTTPRequestHead)
        /// Bytes of the body, as a range of the input.
        case body(Range<Int>)
        /// The end of the request.
        case end
    }

    /// Makes a parser.
    package init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
    }

    private let limits: HTTPLimits

    /// Finds the next event in `input`, from `position` on, which it moves behind what it took;
    /// `nil` when it needs more input, having kept what it took.
    package mutating func next(
        in input: Span<UInt8>, from position: inout Int
    ) throws(HTTPFailure) -> Event? {
        nil
    }
}
