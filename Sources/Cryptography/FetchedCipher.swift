import COpenSSL

/// A cipher, fetched once: an implicit fetch at each use costs more than a short message.
final class FetchedCipher: Sendable {
    static let aes128GCM = FetchedCipher("AES-128-GCM")
    static let aes256GCM = FetchedCipher("AES-256-GCM")
    static let aes128CBC = FetchedCipher("AES-128-CBC")
    static let aes256Wrap = FetchedCipher("AES-256-WRAP")

    // Safe because a fetched EVP_CIPHER never changes, and lives as long as the process.
    nonisolated(unsafe) let pointer: OpaquePointer

    private init(_ name: String) {
        // Safe because every build of OpenSSL has these four, and nothing works without them.
        guard let pointer = EVP_CIPHER_fetch(nil, name, nil) else {
            fatalError("OpenSSL gives no \(name)")
        }
        self.pointer = pointer
    }
}

/// A digest, fetched once too.
final class FetchedDigest: Sendable {
    static let sha1 = FetchedDigest("SHA1")
    static let sha256 = FetchedDigest("SHA256")
    static let sha384 = FetchedDigest("SHA384")

    // Safe because a fetched EVP_MD never changes, and lives as long as the process.
    nonisolated(unsafe) let pointer: OpaquePointer

    private init(_ name: String) {
        // Safe because every build of OpenSSL has these three, and nothing works without them.
        guard let pointer = EVP_MD_fetch(nil, name, nil) else {
            fatalError("OpenSSL gives no \(name)")
        }
        self.pointer = pointer
    }
}
