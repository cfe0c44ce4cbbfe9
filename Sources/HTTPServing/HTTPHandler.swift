package import HTTPMessages

/// What answers the requests of a server.
package protocol HTTPHandler: Sendable {
    /// Answers one request, on the thread of its connection's loop.
    ///
    /// The task is cancelled when the caller leaves: when it resets the connection, or closes its
    /// side of it. What is returned after that is still sent, in case somebody reads it.
    func respond(to request: HTTPRequest) async -> HTTPResponse

    /// Renders a refusal of the server itself; it must not wait for anything.
    func respond(to failure: HTTPFailure) -> HTTPResponse
}
