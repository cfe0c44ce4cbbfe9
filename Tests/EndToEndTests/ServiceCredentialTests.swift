import Cryptography
import Foundation
import HTTPMessages
import JOSE
import JSONText
import Platform
import Testing

/// A service's program: it signs assertions and proofs.
struct TokenClient: Sendable {
    let demo: RunningDemo
    let id: String
    let keyID: String
    let issuer: String
    let key: PrivateKey
    let proofKey: PrivateKey

    static var now: Int64 { WallClock.milliseconds() / 1000 }

    func assertion(_ id: String = Hex.encode(Randomness.bytes(16))) throws -> String {
        let claims = """
            {"iss":"\(self.id)","sub":"\(self.id)","aud":"\(issuer)","jti":"\(id)",\
            "iat":\(Self.now),"exp":\(Self.now + 60)}
            """
        return try CompactJWS.sign(
            Array(claims.utf8), algorithm: .es256, key: key, keyID: keyID, type: "JWT")
    }

    func proof(
        _ method: String, _ path: String, nonce: String?, of token: String? = nil
    ) throws -> String {
        var jwk = JSONWriter()
        try JWK(key: proofKey.publicKey(), use: nil, algorithm: nil, keyID: nil).write(to: &jwk)
        var claims = JSONWriter()
        claims.object { writer in
            writer.member("jti", Hex.encode(Randomness.bytes(16)))
            writer.member("htm", method)
            writer.member("htu", issuer + path)
            writer.member("iat", Self.now)
            writer.member("nonce", ifPresent: nonce)
            writer.member("ath", ifPresent: token.map { Base64URL.encode(sha256(Array($0.utf8))) })
        }
        let header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":\(jwk.text)}"
        let content =
            Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(claims.bytes)
        return content + "." + Base64URL.encode(try proofKey.signES256(Array(content.utf8)))
    }

    func ask(_ assertion: String, proof: String) async throws -> RunningDemo.Reply {
        let form =
            "grant_type=client_credentials&client_assertion=\(assertion)&client_assertion_type="
            + "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return try await demo.send(
            .post, "\(demo.gateway)/oauth2/token",
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("DPoP", proof),
            ], body: Array(form.utf8))
    }

    /// The nonce of now, as a first proof without any is told.
    func nonce() async throws -> String {
        let reply = try await ask(
            try assertion(), proof: try proof("POST", "/oauth2/token", nonce: nil))
        #expect(reply.member("error") == "use_dpop_nonce", "\(reply.text)")
        return try #require(reply.headers["DPoP-Nonce"])
    }

    func exchange(
        _ example: RunningDemo.Example, token: String, proof: String
    ) async throws -> RunningDemo.Reply {
        try await demo.send(
            .post, "\(demo.gateway)/v1/echanges",
            headers: [
                ("Authorization", "DPoP \(token)"), ("DPoP", proof),
                ("Content-Type", "application/json"),
            ], body: example.body)
    }
}

extension TokenClient {
    /// The program of a service of `demo.json`.
    init(_ demo: RunningDemo, service: String) throws {
        self.demo = demo
        let root = try parseJSON(try Files.read("\(demo.folder)/demo.json", maxBytes: 1 << 20))
        let services = try #require(root["services"]?.elements)
        let own = try #require(services.first { $0["id"]?.string == service }?["client"])
        id = try #require(own["id"]?.string)
        keyID = try #require(own["kid"]?.string)
        issuer = try #require(root["oauth2"]?["emetteur"]?.string)
        func number(_ name: String) throws -> [UInt8] {
            try #require(own["cle_privee"]?[name]?.string.flatMap { Base64URL.decode($0) })
        }
        key = try PrivateKey(p256X: number("x"), y: number("y"), d: number("d"))
        proofKey = try PrivateKey.generateP256()
    }
}

