import COpenSSL

/// The kinds of key that the gateway knows.
package enum KeyKind: Sendable, Hashable, CaseIterable {
    /// RSA, of 2048 to 8192 bits, with an odd exponent of 65537 at least.
    case rsa
    /// The elliptic curve P-256.
    case p256
    /// The elliptic curve P-384.
    case p384
    /// Edwards25519, to sign (RFC 8032).
    case ed25519
    /// Curve25519, to agree on a secret (RFC 7748).
    case x25519

    /// The name that OpenSSL gives to the kind, or to its curve.
    var name: String {
        switch self {
        case .rsa: "RSA"
        case .p256: "P-256"
        case .p384: "P-384"
        case .ed25519: "ED25519"
        case .x25519: "X25519"
        }
    }

    /// How many bytes a coordinate, a secret or half a signature takes; none for RSA.
    package var width: Int {
        switch self {
        case .rsa: 0
        case .p256, .ed25519, .x25519: 32
        case .p384: 48
        }
    }

    /// Whether keys of the kind are points of a curve with two coordinates.
    package var hasCoordinates: Bool { self == .p256 || self == .p384 }

    /// The kinds that serve TLS, FranceConnect and its answers: what a PEM file may hold unless
    /// its reader says otherwise.
    package static let usual: Set<KeyKind> = [.rsa, .p256]
}

/// An OpenSSL key, freed with its last owner.
final class KeyHandle: Sendable {
    // Safe because an EVP_PKEY is not changed once it is made, and OpenSSL counts and locks what
    // its operations cache in it.
    nonisolated(unsafe) let pointer: OpaquePointer
    let kind: KeyKind
    /// Contexts that verify with the key; those of RSA in the one or the other way.
    let contexts = VerificationContexts()
    let otherContexts = VerificationContexts()

    /// Takes over a key that OpenSSL just made, once it is found to be one that we use.
    init(
        adopting pointer: OpaquePointer?,
        isPrivate: Bool,
        among kinds: Set<KeyKind> = KeyKind.usual
    ) throws(CryptographyError) {
        defer { ERR_clear_error() }
        guard let pointer else { throw .invalidKey }
        guard let kind = Self.kind(of: pointer), kinds.contains(kind),
            Self.isSound(pointer, kind, isPrivate: isPrivate)
        else {
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
        if EVP_PKEY_is_a(pointer, "ED25519") == 1 { return .ed25519 }
        if EVP_PKEY_is_a(pointer, "X25519") == 1 { return .x25519 }
        guard EVP_PKEY_is_a(pointer, "EC") == 1 else { return nil }
        var name = [CChar](repeating: 0, count: 32)
        var length = 0
        guard EVP_PKEY_get_group_name(pointer, &name, name.count, &length) == 1 else { return nil }
        let group = name.prefix(length).map { UInt8(bitPattern: $0) }
        if group.elementsEqual("prime256v1".utf8) { return .p256 }
        return group.elementsEqual("secp384r1".utf8) ? .p384 : nil
    }

    private static func isSound(
        _ pointer: OpaquePointer, _ kind: KeyKind, isPrivate: Bool
    ) -> Bool {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        // On these curves, whose cofactor is 1, a point that is not at infinity is enough.
        guard EVP_PKEY_public_check_quick(context) == 1 else { return false }
        switch kind {
        case .rsa:
            guard hasStrongExponent(pointer), !hasWeakModulus(pointer) else { return false }
        case .p256, .p384: break
        case .ed25519, .x25519: guard isOrdinaryPoint(pointer, kind) else { return false }
        }
        return !isPrivate || EVP_PKEY_check(context) == 1
    }

    /// Whether the exponent is odd, 65537 at least and of 64 bits at most.
    private static func hasStrongExponent(_ pointer: OpaquePointer) -> Bool {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, OSSL_PKEY_PARAM_RSA_E, &number) == 1 else {
            return false
        }
        defer { BN_free(number) }
        return BN_is_odd(number) == 1 && (17...64).contains(BN_num_bits(number))
    }

    private static func hasWeakModulus(_ pointer: OpaquePointer) -> Bool {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, OSSL_PKEY_PARAM_RSA_N, &number) == 1 else {
            return true
        }
        defer { BN_free(number) }
        var modulus = [UInt8](repeating: 0, count: 1024)
        guard BN_bn2binpad(number, &modulus, 1024) == 1024 else { return true }
        return WeakModulus.isWeak(modulus)
    }

    /// Whether the public key is a number below the prime and no point of small order, with which
    /// a signature may hold for every message and an agreement give the same secret to all.
    private static func isOrdinaryPoint(_ pointer: OpaquePointer, _ kind: KeyKind) -> Bool {
        guard let raw = rawPublicKey(of: pointer) else { return false }
        return !SmallOrder.contains(raw, kind: kind)
    }

    private static func rawPublicKey(of pointer: OpaquePointer) -> [UInt8]? {
        var raw = [UInt8](repeating: 0, count: 32)
        var size = raw.count
        guard EVP_PKEY_get_raw_public_key(pointer, &raw, &size) == 1, size == raw.count else {
            return nil
        }
        return raw
    }

    /// The public key of a curve with one coordinate, 32 bytes.
    func rawPublicKey() throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard kind == .ed25519 || kind == .x25519 else { throw .wrongKeyKind }
        guard let raw = Self.rawPublicKey(of: pointer) else { throw .unavailable }
        return raw
    }

    /// The secret of a curve with one coordinate, 32 bytes.
    func rawSecret() throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard kind == .ed25519 || kind == .x25519 else { throw .wrongKeyKind }
        var raw = [UInt8](repeating: 0, count: 32)
        var size = raw.count
        guard EVP_PKEY_get_raw_private_key(pointer, &raw, &size) == 1, size == raw.count else {
            wipe(&raw)
            throw .wrongKeyKind
        }
        return raw
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
