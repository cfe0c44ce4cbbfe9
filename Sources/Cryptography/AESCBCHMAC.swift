import COpenSSL

/// AES-128-CBC authenticated with HMAC-SHA-256 (RFC 7518 section 5.2.3, `A128CBC-HS256`).
///
/// The tag is checked before anything is decrypted, so that no padding is ever told apart.
package enum AESCBCHMAC {
    /// How long a key is: half of it for the tag, half of it for the cipher.
    package static let keyBytes = 32
    /// How long an initialisation vector is.
    package static let nonceBytes = 16

    /// The ciphertext and the tag; the vector must be unpredictable.
    package static func seal(
        key: [UInt8],
        nonce: [UInt8],
        aad: [UInt8],
        plaintext: [UInt8]
    ) throws(CryptographyError) -> (ciphertext: [UInt8], tag: [UInt8]) {
        let ciphertext = try run(plaintext, key: key, nonce: nonce, sealing: true)
        return (ciphertext, self.tag(key: key, nonce: nonce, aad: aad, ciphertext: ciphertext))
    }

    /// The plaintext, once the tag is found to be right.
    package static func open(
        key: [UInt8],
        nonce: [UInt8],
        aad: [UInt8],
        ciphertext: [UInt8],
        tag: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == keyBytes, tag.count == 16 else { throw .invalidLength }
        let expected = self.tag(key: key, nonce: nonce, aad: aad, ciphertext: ciphertext)
        guard constantTimeEqual(expected, tag) else { throw .decryptionFailed }
        return try run(ciphertext, key: key, nonce: nonce, sealing: false)
    }

    private static func tag(
        key: [UInt8], nonce: [UInt8], aad: [UInt8], ciphertext: [UInt8]
    ) -> [UInt8] {
        var half = Array(key.prefix(16))
        defer { wipe(&half) }
        let bits = withUnsafeBytes(of: (UInt64(aad.count) * 8).bigEndian, Array.init)
        return Array(hmacSHA256(key: half, aad + nonce + ciphertext + bits).prefix(16))
    }

    private static func run(
        _ input: [UInt8], key: [UInt8], nonce: [UInt8], sealing: Bool
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == keyBytes, nonce.count == nonceBytes, input.count <= 1 << 30 else {
            throw .invalidLength
        }
        defer { ERR_clear_error() }
        guard let context = EVP_CIPHER_CTX_new() else { throw .unavailable }
        defer { EVP_CIPHER_CTX_free(context) }
        var half = Array(key.suffix(16))
        defer { wipe(&half) }
        let cipher = FetchedCipher.aes128CBC.pointer
        guard EVP_CipherInit_ex2(context, cipher, half, nonce, sealing ? 1 : 0, nil) == 1 else {
            throw .unavailable
        }
        var output = [UInt8](repeating: 0, count: input.count + 16)
        var (length, last): (Int32, Int32) = (0, 0)
        let isDone = output.withUnsafeMutableBufferPointer { buffer in
            guard
                EVP_CipherUpdate(
                    context, buffer.baseAddress, &length, input, Int32(input.count)) == 1
            else { return false }
            let rest = buffer.baseAddress.map { $0 + Int(length) }
            return EVP_CipherFinal_ex(context, rest, &last) == 1
        }
        guard isDone else {
            wipe(&output)
            throw .decryptionFailed
        }
        output.removeLast(output.count - Int(length + last))
        return output
    }
}
