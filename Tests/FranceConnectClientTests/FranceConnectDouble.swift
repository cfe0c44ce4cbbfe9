import Cryptography
import Curl
import Exchanges
import HTTPMessages
import Platform
import Synchronization
import Vocabulary

@testable import FranceConnectClient
@testable import JOSE

/// FranceConnect behind a transport of memory: it answers as the tests tell it to.
final class FranceConnectDouble: Sendable {
    struct Script: Sendable {
        var signer: PrivateKey
        var keyID = "pkcs11:ES256:hsm"
        var publishedKeyIDs = ["pkcs11:ES256:hsm"]
        var failures: [TransferError.Code] = []
        var reply: (status: Int, body: String)?
        var discovery: String?
        var isActive = true
        var requests: [OutboundRequest] = []
    }

    static let issuer = "https://fc.exemple/api/v2"
    static let token = "d_IYuVJszDAUn6pyhtAQpEy0ifSXl-EgtJ5AX0tbKMU"
    static let now = Timestamp(milliseconds: 1_795_000_000_000)
    static let dgfip = HolderID(checked: "dgfip")

    let script: Mutex<Script>
    let keys: EncryptionKeySet
    let instant = Mutex(ContinuousClock.now)

    init() throws {
        script = Mutex(Script(signer: try .generateP256()))
        keys = try .generate(for: [.ecdhES])
    }

    func change(_ body: (inout Script) -> Void) {
        script.withLock { body(&$0) }
    }

    /// The addresses that were asked, without what they have in common.
    var asked: [String] {
        script.withLock { $0.requests.map { String($0.url.reveal().dropFirst(Self.issuer.count)) } }
    }

    func introspector(
        keySetURL: String? = nil,
        observe: @escaping FranceConnectIntrospector.Observer = { _, _ in }
    ) -> FranceConnectIntrospector {
        let configuration = FranceConnectConfiguration(
            issuer: Self.issuer,
            keySetURL: keySetURL,
            registrations: [
                Self.dgfip: .init(clientID: "fd&dgfip", secret: Sensitive("s+cret="))
            ],
            clients: ["fs-client": FranceConnectClient(symbol: "fc:cnaf")]
        )
        return FranceConnectIntrospector(
            configuration,
            encryptionKeys: keys,
            send: { (request, _) async throws(TransferError) in try self.answer(request) },
            clocks: Clocks(wall: { Self.now }, monotonic: { self.instant.withLock { $0 } }),
            observe: observe
        )
    }

    private func answer(_ request: OutboundRequest) throws(TransferError) -> InboundResponse {
        let (script, failure) = script.withLock { script in
            script.requests.append(request)
            let failure = script.failures.isEmpty ? nil : script.failures.removeFirst()
            return (script, failure)
        }
        if let failure { throw TransferError(failure) }
        do {
            switch String(request.url.reveal().dropFirst(Self.issuer.count)) {
            case "/.well-known/openid-configuration":
                let document =
                    script.discovery
                    ?? #"{"issuer":"\#(Self.issuer)","jwks_uri":"\#(Self.issuer)/jwks"}"#
                return InboundResponse(status: 200, body: Array(document.utf8))
            case "/jwks":
                return InboundResponse(status: 200, body: try published(script).json())
            default:
                if let reply = script.reply {
                    return InboundResponse(status: reply.status, body: Array(reply.body.utf8))
                }
                return try introspection(script)
            }
        } catch {
            throw TransferError(.failed)
        }
    }

    private func published(_ script: Script) throws -> JWKSet {
        let key = try script.signer.publicKey()
        return JWKSet(
            script.publishedKeyIDs.map {
                JWK(key: key, use: .signature, algorithm: "ES256", keyID: $0)
            })
    }

    private func introspection(_ script: Script) throws -> InboundResponse {
        let person = #"""
            "active":true,"aud":"fs-client","sub":"0v1","iat":1795000000,"exp":1795000060,
            "acr":"eidas1","jti":"\#(Self.token)","scope":"dgfip_rfr","gender":"female",
            "family_name":"DUBOIS","given_name":"Angela","birthdate":"1962-08-24",
            "birthplace":"75107","birthcountry":"99100"
            """#
        let content = script.isActive ? person : #""active":false"#
        let payload = #"""
            {"iss":"\#(Self.issuer)","aud":"fd&dgfip","iat":1795000000,
            "token_introspection":{\#(content)}}
            """#
        // FranceConnect says no type, which what we sign for ourselves must.
        let header = #"{"alg":"ES256","kid":"\#(script.keyID)"}"#
        let signed = try CompactJWS.signed(
            Array(payload.utf8), header: Base64URL.encode(Array(header.utf8)), algorithm: .es256,
            key: script.signer)
        let set = try JWKSet(parsing: keys.publicDocument)
        guard let key = set.encryptionKey(.ecdhES) else { throw JOSEError.unknownKey }
        let body = try CompactJWE.encrypt(
            Array(signed.utf8), algorithm: .ecdhES, to: key.key, random: Randomness.bytes)
        return InboundResponse(
            status: 200,
            headers: HTTPHeaders([("Content-Type", "application/token-introspection+jwt")]),
            body: Array(body.utf8)
        )
    }
}
