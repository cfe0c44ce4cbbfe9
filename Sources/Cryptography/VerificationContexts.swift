import COpenSSL
import Synchronization

/// Contexts of one key, ready to verify in one way, each lent to one caller at a time.
///
/// To prepare one costs a quarter of checking an RSA signature; a few that are idle are kept.
final class VerificationContexts: Sendable {
    /// Addresses, as a lock hands over only what may go from one thread to another.
    private let idle = Mutex<[UInt]>([])
    private static let kept = 8

    deinit {
        for address in idle.withLock({ $0 }) {
            EVP_PKEY_CTX_free(OpaquePointer(bitPattern: address))
        }
    }

    /// Whether the body says so of a context that is its own until it returns.
    func check(
        preparing make: () -> OpaquePointer?, _ body: (OpaquePointer) -> Bool
    ) -> Bool {
        let found = idle.withLock { $0.popLast() }
        guard let context = found.flatMap({ OpaquePointer(bitPattern: $0) }) ?? make() else {
            return false
        }
        defer { putBack(context) }
        return body(context)
    }

    private func putBack(_ context: OpaquePointer) {
        let address = UInt(bitPattern: context)
        let isKept = idle.withLock { addresses in
            guard addresses.count < Self.kept else { return false }
            addresses.append(address)
            return true
        }
        if !isKept { EVP_PKEY_CTX_free(context) }
    }
}

extension KeyHandle {
    /// Whether a signature, as OpenSSL takes it, is this key's over a digest.
    func verifies(_ signature: [UInt8], digest: [UInt8], as scheme: SignatureScheme) -> Bool {
        let contexts = scheme == .ps256 ? otherContexts : contexts
        return contexts.check(preparing: { verificationContext(scheme) }) { context in
            EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
        }
    }

    private func verificationContext(_ scheme: SignatureScheme) -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return nil }
        let isReady =
            EVP_PKEY_verify_init(context) == 1
            && EVP_PKEY_CTX_set_signature_md(context, scheme.fetchedDigest?.pointer) == 1
            && (scheme != .ps256
                || EVP_PKEY_CTX_set_params(context, dlnuf_pss_parameters()) == 1)
        if isReady { return context }
        EVP_PKEY_CTX_free(context)
        return nil
    }
}
