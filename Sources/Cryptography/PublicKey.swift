import COpenSSL

/// The digest of RSA-OAEP, used for its label and for its mask alike.
package enum OAEPHash: Sendable, Equatable {
    /// SHA-1, as `RSA-OAEP` has it.
    case sha1
    /// SHA-256, as `RSA-OAEP-256` has it.
    case sha256
}

/// A public key, checked when it is made.
package final class PublicKey: Sendable, Equatable {
    let handle: KeyHandle

    init(handle: KeyHandle) { self.handle = handle }

    /// An RSA key from its modulus and its exponent, big-endian.
    package convenience init(
        rsaModulus n: [UInt8],
        exponent e: [UInt8]
    ) throws(CryptographyError) {
        guard n.count <= 1024, e.count <= 8 else { throw .invalidLength }
        let numbers = BigNumbers([n, e])
        let key = dlnuf_rsa_key(numbers.pointers, 2)
        self.init(handle: try KeyHandle(adopting: key, isPrivate: false))
    }

    /// A P-256 key from the coordinates of its point, 32 bytes each; the point must be on the
    /// curve.
    package convenience init(p256X x: [UInt8], y: [UInt8]) throws(CryptographyError) {
        try self.init(curve: .p256, x: x, y: y)
    }

    /// A key of P-256 or P-384 from the coordinates of its point, of the curve's full width; the
    /// point must be on the curve.
    package convenience init(
        curve: KeyKind, x: [UInt8], y: [UInt8]
    ) throws(CryptographyError) {
        guard curve.hasCoordinates else { throw .wrongKeyKind }
        guard x.count == curve.width, y.count == curve.width else { throw .invalidLength }
        let key = dlnuf_ec_key(curve.name, [4] + x + y, 1 + 2 * curve.width, nil)
        self.init(handle: try KeyHandle(adopting: key, isPrivate: false, among: [curve]))
    }

    /// A key of Ed25519 or X25519 from its 32 bytes; none of small order.
    package convenience init(curve: KeyKind, raw: [UInt8]) throws(CryptographyError) {
        guard curve == .ed25519 || curve == .x25519 else { throw .wrongKeyKind }
        guard raw.count == curve.width else { throw .invalidLength }
        let key = EVP_PKEY_new_raw_public_key_ex(nil, curve.name, nil, raw, raw.count)
        self.init(handle: try KeyHandle(adopting: key, isPrivate: false, among: [curve]))
    }

    /// The first public key (`BEGIN PUBLIC KEY`) of a PEM text, of one of these kinds.
    package convenience init(
        pem: [UInt8], among kinds: Set<KeyKind> = KeyKind.usual
    ) throws(CryptographyError) {
        let key = try MemoryBIO.reading(pem) { dlnuf_read_public_key($0) }
        self.init(handle: try KeyHandle(adopting: key, isPrivate: false, among: kinds))
    }

    /// What kind of key it is.
    package var kind: KeyKind { handle.kind }

    /// The modulus and the exponent of an RSA key, big-endian, without leading zeros.
    package func rsaComponents() throws(CryptographyError) -> (n: [UInt8], e: [UInt8]) {
        try handle.requires(.rsa)
        return (
            n: try handle.number(OSSL_PKEY_PARAM_RSA_N), e: try handle.number(OSSL_PKEY_PARAM_RSA_E)
        )
    }

    /// The coordinates of a P-256 key, 32 bytes each.
    package func p256Coordinates() throws(CryptographyError) -> (x: [UInt8], y: [UInt8]) {
        try handle.requires(.p256)
        return try coordinates()
    }

    /// The coordinates of a P-256 or P-384 key, of the curve's full width.
    package func coordinates() throws(CryptographyError) -> (x: [UInt8], y: [UInt8]) {
        guard kind.hasCoordinates else { throw .wrongKeyKind }
        return (
            x: try handle.number(OSSL_PKEY_PARAM_EC_PUB_X, width: kind.width),
            y: try handle.number(OSSL_PKEY_PARAM_EC_PUB_Y, width: kind.width)
        )
    }

    /// The 32 bytes of an Ed25519 or X25519 key.
    package func raw() throws(CryptographyError) -> [UInt8] { try handle.rawPublicKey() }

    /// The key as PEM text.
    package func pem() throws(CryptographyError) -> [UInt8] {
        try MemoryBIO.written { PEM_write_bio_PUBKEY($0, handle.pointer) }
    }

    /// The plaintext encrypted to this RSA key.
    package func rsaOAEPEncrypt(
        _ plaintext: [UInt8],
        hash: OAEPHash
    ) throws(CryptographyError) -> [UInt8] {
        try handle.requires(.rsa)
        return try handle.oaep(
            plaintext,
            hash: hash,
            start: EVP_PKEY_encrypt_init,
            run: EVP_PKEY_encrypt
        )
    }

    /// Whether two keys are the same key.
    package static func == (a: PublicKey, b: PublicKey) -> Bool {
        defer { ERR_clear_error() }
        return EVP_PKEY_eq(a.handle.pointer, b.handle.pointer) == 1
    }
}

extension KeyHandle {
    typealias Operation = (
        OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?,
        UnsafePointer<UInt8>?, Int
    ) -> Int32

    /// Runs RSA-OAEP in the direction of `start` and `run`; every failure is the same failure.
    func oaep(
        _ input: [UInt8],
        hash: OAEPHash,
        start: (OpaquePointer?) -> Int32,
        run: Operation
    ) throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else {
            throw .unavailable
        }
        defer { EVP_PKEY_CTX_free(context) }
        let digest = (hash == .sha1 ? FetchedDigest.sha1 : .sha256).pointer
        guard start(context) == 1,
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            EVP_PKEY_CTX_set_rsa_oaep_md(context, digest) == 1,
            EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest) == 1
        else { throw .unavailable }
        var size = Int(EVP_PKEY_get_size(pointer))
        var output = [UInt8](repeating: 0, count: size)
        guard run(context, &output, &size, input, input.count) == 1 else {
            wipe(&output)
            throw .decryptionFailed
        }
        let result = Array(output.prefix(size))
        wipe(&output)
        return result
    }
}
