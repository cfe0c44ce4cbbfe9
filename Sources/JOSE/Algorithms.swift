package import Cryptography

/// The algorithms of signature that are accepted.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// RSASSA-PSS with SHA-256.
    case ps256 = "PS256"
    /// ECDSA over P-256 with SHA-256.
    case es256 = "ES256"
    /// ECDSA over P-384 with SHA-384.
    case es384 = "ES384"
    /// Ed25519, the one curve of `EdDSA` that is known here (RFC 8037).
    case edDSA = "EdDSA"

    /// The kind of key that it takes.
    package var keyKind: KeyKind { scheme.keyKind }

    /// The way to sign that it names.
    package var scheme: SignatureScheme {
        switch self {
        case .rs256: .rs256
        case .ps256: .ps256
        case .es256: .es256
        case .es384: .es384
        case .edDSA: .ed25519
        }
    }
}

/// The ways to agree on a content encryption key that are accepted.
package enum KeyManagementAlgorithm: String, Sendable, CaseIterable {
    /// RSA-OAEP with SHA-1.
    case rsaOAEP = "RSA-OAEP"
    /// RSA-OAEP with SHA-256.
    case rsaOAEP256 = "RSA-OAEP-256"
    /// A key agreed with an ephemeral one, used as it is derived.
    case ecdhES = "ECDH-ES"
    /// A key agreed with an ephemeral one, which wraps the key of the content.
    case ecdhESA256KW = "ECDH-ES+A256KW"

    /// The kinds of key that it takes.
    package var keyKinds: Set<KeyKind> {
        switch self {
        case .rsaOAEP, .rsaOAEP256: [.rsa]
        case .ecdhES, .ecdhESA256KW: [.p256, .p384, .x25519]
        }
    }

    /// Whether it takes an ephemeral key (`epk`).
    var agreesOnKeys: Bool { self == .ecdhES || self == .ecdhESA256KW }
}

extension String {
    /// Whether two texts are the same bytes; `==` also holds for other spellings of one character.
    func isExactly(_ other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
