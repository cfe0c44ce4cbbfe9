package import Curl
package import HTTPMessages
import Identification
import Platform

/// Sends one request from the loop that asks: `Curl.HTTPClient`, or a double in tests.
package typealias HTTPTransport =
    @Sendable (OutboundRequest, ContinuousClock.Instant) async throws(TransferError) ->
    InboundResponse

/// The transport over the clients of the loops: each request goes out from the loop that asks.
package func transport(over clients: [HTTPClient]) -> HTTPTransport {
    { (request, deadline) async throws(TransferError) in
        guard let client = clients.first(where: { $0.loop.isCurrent }) else {
            throw TransferError(.invalidRequest)
        }
        return try await client.send(request, until: deadline)
    }
}

/// Why a call to FranceConnect gave no answer.
func failure(of error: TransferError) -> IntrospectionFailure {
    switch error.code {
    case .timedOut, .connectTimedOut, .firstByteTimedOut: .timedOut
    case .responseTooLarge: .unacceptable(.tooLarge)
    case .malformedResponse, .truncated: .unacceptable(.status)
    case .invalidRequest, .addressRefused: .misconfigured(.refusedRequest)
    case .resolveFailed, .connectionFailed, .tlsFailed, .reset, .overloaded, .cancelled, .failed:
        .unreachable
    }
}
