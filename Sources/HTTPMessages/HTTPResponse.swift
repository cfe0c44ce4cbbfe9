/// A response before it is put on the wire.
///
/// The serializer adds `Content-Length` or `Transfer-Encoding`, `Date` and `Connection`; a response
/// that names them itself has them dropped.
package struct HTTPResponse: Sendable {
    /// The status code.
    package var status: Int
    /// The fields that the handler wants sent.
    package var headers: HTTPHeaders
    /// What follows the head.
    package var body: HTTPBody
    /// Whether the connection ends after this response whatever the caller asked.
    package var closesConnection: Bool

    /// Makes a response.
    package init(
        status: Int,
        headers: HTTPHeaders = HTTPHeaders(),
        body: HTTPBody = .bytes([]),
        closesConnection: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.closesConnection = closesConnection
    }

    /// Makes a response with a whole body of one media type.
    package init(status: Int, contentType: String, body: [UInt8]) {
        self.init(status: status, body: .bytes(body))
        headers.add("Content-Type", contentType)
    }
}

extension HTTPResponse: CustomStringConvertible, CustomReflectable {
    /// The status alone: fields and body may carry a person's data.
    package var description: String { "\(status)" }

    /// A mirror without children, so that `dump` shows no more than the description.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The body of a response.
package enum HTTPBody: Sendable {
    /// Bytes that are all there.
    case bytes([UInt8])
    /// Bytes made while they are sent.
    case stream(HTTPBodyStream)
    /// The whole message as its maker writes it, in place of the head too, then the connection's
    /// end: for doubles that break the protocol on purpose.
    case verbatim(HTTPBodyStream)
}

/// A body that its maker writes piece by piece.
package struct HTTPBodyStream: Sendable {
    /// The number of bytes, where it is known beforehand; otherwise they leave in chunks.
    package let length: Int?
    /// Writes the body; returning ends it, throwing breaks the connection off so that the caller
    /// cannot take a part for the whole.
    package let write: @Sendable (any HTTPBodyWriter) async throws -> Void

    /// Makes a stream.
    package init(
        length: Int? = nil,
        write: @escaping @Sendable (any HTTPBodyWriter) async throws -> Void
    ) {
        self.length = length
        self.write = write
    }
}

/// Where a streamed body goes.
package protocol HTTPBodyWriter: Sendable {
    /// Sends bytes, and returns once there is room for more; throws when the caller has left.
    func write(_ bytes: [UInt8]) async throws
}
