import COpenSSL

/// Whether a TLS server asks its clients for a certificate.
package enum ClientCertificates: Sendable {
    /// It does not.
    case none
    /// It does; a client may have none, and one that has one must have it from these authorities.
    case optional(authoritiesPEM: [UInt8])
    /// It does, and refuses the handshake of a client without one from these authorities.
    case required(authoritiesPEM: [UInt8])
}

/// What all TLS connections of one listener share: its certificate, its key, its rules.
///
/// TLS 1.2 or later, with forward secrecy and authenticated encryption only; HTTP/1.1 is the one
/// protocol that it negotiates. Sessions are resumed by tickets, so nothing is kept per client.
package final class TLSContext: Sendable {
    // Safe because an SSL_CTX is not changed once it is made, and OpenSSL counts and locks it.
    nonisolated(unsafe) let pointer: OpaquePointer
    let isServer: Bool

    private init(pointer: OpaquePointer, isServer: Bool) {
        self.pointer = pointer
        self.isServer = isServer
    }

    deinit { SSL_CTX_free(pointer) }

    /// The context of a server, from its certificate chain (its own first) and its key, as PEM.
    package static func server(
        certificateChainPEM: [UInt8],
        keyPEM: [UInt8],
        clients: ClientCertificates = .none
    ) throws(CryptographyError) -> TLSContext {
        let context = TLSContext(pointer: try make(TLS_server_method()), isServer: true)
        try context.present(certificateChainPEM, key: PrivateKey(pem: keyPEM))
        dlnuf_ssl_speak_http1(context.pointer)
        switch clients {
        case .none:
            break
        case .optional(let authorities):
            try context.trust(authorities, naming: true)
            SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
        case .required(let authorities):
            try context.trust(authorities, naming: true)
            let mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            SSL_CTX_set_verify(context.pointer, mode, nil)
        }
        return context
    }

    /// The context of a client that trusts these authorities alone, for tests and doubles.
    package static func client(
        authoritiesPEM: [UInt8],
        certificateChainPEM: [UInt8] = [],
        keyPEM: [UInt8] = []
    ) throws(CryptographyError) -> TLSContext {
        let context = TLSContext(pointer: try make(TLS_client_method()), isServer: false)
        try context.trust(authoritiesPEM, naming: false)
        SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
        if !certificateChainPEM.isEmpty {
            try context.present(certificateChainPEM, key: PrivateKey(pem: keyPEM))
        }
        return context
    }

    private static func make(_ method: OpaquePointer?) throws(CryptographyError) -> OpaquePointer {
        defer { ERR_clear_error() }
        guard let pointer = SSL_CTX_new(method) else { throw .unavailable }
        let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"
        let name = Array("dlnuf".utf8)
        guard dlnuf_ssl_at_least_tls12(pointer) == 1,
            SSL_CTX_set_cipher_list(pointer, ciphers) == 1,
            SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count)) == 1
        else {
            SSL_CTX_free(pointer)
            throw .unavailable
        }
        dlnuf_ssl_keep_little(pointer)
        dlnuf_ssl_options(pointer)
        return pointer
    }

    private func present(_ chainPEM: [UInt8], key: PrivateKey) throws(CryptographyError) {
        defer { ERR_clear_error() }
        let chain = try CertificateList(pem: chainPEM)
        guard SSL_CTX_use_certificate(pointer, chain.pointers.first) == 1 else {
            throw .invalidCertificate
        }
        for certificate in chain.pointers.dropFirst() {
            guard dlnuf_ssl_add_chain(pointer, certificate) == 1 else { throw .invalidCertificate }
        }
        guard SSL_CTX_use_PrivateKey(pointer, key.handle.pointer) == 1,
            SSL_CTX_check_private_key(pointer) == 1
        else { throw .invalidCertificate }
    }

    private func trust(_ authoritiesPEM: [UInt8], naming: Bool) throws(CryptographyError) {
        defer { ERR_clear_error() }
        let authorities = try CertificateList(pem: authoritiesPEM)
        let store = SSL_CTX_get_cert_store(pointer)
        for authority in authorities.pointers {
            guard X509_STORE_add_cert(store, authority) == 1 else { throw .invalidCertificate }
            if naming {
                guard SSL_CTX_add_client_CA(pointer, authority) == 1 else {
                    throw .invalidCertificate
                }
            }
        }
    }
}

/// The certificates of a PEM text, in order; at least one.
struct CertificateList: ~Copyable {
    let pointers: [OpaquePointer]

    init(pem: [UInt8]) throws(CryptographyError) {
        defer { ERR_clear_error() }
        let found = try MemoryBIO.reading(pem) { bio in
            var found: [OpaquePointer] = []
            while found.count < 100, let certificate = dlnuf_read_certificate(bio) {
                found.append(certificate)
            }
            return found
        }
        let complete = dlnuf_error_reason(ERR_peek_last_error()) == PEM_R_NO_START_LINE
        guard complete, !found.isEmpty else {
            for pointer in found { X509_free(pointer) }
            throw .invalidCertificate
        }
        pointers = found
    }

    deinit {
        for pointer in pointers { X509_free(pointer) }
    }
}
