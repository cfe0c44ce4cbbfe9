import COpenSSL

/// The SHA-256 digest of the bytes: 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { sha256($0) }
}

/// The SHA-256 digest of a buffer: 32 bytes.
package func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    hash(bytes, with: .sha256)
}

/// The digest of a buffer, with one of the digests that are known.
func hash(_ bytes: UnsafeRawBufferPointer, with algorithm: FetchedDigest) -> [UInt8] {
    digest(with: algorithm) { context in
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }
}

/// The HMAC-SHA-256 of the message under the key (RFC 2104): 32 bytes.
package func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var block = key.count > 64 ? sha256(key) : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    defer { wipe(&block) }
    for index in block.indices { block[index] ^= 0x36 }
    let inner = digest { context in
        EVP_DigestUpdate(context, block, 64) & EVP_DigestUpdate(context, message, message.count)
    }
    for index in block.indices { block[index] ^= 0x36 ^ 0x5c }
    return digest { context in
        EVP_DigestUpdate(context, block, 64) & EVP_DigestUpdate(context, inner, inner.count)
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
package func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}

/// A key that nobody knows, of so many bytes.
package func randomKey(bytes: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
        let filled = RAND_bytes(buffer.baseAddress, Int32(bytes))
        // A process whose system gives no randomness must not go on.
        precondition(filled == 1)
        count = bytes
    }
}

/// Overwrites a secret that is no longer needed, then empties the array.
///
/// Copies that were made of the array before are not reached.
package func wipe(_ secret: inout [UInt8]) {
    secret.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    secret = []
}

/// A SHA-256 digest taken piece by piece.
package struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    /// A digest of nothing yet.
    package init() {
        // Safe because a process that has no memory left for a context cannot go on.
        guard let context = EVP_MD_CTX_new(),
            EVP_DigestInit_ex2(context, FetchedDigest.sha256.pointer, nil) == 1
        else { fatalError("OpenSSL gives no SHA-256") }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to what is digested.
    package mutating func update(_ bytes: [UInt8]) {
        let updated = EVP_DigestUpdate(context, bytes, bytes.count)
        precondition(updated == 1)
    }

    /// Adds a buffer to what is digested.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let updated = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(updated == 1)
    }

    /// The digest of all that was added: 32 bytes.
    package consuming func finalize() -> [UInt8] {
        final(of: context)
    }
}

/// Digests what the body feeds to this thread's context.
private func digest(
    with algorithm: FetchedDigest = .sha256, _ feed: (OpaquePointer) -> Int32
) -> [UInt8] {
    guard let context = dlnuf_thread_digest_context(),
        EVP_DigestInit_ex2(context, algorithm.pointer, nil) == 1,
        feed(context) == 1
    else {
        // Safe because a process that has no memory left for one context per thread cannot go on.
        fatalError("OpenSSL gives no digest")
    }
    return final(of: context)
}

private func final(of context: OpaquePointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 48) { buffer, count in
        var size: UInt32 = 0
        let finished = EVP_DigestFinal_ex(context, buffer.baseAddress, &size)
        precondition(finished == 1)
        count = Int(size)
    }
}
