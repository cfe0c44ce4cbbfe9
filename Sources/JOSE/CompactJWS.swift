package import Cryptography
import JSONText

/// Signed content in the compact form (RFC 7515).
package enum CompactJWS {
    /// The payload of a token that one of the keys signed with the expected algorithm.
    ///
    /// The algorithm is the caller's, never the token's.
    package static func verify(
        _ token: [UInt8],
        algorithm: SignatureAlgorithm,
        keys: JWKSet,
        type: ExpectedType,
        maxBytes: Int = 1 << 17
    ) throws(JOSEError) -> [UInt8] {
        let read = try self.read(token, algorithm: algorithm, type: type, maxBytes: maxBytes)
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
        type: ExpectedType,
        maxBytes: Int = 1 << 17
    ) throws(JOSEError) -> [UInt8] {
        let read = try self.read(token, algorithm: algorithm, type: type, maxBytes: maxBytes)
        guard key.kind == algorithm.keyKind else { throw .invalidKey }
        guard isSigned(read, algorithm: algorithm, key: key) else { throw .invalidSignature }
        return read.parts[0]
    }

    /// A token over the payload, whose header says what it is (`typ`, RFC 8725 section 3.11).
    ///
    /// With `embedsKey`, the header also carries the public half (`jwk`): for DPoP, and nothing
    /// else.
    package static func sign(
        _ payload: [UInt8],
        algorithm: SignatureAlgorithm,
        key: PrivateKey,
        keyID: String? = nil,
        type: String,
        embedsKey: Bool = false
    ) throws(JOSEError) -> String {
        guard key.kind == algorithm.keyKind else { throw .invalidKey }
        var embedded: [(name: String, value: String)] = []
        if embedsKey {
            guard let half = try? key.publicKey() else { throw .invalidKey }
            embedded = try JWK.members(of: half)
        }
        let header = encodedHeader { writer in
            writer.member("alg", algorithm.rawValue)
            writer.member("kid", ifPresent: keyID)
            writer.member("typ", type)
            guard embedsKey else { return }
            writer.member("jwk", object: { writer in writer.members(embedded) })
        }
        return try signed(payload, header: header, algorithm: algorithm, key: key)
    }

    /// A token over the payload under a header that is already encoded.
    static func signed(
        _ payload: [UInt8],
        header: String,
        algorithm: SignatureAlgorithm,
        key: PrivateKey
    ) throws(JOSEError) -> String {
        let content = header + "." + Base64URL.encode(payload)
        do {
            let signature = try key.sign(Array(content.utf8), as: algorithm.scheme)
            return content + "." + Base64URL.encode(signature)
        } catch {
            throw .invalidKey
        }
    }

    /// The payload of a token that carries the key that signed it, and that key: for a DPoP proof
    /// (RFC 9449), and nothing else, as anyone may make one.
    ///
    /// What the key is worth is the caller's to decide, by its thumbprint.
    package static func verifyEmbedded(
        _ token: [UInt8],
        algorithms: [SignatureAlgorithm],
        type: ExpectedType,
        maxBytes: Int = 1 << 13
    ) throws(JOSEError) -> (payload: [UInt8], key: PublicKey) {
        let read = try CompactToken(token, segments: 3, maxBytes: maxBytes)
        try read.allow(["alg", "typ", "jwk"])
        guard let name = read.header["alg"]?.string else { throw .malformed }
        guard let algorithm = algorithms.first(where: { $0.rawValue.isExactly(name) }) else {
            throw .unexpectedAlgorithm
        }
        try read.check("typ", type)
        guard let node = read.header["jwk"] else { throw .malformed }
        guard let jwk = try JWK(node),
            jwk.serves(
                .signature, algorithm.rawValue, kinds: [algorithm.keyKind], keyID: nil)
        else { throw .invalidKey }
        guard isSigned(read, algorithm: algorithm, key: jwk.key) else { throw .invalidSignature }
        return (read.parts[0], jwk.key)
    }

    private static func read(
        _ token: [UInt8],
        algorithm: SignatureAlgorithm,
        type: ExpectedType,
        maxBytes: Int
    ) throws(JOSEError) -> CompactToken {
        let read = try CompactToken(token, segments: 3, maxBytes: maxBytes)
        try read.allow(["alg", "kid", "typ"])
        try read.require("alg", algorithm.rawValue)
        try read.check("typ", type)
        return read
    }

    private static func isSigned(
        _ read: CompactToken,
        algorithm: SignatureAlgorithm,
        key: PublicKey
    ) -> Bool {
        key.verifies(read.parts[1], over: read.signed, as: algorithm.scheme)
    }
}
