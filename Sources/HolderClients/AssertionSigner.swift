import Connectors
import Cryptography
import JOSE
import JSONText
import Vocabulary

/// Signs the assertion by which a client proves who it is (RFC 7523, 3).
struct AssertionSigner {
    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    let plan: ClientAssertion
    let client: String
    /// The token endpoint's own address.
    let endpoint: String

    /// The assertion; nil where a secret is not what it must be.
    func sign(
        _ secrets: [String: Sensitive<String>], at now: Timestamp, jti: [UInt8]
    ) -> String? {
        guard let pem = secrets[plan.key.text]?.reveal(),
            let key = try? PrivateKey(pem: Array(pem.utf8))
        else { return nil }
        let audience = plan.audience.map { secrets[$0.text]?.reveal() } ?? endpoint
        guard let audience else { return nil }
        let issued = now.milliseconds / 1000
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("iss", client)
            writer.member("sub", client)
            writer.member("aud", audience)
            writer.member("jti", Base64URL.encode(jti))
            writer.member("iat", issued)
            writer.member("exp", issued + Int64(plan.lifeInSeconds))
        }
        return try? CompactJWS.sign(
            writer.bytes, algorithm: plan.algorithm.signature, key: key,
            keyID: plan.keyID.flatMap { secrets[$0.text]?.reveal() }, type: "JWT")
    }

    /// Whether a secret is a private key that signs with the algorithm.
    static func isKey(_ pem: String, for algorithm: ClientAssertion.Algorithm) -> Bool {
        guard let key = try? PrivateKey(pem: Array(pem.utf8)) else { return false }
        return key.kind == algorithm.signature.keyKind
    }
}

extension ClientAssertion.Algorithm {
    fileprivate var signature: SignatureAlgorithm {
        switch self {
        case .rs256: .rs256
        case .ps256: .ps256
        case .es256: .es256
        }
    }
}
