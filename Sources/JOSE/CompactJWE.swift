package import Cryptography
import JSONText

/// Encrypted content in the compact form (RFC 7516).
package enum CompactJWE {
    /// The plaintext of a token that one of the keys opens with the expected algorithms.
    ///
    /// Each key of the right kind is tried: FranceConnect names none. A `cty` may be absent; if it
    /// is there, it must be among `contentTypes`. Whatever keeps a well-formed token from being
    /// opened is one and the same error, after the same work.
    package static func decrypt(
        _ token: [UInt8],
        algorithm: KeyManagementAlgorithm,
        encryptions: [ContentEncryption] = [.a256GCM],
        keys: [PrivateKey],
        contentTypes: [String] = ["JWT"],
        maxBytes: Int = 1 << 18
    ) throws(JOSEError) -> [UInt8] {
        let read = try CompactToken(token, segments: 5, maxBytes: maxBytes)
        let encryption = try checkHeader(read, algorithm, encryptions, contentTypes)
        guard read.parts[1].count == encryption.nonceBytes, read.parts[3].count == 16 else {
            throw .malformed
        }
        guard read.parts[0].isEmpty == (algorithm == .ecdhES) else { throw .malformed }
        let ephemeral = algorithm.agreesOnKeys ? try ephemeralKey(read.header) : nil
        let candidates = keys.filter { key in
            algorithm.keyKinds.contains(key.kind) && ephemeral.map { $0.kind == key.kind } ?? true
        }
        guard !candidates.isEmpty else { throw .unknownKey }
        for key in candidates.prefix(8) {
            let opening = Opening(
                token: read, algorithm: algorithm, encryption: encryption, ephemeral: ephemeral)
            if let plaintext = opening.run(key) { return plaintext }
        }
        throw .decryptionFailed
    }

    private static func checkHeader(
        _ read: CompactToken,
        _ algorithm: KeyManagementAlgorithm,
        _ encryptions: [ContentEncryption],
        _ contentTypes: [String]
    ) throws(JOSEError) -> ContentEncryption {
        let names = ["alg", "enc", "kid", "typ", "cty"]
        try read.allow(algorithm.agreesOnKeys ? names + ["epk"] : names)
        try read.require("alg", algorithm.rawValue)
        guard let name = read.header["enc"]?.string else { throw .malformed }
        guard let encryption = encryptions.first(where: { $0.rawValue.isExactly(name) }) else {
            throw .unexpectedAlgorithm
        }
        try read.check("typ", .ifPresent(["JWT", "JOSE"]))
        try read.check("cty", .ifPresent(contentTypes))
        _ = try read.text("kid")
        return encryption
    }

    private static func ephemeralKey(_ header: JSONNode) throws(JOSEError) -> PublicKey {
        guard let node = header["epk"] else { throw .malformed }
        guard let key = try JWK(node)?.key else { throw .invalidKey }
        return key
    }

    /// A token that only the owner of the key can open.
    ///
    /// `random` gives as many unpredictable bytes as it is asked for.
    package static func encrypt(
        _ plaintext: [UInt8],
        algorithm: KeyManagementAlgorithm,
        encryption: ContentEncryption = .a256GCM,
        to key: PublicKey,
        keyID: String? = nil,
        contentType: String? = nil,
        random: (Int) -> [UInt8]
    ) throws(JOSEError) -> String {
        guard algorithm.keyKinds.contains(key.kind) else { throw .invalidKey }
        do {
            var sealed = try SealedKey(algorithm, encryption, to: key, random: random)
            defer { wipe(&sealed.contentKey) }
            let header = try self.header(
                algorithm, encryption, keyID, contentType, sealed.ephemeral)
            let nonce = random(encryption.nonceBytes)
            let content = try encryption.seal(
                key: sealed.contentKey,
                nonce: nonce,
                aad: Array(header.utf8),
                plaintext: plaintext
            )
            return
                ([header]
                + [sealed.encryptedKey, nonce, content.ciphertext, content.tag]
                .map(Base64URL.encode)).joined(separator: ".")
        } catch {
            throw .invalidKey
        }
    }

    private static func header(
        _ algorithm: KeyManagementAlgorithm,
        _ encryption: ContentEncryption,
        _ keyID: String?,
        _ contentType: String?,
        _ ephemeral: PublicKey?
    ) throws(JOSEError) -> String {
        let members = try ephemeral.map { (key) throws(JOSEError) in try JWK.members(of: key) }
        return encodedHeader { writer in
            writer.member("alg", algorithm.rawValue)
            writer.member("enc", encryption.rawValue)
            writer.member("kid", ifPresent: keyID)
            writer.member("cty", ifPresent: contentType)
            guard let members else { return }
            writer.member("epk", object: { writer in writer.members(members) })
        }
    }
}

