import COpenSSL

/// The ways to sign that the gateway knows, each with one digest and one form of signature.
package enum SignatureScheme: Sendable, Hashable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256
    /// RSASSA-PSS with SHA-256, and a salt of 32 bytes.
    case ps256
    /// ECDSA over P-256 with SHA-256: R and S, 32 bytes each.
    case es256
    /// ECDSA over P-384 with SHA-384: R and S, 48 bytes each.
    case es384
    /// Ed25519: 64 bytes.
    case ed25519

    /// The one kind of key that it takes.
    package var keyKind: KeyKind {
        switch self {
        case .rs256, .ps256: .rsa
        case .es256: .p256
        case .es384: .p384
        case .ed25519: .ed25519
        }
    }

    fileprivate var digest: String? {
        switch self {
        case .rs256, .ps256, .es256: "SHA256"
        case .es384: "SHA384"
        case .ed25519: nil
        }
    }

    /// The digest of the message that is signed; none for Ed25519, which takes it whole.
    var fetchedDigest: FetchedDigest? {
        switch self {
        case .rs256, .ps256, .es256: .sha256
        case .es384: .sha384
        case .ed25519: nil
        }
    }

    fileprivate var parameters: UnsafePointer<OSSL_PARAM>? {
        self == .ps256 ? dlnuf_pss_parameters() : nil
    }
}

extension PublicKey {
    /// Whether a signature is this key's over the message, in the way that the caller expects.
    package func verifies(
        _ signature: [UInt8], over message: [UInt8], as scheme: SignatureScheme
    ) -> Bool {
        verifies(signature, over: message[...], as: scheme)
    }

    /// The same, over a part of a text.
    package func verifies(
        _ signature: [UInt8], over message: ArraySlice<UInt8>, as scheme: SignatureScheme
    ) -> Bool {
        guard kind == scheme.keyKind else { return false }
        let size = kind == .rsa ? Int(EVP_PKEY_get_size(handle.pointer)) : 2 * kind.width
        guard signature.count == size else { return false }
        defer { ERR_clear_error() }
        guard let fetched = scheme.fetchedDigest else { return verifiesWhole(signature, message) }
        let digest = message.withUnsafeBytes { hash($0, with: fetched) }
        let given = kind.hasCoordinates ? ECDSASignature.der(raw: signature) : signature
        return handle.verifies(given, digest: digest, as: scheme)
    }

    /// Ed25519 reads its message twice, so that it has no digest to be given.
    private func verifiesWhole(_ signature: [UInt8], _ message: ArraySlice<UInt8>) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, handle.pointer, nil) == 1
        else { return false }
        return message.withUnsafeBufferPointer { message in
            EVP_DigestVerify(
                context, signature, signature.count, message.baseAddress, message.count) == 1
        }
    }

    /// Whether an RS256 signature (RSASSA-PKCS1-v1_5 with SHA-256) is this key's over the message.
    package func verifiesRS256(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        verifies(signature, over: message, as: .rs256)
    }

    /// Whether an ES256 signature (R and S, 32 bytes each) is this key's over the message.
    package func verifiesES256(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        verifies(signature, over: message, as: .es256)
    }
}

extension PrivateKey {
    /// The signature of the message, in one of the ways that the key knows.
    package func sign(
        _ message: [UInt8], as scheme: SignatureScheme
    ) throws(CryptographyError) -> [UInt8] {
        try handle.requires(scheme.keyKind)
        defer { ERR_clear_error() }
        guard let context = EVP_MD_CTX_new() else { throw .unavailable }
        defer { EVP_MD_CTX_free(context) }
        var size = Int(EVP_PKEY_get_size(handle.pointer))
        var signature = [UInt8](repeating: 0, count: size)
        guard
            EVP_DigestSignInit_ex(
                context, nil, scheme.digest, nil, nil, handle.pointer, scheme.parameters) == 1,
            EVP_DigestSign(context, &signature, &size, message, message.count) == 1
        else { throw .unavailable }
        signature.removeLast(signature.count - size)
        guard kind.hasCoordinates else { return signature }
        guard let raw = ECDSASignature.raw(der: signature, width: kind.width) else {
            throw .unavailable
        }
        return raw
    }

    /// The RS256 signature (RSASSA-PKCS1-v1_5 with SHA-256) of the message.
    package func signRS256(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try sign(message, as: .rs256)
    }

    /// The ES256 signature of the message: R and S, 32 bytes each.
    package func signES256(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try sign(message, as: .es256)
    }
}
