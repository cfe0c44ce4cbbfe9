import Cryptography
import Foundation
import Glibc
import HTTPMessages
import Platform
import Testing

/// Documents that production loads only with two people's signatures.
@Suite(.serialized) struct `A production gateway` {
    @Test func `starts with documents that an author and an approver signed, and no others`()
        async throws
    {
        let town = try Town()
        let desk = try Desk(town)
        try desk.refusesToStart(["En production", "signataires"])
        try desk.nameSigners()
        try desk.refusesToStart(["ne sont pas signés", "dlnuf policies sign"])
        let early = try desk.sign(.noe, as: "approbateur")
        #expect(early.status == 65 && early.errors.contains("L'auteur signe d'abord"))
        let authored = try desk.sign(.aude, as: "auteur")
        #expect(authored.status == 0, "\(authored.errors)")
        #expect(authored.output.contains("Manifeste série 1, "), "\(authored.output)")
        #expect(authored.output.contains("Il reste à faire signer l'approbateur"))
        try desk.refusesToStart(["Il manque la signature de l'approbateur", "Noé Blin"])
        let alone = try desk.sign(.aude, as: "approbateur")
        #expect(alone.status == 65 && alone.errors.contains("n'approuve pas ses propres"))
        #expect(try desk.verify().status == 65)
        #expect(try desk.sign(.noe, as: "approbateur").output.contains("Les deux signatures"))
        let verified = try desk.verify()
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(verified.output.contains("signé par Noé Blin (approbateur)"))
        let serving = try town.deployment.serve()
        #expect(try town.events().map(\.serial) == [1])
        let listed = try Program.run(
            ["audit", "list", "--nature", "evenement", "--journal", town.deployment.journal])
        #expect(listed.output.contains("signé par Aude Roux (auteur)"), "\(listed.output)")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test func `lets nobody into the identity mode with a key that may be copied`() async throws {
        let town = try Town()
        let desk = try Desk(town)
        try desk.nameSigners()
        try desk.signBoth()
        let config = ["--config", town.deployment.configuration]
        let key = try PrivateKey.generateP256()
        let file = "\(town.deployment.folder)/ville.pem"
        try Files.writeAtomically(file, try key.publicKey().pem())
        let entered = try Program.run(
            ["services", "key", "ville", "--nom", "ville-jwt", "--cle-publique", file] + config)
        try #require(entered.status == 0, "\(entered.errors)")
        let serving = try town.deployment.serve()
        let demo = town.deployment.demo
        let example = try demo.example("quotient-familial-identite")
        let send = { (key: String) in
            try await demo.send(
                .post, "\(demo.gateway)/v1/echanges",
                headers: [
                    ("Authorization", "Bearer \(key)"), ("Content-Type", "application/json"),
                ], body: example.body)
        }
        let stolen = try await send(try town.key)
        #expect(stolen.status == 403 && stolen.member("code") == "titre_non_lie", "\(stolen.text)")
        #expect(stolen.member("action") == "demander_un_jeton")
        #expect(stolen.member("donnees") == nil)
        let sandbox = try await send(try demo.key(of: "commune-demo"))
        #expect(sandbox.status == 401 && sandbox.member("code") == "cle_autre_environnement")
        // What the key still opens: a request that needs a FranceConnect token beside it.
        #expect(try await town.explain().isPermitted)
        let client = TokenClient(
            demo: demo, id: "ville", keyID: "ville-jwt",
            issuer: demo.gateway.replacing("http://", with: "https://"), key: key,
            proofKey: try PrivateKey.generateP256())
        let nonce = try await client.nonce()
        let answer = try await client.ask(
            try client.assertion(),
            proof: try client.proof("POST", "/oauth2/token", nonce: nonce))
        let token = try #require(answer.member("access_token"), "\(answer.text)")
        // Holders behind https do not answer on this machine; that they were asked is enough.
        let bound = try await client.exchange(
            example, token: token,
            proof: try client.proof("POST", "/v1/echanges", nonce: nonce, of: token))
        #expect(bound.status == 200, "\(bound.text)")
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        let records = try town.deployment.records().map(\.record)
        #expect(records.contains { $0.contains("\"motif\":\"titre_non_lie\"") })
        #expect(records.contains { $0.contains("\"titre\":\"jeton_dpop\"") })
    }

