import Cryptography
import JOSE
import JSONText
import TestSupport
import Testing
import Vocabulary

@testable import Credentials

@Suite struct `A key's text` {
    private let secret = [UInt8](0..<32)

    @Test(arguments: CredentialEnvironment.allCases)
    func `says its environment and checks itself`(environment: CredentialEnvironment) throws {
        let text = APIKey.text(secret, for: environment)
        #expect(try APIKey.read(text, in: environment) == sha256(Array(text.utf8)))
        for other in CredentialEnvironment.allCases where other != environment {
            #expect(code { _ = try APIKey.read(text, in: other) } == .cleAutreEnvironnement)
        }
        #expect(text.firstMatch(of: /^dlnuf_(bas|prod)_[A-Za-z0-9_-]{49}$/) != nil)
    }

    @Test func `tells a typing mistake from a key that is not known`() {
        let text = APIKey.text(secret, for: .production)
        for index in text.indices.dropFirst("dlnuf_prod_".count) {
            var changed = text
            let other: Character = text[index] == "x" ? "y" : "x"
            changed.replaceSubrange(index...index, with: [other])
            #expect(code { _ = try APIKey.read(changed, in: .production) } == .cleMalRecopiee)
        }
        for cut in [String(text.dropLast()), text + "a", text + " ", "dlnuf_prod_"] {
            #expect(code { _ = try APIKey.read(cut, in: .production) } == .cleMalRecopiee)
        }
        for none in ["", "cle", "DLNUF_PROD_x", String(repeating: "a", count: 5000)] {
            #expect(code { _ = try APIKey.read(none, in: .production) } == .serviceNonAuthentifie)
        }
    }
}

@Suite struct `The registry of credentials` {
    @Test func `reads back what it writes, to the byte`() throws {
        let registry = try Bench().registry.revoking("caf-cert", at: Bench.now).registry
        let read = try ServiceRegistry.read(registry.bytes)
        #expect(read.clients == registry.clients)
        #expect(read.bytes == registry.bytes)
        #expect(try ServiceRegistry.read(ServiceRegistry().bytes).clients.isEmpty)
    }

    @Test func `holds nothing that could be stolen`() throws {
        let bench = try Bench()
        let key = APIKey.text([UInt8](repeating: 5, count: 32), for: .production)
        let registry = try bench.registry.adding(
            ClientCredential(
                name: "caf-cle", kind: .apiKey(digest: APIKey.digest(key)),
                createdAt: Bench.now, expiresAt: Bench.now.adding(seconds: 9)), to: "caf")
        let text = String(decoding: registry.bytes, as: UTF8.self)
        #expect(!text.contains(key) && !text.contains("\"d\""))
        let owner = try #require(registry.owner(ofKey: APIKey.digest(key)))
        #expect(owner.client.id == "caf" && owner.key.name == "caf-cle")
        #expect(owner.key.refusal(at: Bench.now) == nil)
        #expect(owner.key.refusal(at: Bench.now.adding(seconds: 9))?.code == .titreFini)
    }

