import Credentials
import Cryptography
import JOSE
import JSONText
import Synchronization
import Testing
import Vocabulary

@testable import API

/// The CNAF's client with one credential of each sort, and what stands around it.
final class Desk: Sendable {
    static let issuer = "http://127.0.0.1:8080"
    static let certificate = [UInt8](repeating: 0xC1, count: 32)

    let environment: CredentialEnvironment
    let clientKey: PrivateKey
    let replays = MemoryReplays()
    private let state: Mutex<ServiceRegistry?>
    private let drawn = Mutex<UInt8>(0)

    init(_ environment: CredentialEnvironment = .sandbox) throws {
        self.environment = environment
        clientKey = try PrivateKey.generateP256()
        let jwk = JWK(key: try clientKey.publicKey(), use: nil, algorithm: nil, keyID: nil)
        let now = GatewayStub.now
        let key = APIKey.text([UInt8](repeating: 3, count: 32), for: environment)
        let ended = APIKey.text([UInt8](repeating: 4, count: 32), for: environment)
        let credentials: [(String, ClientCredential.Kind, Timestamp)] = [
            ("cnaf-1", .apiKey(digest: APIKey.digest(key)), now.adding(seconds: 3600)),
            ("cnaf-0", .apiKey(digest: APIKey.digest(ended)), now),
            ("cnaf-jwt", .publicKey(.es256, jwk), now.adding(seconds: 3600)),
            ("cnaf-cert", .certificate(thumbprint: Self.certificate), now.adding(seconds: 3600)),
        ]
        var registry = try ServiceRegistry().adding(
            ServiceClient(
                id: "cnaf", service: ServiceID(checked: "cnaf"), environment: environment,
                createdAt: now))
        for (name, kind, end) in credentials {
            registry = try registry.adding(
                ClientCredential(name: name, kind: kind, createdAt: now, expiresAt: end),
                to: "cnaf")
        }
        state = Mutex(registry)
    }

    /// The key that is good, and the one that has ended.
    var key: String { APIKey.text([UInt8](repeating: 3, count: 32), for: environment) }
    var endedKey: String { APIKey.text([UInt8](repeating: 4, count: 32), for: environment) }

    /// The gate as one life of a gateway has it: each call draws other secrets.
    var authentication: CallerAuthentication {
        CallerAuthentication(
            registry: { () throws(Problem) in
                guard let registry = self.state.withLock({ $0 }) else {
                    throw Problem(.titresIndisponibles)
                }
                return registry
            },
            environment: environment, issuer: Self.issuer, replays: replays,
            random: { count in
                let byte = self.drawn.withLock { drawn in
                    drawn &+= 1
                    return drawn
                }
                return [UInt8](repeating: byte, count: count)
            })
    }

    func revoke(_ name: String) throws {
        try state.withLock { $0 = try $0?.revoking(name, at: GatewayStub.now).registry }
    }

    /// The registry cannot be read any more.
    func lose() { state.withLock { $0 = nil } }
}

/// Names that were taken, in memory.
final class MemoryReplays: ReplayPort {
    private let names = Mutex<Set<[UInt8]>?>([])

    func fail() { names.withLock { $0 = nil } }

    func take(
        _ key: [UInt8], until end: Timestamp, at now: Timestamp
    ) async throws(Problem) -> Bool {
        let isFirst = names.withLock { $0?.insert(key).inserted }
        guard let isFirst else { throw Problem(.titresIndisponibles) }
        return isFirst
    }
}

/// A service's program: it signs assertions and proofs.
struct ServiceProgram: Sendable {
    let desk: Desk
    let proofKey: PrivateKey

    init(_ desk: Desk) throws {
        self.desk = desk
        proofKey = try PrivateKey.generateP256()
    }

    static var seconds: Int64 { GatewayStub.now.milliseconds / 1000 }

    func assertion(_ id: String, audience: String = "\"\(Desk.issuer)\"") throws -> String {
        let claims = """
            {"iss":"cnaf","sub":"cnaf","aud":\(audience),"jti":"\(id)",\
            "iat":\(Self.seconds),"exp":\(Self.seconds + 60)}
            """
        return try CompactJWS.sign(
            Array(claims.utf8), algorithm: .es256, key: desk.clientKey, keyID: "cnaf-jwt",
            type: "JWT")
    }

    func proof(
        _ id: String, _ method: String, _ path: String, nonce: String? = nil,
        of token: String? = nil
    ) throws -> String {
        var key = JSONWriter()
        try JWK(key: proofKey.publicKey(), use: nil, algorithm: nil, keyID: nil).write(to: &key)
        let header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":\(key.text)}"
        var claims = JSONWriter()
        claims.object { writer in
            writer.member("jti", id)
            writer.member("htm", method)
            writer.member("htu", Desk.issuer + path)
            writer.member("iat", Self.seconds)
            writer.member("nonce", ifPresent: nonce)
            writer.member("ath", ifPresent: token.map { Base64URL.encode(sha256(Array($0.utf8))) })
        }
        let content =
            Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(claims.bytes)
        return content + "." + Base64URL.encode(try proofKey.signES256(Array(content.utf8)))
    }

    static func form(_ assertion: String, _ more: [(String, String)] = []) -> String {
        let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        let fields =
            [
                ("grant_type", "client_credentials"), ("client_assertion_type", type),
                ("client_assertion", assertion),
            ] + more
        return fields.map { "\($0)=\($1)" }.joined(separator: "&")
    }
}

/// A question without a person, in the identity mode.
let identityExplanation = """
    {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
     "champs": ["revenu_fiscal.annee_revenus"], "mode": "identite"}
    """
