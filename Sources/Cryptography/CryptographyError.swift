/// Why an operation on keys or bytes did not succeed.
///
/// A code and nothing more: what OpenSSL says about the inside of a failure would help whoever
/// tries many ciphertexts, so it is dropped.
package enum CryptographyError: String, Error, Sendable, CaseIterable {
    /// The bytes are not a key of the kind that was asked for, or its numbers do not belong
    /// together.
    case invalidKey
    /// The key is of another kind than the operation needs.
    case wrongKeyKind
    /// A size is not the one that the algorithm fixes.
    case invalidLength
    /// The ciphertext, its tag or its key is not right; which one is not said.
    case decryptionFailed
    /// The certificate is not one, or is not that of the key.
    case invalidCertificate
    /// OpenSSL refused what it accepts from a healthy process, such as memory.
    case unavailable
}
