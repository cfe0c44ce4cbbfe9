import Cryptography
import Foundation
import Glibc
import HTTPMessages
import JSONText
import Platform
import Sandbox
import Testing

/// Nothing of a person in the database, its log or the gateway's own output.
@Suite(.serialized) struct `What a gateway leaves behind` {
    @Test func `holds no name, identifier, value, token or key`() async throws {
        let deployment = try Deployment()
        let serving = try deployment.serve()
        let visit = Visit(demo: deployment.demo)
        try await visit.examples()
        try await visit.everybody()
        try await visit.faults()
        try await visit.misplaced()
        let confidences = try await visit.confidences()
        // Each kind of what the holders were sent is among them.
        #expect(confidences.contains { $0.contains("/spi/") })
        #expect(confidences.contains { $0.contains("?nom") })
        #expect(confidences.contains { $0.split(separator: ".").count == 3 })
        let search = TraceSearch(
            try await Self.traces() + visit.secrets + deployment.secrets + confidences)
        // While it runs, the log beside the database is full; afterwards it is gone.
        let whileRunning = try deployment.journalFiles
        #expect(whileRunning["journal.sqlite-wal", default: []].count > 100_000)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        let searched =
            whileRunning.map { ("\($0.key), running", $0.value) }
            + (try deployment.journalFiles).map { ($0.key, $0.value) } + [
                ("standard output", Array(serving.log.utf8)),
                ("standard error", Array(serving.complaints.utf8)),
            ]
        for (name, bytes) in searched {
            let found = search.traces(in: bytes)
            #expect(found.isEmpty, "\(name): \(found)")
        }
        #expect(serving.log.contains("introspection_en_echec"))
        let size = searched.reduce(0) { $0 + $1.1.count }
        print("leaks: \(search.count) traces, none in \(size) bytes of \(searched.count) texts")
    }

    @Test func `would be found`() async throws {
        let traces = try await Self.traces()
        let search = TraceSearch(traces)
        let name = try #require(traces.first { $0.contains("ROUANTON") })
        let utf8 = Array(name.utf8)
        let writings = [
            utf8, Array(Hex.encode(utf8).utf8), Array(Hex.encode(utf8).uppercased().utf8),
            Array(PercentEncoding.encode(name).utf8),
            Array(Base64.encode(utf8).utf8), Array(Base64URL.encode([0x7b] + utf8).utf8),
            Array(Base64.encode([0x7b, 0x22] + utf8 + [0x7d]).utf8),
        ]
        for (index, writing) in writings.enumerated() {
            let noise = Randomness.bytes(100_000)
            #expect(search.traces(in: noise).isEmpty)
            let planted = noise[..<50_001] + writing + noise[50_001...]
            #expect(!search.traces(in: Array(planted)).isEmpty, "writing \(index)")
        }
    }

    /// What the sandbox says of its people, wherever it is.
    private static func traces() async throws -> [String] {
        let loop = try EventLoop(name: "traces")
        try loop.start()
        let none = ClientCredentials(id: "", secret: "")
        let sandbox = try SandboxServers.start(
            loops: [loop],
            configuration: SandboxConfiguration(
                services: [], dataProviders: [],
                credentials: SandboxConfiguration.HolderCredentials(
                    dgfip: none, cnav: none, franceTravail: none, gipMDS: none,
                    mesriKeyForINE: "", mesriKeyForCivilStatus: "")))
        let traces = sandbox.traces(at: WallClock.milliseconds())
        await sandbox.stop()
        loop.stop()
        return traces.sorted()
    }
}

/// Everything that services may do to a gateway, rightly and wrongly.
private final class Visit {
    let demo: RunningDemo
    /// Tokens and birth dates, as they were used.
    private(set) var secrets: [String] = []

    init(demo: RunningDemo) { self.demo = demo }

    func examples() async throws {
        for example in try demo.examples { try await send(example) }
    }

