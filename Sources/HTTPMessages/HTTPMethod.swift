/// A request method that the gateway knows; any other is answered 501.
package enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// Whether a request of this method must say the length of its content (RFC 9110, 8.6).
    var announcesContent: Bool {
        switch self {
        case .post, .put, .patch: true
        case .get, .head, .delete, .options: false
        }
    }
}

/// A version of HTTP that the gateway speaks.
package enum HTTPVersion: Sendable, Hashable {
    case http10
    case http11
}
