package import Cryptography

/// A private key as a JWK; it never prints itself.
package struct PrivateJWK: Sendable, CustomStringConvertible, CustomReflectable {
    /// The key itself.
    package let key: PrivateKey
    /// What it is for, if that is said.
    package let use: JWK.Use?
    /// The one algorithm that it serves, if that is said.
    package let algorithm: String?
    /// Its name among the keys of its owner.
    package let keyID: String?

    /// Reads a private key, a JSON text of 16 KiB at most, with all its numbers.
    ///
    /// A kind that is not known here is refused: whoever holds a secret means to use it.
    package init(parsing bytes: [UInt8]) throws(JOSEError) {
        let members = try JWKMembers(try JWKMembers.parsed(bytes))
        guard let kind = try members.kind(),
            let use = try members.use(of: kind, operations: JWKMembers.privateOperations)
        else { throw .invalidKey }
        key = try members.privateKey(kind)
        self.use = use.value
        algorithm = try members.text("alg")
        keyID = try members.text("kid")
    }

    /// The public half, to publish.
    package func published() throws(JOSEError) -> JWK {
        guard let half = try? key.publicKey() else { throw .invalidKey }
        return JWK(key: half, use: use, algorithm: algorithm, keyID: keyID)
    }

    /// Says that there is a key, and nothing of it.
    package var description: String { "‹clé privée›" }

    /// Shows nothing of the key to a dump.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