@Suite struct `A service's credentials` {
    @Test func `are entered, used and revoked while the gateway runs`() async throws {
        let deployment = try Deployment()
        let demo = deployment.demo
        let serving = try deployment.serve()
        let config = ["--config", deployment.configuration]
        let created = try Program.run(
            ["services", "new", "cnaf", "--client", "caf-paris"] + config)
        #expect(created.status == 0, "\(created.errors)")
        let minted = try Program.run(["services", "key", "caf-paris", "--nom", "caf-1"] + config)
        #expect(minted.status == 0, "\(minted.errors)")
        let key = try #require(
            minted.output.split(separator: "\n").first { $0.hasPrefix("dlnuf_bas_") })
        let example = try demo.example("revenu-fiscal-identite")
        let send = {
            try await demo.send(
                .post, "\(demo.gateway)/v1/echanges",
                headers: [
                    ("Authorization", "Bearer \(key)"), ("Content-Type", "application/json"),
                ], body: example.body)
        }
        // The gateway that runs knows it at once, and forgets it at once.
        #expect(try await send().status == 200)
        let listed = try Program.run(["services", "list"] + config)
        #expect(listed.output.contains("caf-1") && listed.output.contains("valable"))
        #expect(!listed.output.contains(key))
        let file = "\(deployment.folder)/titres.json"
        #expect(try Files.mode(file) == 0o600)
        #expect(
            !String(decoding: try Files.read(file, maxBytes: 1 << 20), as: UTF8.self).contains(key))
        #expect(try Program.run(["services", "revoke", "caf-1"] + config).status == 0)
        let refused = try await send()
        #expect(refused.status == 401 && refused.member("code") == "titre_revoque")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        let again = try deployment.serve()
        #expect(try await send().member("code") == "titre_revoque")
        #expect(try deployment.records().contains { $0.record.contains("\"acces\":\"caf-1\"") })
        #expect(try deployment.records().contains { $0.record.contains("\"titre\":\"cle_api\"") })
        again.signal(SIGTERM)
        #expect(again.end() == 0)
    }

    @Test func `open nothing while their registry cannot be read`() async throws {
        let deployment = try Deployment()
        let demo = deployment.demo
        let serving = try deployment.serve()
        let file = "\(deployment.folder)/titres.json"
        let good = try Files.read(file, maxBytes: 1 << 20)
        let example = try demo.example("revenu-fiscal-identite")
        try Files.writeAtomically(file, Array("{".utf8), mode: 0o600)
        let refused = try await demo.send(example)
        #expect(refused.status == 503 && refused.member("code") == "titres_indisponibles")
        #expect(try await demo.readiness() == 503)
        try Files.writeAtomically(file, good, mode: 0o600)
        #expect(try await demo.send(example).status == 200)
        #expect(serving.log.contains("titres_illisibles") && serving.log.contains("titres_relus"))
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test func `buy tokens that a restart ends, and assertions that none revives`() async throws {
        let deployment = try Deployment()
        let serving = try deployment.serve()
        let client = try TokenClient(deployment.demo, service: "cnaf")
        let example = try deployment.demo.example("revenu-fiscal-identite")
        let nonce = try await client.nonce()
        let assertion = try client.assertion()
        let asking = try client.proof("POST", "/oauth2/token", nonce: nonce)
        let answer = try await client.ask(assertion, proof: asking)
        #expect(answer.status == 200 && answer.member("token_type") == "DPoP", "\(answer.text)")
        let token = try #require(answer.member("access_token"))
        let proof = try client.proof("POST", "/v1/echanges", nonce: nonce, of: token)
        let exchanged = try await client.exchange(example, token: token, proof: proof)
        #expect(exchanged.status == 200, "\(exchanged.text)")
        let replayed = try await client.exchange(example, token: token, proof: proof)
        #expect(replayed.member("code") == "preuve_rejouee")
        let second = try client.proof("POST", "/oauth2/token", nonce: nonce)
        let twice = try await client.ask(assertion, proof: second)
        #expect(twice.status == 401 && twice.member("code") == "assertion_rejouee")
        serving.signal(SIGKILL)
        _ = serving.end()

        let again = try deployment.serve()
        let stale = try client.proof("POST", "/oauth2/token", nonce: nonce)
        #expect(
            try await client.ask(try client.assertion(), proof: stale).member("code")
                == "preuve_nonce_perime")
        let fresh = try await client.nonce()
        let third = try client.proof("POST", "/oauth2/token", nonce: fresh)
        #expect(
            try await client.ask(assertion, proof: third).member("code") == "assertion_rejouee")
        let after = try client.proof("POST", "/v1/echanges", nonce: fresh, of: token)
        let dead = try await client.exchange(example, token: token, proof: after)
        #expect(dead.status == 401 && dead.member("code") == "jeton_acces_inconnu")
        again.signal(SIGTERM)
        #expect(again.end() == 0)
        #expect(
            try deployment.records().contains { $0.record.contains("\"titre\":\"jeton_dpop\"") })
    }

    @Test func `give one token to one of fifty who show one assertion`() async throws {
        let deployment = try Deployment()
        let serving = try deployment.serve()
        let client = try TokenClient(deployment.demo, service: "cnaf")
        let nonce = try await client.nonce()
        let assertion = try client.assertion()
        let replies = try await withThrowingTaskGroup(of: RunningDemo.Reply.self) { group in
            for _ in 0..<50 {
                let proof = try client.proof("POST", "/oauth2/token", nonce: nonce)
                group.addTask { try await client.ask(assertion, proof: proof) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.count { $0.status == 200 } == 1)
        #expect(replies.count { $0.member("code") == "assertion_rejouee" } == 49)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "monter un petit tmpfs demande d'être root"))
    func `buy nothing on a full disk`() async throws {
        let disk = try SmallDisk(kilobytes: 512)
        let deployment = try Deployment()
        let registry = "\(disk.path)/titres.json"
        let file = "\(deployment.folder)/titres.json"
        try Files.writeAtomically(registry, try Files.read(file, maxBytes: 1 << 20), mode: 0o600)
        try deployment.change(file, to: registry)
        let serving = try deployment.serve()
        let client = try TokenClient(deployment.demo, service: "cnaf")
        let ask = {
            let nonce = try await client.nonce()
            return try await client.ask(
                try client.assertion(),
                proof: try client.proof("POST", "/oauth2/token", nonce: nonce))
        }
        #expect(try await ask().status == 200)
        try disk.fill()
        var refused = try await ask()
        // What the log beside the file had room for already.
        for _ in 0..<300 where refused.status == 200 { refused = try await ask() }
        #expect(refused.status == 503 && refused.member("code") == "titres_indisponibles")
        #expect(refused.member("access_token") == nil)
        try disk.free()
        #expect(try await ask().status == 200)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    static let refused: [([String], Int32, String)] = [
        (["services", "new"], 64, "SERVICE"),
        (["services", "new", "cnaff"], 65, "Vouliez-vous dire « cnaf »"),
        (["services", "new", "cnaf"], 65, "existe déjà"),
        (["services", "new", "cnaf", "--client", "CAF Paris"], 64, "--client"),
        (["services", "key", "inconnu"], 65, "services list"),
        (["services", "key", "cnaff"], 65, "Vouliez-vous dire « cnaf »"),
        (["services", "key", "cnaf", "--fin", "2020-01-01"], 64, "--fin"),
        (["services", "key", "cnaf", "--fin", "2099-01-01"], 64, "trois ans"),
        (["services", "key", "cnaf", "--nom", "demo-cnaf"], 65, "s'appelle déjà"),
        (["services", "key", "cnaf", "--cle-publique", "/nulle/part"], 65, "droits"),
        (["services", "key", "cnaf", "--certificat", "README.md"], 65, "PEM"),
        (["services", "key", "cnaf", "--cle-publique", "README.md"], 65, "JWK"),
        (["services", "key", "cnaf", "--algorithme", "ES256"], 64, "--cle-publique"),
        (["services", "revoke", "rien-de-tel"], 65, "registre"),
    ]

    @Test(arguments: refused.indices)
    func `are refused in words`(index: Int) throws {
        let (words, status, text) = Self.refused[index]
        let deployment = try Self.shared.get()
        let outcome = try Program.run(words + ["--config", deployment.configuration])
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }

    private static let shared = Result { try Deployment() }

    @Test func `have one service each, and never show a private key`() throws {
        let deployment = try Deployment()
        let config = ["--config", deployment.configuration]
        let key = try PrivateKey.generateP256()
        let (secret, open) = ("\(deployment.folder)/cle.pem", "\(deployment.folder)/pub.pem")
        try Files.writeAtomically(secret, try key.pem(), mode: 0o600)
        try Files.writeAtomically(open, try key.publicKey().pem())
        let told = try Program.run(["services", "key", "cnaf", "--cle-publique", secret] + config)
        #expect(told.status == 65 && told.errors.contains("clé privée"), "\(told.errors)")
        let one = try Program.run(["services", "key", "cnaf", "--cle-publique", open] + config)
        #expect(one.status == 0 && one.output.contains("ES256"), "\(one.errors)")
        let two = try Program.run(["services", "key", "dss", "--cle-publique", open] + config)
        #expect(two.status == 65 && two.errors.contains("« cnaf »"), "\(two.errors)")
        // Ten at once: none is lost.
        let files = (0..<10).map { "cle-\($0)" }
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            _ = try? Program.run(
                ["services", "key", "cnaf", "--nom", files[index]] + config)
        }
        let list = try Program.run(["services", "list", "--json"] + config)
        for name in files { #expect(list.output.contains("\"titre\":\"\(name)\"")) }
        try deployment.change("bac_a_sable\"", to: "production\"")
        let elsewhere = try Program.run(["services", "key", "cnaf"] + config)
        #expect(elsewhere.status == 65, "\(elsewhere.errors)")
        #expect(elsewhere.errors.contains("autre environnement"))
    }
}
