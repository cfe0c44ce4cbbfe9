import COpenSSL

/// Why a TLS connection cannot go on.
package struct TLSError: Error, Sendable, Equatable {
    /// What went wrong, as far as an operator can act on it.
    package enum Code: String, Sendable, CaseIterable {
        /// The peer speaks plain HTTP on a TLS port.
        case plainHTTP
        /// There is no version, cipher or protocol that both sides accept.
        case nothingInCommon
        /// A client certificate is required, and there is none.
        case certificateMissing
        /// The peer's certificate is refused: its authority, its dates or its signature.
        case certificateRefused
        /// The peer refused to go on, and said so.
        case refusedByPeer
        /// The bytes are not TLS, or break its rules.
        case malformed
        /// OpenSSL could not do what it does in a healthy process.
        case unavailable
    }

    /// What went wrong.
    package let code: Code
    /// OpenSSL's own number for it, for a technical log.
    package let reason: Int32
}

/// One TLS connection over memory: ciphertext is handed in and taken out, and the caller owns the
/// socket.
///
/// The order of a turn: `receive` what the socket gave; `progressHandshake` until it is
/// `finished`; `read` until it says `needsMore` or `closed`; `write` what is to be said; then
/// `takeCiphertext` until there is none, after a failure too, as an alert may be waiting. A socket
/// that ends before `read` said `closed` was cut, and what it sent is not whole.
package struct TLSSession: ~Copyable {
    /// How far the handshake is.
    package enum Handshake: Sendable, Equatable {
        /// Nothing can happen before the peer sends more.
        case needsMore
        /// Both sides agree; data may flow.
        case finished
    }

    /// What one reading gave.
    package enum Reading: Sendable, Equatable {
        /// This many bytes, at least one, are in the buffer.
        case bytes(Int)
        /// All that was received is read.
        case needsMore
        /// The peer has said that it sends nothing more.
        case closed
    }

    private let session: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private var hasFailed = false
    private var hasClosed = false

    /// A connection of this context, at its beginning; a client checks the server's name.
    package init(_ context: TLSContext, serverName: String? = nil) throws(TLSError) {
        guard let session = SSL_new(context.pointer), let incoming = BIO_new(BIO_s_mem()),
            let outgoing = BIO_new(BIO_s_mem())
        else { throw TLSError(code: .unavailable, reason: 0) }
        dlnuf_bio_empty_means_later(incoming)
        dlnuf_bio_empty_means_later(outgoing)
        SSL_set_bio(session, incoming, outgoing)
        if context.isServer {
            SSL_set_accept_state(session)
        } else {
            SSL_set_connect_state(session)
            if let serverName {
                _ = dlnuf_ssl_name(session, serverName)
                SSL_set1_host(session, serverName)
            }
        }
        (self.session, self.incoming, self.outgoing) = (session, incoming, outgoing)
    }

    deinit { SSL_free(session) }

    /// Takes in ciphertext from the socket.
    package mutating func receive(_ ciphertext: UnsafeRawBufferPointer) throws(TLSError) {
        guard let start = ciphertext.baseAddress, !ciphertext.isEmpty else { return }
        guard let size = Int32(exactly: ciphertext.count), BIO_write(incoming, start, size) == size
        else { throw TLSError(code: .unavailable, reason: 0) }
    }

    /// Takes in ciphertext from the socket.
    package mutating func receive(_ ciphertext: [UInt8]) throws(TLSError) {
        try ciphertext.span.bytes.withUnsafeBytes { (bytes) throws(TLSError) in try receive(bytes) }
    }

    /// Goes as far with the handshake as what was received allows.
    package mutating func progressHandshake() throws(TLSError) -> Handshake {
        try refuseAfterFailure()
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        if result == 1 { return .finished }
        guard SSL_get_error(session, result) == SSL_ERROR_WANT_READ else { throw failure() }
        return .needsMore
    }

    /// Decrypts into the buffer as much as there is and as fits.
    package mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(TLSError) -> Reading {
        try refuseAfterFailure()
        precondition(!buffer.isEmpty, "an empty buffer cannot tell data from none")
        ERR_clear_error()
        var count = 0
        let result = SSL_read_ex(session, buffer.baseAddress, buffer.count, &count)
        if result == 1 { return .bytes(count) }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .needsMore
        case SSL_ERROR_ZERO_RETURN: return .closed
        default: throw failure()
        }
    }

    /// Encrypts the whole of the plaintext; only after the handshake, and not after `close`.
    package mutating func write(_ plaintext: UnsafeRawBufferPointer) throws(TLSError) {
        try refuseAfterFailure()
        guard !plaintext.isEmpty else { return }
        ERR_clear_error()
        var count = 0
        guard SSL_write_ex(session, plaintext.baseAddress, plaintext.count, &count) == 1,
            count == plaintext.count
        else { throw failure() }
    }

    /// Encrypts the whole of the plaintext; only after the handshake, and not after `close`.
    package mutating func write(_ plaintext: [UInt8]) throws(TLSError) {
        try plaintext.span.bytes.withUnsafeBytes { (bytes) throws(TLSError) in try write(bytes) }
    }

    /// Says to the peer that nothing more will be sent (`close_notify`), once.
    package mutating func close() {
        guard !hasFailed, !hasClosed, isHandshakeFinished else { return }
        hasClosed = true
        _ = SSL_shutdown(session)
        ERR_clear_error()
    }

    /// How many bytes of ciphertext wait for the socket.
    package var pendingCiphertext: Int { BIO_ctrl_pending(outgoing) }

    /// Moves ciphertext for the socket into the buffer, and says how much.
    package mutating func takeCiphertext(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let start = buffer.baseAddress, pendingCiphertext > 0 else { return 0 }
        let size = Int32(clamping: buffer.count)
        return max(0, Int(BIO_read(outgoing, start, size)))
    }

    /// All the ciphertext that waits for the socket.
    package mutating func takeCiphertext() -> [UInt8] {
        let count = pendingCiphertext
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
            taken = takeCiphertext(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private func refuseAfterFailure() throws(TLSError) {
        if hasFailed { throw TLSError(code: .malformed, reason: 0) }
    }

    private mutating func failure() -> TLSError {
        hasFailed = true
        let reason = dlnuf_error_reason(ERR_peek_last_error())
        ERR_clear_error()
        return TLSError(code: TLSError.Code(reason: reason), reason: reason)
    }
}

extension TLSSession {
    /// Whether both sides have agreed.
    package var isHandshakeFinished: Bool { SSL_is_init_finished(session) == 1 }

    /// Whether the handshake resumed an earlier session, by a ticket.
    package var isResumed: Bool { SSL_session_reused(session) == 1 }

    /// The version that was agreed: `TLSv1.2`, `TLSv1.3`.
    package var version: String { String(cString: SSL_get_version(session)) }

    /// The cipher that was agreed.
    package var cipher: String {
        guard let name = SSL_CIPHER_get_name(SSL_get_current_cipher(session)) else { return "" }
        return String(cString: name)
    }

    /// The SHA-256 of the peer's certificate (its DER), if the peer showed one that was accepted.
    package var peerCertificateSHA256: [UInt8]? {
        guard isHandshakeFinished, let certificate = SSL_get0_peer_certificate(session),
            SSL_get_verify_result(session) == Int(X509_V_OK)
        else { return nil }
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(certificate, &start)
        guard count > 0, let start else { return nil }
        defer { CRYPTO_free(start, #fileID, Int32(#line)) }
        return sha256(UnsafeRawBufferPointer(start: start, count: Int(count)))
    }
}

extension TLSError.Code {
    fileprivate init(reason: Int32) {
        switch reason {
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST:
            self = .plainHTTP
        case SSL_R_NO_SHARED_CIPHER, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW,
            SSL_R_NO_APPLICATION_PROTOCOL, SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_GROUPS,
            SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
            self = .nothingInCommon
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            self = .certificateMissing
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            self = .certificateRefused
        case 1000...1255:
            self = .refusedByPeer
        default:
            self = .malformed
        }
    }
}
