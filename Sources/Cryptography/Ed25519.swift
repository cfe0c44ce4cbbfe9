import COpenSSL

/// A key that signs documents (Ed25519, RFC 8032); it never prints itself.
package final class DocumentSigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let handle: Ed25519Handle

    /// The first private key of a PEM text; an encrypted one, or one of another kind, is refused.
    package init(pem: [UInt8]) throws(CryptographyError) {
        handle = try Ed25519Handle(
            adopting: try MemoryBIO.reading(pem) { dlnuf_read_private_key($0) })
    }

    /// The public half.
    package func publicKey() throws(CryptographyError) -> DocumentVerificationKey {
        defer { ERR_clear_error() }
        var raw = [UInt8](repeating: 0, count: DocumentVerificationKey.bytes)
        var size = raw.count
        guard EVP_PKEY_get_raw_public_key(handle.pointer, &raw, &size) == 1, size == raw.count
        else { throw .invalidKey }
        return try DocumentVerificationKey(raw: raw)
    }

    /// The signature of a message, 64 bytes; the same message always gives the same.
    package func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard let context = EVP_MD_CTX_new() else { throw .unavailable }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: DocumentVerificationKey.signatureBytes)
        var size = signature.count
        guard EVP_DigestSignInit_ex(context, nil, nil, nil, nil, handle.pointer, nil) == 1,
            EVP_DigestSign(context, &signature, &size, message, message.count) == 1,
            size == signature.count
        else { throw .unavailable }
        return signature
    }

    /// Says that there is a key, and nothing of it.
    package var description: String { "‹clé privée›" }

    /// Shows nothing of the key to a dump.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A key that tells whether documents were signed by its other half.
package struct DocumentVerificationKey: Hashable, Sendable {
    /// How long a public key is.
    package static let bytes = 32
    /// How long a signature is.
    package static let signatureBytes = 64

    /// The point, as RFC 8032 encodes it.
    package let raw: [UInt8]

    /// What precedes the point where a key is written as `SubjectPublicKeyInfo` (RFC 8410, 4).
    private static let prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// Takes a point of 32 bytes.
    package init(raw: [UInt8]) throws(CryptographyError) {
        guard raw.count == Self.bytes else { throw .invalidLength }
        self.raw = raw
    }

    /// Reads the line that `openssl pkey -pubout` writes between its two marks; nil where it is
    /// none.
    package init?(text: String) {
        guard let bytes = Base64.decode(text), bytes.count == Self.prefix.count + Self.bytes,
            bytes.starts(with: Self.prefix)
        else { return nil }
        raw = Array(bytes.dropFirst(Self.prefix.count))
    }

    /// The line that `openssl pkey -pubout` writes between its two marks.
    package var text: String { Base64.encode(Self.prefix + raw) }

    /// Whether a signature is that of the message by this key's other half.
    package func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard signature.count == Self.signatureBytes,
            let handle = try? Ed25519Handle(
                adopting: EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, raw, raw.count)),
            let context = EVP_MD_CTX_new()
        else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, handle.pointer, nil) == 1
        else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

/// An OpenSSL key of this one kind, freed with its last owner.
private final class Ed25519Handle: Sendable {
    // Safe because an EVP_PKEY is not changed once it is made, and OpenSSL counts and locks what
    // its operations cache in it.
    nonisolated(unsafe) let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer?) throws(CryptographyError) {
        defer { ERR_clear_error() }
        guard let pointer else { throw .invalidKey }
        guard EVP_PKEY_is_a(pointer, "ED25519") == 1 else {
            EVP_PKEY_free(pointer)
            throw .invalidKey
        }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }
}
