package import Curl
package import HTTPMessages
import Platform
import Vocabulary

/// Sends one request from the loop that asks: `Curl.HTTPClient`, or a double in tests.
package typealias HolderTransport =
    @Sendable (OutboundRequest, ContinuousClock.Instant) async throws(TransferError) ->
    InboundResponse

/// The transport over the clients of the loops: each request goes out from the loop that asks.
package func holderTransport(over clients: [HTTPClient]) -> HolderTransport {
    { (request, deadline) async throws(TransferError) in
        guard let client = clients.first(where: { $0.loop.isCurrent }) else {
            throw TransferError(.invalidRequest)
        }
        return try await client.send(request, until: deadline)
    }
}

extension TransferError {
    /// Why the leaves are missing when a call to a holder gave no answer.
    var reason: MissingReason {
        switch code {
        case .timedOut, .firstByteTimedOut: .detenteurTropLent
        case .responseTooLarge, .malformedResponse, .truncated: .reponseIrrecevable
        case .invalidRequest, .addressRefused: .passerelleEnDefaut
        case .resolveFailed, .connectionFailed, .connectTimedOut, .tlsFailed, .reset, .overloaded,
            .cancelled,
            .failed:
            .detenteurIndisponible
        }
    }
}
