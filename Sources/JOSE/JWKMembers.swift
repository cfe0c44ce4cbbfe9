import Cryptography
import JSONText

/// The members of one key, read strictly: each has one type, and numbers have one spelling.
struct JWKMembers {
    private let node: JSONNode

    init(_ node: JSONNode) throws(JOSEError) {
        guard node.members != nil else { throw .malformed }
        self.node = node
    }

    /// A key that stands alone.
    static func parsed(_ bytes: [UInt8]) throws(JOSEError) -> JSONNode {
        guard bytes.count <= 1 << 14 else { throw .tooLarge }
        let limits = JSONLimits(bytes: 1 << 14, depth: 6, nodes: 200)
        do { return try parseJSON(bytes, limits: limits) } catch { throw .malformed }
    }

    /// Whether there is any part that its owner alone may know.
    var hasPrivatePart: Bool {
        ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].contains { node[$0] != nil }
    }

    /// The kind of the key; nothing if it is not known here.
    func kind() throws(JOSEError) -> KeyKind? {
        guard let type = try text("kty") else { throw .malformed }
        if type.isExactly("RSA") { return .rsa }
        let curves: [KeyKind]
        switch true {
        case type.isExactly("EC"): curves = [.p256, .p384]
        case type.isExactly("OKP"): curves = [.ed25519, .x25519]
        default: return nil
        }
        guard let name = try text("crv") else { throw .malformed }
        return curves.first { name.isExactly($0.curveName) }
    }

    func publicKey(_ kind: KeyKind) throws(JOSEError) -> PublicKey {
        switch kind {
        case .rsa:
            let (n, e) = (try number("n"), try number("e"))
            return try checked { () throws(CryptographyError) in
                try PublicKey(rsaModulus: n, exponent: e)
            }
        case .p256, .p384:
            let (x, y) = (try bytes("x"), try bytes("y"))
            return try checked { () throws(CryptographyError) in
                try PublicKey(curve: kind, x: x, y: y)
            }
        case .ed25519, .x25519:
            let raw = try bytes("x")
            return try checked { () throws(CryptographyError) in
                try PublicKey(curve: kind, raw: raw)
            }
        }
    }

    func privateKey(_ kind: KeyKind) throws(JOSEError) -> PrivateKey {
        if kind == .rsa { return try rsaPrivateKey() }
        var d = try bytes("d")
        defer { wipe(&d) }
        let x = try bytes("x")
        let y = kind.hasCoordinates ? try bytes("y") : []
        return try checked { () throws(CryptographyError) in
            kind.hasCoordinates
                ? try PrivateKey(curve: kind, x: x, y: y, d: d)
                : try PrivateKey(curve: kind, raw: x, d: d)
        }
    }

    private func rsaPrivateKey() throws(JOSEError) -> PrivateKey {
        guard node["oth"] == nil else { throw .invalidKey }
        let numbers = RSAPrivateComponents(
            n: try number("n"), e: try number("e"), d: try number("d"), p: try number("p"),
            q: try number("q"), dp: try number("dp"), dq: try number("dq"), qi: try number("qi"))
        return try checked { () throws(CryptographyError) in try PrivateKey(rsa: numbers) }
    }

    func text(_ name: String) throws(JOSEError) -> String? {
        guard let member = node[name] else { return nil }
        guard let text = member.string, text.utf8.count <= 256 else { throw .malformed }
        return text
    }

    private func bytes(_ name: String) throws(JOSEError) -> [UInt8] {
        guard let text = node[name]?.string, let bytes = Base64URL.decode(text) else {
            throw .malformed
        }
        return bytes
    }

    /// A whole number in as few bytes as it needs (RFC 7518 section 2, Base64urlUInt).
    private func number(_ name: String) throws(JOSEError) -> [UInt8] {
        let bytes = try bytes(name)
        guard let first = bytes.first, first != 0 else { throw .malformed }
        return bytes
    }

    private func checked<Key>(_ make: () throws(CryptographyError) -> Key) throws(JOSEError) -> Key
    {
        do { return try make() } catch { throw .invalidKey }
    }
}

// MARK: - What a key is for

extension JWKMembers {
    /// What `key_ops` says of a key that only its public half is here, for each use.
    static let publicOperations: [JWK.Use: Set<String>] = [
        .signature: ["verify"], .encryption: ["encrypt", "wrapKey"],
    ]

    /// What `key_ops` says of a private key, for each use.
    static let privateOperations: [JWK.Use: Set<String>] = [
        .signature: ["sign", "verify"],
        .encryption: [
            "decrypt", "unwrapKey", "encrypt", "wrapKey", "deriveKey", "deriveBits",
        ],
    ]

    /// What is said of the key's use, by `use`, by `key_ops` or by both alike; nothing where it is
    /// a use that is not known here.
    ///
    /// Operations of two uses are refused: one key serves one thing. The two operations that
    /// agree on a secret have no public half, so that a public key may list none for them.
    func use(
        of kind: KeyKind, operations known: [JWK.Use: Set<String>]
    ) throws(JOSEError) -> StatedUse? {
        var use: JWK.Use?
        if let text = try text("use") {
            guard let found = JWK.Use(exactly: text) else { return nil }
            use = found
        }
        // Ed25519 only signs and X25519 only agrees, whatever is said.
        if kind == .ed25519, use == .encryption { throw .invalidKey }
        if kind == .x25519, use == .signature { throw .invalidKey }
        guard let member = node["key_ops"] else { return StatedUse(value: use) }
        let operations = try names(member)
        if operations.isEmpty { return StatedUse(value: use) }
        for (candidate, names) in known where names.isSuperset(of: operations) {
            guard use ?? candidate == candidate else { throw .invalidKey }
            return StatedUse(value: candidate)
        }
        throw .invalidKey
    }

    private func names(_ member: JSONNode) throws(JOSEError) -> Set<String> {
        guard let elements = member.elements else { throw .malformed }
        var names: Set<String> = []
        for element in elements {
            guard let name = element.string, names.insert(name).inserted else { throw .malformed }
        }
        return names
    }
}

/// What is said of a key's use: perhaps nothing.
struct StatedUse {
    let value: JWK.Use?
}