    /// Each person, by identity and by FranceConnect.
    func everybody() async throws {
        for person in try demo.people {
            let identity = try demo.person(person, "identite")
            let known = JSONPlace(root: try parseJSON(Array(identity.utf8)))
            let date = try known.anyObject().required("date_naissance").string()
            if date.count == 10 { secrets.append(date) }
            for (purpose, fields, kinds) in [
                (
                    "cnaf/aide-logement",
                    "\"revenu_fiscal.revenu_fiscal_reference\", \"demandeur_emploi.est_inscrit\"",
                    ["numero_fiscal", "identifiant_france_travail"]
                ),
                ("cnaf/aide-logement-etudiant", "\"statut_etudiant.est_inscrit\"", ["ine"]),
                ("cnaf/prime-activite", "\"salaires.mensuels[].montant_net_social\"", []),
            ] {
                let identifiers = try identifiers(of: person, kinds)
                try await exchange(
                    """
                    {"finalite": "\(purpose)", "destinataire": "99900101900010",
                     "champs": [\(fields)], "dossier": "2026-0042",
                     "usager": {"identite": \(identity)\(identifiers)}}
                    """)
            }
        }
    }

    func faults() async throws {
        let example = try demo.example("demande-complete-franceconnect")
        for fault in [
            "signature", "audience", "emetteur", "alg_none", "hs256", "mauvaise_cle",
            "kid_inconnu", "expire", "chiffrement", "en_clair", "deconnecte", "500", "coupe",
            "illisible", "enorme", "secret",
        ] {
            try await demo.withFault(fault, on: "franceconnect") { try await send(example) }
        }
        for fault in [
            "500", "coupe", "illisible", "enorme", "quota", "maintenance", "jeton_refuse",
            "identite", "secret", "arret", "redirection", "page", "profond", "doublons", "latin1",
            "longueur_longue", "morceaux", "protocole", "entetes",
        ] {
            try await demo.withFault(fault, on: "tous") {
                for name in ["demande-complete-identite", "statut-etudiant-identite"] {
                    try await send(try demo.example(name))
                }
            }
        }
    }

    /// What the holders were sent in confidence: targets that name a person, credentials, tokens.
    func confidences() async throws -> [String] {
        let reply = try await demo.send(.get, "\(demo.sandbox)/sandbox/appels")
        var found: Set<String> = []
        let root = try parseJSON(reply.body, limits: JSONLimits(bytes: 16 << 20, nodes: 1_000_000))
        for (_, calls) in try JSONPlace(root: root).anyObject().members {
            for call in try calls.array(max: 100_000) {
                let told = try call.anyObject().required("confidences").stringArray(
                    max: 10, maxBytes: 8192)
                found.formUnion(told)
            }
        }
        return found.sorted()
    }

    /// What belongs to a person, where it does not belong.
    func misplaced() async throws {
        let token = try await demo.token(for: "maelle-kerouanton", service: "cnaf")
        secrets.append(token)
        let identity = try demo.person("maelle-kerouanton", "identite")
        for trace in [
            "KÉROUANTON", "Soizic", "3091837462280", "8174635K", "2817364509K", token,
            "1880329019123", "maelle.kerouanton",
        ] {
            for body in Visit.bodies(with: trace, identity: identity) {
                try await exchange(body)
            }
            let path = PercentEncoding.encode(trace)
            for url in ["/v1/\(path)", "/v1/echanges?nom=\(path)", "/v1/echanges/\(path)"] {
                _ = try await demo.send(.get, demo.gateway + url)
            }
            for header in [
                ("Authorization", "Bearer \(path)"), ("Prefer", "wait=\(path)"),
                ("X-Person", path), ("Content-Type", "application/\(path)"),
                ("X-Request-Id", path), ("Accept", path),
            ] {
                _ = try await demo.send(
                    .post, "\(demo.gateway)/v1/echanges", headers: [header], body: Array(path.utf8))
                _ = try await demo.exchange(
                    try demo.example("revenu-fiscal-identite").body, service: "cnaf",
                    headers: [header])
            }
        }
    }

