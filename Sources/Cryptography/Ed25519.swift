/// A key that signs documents (Ed25519, RFC 8032); it never prints itself.
package final class DocumentSigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: PrivateKey

    /// The first private key of a PEM text; an encrypted one, or one of another kind, is refused.
    package init(pem: [UInt8]) throws(CryptographyError) {
        key = try PrivateKey(pem: pem, among: [.ed25519])
    }

    /// The public half.
    package func publicKey() throws(CryptographyError) -> DocumentVerificationKey {
        try DocumentVerificationKey(raw: try key.publicKey().raw())
    }

    /// The signature of a message, 64 bytes; the same message always gives the same.
    package func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try key.sign(message, as: .ed25519)
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
        guard let key = try? PublicKey(curve: .ed25519, raw: raw) else { return false }
        return key.verifies(signature, over: message, as: .ed25519)
    }
}
