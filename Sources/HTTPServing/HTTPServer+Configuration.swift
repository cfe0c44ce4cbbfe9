package import Cryptography
package import HTTPMessages

extension HTTPServer {
    /// Where a server listens.
    package enum Endpoint: Sendable {
        /// An address in digits, without encryption; port 0 lets the kernel choose.
        case plain(host: String, port: UInt16)
        /// An address in digits, with TLS.
        case tls(host: String, port: UInt16, TLSContext)
        /// A Unix socket, open to its owner only.
        case unix(path: String)
    }

    /// How a server behaves.
    package struct Configuration: Sendable {
        /// Where it listens.
        package var endpoints: [Endpoint]
        /// How much of each message it reads.
        package var limits = HTTPLimits()
        /// How long it waits.
        package var times = Times()
        /// Connections at the same time, shared out evenly between the loops.
        package var connectionsMax = 10_000
        /// Connections that have not finished their TLS handshake, shared out likewise.
        package var handshakesMax = 500
        /// Requests on one connection, after which it closes.
        package var requestsPerConnection = 10_000
        /// Bytes of a body that are read ahead of the handler.
        package var bodyWindow = 64 << 10
        /// Bytes of a response that may wait for the caller before a stream's writer has to.
        package var outputWindow = 64 << 10
        /// Bytes of an unread body that are read and dropped to keep a connection.
        package var drainMax = 64 << 10
        /// Bytes each second, below which a body or a response is too slow.
        package var rateMin = 1024

        /// A server on these endpoints, with defaults for the rest.
        package init(endpoints: [Endpoint]) {
            self.endpoints = endpoints
        }
    }

    /// How long a server waits.
    package struct Times: Sendable {
        /// For a TLS handshake, all of it.
        package var handshake = Duration.seconds(10)
        /// For the head of a request, from its first byte, or from the connection's beginning.
        package var head = Duration.seconds(10)
        /// For a body that does not move, and before the least rate counts.
        package var body = Duration.seconds(10)
        /// For the next request.
        package var idle = Duration.seconds(65)
        /// For a caller that does not take its response, and before the least rate counts.
        package var write = Duration.seconds(30)
        /// For a caller that still sends after its last response.
        package var linger = Duration.seconds(2)

        /// The defaults.
        package init() {}
    }
}
