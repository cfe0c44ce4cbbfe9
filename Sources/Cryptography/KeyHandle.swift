import COpenSSL

/// The kinds of key that the gateway knows.
package enum KeyKind: Sendable, Equatable {
    /// RSA, of 2048 to 8192 bits.
    case rsa
    /// The elliptic curve P-256.
    case p256
}

/// An OpenSSL key, freed with its last owner.
final class KeyHandle: Sendable {
    // Safe because an EVP_PKEY is not changed once it is made, and OpenSSL counts and locks what
    // its operations cache in it.
    nonisolated(unsafe) let pointer: OpaquePointer
    let kind: KeyKind

    /// Takes over a key that OpenSSL just made, once it is found to be one that we use.
    init(adopting pointer: OpaquePointer?, isPrivate: Bool) throws(CryptographyError) {
        defer { ERR_clear_error() }
        guard let pointer else { throw .invalidKey }
        guard let kind = Self.kind(of: pointer), Self.isSound(pointer, isPrivate: isPrivate) else {
            EVP_PKEY_free(pointer)
            throw .invalidKey
        }
        self.pointer = pointer
        self.kind = kind
    }

    deinit { EVP_PKEY_free(pointer) }

    private static func kind(of pointer: OpaquePointer) -> KeyKind? {
        if EVP_PKEY_is_a(pointer, "RSA") == 1 {
            return (2048...8192).contains(EVP_PKEY_get_bits(pointer)) ? .rsa : nil
        }
        guard EVP_PKEY_is_a(pointer, "EC") == 1 else { return nil }
        var name = [CChar](repeating: 0, count: 32)
        var length = 0
        guard EVP_PKEY_get_group_name(pointer, &name, name.count, &length) == 1 else { return nil }
        let group = name.prefix(length).map { UInt8(bitPattern: $0) }
        return group.elementsEqual("prime256v1".utf8) ? .p256 : nil
    }

    private static func isSound(_ pointer: OpaquePointer, isPrivate: Bool) -> Bool {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        // On P-256, whose cofactor is 1, a point of the curve that is not at infinity is enough.
        guard EVP_PKEY_public_check_quick(context) == 1 else { return false }
        return !isPrivate || EVP_PKEY_check(context) == 1
    }

    /// A number of the key, in as many bytes as it needs, or padded on the left to `width`.
    func number(_ name: String, width: Int? = nil) throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else {
            throw .wrongKeyKind
        }
        defer { BN_clear_free(number) }
        let size = width ?? Int((BN_num_bits(number) + 7) / 8)
        var bytes = [UInt8](repeating: 0, count: size)
        guard BN_bn2binpad(number, &bytes, Int32(size)) == Int32(size) else {
            throw .invalidLength
        }
        return bytes
    }

    func requires(_ kind: KeyKind) throws(CryptographyError) {
        guard self.kind == kind else { throw .wrongKeyKind }
    }
}

/// Numbers on loan to OpenSSL, overwritten when they are freed.
struct BigNumbers: ~Copyable {
    let pointers: [OpaquePointer?]

    init(_ numbers: [[UInt8]]) {
        pointers = numbers.map { BN_bin2bn($0, Int32($0.count), nil) }
    }

    deinit {
        for pointer in pointers { BN_clear_free(pointer) }
    }
}

/// Bytes in and out of OpenSSL through memory that is overwritten when it is freed.
enum MemoryBIO {
    /// A BIO to read the bytes from, for as long as the body runs.
    static func reading<Value>(
        _ bytes: [UInt8],
        _ body: (OpaquePointer) throws(CryptographyError) -> Value
    ) throws(CryptographyError) -> Value {
        guard !bytes.isEmpty, bytes.count <= 1 << 20 else { throw .invalidLength }
        guard let bio = BIO_new(BIO_s_secmem()) else { throw .unavailable }
        defer { BIO_free(bio) }
        guard BIO_write(bio, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
            throw .unavailable
        }
        return try body(bio)
    }

    /// What the body writes.
    static func written(_ body: (OpaquePointer) -> Int32) throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard let bio = BIO_new(BIO_s_secmem()) else { throw .unavailable }
        defer { BIO_free(bio) }
        guard body(bio) == 1 else { throw .unavailable }
        var start: UnsafeMutablePointer<CChar>?
        let count = dlnuf_bio_memory(bio, &start)
        guard let start, count > 0 else { throw .unavailable }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}
