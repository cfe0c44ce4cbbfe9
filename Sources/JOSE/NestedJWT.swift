package import Cryptography

/// A token signed, then encrypted (RFC 7519 section 11.2).
package enum NestedJWT {
    /// How the outside is opened.
    package struct Envelope: Sendable {
        /// How the key of the content was agreed on.
        package let algorithm: KeyManagementAlgorithm
        /// How the content may be encrypted.
        package let encryptions: [ContentEncryption]
        /// The keys that may open it.
        package let keys: [PrivateKey]

        /// An envelope for these keys.
        package init(
            algorithm: KeyManagementAlgorithm, encryptions: [ContentEncryption],
            keys: [PrivateKey]
        ) {
            (self.algorithm, self.encryptions, self.keys) = (algorithm, encryptions, keys)
        }
    }

    /// The claims inside, once both the envelope and the signature are found to be right.
    package static func open(
        _ token: [UInt8],
        _ envelope: Envelope,
        signedWith algorithm: SignatureAlgorithm,
        by keys: JWKSet,
        type: ExpectedType,
        maxBytes: Int = 1 << 16
    ) throws(JOSEError) -> JWTClaims {
        let inside = try CompactJWE.decrypt(
            token, algorithm: envelope.algorithm, encryptions: envelope.encryptions,
            keys: envelope.keys, maxBytes: maxBytes)
        let payload = try CompactJWS.verify(
            inside, algorithm: algorithm, keys: keys, type: type, maxBytes: maxBytes)
        return try JWTClaims(parsing: payload)
    }
}
