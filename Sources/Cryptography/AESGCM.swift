import COpenSSL

/// AES-GCM with a 96-bit nonce, a 128-bit tag, and a key of 128 or 256 bits.
package enum AESGCM {
    /// The ciphertext and the tag; the nonce must never have been used with this key.
    package static func seal(
        key: [UInt8],
        nonce: [UInt8],
        aad: [UInt8],
        plaintext: [UInt8]
    ) throws(CryptographyError) -> (ciphertext: [UInt8], tag: [UInt8]) {
        let context = try GCMContext(key: key, nonce: nonce, sealing: true)
        let ciphertext = try context.run(aad: aad, input: plaintext)
        var tag = [UInt8](repeating: 0, count: 16)
        guard context.finish(), dlnuf_gcm_get_tag(context.pointer, 16, &tag) == 1 else {
            throw .unavailable
        }
        return (ciphertext, tag)
    }

    /// The plaintext, once the tag is found to be right.
    package static func open(
        key: [UInt8],
        nonce: [UInt8],
        aad: [UInt8],
        ciphertext: [UInt8],
        tag: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard tag.count == 16 else { throw .invalidLength }
        let context = try GCMContext(key: key, nonce: nonce, sealing: false)
        var plaintext = try context.run(aad: aad, input: ciphertext)
        var expected = tag
        guard dlnuf_gcm_set_tag(context.pointer, 16, &expected) == 1, context.finish() else {
            wipe(&plaintext)
            throw .decryptionFailed
        }
        return plaintext
    }
}

/// One encryption or decryption under way.
private struct GCMContext: ~Copyable {
    let pointer: OpaquePointer

    init(key: [UInt8], nonce: [UInt8], sealing: Bool) throws(CryptographyError) {
        guard nonce.count == 12 else { throw .invalidLength }
        let cipher: FetchedCipher
        switch key.count {
        case 16: cipher = .aes128GCM
        case 32: cipher = .aes256GCM
        default: throw .invalidLength
        }
        let direction: Int32 = sealing ? 1 : 0
        let made = EVP_CIPHER_CTX_new()
        guard let pointer = made,
            EVP_CipherInit_ex2(pointer, cipher.pointer, key, nonce, direction, nil) == 1
        else {
            EVP_CIPHER_CTX_free(made)
            throw .unavailable
        }
        self.pointer = pointer
    }

    deinit {
        EVP_CIPHER_CTX_free(pointer)
        ERR_clear_error()
    }

    func run(aad: [UInt8], input: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard aad.count <= 1 << 30, input.count <= 1 << 30 else { throw .invalidLength }
        var length: Int32 = 0
        if !aad.isEmpty {
            guard EVP_CipherUpdate(pointer, nil, &length, aad, Int32(aad.count)) == 1 else {
                throw .unavailable
            }
        }
        var output = [UInt8](repeating: 0, count: input.count)
        if !input.isEmpty {
            guard EVP_CipherUpdate(pointer, &output, &length, input, Int32(input.count)) == 1,
                Int(length) == input.count
            else { throw .unavailable }
        }
        return output
    }

    func finish() -> Bool {
        var nothing: [UInt8] = [0]
        var length: Int32 = 0
        return EVP_CipherFinal_ex(pointer, &nothing, &length) == 1
    }
}
