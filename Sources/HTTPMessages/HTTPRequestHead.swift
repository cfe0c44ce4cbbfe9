/// The request line and the fields of a request that kept every rule.
///
/// Its parts lie together behind one reference, since a server hands a head on many times.
package struct HTTPRequestHead: Sendable, Equatable {
    private let parts: Parts

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
        parts = Parts(
            method: method,
            target: target,
            segments: segments,
            query: query,
            version: version,
            authority: authority,
            headers: headers,
            framing: framing,
            expectsContinue: expectsContinue,
            keepsAlive: keepsAlive
        )
    }

    /// What the caller wants done.
    package var method: HTTPMethod { parts.method }
    /// The target as it was sent, in one of its legal forms.
    package var target: String { parts.target }
    /// The path, split at `/` and decoded once; `/` has none, a final `/` adds an empty one.
    package var segments: [String] { parts.segments }
    /// The decoded path as one string.
    package var path: String { "/" + parts.segments.joined(separator: "/") }
    /// What follows `?`, still encoded.
    package var query: String? { parts.query }
    /// The version that the caller speaks.
    package var version: HTTPVersion { parts.version }
    /// The host and port that the caller addressed; only HTTP/1.0 may leave it out.
    package var authority: String? { parts.authority }
    /// The fields, without the trailers.
    package var headers: HTTPHeaders { parts.headers }
    /// How the body is delimited.
    package var framing: HTTPBodyFraming { parts.framing }
    /// Whether the caller waits for a 100 before it sends the body.
    package var expectsContinue: Bool { parts.expectsContinue }
    /// Whether the caller wants the connection to serve further requests.
    package var keepsAlive: Bool { parts.keepsAlive }

    /// Two heads are equal when all their parts are.
    package static func == (left: HTTPRequestHead, right: HTTPRequestHead) -> Bool {
        left.method == right.method && left.target == right.target
            && left.segments == right.segments && left.query == right.query
            && left.version == right.version && left.authority == right.authority
            && left.headers == right.headers && left.framing == right.framing
            && left.expectsContinue == right.expectsContinue
            && left.keepsAlive == right.keepsAlive
    }

    private final class Parts: Sendable {
        let method: HTTPMethod
        let target: String
        let segments: [String]
        let query: String?
        let version: HTTPVersion
        let authority: String?
        let headers: HTTPHeaders
        let framing: HTTPBodyFraming
        let expectsContinue: Bool
        let keepsAlive: Bool

        init(
            method: HTTPMethod,
            target: String,
            segments: [String],
            query: String?,
            version: HTTPVersion,
            authority: String?,
            headers: HTTPHeaders,
            framing: HTTPBodyFraming,
            expectsContinue: Bool,
            keepsAlive: Bool
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
    }
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