    @Test func `goes on with the last good set where a signature is missing or a serial is old`()
        async throws
    {
        let town = try Town()
        let desk = try Desk(town)
        try desk.nameSigners()
        try desk.signBoth()
        let serving = try town.deployment.serve()
        let rule = "commune-demo/tarification-cantine"
        // Changed, and not signed again.
        try town.takeOutChildren(version: 2)
        try await desk.refuses(serving, "a changé depuis la signature", refusals: 1)
        // Signed by its author alone.
        #expect(try desk.sign(.aude, as: "auteur").output.contains("série 2"))
        try await desk.refuses(serving, "Il manque la signature de l'approbateur", refusals: 2)
        #expect(try await town.explain().rule == "\(rule)@1")
        #expect(try await town.isReady())
        #expect(try desk.sign(.noe, as: "approbateur").status == 0)
        serving.signal(SIGHUP)
        try await serving.awaitLog("\"documents_en_vigueur\"", times: 2)
        #expect(try await town.explain().rule == "\(rule)@2")
        // The first set comes back with its own signatures: their serial is old.
        let restored = try Program.run([
            "policies", "restore", "--journal", town.deployment.journal, "--precedente",
            "--vers", town.documents, "--signaler", "\(serving.identifier)",
        ])
        #expect(restored.status == 65 && restored.errors.contains("les refuse"))
        #expect(restored.output.contains("--role auteur --serie 3"), "\(restored.output)")
        #expect(serving.log.contains("la série 2 a déjà été en vigueur"), "\(serving.log)")
        #expect(try await town.explain().rule == "\(rule)@2")
        try desk.signBoth(["--serie", "3"])
        serving.signal(SIGHUP)
        try await serving.awaitLog("\"documents_en_vigueur\"", times: 3)
        #expect(try await town.explain().rule == "\(rule)@1")
        #expect(try town.events().compactMap(\.serial) == [1, 2, 3])
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }
}

/// The two people who sign for a town, and what production makes of it.
private struct Desk {
    struct Person {
        let name: String
        let number: UInt8

        static let aude = Person(name: "Aude Roux", number: 1)
        static let noe = Person(name: "Noé Blin", number: 2)

        var pem: [UInt8] {
            // The shell of a PKCS #8 key (RFC 8410, 7) around a seed.
            let shell: [UInt8] = [
                0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04,
                0x22, 0x04, 0x20,
            ]
            let text = Base64.encode(shell + [UInt8](repeating: number, count: 32))
            return Array(
                "-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n".utf8)
        }
    }

    let town: Town

    init(_ town: Town) throws {
        self.town = town
        // Nobody is called: holders behind https would not answer on this machine.
        try town.deployment.change("bac_a_sable", to: "production")
        try town.deployment.change(
            "\"adresses\":[\"http://127.0.0.1", to: "\"adresses\":[\"https://detenteur.invalid")
        try town.deployment.change("\"http://", to: "\"https://")
        try town.enter()
        for person in [Person.aude, .noe] {
            try Files.writeAtomically(key(person), person.pem)
        }
    }

    func nameSigners() throws {
        let signers = try [(Person.aude, "auteur"), (.noe, "approbateur")].map { person, role in
            let key = try DocumentSigningKey(pem: person.pem).publicKey().text
            return "{\"nom\":\"\(person.name)\",\"cle\":\"\(key)\",\"roles\":[\"\(role)\"]}"
        }
        try town.deployment.change(
            "\"journal\":", to: "\"signataires\":[\(signers.joined(separator: ","))],\"journal\":")
    }

    func sign(
        _ person: Person, as role: String, _ more: [String] = []
    ) throws -> Program.Outcome {
        try Program.run(
            [
                "policies", "sign", "--cle", key(person), "--nom", person.name, "--role", role,
                "--connectors", "\(town.documents)/connectors",
                "--policies", "\(town.documents)/policies",
            ] + more)
    }

    func signBoth(_ more: [String] = []) throws {
        let author = try sign(.aude, as: "auteur", more)
        try #require(author.status == 0, "\(author.errors)")
        let approver = try sign(.noe, as: "approbateur")
        try #require(approver.status == 0, "\(approver.errors)")
    }

    func verify() throws -> Program.Outcome {
        try Program.run([
            "policies", "verify", "--signataires", town.deployment.configuration,
            "--connectors", "\(town.documents)/connectors",
            "--policies", "\(town.documents)/policies", "--journal", town.deployment.journal,
        ])
    }

    func refusesToStart(_ words: [String]) throws {
        let refusal = try Program.run(["serve", "--config", town.deployment.configuration])
        #expect(refusal.status == 78, "\(refusal.errors)")
        for word in words { #expect(refusal.errors.contains(word), "\(refusal.errors)") }
    }

    func refuses(_ serving: Serving, _ words: String, refusals: Int) async throws {
        serving.signal(SIGHUP)
        try await serving.awaitLog("\"documents_refuses\"", times: refusals)
        #expect(serving.log.contains(words), "\(serving.log)")
        #expect(try town.events().last?.act == "generation_refusee")
    }

    private func key(_ person: Person) -> String {
        "\(town.deployment.folder)/\(person.number).pem"
    }
}
