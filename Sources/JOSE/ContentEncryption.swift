import Cryptography

/// The ways to encrypt content that are known, each of which authenticates it too.
package enum ContentEncryption: String, Sendable, CaseIterable {
    /// AES-GCM with a key of 128 bits.
    case a128GCM = "A128GCM"
    /// AES-GCM with a key of 256 bits.
    case a256GCM = "A256GCM"
    /// AES-128-CBC with HMAC-SHA-256.
    case a128CBCHS256 = "A128CBC-HS256"

    /// How long its key is.
    var keyBytes: Int { self == .a128GCM ? 16 : 32 }

    /// How long its nonce is.
    var nonceBytes: Int { self == .a128CBCHS256 ? AESCBCHMAC.nonceBytes : 12 }

    func seal(
        key: [UInt8], nonce: [UInt8], aad: [UInt8], plaintext: [UInt8]
    ) throws(CryptographyError) -> (ciphertext: [UInt8], tag: [UInt8]) {
        guard key.count == keyBytes else { throw .invalidLength }
        return self == .a128CBCHS256
            ? try AESCBCHMAC.seal(key: key, nonce: nonce, aad: aad, plaintext: plaintext)
            : try AESGCM.seal(key: key, nonce: nonce, aad: aad, plaintext: plaintext)
    }

    func open(
        key: [UInt8], nonce: [UInt8], aad: [UInt8], ciphertext: [UInt8], tag: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == keyBytes else { throw .invalidLength }
        return self == .a128CBCHS256
            ? try AESCBCHMAC.open(
                key: key, nonce: nonce, aad: aad, ciphertext: ciphertext, tag: tag)
            : try AESGCM.open(
                key: key, nonce: nonce, aad: aad, ciphertext: ciphertext, tag: tag)
    }
}