/// A content encryption key and what its reader needs to find it again.
private struct SealedKey {
    var contentKey: [UInt8]
    let encryptedKey: [UInt8]
    let ephemeral: PublicKey?

    init(
        _ algorithm: KeyManagementAlgorithm,
        _ encryption: ContentEncryption,
        to key: PublicKey,
        random: (Int) -> [UInt8]
    ) throws(CryptographyError) {
        switch algorithm {
        case .rsaOAEP, .rsaOAEP256:
            contentKey = random(encryption.keyBytes)
            encryptedKey = try key.rsaOAEPEncrypt(contentKey, hash: algorithm.hash)
            ephemeral = nil
        case .ecdhES, .ecdhESA256KW:
            let own = try PrivateKey.generate(key.kind)
            ephemeral = try own.publicKey()
            var agreed = try algorithm.agreedKey(own, with: key, for: encryption)
            if algorithm == .ecdhES {
                (contentKey, encryptedKey) = (agreed, [])
            } else {
                contentKey = random(encryption.keyBytes)
                encryptedKey = try AESKeyWrap.wrap(contentKey, under: agreed)
                wipe(&agreed)
            }
        }
    }
}

/// One try at a token with one key.
private struct Opening {
    let token: CompactToken
    let algorithm: KeyManagementAlgorithm
    let encryption: ContentEncryption
    let ephemeral: PublicKey?

    /// The plaintext, or nothing: that this key does not open it is not an error of its own.
    func run(_ key: PrivateKey) -> [UInt8]? {
        guard var contentKey = try? contentKey(key) else { return nil }
        defer { wipe(&contentKey) }
        return try? encryption.open(
            key: contentKey,
            nonce: token.parts[1],
            aad: Array(token.encoded[0]),
            ciphertext: token.parts[2],
            tag: token.parts[3]
        )
    }

    /// The content encryption key; another one where it cannot be found, so that the tag, and
    /// nothing before it, says that the token does not open (RFC 7516 section 11.5).
    private func contentKey(_ key: PrivateKey) throws(CryptographyError) -> [UInt8] {
        guard let ephemeral else {
            return try key.rsaOAEPUnwrap(
                token.parts[0], hash: algorithm.hash, bytes: encryption.keyBytes)
        }
        var agreed = try algorithm.agreedKey(key, with: ephemeral, for: encryption)
        if algorithm == .ecdhES { return agreed }
        defer { wipe(&agreed) }
        guard let found = try? AESKeyWrap.unwrap(token.parts[0], under: agreed),
            found.count == encryption.keyBytes
        else { return randomKey(bytes: encryption.keyBytes) }
        return found
    }
}

extension KeyManagementAlgorithm {
    fileprivate var hash: OAEPHash { self == .rsaOAEP256 ? .sha256 : .sha1 }

    /// The key that two parties agree on: of the content, or the one that wraps it.
    fileprivate func agreedKey(
        _ own: PrivateKey, with peer: PublicKey, for encryption: ContentEncryption
    ) throws(CryptographyError) -> [UInt8] {
        var shared = try own.agree(with: peer)
        defer { wipe(&shared) }
        return self == .ecdhES
            ? derivedKey(
                sharedSecret: shared, algorithm: encryption.rawValue,
                bits: UInt32(encryption.keyBytes * 8))
            : derivedKey(sharedSecret: shared, algorithm: rawValue, bits: 256)
    }
}

/// The key that ECDH-ES derives from a shared secret (RFC 7518 section 4.6.2); 256 bits at most.
func derivedKey(
    sharedSecret: [UInt8],
    algorithm: String,
    bits: UInt32,
    producer: [UInt8] = [],
    consumer: [UInt8] = []
) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian, Array.init)
    }
    func counted(_ bytes: [UInt8]) -> [UInt8] { number(UInt32(bytes.count)) + bytes }
    var secret = number(1) + sharedSecret
    secret += counted(Array(algorithm.utf8)) + counted(producer) + counted(consumer)
    secret += number(bits)
    defer { wipe(&secret) }
    return Array(sha256(secret).prefix(Int(bits / 8)))
}
