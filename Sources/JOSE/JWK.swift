package import Cryptography
package import JSONText

/// A public key with what its publisher says of it (RFC 7517, RFC 7518 section 6, RFC 8037).
package struct JWK: Sendable, Equatable {
    /// What a key is for: one thing, never both.
    package enum Use: String, Sendable {
        /// To verify signatures.
        case signature = "sig"
        /// To encrypt to its owner.
        case encryption = "enc"
    }

    /// The key itself.
    package let key: PublicKey
    /// What it is for, if that is said.
    package let use: Use?
    /// The one algorithm that it serves, if that is said.
    package let algorithm: String?
    /// Its name among the keys of its publisher.
    package let keyID: String?

    /// A key to publish.
    package init(key: PublicKey, use: Use?, algorithm: String?, keyID: String?) {
        self.key = key
        self.use = use
        self.algorithm = algorithm
        self.keyID = keyID
    }

    /// Reads a public key; nothing when it is of a kind or for a use that is not known here.
    ///
    /// Members that are not known are left aside, as RFC 7517 asks; a private part is refused, as a
    /// key that was published with it is no longer anyone's.
    package init?(_ node: JSONNode) throws(JOSEError) {
        let members = try JWKMembers(node)
        guard !members.hasPrivatePart else { throw .invalidKey }
        guard let curve = try members.kind() else { return nil }
        guard let use = try members.use(of: curve, operations: JWKMembers.publicOperations) else {
            return nil
        }
        key = try members.publicKey(curve)
        self.use = use.value
        algorithm = try members.text("alg")
        keyID = try members.text("kid")
    }

    /// Reads a public key that stands alone, as a JSON text of 16 KiB at most.
    package init?(parsing bytes: [UInt8]) throws(JOSEError) {
        try self.init(try JWKMembers.parsed(bytes))
    }
}

extension JWK.Use {
    init?(exactly text: String) {
        guard let use = JWK.Use(rawValue: text), use.rawValue.isExactly(text) else { return nil }
        self = use
    }
}

extension JWK {
    /// Writes the key as a JSON object.
    package func write(to writer: inout JSONWriter) throws(JOSEError) {
        let members = try Self.members(of: key)
        writer.object { writer in
            writer.members(members)
            writer.member("use", ifPresent: use?.rawValue)
            writer.member("alg", ifPresent: algorithm)
            writer.member("kid", ifPresent: keyID)
        }
    }

    /// The thumbprint of the key (RFC 7638, SHA-256, base64url): a name that depends on it alone.
    package static func thumbprint(of key: PublicKey) throws(JOSEError) -> String {
        let members = try members(of: key).sorted { $0.name < $1.name }
        var writer = JSONWriter()
        writer.object { $0.members(members) }
        return Base64URL.encode(sha256(writer.bytes))
    }

    /// The members that make a key itself.
    static func members(of key: PublicKey) throws(JOSEError) -> [(name: String, value: String)] {
        do {
            switch key.kind {
            case .rsa:
                let numbers = try key.rsaComponents()
                return [
                    ("kty", "RSA"), ("n", Base64URL.encode(numbers.n)),
                    ("e", Base64URL.encode(numbers.e)),
                ]
            case .p256, .p384:
                let point = try key.coordinates()
                return [
                    ("kty", "EC"), ("crv", key.kind.curveName),
                    ("x", Base64URL.encode(point.x)), ("y", Base64URL.encode(point.y)),
                ]
            case .ed25519, .x25519:
                return [
                    ("kty", "OKP"), ("crv", key.kind.curveName),
                    ("x", Base64URL.encode(try key.raw())),
                ]
            }
        } catch {
            throw .invalidKey
        }
    }

    /// Whether the key may serve the algorithm, for this use, under this name.
    func serves(_ use: Use, _ algorithm: String, kinds: Set<KeyKind>, keyID: String?) -> Bool {
        guard kinds.contains(key.kind), self.use ?? use == use else { return false }
        if let own = self.algorithm, !own.isExactly(algorithm) { return false }
        guard let keyID else { return true }
        return self.keyID?.isExactly(keyID) ?? false
    }
}

extension KeyKind {
    /// The name of the curve in a JWK; of no use for RSA.
    var curveName: String {
        switch self {
        case .rsa: ""
        case .p256: "P-256"
        case .p384: "P-384"
        case .ed25519: "Ed25519"
        case .x25519: "X25519"
        }
    }
}

extension JSONWriter {
    /// Writes members that are texts.
    mutating func members(_ members: [(name: String, value: String)]) {
        for member in members { self.member(member.name, member.value) }
    }
}
