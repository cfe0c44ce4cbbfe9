import Cryptography

/// A document that records name: kept by the hash of its bytes as long as a record does.
package struct JournalDocument: Sendable, Hashable {
    /// SHA-256 of the bytes, in hexadecimal, as records write it.
    package let hash: String
    /// What it is: `politique`, `contrat`, `connecteur`.
    package let kind: String
    /// The document, byte for byte.
    package let bytes: [UInt8]

    /// Takes a document whole.
    package init(kind: String, bytes: [UInt8]) {
        hash = Hex.encode(sha256(bytes))
        self.kind = kind
        self.bytes = bytes
    }
}
