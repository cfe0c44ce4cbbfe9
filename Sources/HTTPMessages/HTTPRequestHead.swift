/// The request line and the fields of a request that kept every rule.
package struct HTTPRequestHead: Sendable, Equatable {
    /// What the caller wants done.
    package let method: HTTPMethod
    /// The target as it was sent, in one of its legal forms.
    package let target: String
    /// The path, split at `/` and decoded once; `/` has none, a final `/` adds an empty one.
    package let segments: [String]
    /// What follows `?`, still encoded.
    package let query: String?
    /// The version that the caller speaks.
    package let version: HTTPVersion
    /// The host and port that the caller addressed; only HTTP/1.0 may leave it out.
    package let authority: String?
    /// The fields, without the trailers.
    package let headers: HTTPHeaders
    /// How the body is delimited.
    package let framing: HTTPBodyFraming
    /// Whether the caller waits for a 100 before it sends the body.
    package let expectsContinue: Bool
    /// Whether the caller wants the connection to serve further requests.
    package let keepsAlive: Bool

    /// Makes a head from its parts; meant for tests and doubles, parsers make the others.
    package init(
        method: HTTPMethod,
        target: String,
        segments: [String],
        query: String? = nil,
        version: HTTPVersion = .http11,
        authority: String? = nil,
        headers: HTTPHeaders = HTTPHeaders(),
        framing: HTTPBodyFraming = .length(0),
        expectsContinue: Bool = false,
        keepsAlive: Bool = true
    ) {
        self.method = method
        self.target = target
        self.segments = segments
        self.query = query
        self.version = version
        self.authority = authority
        self.headers = headers
        self.framing = framing
        self.expectsContinue = expectsContinue
        self.keepsAlive = keepsAlive
    }

    /// The decoded path as one string.
    package var path: String { "/" + segments.joined(separator: "/") }
}

/// How a body is delimited on the wire.
package enum HTTPBodyFraming: Sendable, Equatable {
    /// So many bytes; 0 when there is no body.
    case length(Int)
    /// Chunks, of which the last is empty.
    case chunked
}

extension HTTPRequestHead: CustomStringConvertible, CustomReflectable {
    /// The method alone: a target or a field may name a person.
    package var description: String { method.rawValue }

    /// A mirror without children, so that `dump` shows no more than the description.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