    private static func bodies(with trace: String, identity: String) -> [String] {
        func body(
            purpose: String = "cnaf/aide-logement", recipient: String = "99900101900010",
            fields: String = "\"revenu_fiscal.annee_revenus\"", usager: String? = nil,
            more: String = ""
        ) -> String {
            """
            {"finalite": "\(purpose)", "destinataire": "\(recipient)", "champs": [\(fields)],
             "usager": \(usager ?? "{\"identite\": \(identity)}")\(more)}
            """
        }
        return [
            body(purpose: trace), body(purpose: "cnaf/\(trace)"), body(recipient: trace),
            body(fields: "\"\(trace)\""), body(fields: "\"revenu_fiscal.\(trace)\""),
            body(fields: "\"revenu_fiscal.annee_revenus@\(trace)\""),
            body(fields: "\"\(trace.lowercased()).\(trace.lowercased())\""),
            body(more: ", \"dossier\": \"\(trace)\""), body(more: ", \"\(trace)\": 1"),
            body(more: ", \"champs\": [\"\(trace)\"]"),
            body(more: ", \"periodes\": {\"\(trace)\": {\"annee\": 2024}}"),
            body(more: ", \"periodes\": {\"revenu_fiscal\": {\"annee\": \"\(trace)\"}}"),
            body(more: ", \"periodes\": {\"salaires\": {\"du\": \"\(trace)\"}}"),
            body(more: ", \"initiateur\": {\"qualite\": \"\(trace)\"}"),
            body(more: ", \"initiateur\": {\"qualite\": \"agent\", \"agent\": \"\(trace)\"}"),
            body(usager: "{\"identite\": \(identity), \"role\": \"\(trace)\"}"),
            body(usager: "{\"franceconnect\": {\"jeton\": \"\(trace)\"}}"),
            body(
                usager:
                    "{\"identite\": \(identity), \"identifiants\": {\"numero_fiscal\": \"\(trace)\"}}"
            ),
            body(usager: "{\"\(trace)\": \"\(trace)\"}"), body(usager: "\"\(trace)\""), trace,
            "{\"\(trace)", body() + trace,
        ]
    }

    private func identifiers(of person: String, _ kinds: [String]) throws -> String {
        let all = try demo.person(person, "identifiants")
        let members = try JSONPlace(root: try parseJSON(Array(all.utf8))).anyObject().members
        let own = try members.filter { kinds.contains($0.name) }
            .map { "\"\($0.name)\": \"\(try $0.place.string())\"" }
        return own.isEmpty ? "" : ", \"identifiants\": {\(own.joined(separator: ","))}"
    }

    private func exchange(_ body: String) async throws {
        _ = try await demo.exchange(Array(body.utf8), service: "cnaf")
    }

    private func send(_ example: RunningDemo.Example) async throws {
        var body = String(decoding: example.body, as: UTF8.self)
        if example.mode == "franceconnect" {
            let token = try await demo.token(for: example.person, service: example.service)
            secrets.append(token)
            body = body.replacing("\"JETON\"", with: "\"\(token)\"")
        }
        _ = try await demo.exchange(Array(body.utf8), service: example.service)
    }
}

extension RunningDemo {
    /// The ids of the sandbox's people.
    var people: [String] {
        get throws {
            let bytes = try Files.read("\(folder)/demo.json", maxBytes: 1 << 20)
            let root = try JSONPlace(root: try parseJSON(bytes)).anyObject()
            return try root.required("personnes").array(max: 1000).map {
                try $0.anyObject().required("id").string()
            }
        }
    }
}

extension Deployment {
    /// The services' keys and every secret of the configuration.
    fileprivate var secrets: [String] {
        get throws {
            let services = ["cnaf", "commune-demo", "dhup", "dss", "minarm"]
            let files = try Files.list("\(folder)/secrets").filter { $0 != "dechiffrement" }
            return try services.map { try demo.key(of: $0) }
                + files.map {
                    let bytes = try Files.read("\(folder)/secrets/\($0)", maxBytes: 1 << 16)
                    return String(decoding: bytes, as: UTF8.self)
                }
        }
    }

    /// The database and what lies beside it, but for the keys.
    fileprivate var journalFiles: [String: [UInt8]] {
        get throws {
            var files: [String: [UInt8]] = [:]
            for name in try Files.list(folder)
            where name.hasPrefix("journal.sqlite") && !name.hasSuffix(".cles") {
                files[name] = try Files.read("\(folder)/\(name)", maxBytes: 64 << 20)
            }
            return files
        }
    }
}
