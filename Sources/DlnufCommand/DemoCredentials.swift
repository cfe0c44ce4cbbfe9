import Credentials
import Cryptography
import JOSE
import JSONText
import Platform
import Vocabulary

extension DemoKeys {
    /// How long a demonstration's credentials are good; it makes others at its next start.
    private static let days: Int64 = 30

    /// Writes the services' credentials where the gateway reads them, in place of what was there.
    func writeRegistry(_ path: String) throws {
        let now = Timestamp(milliseconds: WallClock.milliseconds())
        let end = now.adding(seconds: DemoKeys.days * 86_400)
        var registry = ServiceRegistry()
        for service in services {
            let id = service.service.text
            registry = try registry.adding(
                ServiceClient(
                    id: id, service: service.service, environment: .sandbox, createdAt: now))
            for (name, kind) in [
                ("demo-\(id)", ClientCredential.Kind.apiKey(digest: APIKey.digest(service.key))),
                (service.keyID, .publicKey(.es256, try service.publicKey())),
            ] {
                registry = try registry.adding(
                    ClientCredential(name: name, kind: kind, createdAt: now, expiresAt: end),
                    to: id)
            }
        }
        try Files.writeAtomically(path, registry.bytes, mode: 0o600)
    }
}

extension DemoKeys.ServiceKey {
    /// The name of the key in the registry, and in the header of assertions.
    var keyID: String { "demo-\(service.text)-jwt" }

    fileprivate func publicKey() throws -> JWK {
        JWK(
            key: try signingKey.publicKey(), use: .signature,
            algorithm: SignatureAlgorithm.es256.rawValue, keyID: keyID)
    }

    /// What a program needs to sign assertions: the client's name, the key's, and the key itself.
    func writeClient(to writer: inout JSONWriter) {
        writer.member("id", service.text)
        writer.member("kid", keyID)
        writer.member("alg", SignatureAlgorithm.es256.rawValue)
        guard let point = try? signingKey.publicKey().p256Coordinates(),
            let secret = try? signingKey.secret()
        else { return }
        writer.member(
            "cle_privee",
            object: { writer in
                writer.member("kty", "EC")
                writer.member("crv", "P-256")
                writer.member("x", Base64URL.encode(point.x))
                writer.member("y", Base64URL.encode(point.y))
                writer.member("d", Base64URL.encode(secret))
            })
    }
}
