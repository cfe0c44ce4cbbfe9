import COpenSSL

/// AES-256 key wrap (RFC 3394, `A256KW`).
package enum AESKeyWrap {
    /// The key, wrapped: eight bytes more.
    package static func wrap(
        _ key: [UInt8], under wrappingKey: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count >= 16, key.count % 8 == 0 else { throw .invalidLength }
        return try run(key, wrappingKey, sealing: true, bytes: key.count + 8)
    }

    /// The key that was wrapped, once it is found to be whole.
    package static func unwrap(
        _ wrapped: [UInt8], under wrappingKey: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard wrapped.count >= 24, wrapped.count % 8 == 0 else { throw .invalidLength }
        return try run(wrapped, wrappingKey, sealing: false, bytes: wrapped.count - 8)
    }

    private static func run(
        _ input: [UInt8], _ key: [UInt8], sealing: Bool, bytes: Int
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == 32, input.count <= 1 << 12 else { throw .invalidLength }
        defer { ERR_clear_error() }
        guard let context = EVP_CIPHER_CTX_new() else { throw .unavailable }
        defer { EVP_CIPHER_CTX_free(context) }
        dlnuf_allow_wrapping(context)
        let cipher = FetchedCipher.aes256Wrap.pointer
        guard EVP_CipherInit_ex2(context, cipher, key, nil, sealing ? 1 : 0, nil) == 1 else {
            throw .unavailable
        }
        var output = [UInt8](repeating: 0, count: input.count + 16)
        var length: Int32 = 0
        guard EVP_CipherUpdate(context, &output, &length, input, Int32(input.count)) == 1,
            Int(length) == bytes
        else {
            wipe(&output)
            throw .decryptionFailed
        }
        let result = Array(output.prefix(bytes))
        wipe(&output)
        return result
    }
}
