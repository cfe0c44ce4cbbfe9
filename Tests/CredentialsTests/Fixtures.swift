import Cryptography
import JOSE
import JSONText
import Synchronization
import Testing
import Vocabulary

@testable import Credentials

/// One client with each sort of credential, and what it would send.
struct Bench {
    static let now = Timestamp(milliseconds: 1_795_219_467_123)
    static let issuer = "https://passerelle.exemple"
    static let tokenURL = issuer + "/oauth2/token"

    let key: PrivateKey
    let registry: ServiceRegistry

    init(algorithm: SignatureAlgorithm = .es256) throws {
        key = try algorithm == .rs256 ? .generateRSA(bits: 2048) : .generateP256()
        let later = Self.now.adding(seconds: 86_400)
        let client = ServiceClient(
            id: "caf", service: ServiceID(checked: "cnaf"), environment: .production,
            createdAt: Self.now)
        let jwk = JWK(
            key: try key.publicKey(), use: .signature, algorithm: algorithm.rawValue,
            keyID: "cle-de-la-caf")
        registry = try ServiceRegistry().adding(client)
            .adding(
                ClientCredential(
                    name: "caf-jwt", kind: .publicKey(algorithm, jwk), createdAt: Self.now,
                    expiresAt: later), to: "caf"
            )
            .adding(
                ClientCredential(
                    name: "caf-cert", kind: .certificate(thumbprint: Self.certificate),
                    createdAt: Self.now, expiresAt: later), to: "caf")
    }

    static let certificate = [UInt8](repeating: 0xC1, count: 32)

    /// The seconds of a moment that is so far from now.
    static func seconds(_ offset: Int64 = 0) -> Int64 { now.milliseconds / 1000 + offset }

    /// The claims of a good assertion; a text stands for a member's JSON, nil takes it away.
    static func claims(_ changes: [String: String?] = [:]) -> String {
        var members: [String: String] = [
            "iss": "\"caf\"", "sub": "\"caf\"", "aud": "\"\(issuer)\"",
            "jti": "\"assertion-0001\"", "iat": "\(seconds())", "exp": "\(seconds(60))",
        ]
        for (name, value) in changes { members[name] = value }
        let texts = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{" + texts.joined(separator: ",") + "}"
    }

    func assertion(
        _ changes: [String: String?] = [:], keyID: String? = "caf-jwt", type: String = "JWT"
    ) throws -> String {
        try CompactJWS.sign(
            Array(Self.claims(changes).utf8), algorithm: .es256, key: key, keyID: keyID,
            type: type)
    }

    func judge(
        _ assertion: String, in environment: CredentialEnvironment = .production,
        registry: ServiceRegistry? = nil, at now: Timestamp = Bench.now
    ) throws(Problem) -> ClientAssertion {
        try ClientAssertion(
            assertion, among: registry ?? self.registry, in: environment, issuer: Self.issuer,
            at: now)
    }
}

/// A compact token over texts, signed or not.
func token(_ header: String, _ payload: String, _ sign: ([UInt8]) throws -> [UInt8]) rethrows
    -> String
{
    let content =
        Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
    return content + "." + Base64URL.encode(try sign(Array(content.utf8)))
}

/// A DPoP key, and the proofs that it signs.
struct Prover {
    let key: PrivateKey

    init() throws { key = try .generateP256() }

    var jwk: String {
        get throws {
            var writer = JSONWriter()
            try JWK(key: key.publicKey(), use: nil, algorithm: nil, keyID: nil).write(to: &writer)
            return writer.text
        }
    }

    func proof(
        _ changes: [String: String?] = [:], header: [String: String?] = [:]
    ) throws -> String {
        var claims: [String: String] = [
            "jti": "\"preuve-0001\"", "htm": "\"POST\"", "htu": "\"\(Bench.tokenURL)\"",
            "iat": "\(Bench.seconds())",
        ]
        for (name, value) in changes { claims[name] = value }
        var head: [String: String] = [
            "alg": "\"ES256\"", "typ": "\"dpop+jwt\"", "jwk": try jwk,
        ]
        for (name, value) in header { head[name] = value }
        return try token(object(head), object(claims)) { try key.signES256($0) }
    }

    private func object(_ members: [String: String]) -> String {
        let texts = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{" + texts.joined(separator: ",") + "}"
    }
}

/// The code of what a body throws.
func code(_ body: () throws -> Void) -> ProblemCode? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Problem)?.code
    }
}
