import Foundation
import Glibc
import JSONText
import Platform
import Testing

/// Connectors over HTTP, on the operators' listener, as a holder and two operators meet them.
@Suite(.serialized) struct `A connector that its holder proposes` {
    @Test func `is refused with every mistake, its line and its remedy, and is not kept`()
        async throws
    {
        let office = try Office()
        let text = try office.connector().replacing("\"libelle\"", with: "\"libele\"")
            .replacing("\"methode\": \"GET\"", with: "\"methode\": \"PUT\"")
        let reply = try office.propose(office.proposal(text))
        #expect(reply.status == 422)
        let mistakes = try reply.document.anyObject().required("erreurs").array(max: 100)
        #expect(mistakes.count >= 3, "\(reply.text)")
        for mistake in mistakes {
            let members = try mistake.anyObject()
            #expect(try members.required("fichier").string() == "connector.json")
            #expect(try members.required("ligne").int(in: 1...1000) > 0)
            #expect(try !members.required("remede").string().isEmpty)
        }
        #expect(try Files.list("\(office.deployment.folder)/revisions").isEmpty)
        #expect(try office.acts() == ["generation_en_vigueur"])
    }

    @Test func `serves once two operators approved it, until one withdraws it`()
        async throws
    {
        let office = try Office()
        let hash = try office.proposed("Une autre couverture.")
        #expect(try await !office.coverage().contains("Une autre couverture."))
        #expect(try office.approve(hash, as: "demo-dgfip").status == 403)
        #expect(try office.approve(hash, as: "aude.roux").status == 200)
        #expect(try office.approve(hash, as: "aude.roux").status == 409)
        #expect(try await !office.coverage().contains("Une autre couverture."))
        let last = try office.approve(hash, as: "noe.blin")
        #expect(last.text.contains("\"etat\":\"en_vigueur\""), "\(last.text)")
        #expect(try await office.coverage().contains("Une autre couverture."))
        let withdrawn = try office.call("noe.blin", "-X DELETE", "/\(hash)")
        #expect(withdrawn.text.contains("\"etat\":\"retiree\""), "\(withdrawn.text)")
        #expect(try await !office.coverage().contains("Une autre couverture."))
        #expect(
            try office.acts() == [
                "generation_en_vigueur", "revision_proposee", "revision_approuvee",
                "revision_approuvee", "generation_en_vigueur", "revision_en_vigueur",
                "revision_retiree", "generation_en_vigueur",
            ])
    }

    @Test func `is its holder's own, for anybody who is not known or is another`() throws {
        let office = try Office()
        let bytes = try office.proposal(office.connector())
        #expect(try office.propose(bytes, as: "demo-cnav").status == 404)
        #expect(try office.propose(bytes, as: "aude.roux").status == 403)
        #expect(try office.call("demo-cnav", "", "").status == 404)
        #expect(try office.call(nil, "", "").status == 401)
        let metrics = try office.call(nil, "", to: "/metrics")
        #expect(metrics.status == 401)
        #expect(try office.call("aude.roux", "", to: "/metrics").text.contains("dlnuf_generation"))
        // What callers reach knows nothing of it.
        let key = try office.key("aude.roux")
        let outside = try Shell.run(
            "curl -s -o /dev/null -w '%{http_code}' -H \"Authorization: Bearer $K\" $G/metrics",
            ["K": key, "G": office.deployment.demo.gateway])
        #expect(outside.output == "404")
    }

    @Test func `comes back after kill -9, and a reload refuses an altered file`()
        async throws
    {
        let office = try Office()
        let hash = try office.proposed("Une autre couverture.")
        _ = try office.approve(hash, as: "aude.roux")
        try office.restart(after: SIGKILL)
        #expect(try office.approve(hash, as: "aude.roux").status == 409)
        #expect(try office.approve(hash, as: "noe.blin").status == 200)
        try office.restart(after: SIGKILL)
        #expect(try await office.coverage().contains("Une autre couverture."))
        let file = "\(office.deployment.folder)/revisions/\(hash).json"
        let bytes = try Files.read(file, maxBytes: 1 << 20)
        try Files.writeAtomically(file, bytes + [0x20])
        office.serving.signal(SIGHUP)
        try await office.serving.awaitLog("documents_refuses")
        #expect(office.serving.log.contains("n'est plus celui qui a été approuvé"))
        #expect(try await office.coverage().contains("Une autre couverture."))
        // At a start what the journal kept of it serves.
        try office.restart(after: SIGTERM)
        #expect(office.serving.log.contains("revision_reprise_du_journal"))
        #expect(try await office.coverage().contains("Une autre couverture."))
    }

    @Test func `is refused at the last approval where the whole set fails with it`() throws {
        let office = try Office()
        let text = try office.connector().replacing(
            "\"origine\": \"dgfip\"", with: "\"origine\": \"dgfip-2\"")
        let hash = try office.proposed(office.proposal(text))
        _ = try office.approve(hash, as: "aude.roux")
        let refusal = try office.approve(hash, as: "noe.blin")
        #expect(refusal.status == 422, "\(refusal.text)")
        #expect(refusal.text.contains("dgfip-2"), "\(refusal.text)")
        #expect(try office.acts().last == "revision_refusee")
        let list = try office.call("aude.roux", "", "")
        #expect(list.text.contains("Origines, en plus : dgfip-2."), "\(list.text)")
    }
}

