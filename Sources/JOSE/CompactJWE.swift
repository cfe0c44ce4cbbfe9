package import Cryptography
import JSONText

/// Encrypted content in the compact form (RFC 7516), with AES-256-GCM and nothing else.
package enum CompactJWE {
    /// The plaintext of a token that one of the keys opens with the expected algorithm.
    ///
    /// Each key of the right kind is tried: FranceConnect names none. A `cty` may be absent; if it
    /// is there, it must be among `contentTypes`.
    package static func decrypt(
        _ token: [UInt8],
        algorithm: KeyManagementAlgorithm,
        keys: [PrivateKey],
        contentTypes: [String] = ["JWT"],
        maxBytes: Int = 1 << 18
    ) throws(JOSEError) -> [UInt8] {
        let read = try CompactToken(token, segments: 5, maxBytes: maxBytes)
        let names = ["alg", "enc", "kid", "typ", "cty"]
        try read.allow(algorithm == .ecdhES ? names + ["epk"] : names)
        try read.require("alg", algorithm.rawValue)
        try read.require("enc", "A256GCM")
        try read.check("typ", .ifPresent(["JWT", "JOSE"]))
        try read.check("cty", .ifPresent(contentTypes))
        _ = try read.text("kid")
        guard read.parts[1].count == 12, read.parts[3].count == 16 else { throw .malformed }
        guard read.parts[0].isEmpty == (algorithm == .ecdhES) else { throw .malformed }
        let ephemeral = algorithm == .ecdhES ? try ephemeralKey(read.header) : nil
        let candidates = keys.filter { algorithm.keyKinds.contains($0.kind) }
        guard !candidates.isEmpty else { throw .unknownKey }
        for key in candidates.prefix(8) {
            if let plaintext = open(read, algorithm: algorithm, key: key, ephemeral: ephemeral) {
                return plaintext
            }
        }
        throw .decryptionFailed
    }

    /// A token that only the owner of the key can open.
    ///
    /// `random` gives as many unpredictable bytes as it is asked for.
    package static func encrypt(
        _ plaintext: [UInt8],
        algorithm: KeyManagementAlgorithm,
        to key: PublicKey,
        keyID: String? = nil,
        contentType: String? = nil,
        random: (Int) -> [UInt8]
    ) throws(JOSEError) -> String {
        do {
            var ephemeral: PublicKey?
            var contentKey: [UInt8]
            var encryptedKey: [UInt8] = []
            switch algorithm {
            case .rsaOAEP, .rsaOAEP256:
                contentKey = random(32)
                encryptedKey = try key.rsaOAEPEncrypt(contentKey, hash: algorithm.hash)
            case .ecdhES:
                let own = try PrivateKey.generateP256()
                contentKey = contentKeyECDHES(sharedSecret: try own.ecdhP256(with: key))
                ephemeral = try own.publicKey()
            }
            defer { wipe(&contentKey) }
            let header = try self.header(algorithm, keyID, contentType, ephemeral)
            let nonce = random(12)
            let sealed = try AESGCM.seal(
                key: contentKey,
                nonce: nonce,
                aad: Array(header.utf8),
                plaintext: plaintext
            )
            return
                ([header]
                + [encryptedKey, nonce, sealed.ciphertext, sealed.tag]
                .map(Base64URL.encode)).joined(separator: ".")
        } catch {
            throw .invalidKey
        }
    }

    private static func header(
        _ algorithm: KeyManagementAlgorithm,
        _ keyID: String?,
        _ contentType: String?,
        _ ephemeral: PublicKey?
    ) throws(JOSEError) -> String {
        let members = try ephemeral.map { (key) throws(JOSEError) in
            try JWK.members(of: key)
        }
        return encodedHeader { writer in
            writer.member("alg", algorithm.rawValue)
            writer.member("enc", "A256GCM")
            writer.member("kid", ifPresent: keyID)
            writer.member("cty", ifPresent: contentType)
            guard let members else { return }
            writer.member(
                "epk",
                object: { writer in
                    for member in members { writer.member(member.name, member.value) }
                }
            )
        }
    }

    private static func ephemeralKey(_ header: JSONNode) throws(JOSEError) -> PublicKey {
        guard let node = header["epk"] else { throw .malformed }
        guard let key = try JWK(node)?.key, key.kind == .p256 else { throw .invalidKey }
        return key
    }

    /// The plaintext, or nothing: that this key does not open it is not an error of its own.
    private static func open(
        _ read: CompactToken,
        algorithm: KeyManagementAlgorithm,
        key: PrivateKey,
        ephemeral: PublicKey?
    ) -> [UInt8]? {
        do {
            var contentKey =
                if let ephemeral {
                    contentKeyECDHES(sharedSecret: try key.ecdhP256(with: ephemeral))
                } else {
                    try key.rsaOAEPDecrypt(read.parts[0], hash: algorithm.hash)
                }
            defer { wipe(&contentKey) }
            return try AESGCM.open(
                key: contentKey,
                nonce: read.parts[1],
                aad: Array(read.encoded[0]),
                ciphertext: read.parts[2],
                tag: read.parts[3]
            )
        } catch {
            return nil
        }
    }
}

extension KeyManagementAlgorithm {
    fileprivate var hash: OAEPHash { self == .rsaOAEP256 ? .sha256 : .sha1 }
}

/// The content encryption key of ECDH-ES, derived directly (RFC 7518 section 4.6.2).
func contentKeyECDHES(
    sharedSecret: [UInt8],
    encryption: String = "A256GCM",
    bits: UInt32 = 256,
    producer: [UInt8] = [],
    consumer: [UInt8] = []
) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian, Array.init)
    }
    func counted(_ bytes: [UInt8]) -> [UInt8] { number(UInt32(bytes.count)) + bytes }
    var secret = number(1) + sharedSecret
    secret += counted(Array(encryption.utf8)) + counted(producer) + counted(consumer)
    secret += number(bits)
    defer { wipe(&secret) }
    return Array(sha256(secret).prefix(Int(bits / 8)))
}
