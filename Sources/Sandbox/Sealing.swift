import Cryptography
import JSONText

/// Signs and encrypts compact tokens from the bare primitives.
///
/// The doubles do not use the gateway's own JOSE, so that one cannot hide a mistake of the other.
package enum Sealing {
    /// How a token is signed.
    enum Signature {
        case es256(PrivateKey)
        case rs256(PrivateKey)
        /// A digest keyed with some text: a forgery, never an answer of FranceConnect.
        case hs256(secret: String)
        /// No signature at all: a forgery too.
        case none
        /// Signed, then spoilt.
        case spoilt(PrivateKey)

        var algorithm: String {
            switch self {
            case .es256, .spoilt: "ES256"
            case .rs256: "RS256"
            case .hs256: "HS256"
            case .none: "none"
            }
        }
    }

    /// The algorithms under which a data provider may register its key.
    package enum KeyAlgorithm: String, Sendable {
        case rsaOAEP = "RSA-OAEP"
        case rsaOAEP256 = "RSA-OAEP-256"
        case ecdhES = "ECDH-ES"
    }

    /// A compact JWS with the two header members that FranceConnect gives, `alg` and `kid`.
    static func sign(
        _ payload: Document, keyID: String, _ signature: Signature
    ) throws(CryptographyError) -> String {
        let header = Document.members([
            "alg": .string(signature.algorithm), "kid": .string(keyID),
        ])
        let input = "\(Base64URL.encode(header.bytes)).\(Base64URL.encode(payload.bytes))"
        let message = Array(input.utf8)
        let proof: [UInt8]
        switch signature {
        case .es256(let key): proof = try key.signES256(message)
        case .rs256(let key): proof = try key.signRS256(message)
        case .hs256(let secret): proof = hmacSHA256(key: Array(secret.utf8), message)
        case .none: proof = []
        case .spoilt(let key):
            var spoilt = try key.signES256(message)
            spoilt[spoilt.count / 2] ^= 0x10
            proof = spoilt
        }
        return "\(input).\(Base64URL.encode(proof))"
    }

    /// A compact JWE in A256GCM whose header says neither `kid`, `typ` nor `cty`; takes forty-four
    /// random bytes that were never used before.
    static func encrypt(
        _ plaintext: String, to key: EncryptionKey, random: [UInt8]
    ) throws(CryptographyError) -> String {
        let nonce = Array(random.prefix(12))
        let contentKey: [UInt8]
        let wrapped: [UInt8]
        var header = [
            Document.Member(name: "alg", value: .string(key.algorithm.rawValue)),
            Document.Member(name: "enc", value: "A256GCM"),
        ]
        switch key.algorithm {
        case .rsaOAEP, .rsaOAEP256:
            contentKey = Array(random.suffix(32))
            wrapped = try key.publicKey.rsaOAEPEncrypt(
                contentKey, hash: key.algorithm == .rsaOAEP ? .sha1 : .sha256)
        case .ecdhES:
            let ephemeral = try PrivateKey.generateP256()
            let point = try ephemeral.publicKey().p256Coordinates()
            let shared = try ephemeral.ecdhP256(with: key.publicKey)
            contentKey = derivedKey(from: shared)
            wrapped = []
            header.append(
                Document.Member(
                    name: "epk",
                    value: .members([
                        "kty": "EC", "crv": "P-256", "x": .string(Base64URL.encode(point.x)),
                        "y": .string(Base64URL.encode(point.y)),
                    ])))
        }
        let protected = Base64URL.encode(Document.object(header).bytes)
        let (ciphertext, tag) = try AESGCM.seal(
            key: contentKey, nonce: nonce, aad: Array(protected.utf8),
            plaintext: Array(plaintext.utf8))
        let parts = [wrapped, nonce, ciphertext, tag].map { Base64URL.encode($0) }
        return ([protected] + parts).joined(separator: ".")
    }

    /// The key agreed directly for A256GCM, without party information (RFC 7518, 4.6.2).
    private static func derivedKey(from shared: [UInt8]) -> [UInt8] {
        let name = Array("A256GCM".utf8)
        let round: [UInt8] = [0, 0, 0, 1]
        let nameLength: [UInt8] = [0, 0, 0, UInt8(name.count)]
        let noParties = [UInt8](repeating: 0, count: 8)
        let bits: [UInt8] = [0, 0, 1, 0]
        return sha256(round + shared + nameLength + name + noParties + bits)
    }
}

/// A data provider's public key, as its JWKS publishes it.
struct EncryptionKey: Sendable {
    let algorithm: Sealing.KeyAlgorithm
    let publicKey: PublicKey

    /// The first key of a set whose `use` and `alg` are the wanted ones, as FranceConnect picks it.
    static func first(
        in set: [UInt8], for algorithm: Sealing.KeyAlgorithm
    ) -> EncryptionKey? {
        guard case .object(let members)? = try? parseJSON(set).value,
            case .array(let keys)? = members.first(where: { $0.name == "keys" })?.node.value
        else { return nil }
        for case .object(let key) in keys.map(\.value) {
            func text(_ name: String) -> String? {
                guard case .string(let text)? = key.first(where: { $0.name == name })?.node.value
                else { return nil }
                return text
            }
            func number(_ name: String) -> [UInt8] {
                text(name).flatMap { Base64URL.decode($0) } ?? []
            }
            guard text("use") == "enc", text("alg") == algorithm.rawValue else { continue }
            let publicKey =
                algorithm == .ecdhES
                ? try? PublicKey(p256X: number("x"), y: number("y"))
                : try? PublicKey(rsaModulus: number("n"), exponent: number("e"))
            return publicKey.map { EncryptionKey(algorithm: algorithm, publicKey: $0) }
        }
        return nil
    }
}