/// A gateway with its operators' listener, and the keys of those who call there.
private final class Office {
    struct Reply {
        let status: Int
        let text: String

        var document: JSONPlace {
            get throws { JSONPlace(root: try parseJSON(Array(text.utf8))) }
        }
    }

    let deployment: Deployment
    private(set) var serving: Serving
    private static let path = "/v1/operateurs/connecteurs/dgfip/revenu_fiscal/revisions"

    init() throws {
        deployment = try Deployment()
        serving = try deployment.serve()
    }

    deinit { serving.signal(SIGKILL) }

    func restart(after signal: Int32) throws {
        serving.signal(signal)
        _ = serving.end()
        serving = try deployment.serve()
    }

    /// The shipped connector.
    func connector() throws -> String {
        let file = Program.repository.appending(
            path: "connectors/dgfip/revenu_fiscal/connector.json")
        return try String(contentsOf: file, encoding: .utf8)
    }

    /// A proposal of a connector with one shipped example.
    func proposal(_ connector: String) throws -> [UInt8] {
        let file = Program.repository.appending(
            path: "connectors/dgfip/revenu_fiscal/examples/inconnu.json")
        let example = try String(contentsOf: file, encoding: .utf8)
        return Array("{\"connecteur\": \(connector), \"exemples\": {\"inconnu\": \(example)}}".utf8)
    }

    func propose(_ bytes: [UInt8], as name: String = "demo-dgfip") throws -> Reply {
        try call(
            name, "-H 'Content-Type: application/json' --data-binary @-", "", input: bytes)
    }

    /// Proposes, and gives the revision's hash.
    func proposed(_ bytes: [UInt8]) throws -> String {
        let reply = try propose(bytes)
        try #require(reply.status == 201, "\(reply.text)")
        return try reply.document.anyObject().required("empreinte").string()
    }

    /// Proposes the shipped connector with another sentence on what it covers.
    func proposed(_ coverage: String) throws -> String {
        let text = try connector().replacing(
            /"couverture":\s*"[^"]*"/, with: "\"couverture\": \"\(coverage)\"", maxReplacements: 1)
        return try proposed(proposal(text))
    }

    func approve(_ hash: String, as name: String) throws -> Reply {
        try call(name, "-d ''", "/\(hash)/approbations")
    }

    /// The key of an operator or of a holder's credential.
    func key(_ name: String) throws -> String {
        let bytes = try Files.read("\(deployment.folder)/demo.json", maxBytes: 1 << 20)
        let operators = try JSONPlace(root: try parseJSON(bytes)).anyObject()
            .required("operateurs").anyObject()
        let all =
            try operators.required("personnes").array(max: 100)
            + operators.required("detenteurs").array(max: 100)
        let own = try #require(
            all.first { (try? $0.anyObject().required("nom").string()) == name })
        return try own.anyObject().required("cle").string()
    }

    func call(
        _ name: String?, _ options: String, _ rest: String = "", to path: String? = nil,
        input: [UInt8] = []
    ) throws -> Reply {
        let header = name == nil ? "" : "-H \"Authorization: Bearer $K\""
        let outcome = try Shell.run(
            "curl -s --unix-socket $S \(header) \(options) -w '\\n%{http_code}' http://x$U",
            [
                "S": "\(deployment.folder)/operateurs.sock",
                "K": try name.map { try key($0) } ?? "", "U": path ?? Self.path + rest,
            ], input: input)
        let lines = outcome.output.split(separator: "\n")
        return Reply(
            status: Int(lines.last ?? "") ?? 0,
            text: lines.dropLast().joined(separator: "\n"))
    }

    /// What the gateway says that an answer of the holder covers.
    func coverage() async throws -> String {
        try await deployment.demo.send(deployment.demo.example("revenu-fiscal-identite")).text
    }

    /// The acts of the journal's events, in order.
    func acts() throws -> [String] {
        try deployment.records().filter { $0.kind == "evenement" }.map { entry in
            try JSONPlace(root: try parseJSON(Array(entry.record.utf8))).anyObject()
                .required("acte").string()
        }
    }
}
