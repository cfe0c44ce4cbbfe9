/// A request that the gateway sends to another server.
///
/// Its URL, fields and body may carry a person's identifiers or a secret: none of them ever prints.
package struct OutboundRequest: Sendable {
    /// What is asked.
    package var method: HTTPMethod
    /// The absolute URL, which may say who somebody is.
    package var url: SealedURL
    /// The fields, in order.
    package var headers: [(String, String)]
    /// The body; empty for none.
    package var body: [UInt8]
    /// Bytes of the answer's body beyond which the transfer fails.
    package var maxResponseBytes: Int
    /// The file of certification authorities to trust instead of the system's.
    package var caFile: String?
    /// Whether plain `http` may be used: for doubles on this machine, never in production.
    package var allowsPlainHTTP: Bool
    /// Who we are to a server that asks for a certificate.
    package var clientCertificate: ClientCertificate?
    /// The addresses that may be reached; nil for those of the client's own rule.
    package var reach: Reach?
    /// How long connecting may take, TLS included; nil for the client's own bound.
    package var connectTimeout: Duration?
    /// How long the answer's first byte may take, connecting included; nil for the deadline's.
    package var firstByteTimeout: Duration?

    /// Makes a request.
    package init(
        method: HTTPMethod = .get,
        url: String,
        headers: [(String, String)] = [],
        body: [UInt8] = [],
        maxResponseBytes: Int = 1 << 20,
        caFile: String? = nil,
        allowsPlainHTTP: Bool = false,
        clientCertificate: ClientCertificate? = nil,
        reach: Reach? = nil,
        connectTimeout: Duration? = nil,
        firstByteTimeout: Duration? = nil
    ) {
        self.method = method
        self.url = SealedURL(url)
        self.headers = headers
        self.body = body
        self.maxResponseBytes = maxResponseBytes
        self.caFile = caFile
        self.allowsPlainHTTP = allowsPlainHTTP
        self.clientCertificate = clientCertificate
        self.reach = reach
        self.connectTimeout = connectTimeout
        self.firstByteTimeout = firstByteTimeout
    }
}

/// A URL that does not print: some holders want an identifier in it.
package struct SealedURL: Sendable, Hashable {
    private let text: String

    package init(_ text: String) { self.text = text }

    /// The URL itself, for whoever sends the request.
    package func reveal() -> String { text }
}

extension SealedURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says nothing of the URL.
    package var description: String { "‹masqué›" }

    /// Says nothing either.
    package var debugDescription: String { description }

    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension OutboundRequest: CustomStringConvertible, CustomReflectable {
    /// The method alone.
    package var description: String { method.rawValue }

    /// A mirror without children, so that `dump` shows no more than the description.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What another server answered, whole.
package struct InboundResponse: Sendable, Equatable {
    /// The status code.
    package var status: Int
    /// The fields, in order.
    package var headers: HTTPHeaders
    /// The body.
    package var body: [UInt8]

    /// Makes an answer.
    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension InboundResponse: CustomStringConvertible, CustomReflectable {
    /// The status alone.
    package var description: String { "\(status)" }

    /// A mirror without children, so that `dump` shows no more than the description.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
