import COpenSSL

/// The numbers of an RSA private key, big-endian, as a JWK names them (RFC 7518 section 6.3).
package struct RSAPrivateComponents: Sendable {
    /// The modulus and the public exponent.
    package let n, e: [UInt8]
    /// The private exponent and the two primes.
    package let d, p, q: [UInt8]
    /// The exponents and the coefficient of the Chinese remainder.
    package let dp, dq, qi: [UInt8]

    /// The numbers, as they are.
    package init(
        n: [UInt8],
        e: [UInt8],
        d: [UInt8],
        p: [UInt8],
        q: [UInt8],
        dp: [UInt8],
        dq: [UInt8],
        qi: [UInt8]
    ) {
        (self.n, self.e, self.d) = (n, e, d)
        (self.p, self.q, self.dp, self.dq, self.qi) = (p, q, dp, dq, qi)
    }
}

/// A private key, checked when it is made; it never prints itself.
package final class PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
    let handle: KeyHandle

    private init(handle: KeyHandle) { self.handle = handle }

    /// A new RSA key, of 2048 to 8192 bits.
    package static func generateRSA(bits: Int = 3072) throws(CryptographyError) -> PrivateKey {
        guard (2048...8192).contains(bits) else { throw .invalidLength }
        let key = try KeyHandle(adopting: dlnuf_generate_rsa(bits), isPrivate: false)
        return PrivateKey(handle: key)
    }

    /// A new P-256 key.
    package static func generateP256() throws(CryptographyError) -> PrivateKey {
        try generate(.p256)
    }

    /// A new key of one of the curves.
    package static func generate(_ curve: KeyKind) throws(CryptographyError) -> PrivateKey {
        guard curve != .rsa else { throw .wrongKeyKind }
        let made = curve.hasCoordinates ? dlnuf_generate_ec(curve.name) : dlnuf_generate(curve.name)
        return PrivateKey(handle: try KeyHandle(adopting: made, isPrivate: false, among: [curve]))
    }

    /// An RSA key from its numbers, which must belong together.
    package convenience init(rsa numbers: RSAPrivateComponents) throws(CryptographyError) {
        let list = [
            numbers.n, numbers.e, numbers.d, numbers.p, numbers.q, numbers.dp, numbers.dq,
            numbers.qi,
        ]
        guard list.allSatisfy({ (1...1024).contains($0.count) }) else { throw .invalidLength }
        let lent = BigNumbers(list)
        let key = dlnuf_rsa_key(lent.pointers, 8)
        self.init(handle: try KeyHandle(adopting: key, isPrivate: true))
    }

    /// A P-256 key from its point and its secret, 32 bytes each, which must belong together.
    package convenience init(
        p256X x: [UInt8],
        y: [UInt8],
        d: [UInt8]
    ) throws(CryptographyError) {
        try self.init(curve: .p256, x: x, y: y, d: d)
    }

    /// A key of P-256 or P-384 from its point and its secret, of the curve's full width, which
    /// must belong together.
    package convenience init(
        curve: KeyKind, x: [UInt8], y: [UInt8], d: [UInt8]
    ) throws(CryptographyError) {
        guard curve.hasCoordinates else { throw .wrongKeyKind }
        let width = curve.width
        guard x.count == width, y.count == width, d.count == width else { throw .invalidLength }
        let lent = BigNumbers([d])
        let key = dlnuf_ec_key(curve.name, [4] + x + y, 1 + 2 * width, lent.pointers[0])
        self.init(handle: try KeyHandle(adopting: key, isPrivate: true, among: [curve]))
    }

    /// A key of Ed25519 or X25519 from its two halves, 32 bytes each, which must belong together.
    package convenience init(
        curve: KeyKind, raw: [UInt8], d: [UInt8]
    ) throws(CryptographyError) {
        guard curve == .ed25519 || curve == .x25519 else { throw .wrongKeyKind }
        guard raw.count == curve.width, d.count == curve.width else { throw .invalidLength }
        let key = EVP_PKEY_new_raw_private_key_ex(nil, curve.name, nil, d, d.count)
        let handle = try KeyHandle(adopting: key, isPrivate: false, among: [curve])
        guard constantTimeEqual(try handle.rawPublicKey(), raw) else { throw .invalidKey }
        self.init(handle: handle)
    }

    /// The first private key of a PEM text, of one of these kinds; an encrypted one is refused.
    package convenience init(
        pem: [UInt8], among kinds: Set<KeyKind> = KeyKind.usual
    ) throws(CryptographyError) {
        let key = try MemoryBIO.reading(pem) { dlnuf_read_private_key($0) }
        self.init(handle: try KeyHandle(adopting: key, isPrivate: true, among: kinds))
    }

    /// What kind of key it is.
    package var kind: KeyKind { handle.kind }

    /// The public half.
    package func publicKey() throws(CryptographyError) -> PublicKey {
        switch kind {
        case .rsa:
            try PublicKey(
                rsaModulus: handle.number(OSSL_PKEY_PARAM_RSA_N),
                exponent: handle.number(OSSL_PKEY_PARAM_RSA_E)
            )
        case .p256, .p384:
            try PublicKey(
                curve: kind,
                x: handle.number(OSSL_PKEY_PARAM_EC_PUB_X, width: kind.width),
                y: handle.number(OSSL_PKEY_PARAM_EC_PUB_Y, width: kind.width)
            )
        case .ed25519, .x25519:
            try PublicKey(curve: kind, raw: handle.rawPublicKey())
        }
    }

    /// The secret of a key of one of the curves, of its full width.
    package func secret() throws(CryptographyError) -> [UInt8] {
        switch kind {
        case .rsa: throw .wrongKeyKind
        case .p256, .p384: try handle.number(OSSL_PKEY_PARAM_PRIV_KEY, width: kind.width)
        case .ed25519, .x25519: try handle.rawSecret()
        }
    }

    /// The numbers of an RSA key.
    package func rsaComponents() throws(CryptographyError) -> RSAPrivateComponents {
        try handle.requires(.rsa)
        return RSAPrivateComponents(
            n: try handle.number(OSSL_PKEY_PARAM_RSA_N),
            e: try handle.number(OSSL_PKEY_PARAM_RSA_E),
            d: try handle.number(OSSL_PKEY_PARAM_RSA_D),
            p: try handle.number("rsa-factor1"),
            q: try handle.number("rsa-factor2"),
            dp: try handle.number("rsa-exponent1"),
            dq: try handle.number("rsa-exponent2"),
            qi: try handle.number("rsa-coefficient1")
        )
    }

    /// The key as PEM text (PKCS #8, not encrypted): a secret.
    package func pem() throws(CryptographyError) -> [UInt8] {
        try MemoryBIO.written {
            PEM_write_bio_PrivateKey($0, handle.pointer, nil, nil, 0, nil, nil)
        }
    }

    /// Says that there is a key, and nothing of it.
    package var description: String { "‹clé privée›" }

    /// Shows nothing of the key to a dump.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension PrivateKey {
    /// The plaintext of what was encrypted to this RSA key.
    package func rsaOAEPDecrypt(
        _ ciphertext: [UInt8],
        hash: OAEPHash
    ) throws(CryptographyError) -> [UInt8] {
        try handle.requires(.rsa)
        guard ciphertext.count == Int(EVP_PKEY_get_size(handle.pointer)) else {
            throw .decryptionFailed
        }
        return try handle.oaep(
            ciphertext,
            hash: hash,
            start: EVP_PKEY_decrypt_init,
            run: EVP_PKEY_decrypt
        )
    }

    /// The key of so many bytes that was encrypted to this RSA key; where there is none, one that
    /// nobody knows, after the same work.
    ///
    /// So a ciphertext that is not one is found out where the key is used, like one that was made
    /// with another key: nobody who sends ciphertexts learns more.
    package func rsaOAEPUnwrap(
        _ ciphertext: [UInt8],
        hash: OAEPHash,
        bytes: Int
    ) throws(CryptographyError) -> [UInt8] {
        try handle.requires(.rsa)
        let substitute = randomKey(bytes: bytes)
        guard var found = try? rsaOAEPDecrypt(ciphertext, hash: hash) else { return substitute }
        guard found.count == bytes else {
            wipe(&found)
            return substitute
        }
        return found
    }

    /// The x-coordinate, 32 bytes, of the point that this P-256 key shares with another.
    package func ecdhP256(with peer: PublicKey) throws(CryptographyError) -> [UInt8] {
        try handle.requires(.p256)
        return try agree(with: peer)
    }

    /// The secret that this key shares with another of the same curve, of the curve's width.
    package func agree(with peer: PublicKey) throws(CryptographyError) -> [UInt8] {
        guard kind.hasCoordinates || kind == .x25519 else { throw .wrongKeyKind }
        try peer.handle.requires(kind)
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, handle.pointer, nil) else {
            throw .unavailable
        }
        defer { EVP_PKEY_CTX_free(context) }
        var size = kind.width
        var shared = [UInt8](repeating: 0, count: size)
        guard EVP_PKEY_derive_init(context) == 1,
            // The peer's point was checked when the key was made: not twice.
            EVP_PKEY_derive_set_peer_ex(context, peer.handle.pointer, 0) == 1,
            EVP_PKEY_derive(context, &shared, &size) == 1, size == kind.width
        else {
            wipe(&shared)
            throw .invalidKey
        }
        return shared
    }
}
