internal import CCurl
internal import Platform

/// Why a transfer gave no answer; it names no URL, no address and no text of the peer.
package struct TransferError: Error, Equatable, Sendable {
    /// The closed list of reasons.
    package enum Code: String, LogCode {
        /// The request itself cannot be sent: its URL or a field is not allowed.
        case invalidRequest
        /// As many transfers as the client may hold are under way.
        case overloaded
        case resolveFailed
        case connectionFailed
        /// The address that the name resolves to is one that this client must not reach.
        case addressRefused
        /// No trusted, valid certificate for that name, or no common TLS.
        case tlsFailed
        /// Connecting took too long: nothing of the request was sent.
        case connectTimedOut
        /// The answer did not begin in the time that the request gives it.
        case firstByteTimedOut
        /// The deadline passed.
        case timedOut
        /// The peer closed or reset the connection before its answer.
        case reset
        /// The peer closed the connection in the middle of its answer.
        case truncated
        case responseTooLarge
        case malformedResponse
        /// The task that waited was cancelled, or the client closed.
        case cancelled
        /// Anything else libcurl reports; `reason` says what.
        case failed
    }

    /// Whether no connection was had, so that nothing of the request can have been read.
    package var isBeforeConnection: Bool {
        switch code {
        case .resolveFailed, .connectionFailed, .connectTimedOut, .tlsFailed, .addressRefused:
            true
        default: false
        }
    }

    /// Whether a byte of the answer had come.
    package var isAnswerBegun = false

    /// The reason.
    package let code: Code
    /// libcurl's own number, 0 when the reason is ours.
    package let reason: Int32

    /// An error that no library reported.
    package init(_ code: Code, reason: Int32 = 0) {
        self.code = code
        self.reason = reason
    }

    init(_ result: CURLcode) {
        code =
            switch result {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolveFailed
            case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: .connectionFailed
            // Deadlines are timers of ours: libcurl's own bound is that of connecting.
            case CURLE_OPERATION_TIMEDOUT: .connectTimedOut
            case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR: .reset
            case CURLE_PARTIAL_FILE: .truncated
            case CURLE_FILESIZE_EXCEEDED: .responseTooLarge
            // Schemes are checked before: what is left of this one is an answer without HTTP.
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY,
                CURLE_BAD_CONTENT_ENCODING:
                .malformedResponse
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
                CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED,
                CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
                CURLE_SSL_CLIENTCERT:
                .tlsFailed
            case CURLE_URL_MALFORMAT: .invalidRequest
            default: .failed
            }
        reason = Int32(result.rawValue)
    }
}
