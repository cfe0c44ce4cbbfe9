/// Why a token or a key is refused.
///
/// A code and nothing more: neither the token nor the inside of a decryption shows.
package enum JOSEError: String, Error, Sendable, CaseIterable {
    /// The bytes are not what they should be: segments, base64url, JSON, members, sizes.
    case malformed
    /// It is longer than the caller accepts.
    case tooLarge
    /// It names another algorithm, or another type, than the caller expects.
    case unexpectedAlgorithm
    /// Its header asks for something that is not done here, such as `crit`, `zip` or a key inside.
    case unsupportedHeader
    /// None of the caller's keys is the one that the header names.
    case unknownKey
    /// A key is not one that serves here: kind, size, point, or a private part where none belongs.
    case invalidKey
    /// The signature is not the key's.
    case invalidSignature
    /// No key of the caller's opens it, or it was changed; which one is not said.
    case decryptionFailed
}