    /// One credential is one service's, and one environment's.
    @Test func `refuses the same credential or the same name twice`() throws {
        let registry = try Bench().registry
        let other = try registry.adding(
            ServiceClient(
                id: "ville", service: ServiceID(checked: "ville"), environment: .production,
                createdAt: Bench.now))
        for credential in try #require(registry.client("caf")).credentials {
            let same = ClientCredential(
                name: "autre", kind: credential.kind, createdAt: Bench.now,
                expiresAt: Bench.now.adding(seconds: 9))
            #expect(throws: RegistryRefusal.self) { try other.adding(same, to: "ville") }
            let revoked = try other.revoking(credential.name, at: Bench.now).registry
            #expect(throws: RegistryRefusal.self) { try revoked.adding(same, to: "ville") }
        }
        let named = ClientCredential(
            name: "caf-jwt", kind: .certificate(thumbprint: sha256([9])), createdAt: Bench.now,
            expiresAt: Bench.now.adding(seconds: 9))
        #expect(throws: RegistryRefusal.self) { try other.adding(named, to: "ville") }
        #expect(throws: RegistryRefusal.self) { try other.adding(named, to: "inconnu") }
        #expect(throws: RegistryRefusal.self) {
            try other.adding(try #require(registry.client("caf")))
        }
    }

    @Test func `revokes one credential or a whole client, once`() throws {
        let registry = try Bench().registry
        let one = try registry.revoking("caf-jwt", at: Bench.now)
        #expect(one.revoked == ["caf-jwt"])
        let all = try one.registry.revoking("caf", at: Bench.now.adding(seconds: 5))
        #expect(all.revoked == ["caf-cert"])
        #expect(all.registry.client("caf")?.credential("caf-jwt")?.revokedAt == Bench.now)
        #expect(try all.registry.revoking("caf", at: Bench.now).revoked.isEmpty)
        #expect(throws: RegistryRefusal.self) { try registry.revoking("rien", at: Bench.now) }
    }

    static let mistakes: [(String, String, String)] = [
        ("dlnuf/titres/v1", "dlnuf/titres/v9", "format"),
        ("\"environnement\":\"production\"", "\"environnement\":\"essai\"", "environnement"),
        ("\"type\":\"certificat\"", "\"type\":\"sceau\"", "type"),
        ("\"type\":\"certificat\"", "\"type\":\"certificat\",\"cle\":{}", "cle"),
        ("\"empreinte\":\"c1", "\"empreinte\":\"zz", "empreinte"),
        ("\"algorithme\":\"ES256\"", "\"algorithme\":\"HS256\"", "algorithme"),
        ("\"algorithme\":\"ES256\"", "\"algorithme\":\"RS256\"", "algorithme"),
        ("\"crv\":\"P-256\"", "\"crv\":\"P-255\"", "cle"),
        ("\"nom\":\"caf-cert\"", "\"nom\":\"caf-jwt\"", "titres[1]"),
        ("\"nom\":\"caf-cert\"", "\"nom\":\"Caf Cert\"", "nom"),
        ("\"fin_ms\":", "\"fin\":", "fin"),
        ("\"service\":\"cnaf\"", "\"service\":\"../cnaf\"", "service"),
        ("\"cree_le_ms\":", "\"cree_le_ms\":-", "cree_le_ms"),
    ]

    @Test(arguments: mistakes.indices)
    func `is refused whole for one mistake, with its place`(index: Int) throws {
        let (text, replacement, place) = Self.mistakes[index]
        let good = String(decoding: try Bench().registry.bytes, as: UTF8.self)
        try #require(good.contains(text))
        let bad = good.replacing(text, with: replacement, maxReplacements: 1)
        do {
            _ = try ServiceRegistry.read(Array(bad.utf8))
            Issue.record("\(text) was accepted")
        } catch RegistryUnreadable.mistakes(let mistakes) {
            #expect(mistakes.contains { $0.path.contains(place) || $0.message.contains(place) })
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(arguments: 0..<200)
    func `is never read from a file that was cut or changed without being whole`(
        seed: Int
    ) throws {
        var random = Seeded(seed)
        let good = try Bench().registry.bytes
        var bytes = good
        let index = Int.random(in: bytes.indices, using: &random)
        if seed % 2 == 0 {
            bytes.removeLast(bytes.count - index)
        } else {
            bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
        guard bytes != good, let read = try? ServiceRegistry.read(bytes) else { return }
        // What is read is written back as what it is: nothing was guessed.
        #expect(try ServiceRegistry.read(read.bytes).clients == read.clients)
    }
}

@Suite struct `An access token` {
    private let key = [UInt8](repeating: 7, count: 32)
    private let nonce = [UInt8](repeating: 8, count: 12)

    private func token() throws -> AccessToken {
        AccessToken(
            client: "caf", credential: "caf-jwt",
            binding: try #require(
                TokenBinding(certificate: Bench.certificate, proofKey: "empreinte")),
            expiresAt: Bench.now)
    }

    @Test func `is read by who sealed it, and tells others nothing`() throws {
        let token = try token()
        let text = try token.sealed(under: key, nonce: nonce)
        #expect(try AccessToken(text, under: key) == token)
        #expect(!text.contains("caf"))
        #expect(TokenBinding(certificate: nil, proofKey: nil) == nil)
    }

    @Test func `is unknown after a start, changed or cut`() throws {
        let text = try token().sealed(under: key, nonce: nonce)
        let other = [UInt8](repeating: 9, count: 32)
        #expect(code { _ = try AccessToken(text, under: other) } == .jetonAccesInconnu)
        for index in text.indices {
            var changed = text
            changed.replaceSubrange(index...index, with: [text[index] == "A" ? "B" : "A"])
            // The last character may carry bits that no byte needs: strict reading refuses those.
            #expect(code { _ = try AccessToken(changed, under: key) } == .jetonAccesInconnu)
            let cut = String(text[..<index])
            #expect(code { _ = try AccessToken(cut, under: key) } == .jetonAccesInconnu)
        }
    }
}
