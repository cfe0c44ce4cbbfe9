package import Cryptography
package import JSONText

/// A public key with what its publisher says of it (RFC 7517).
package struct JWK: Sendable, Equatable {
    /// What a key is for.
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
        guard node.members != nil, let kind = node["kty"]?.string else { throw .malformed }
        for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] where node[name] != nil {
            throw .invalidKey
        }
        guard let key = try Self.key(of: kind, node) else { return nil }
        if let use = try Self.text(node, "use") {
            guard let known = Use(exactly: use) else { return nil }
            self.use = known
        } else {
            use = nil
        }
        self.key = key
        algorithm = try Self.text(node, "alg")
        keyID = try Self.text(node, "kid")
    }

    private static func key(of kind: String, _ node: JSONNode) throws(JOSEError) -> PublicKey? {
        if kind.isExactly("RSA") {
            let (n, e) = (try bytes(node, "n"), try bytes(node, "e"))
            return try checked { () throws(CryptographyError) in
                try PublicKey(rsaModulus: n, exponent: e)
            }
        }
        guard kind.isExactly("EC") else { return nil }
        guard let curve = try text(node, "crv") else { throw .malformed }
        guard curve.isExactly("P-256") else { return nil }
        let (x, y) = (try bytes(node, "x"), try bytes(node, "y"))
        return try checked { () throws(CryptographyError) in try PublicKey(p256X: x, y: y) }
    }

    private static func checked(
        _ make: () throws(CryptographyError) -> PublicKey
    ) throws(JOSEError) -> PublicKey {
        do { return try make() } catch { throw .invalidKey }
    }

    private static func text(_ node: JSONNode, _ name: String) throws(JOSEError) -> String? {
        guard let member = node[name] else { return nil }
        guard let text = member.string, text.utf8.count <= 256 else { throw .malformed }
        return text
    }

    private static func bytes(_ node: JSONNode, _ name: String) throws(JOSEError) -> [UInt8] {
        guard let text = node[name]?.string, let bytes = Base64URL.decode(text) else {
            throw .malformed
        }
        return bytes
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
        let members = try self.members()
        writer.object { writer in
            for member in members { writer.member(member.name, member.value) }
            writer.member("use", ifPresent: use?.rawValue)
            writer.member("alg", ifPresent: algorithm)
            writer.member("kid", ifPresent: keyID)
        }
    }

    /// The thumbprint of the key (RFC 7638, SHA-256, base64url): a name that depends on it alone.
    package static func thumbprint(of key: PublicKey) throws(JOSEError) -> String {
        let members = try JWK(key: key, use: nil, algorithm: nil, keyID: nil).members()
        var writer = JSONWriter()
        writer.object { writer in
            for member in members.sorted(by: { $0.name < $1.name }) {
                writer.member(member.name, member.value)
            }
        }
        return Base64URL.encode(sha256(writer.bytes))
    }

    /// The members that make the key itself.
    func members() throws(JOSEError) -> [(name: String, value: String)] {
        do {
            switch key.kind {
            case .rsa:
                let numbers = try key.rsaComponents()
                return [
                    ("kty", "RSA"), ("n", Base64URL.encode(numbers.n)),
                    ("e", Base64URL.encode(numbers.e)),
                ]
            case .p256:
                let point = try key.p256Coordinates()
                return [
                    ("kty", "EC"), ("crv", "P-256"), ("x", Base64URL.encode(point.x)),
                    ("y", Base64URL.encode(point.y)),
                ]
            }
        } catch {
            throw .invalidKey
        }
    }

    /// Whether the key may serve the algorithm, for this use, under this name.
    func serves(_ use: Use, _ algorithm: String, kind: KeyKind, keyID: String?) -> Bool {
        guard key.kind == kind, self.use ?? use == use else { return false }
        if let own = self.algorithm, !own.isExactly(algorithm) { return false }
        guard let keyID else { return true }
        return self.keyID?.isExactly(keyID) ?? false
    }
}
