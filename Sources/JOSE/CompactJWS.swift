package import Cryptography
import JSONText

/// Signed content in the compact form (RFC 7515).
package enum CompactJWS {
    /// The payload of a token that one of the keys signed with the expected algorithm.
    ///
    /// The algorithm is the caller's, never the token's. A `typ` may be absent; if it is there, it
    /// must be among `types`.
    package static func verify(
        _ token: [UInt8],
        algorithm: SignatureAlgorithm,
        keys: JWKSet,
        types: [String] = [],
        maxBytes: Int = 1 << 17
    ) throws(JOSEError) -> [UInt8] {
        let read = try self.read(token, algorithm: algorithm, types: types, maxBytes: maxBytes)
        let candidates = keys.verificationKeys(algorithm, keyID: try read.text("kid"))
        guard !candidates.isEmpty else { throw .unknownKey }
        let signer = candidates.prefix(8).first {
            isSigned(read, algorithm: algorithm, key: $0.key)
        }
        guard signer != nil else { throw .invalidSignature }
        return read.parts[0]
    }

    /// The payload of a token that this key signed with the expected algorithm, whatever its name.
    package static func verify(
        _ token: [UInt8],
        algorithm: SignatureAlgorithm,
        key: PublicKey,
        types: [String] = [],
        maxBytes: Int = 1 << 17
    ) throws(JOSEError) -> [UInt8] {
        let read = try self.read(token, algorithm: algorithm, types: types, maxBytes: maxBytes)
        guard key.kind == algorithm.keyKind else { throw .invalidKey }
        guard isSigned(read, algorithm: algorithm, key: key) else { throw .invalidSignature }
        return read.parts[0]
    }

    /// A token over the payload.
    package static func sign(
        _ payload: [UInt8],
        algorithm: SignatureAlgorithm,
        key: PrivateKey,
        keyID: String? = nil,
        type: String? = nil
    ) throws(JOSEError) -> String {
        let header = encodedHeader { writer in
            writer.member("alg", algorithm.rawValue)
            writer.member("kid", ifPresent: keyID)
            writer.member("typ", ifPresent: type)
        }
        let content = header + "." + Base64URL.encode(payload)
        do {
            let signature =
                switch algorithm {
                case .rs256: try key.signRS256(Array(content.utf8))
                case .es256: try key.signES256(Array(content.utf8))
                }
            return content + "." + Base64URL.encode(signature)
        } catch {
            throw .invalidKey
        }
    }

    private static func read(
        _ token: [UInt8],
        algorithm: SignatureAlgorithm,
        types: [String],
        maxBytes: Int
    ) throws(JOSEError) -> CompactToken {
        let read = try CompactToken(token, segments: 3, maxBytes: maxBytes)
        try read.allow(["alg", "kid", "typ"])
        try read.require("alg", algorithm.rawValue)
        try read.check("typ", among: types)
        return read
    }

    private static func isSigned(
        _ read: CompactToken,
        algorithm: SignatureAlgorithm,
        key: PublicKey
    ) -> Bool {
        let content = Array(read.encoded[0]) + [UInt8(ascii: ".")] + read.encoded[1]
        return switch algorithm {
        case .rs256: key.verifiesRS256(read.parts[1], over: content)
        case .es256: key.verifiesES256(read.parts[1], over: content)
        }
    }
}
