import Foundation
import Glibc
import HTTPMessages
import JSONText
import Testing

/// A journal whose every exchange is known, and a gateway that is gone.
struct KnownJournal: Sendable {
    let deployment: Deployment
    /// The exchanges about each person, by the person's id.
    let exchanges: [String: [String]]

    static let shared = Task { try await KnownJournal() }

    init() async throws {
        deployment = try Deployment()
        let demo = deployment.demo
        let serving = try deployment.serve()
        var exchanges: [String: [String]] = [:]
        func send(_ name: String, as person: String? = nil, times: Int = 1) async throws {
            let example = try demo.example(name)
            for _ in 0..<times {
                let reply = try await demo.send(example)
                try #require(reply.status == example.status, "\(reply.text)")
                guard let person else { continue }
                exchanges[person, default: []].append(try #require(reply.member("echange")))
            }
        }
        try await send("revenu-fiscal-identite", as: "maelle-kerouanton", times: 3)
        try await send("revenu-fiscal-franceconnect", as: "maelle-kerouanton")
        try await send("salaires-identite", as: "karim-benslimane-roche")
        // Refused before anybody asks about whom.
        try await send("refus-hors-finalite", times: 2)
        // Two women of one name, born on one day.
        for (person, number) in [
            ("camille-bourdarias-tulle", "5738291046W"),
            ("camille-bourdarias-ajaccio", "6649302157X"),
        ] {
            let reply = try await demo.exchange(
                Array(
                    """
                    {"finalite": "cnaf/aide-logement-etudiant",
                     "destinataire": "99900101900010",
                     "champs": ["statut_etudiant.est_inscrit"],
                     "usager": {"identite": \(try demo.person(person, "identite")),
                      "identifiants": {"ine": "\(number)"}}}
                    """.utf8), service: "cnaf")
            try #require(reply.status == 200, "\(reply.text)")
            exchanges[person] = [try #require(reply.member("echange"))]
        }
        try await demo.withFault("500", on: "dgfip") {
            try await send("revenu-fiscal-identite", as: "maelle-kerouanton")
        }
        self.exchanges = exchanges
        serving.signal(SIGTERM)
        try #require(serving.end() == 0)
    }

    /// Runs an audit of it.
    func audit(_ arguments: [String], input: String = "") throws -> Program.Outcome {
        try Program.run(
            ["audit"] + arguments + ["--journal", deployment.journal], input: input)
    }
}

/// What DINUM asks: per field, how often.
struct `An audit of fields` {
    /// Requested, released, refused, missing.
    typealias Counts = [Int]

    static let all: [String: Counts] = [
        "revenu_fiscal.annee_revenus": [5, 4, 0, 1],
        "revenu_fiscal.revenu_fiscal_reference": [7, 4, 2, 1],
        "quotient_familial.valeur": [2, 0, 2, 0],
        "quotient_familial.adresse.commune": [2, 0, 2, 0],
        "salaires.mensuels[].mois": [1, 1, 0, 0],
        "salaires.mensuels[].montant_net_social": [1, 1, 0, 0],
        "statut_etudiant.est_inscrit": [2, 2, 0, 0],
    ]

    /// Each filter, and what is left of the counts.
    static let filters: [(options: [String], counts: [String: Counts])] = [
        ([], all),
        (
            ["--service", "commune-demo"],
            [
                "revenu_fiscal.revenu_fiscal_reference": [2, 0, 2, 0],
                "quotient_familial.valeur": [2, 0, 2, 0],
                "quotient_familial.adresse.commune": [2, 0, 2, 0],
            ]
        ),
        (
            ["--finalite", "cnaf/prime-activite"],
            all.filter { $0.key.hasPrefix("salaires") }
        ),
        (["--destinataire", "99900101900010", "--finalite", "cnaf/rsa"], [:]),
        (
            ["--destinataire", "99900106800017"],
            [
                "revenu_fiscal.revenu_fiscal_reference": [2, 0, 2, 0],
                "quotient_familial.valeur": [2, 0, 2, 0],
                "quotient_familial.adresse.commune": [2, 0, 2, 0],
            ]
        ),
        (["--du", day(-1), "--au", day(1)], all),
        (["--du", day(2)], [:]),
        (["--au", day(-2)], [:]),
    ]

    private static func day(_ offset: Int) -> String {
        Date(timeIntervalSinceNow: Double(offset) * 86_400)
            .formatted(.iso8601.year().month().day())
    }

    @Test(arguments: filters)
    func `counts exactly`(
        _ filter: (options: [String], counts: [String: Counts])
    ) async throws {
        let known = try await KnownJournal.shared.value
        let json = try Self.json(
            try known.audit(["champs", "--format", "json"] + filter.options))
        let csv = try Self.csv(try known.audit(["champs", "--format", "csv"] + filter.options))
        let table = try Self.table(try known.audit(["champs"] + filter.options))
        #expect(json == csv)
        #expect(json == table)
        // Each field of the catalogue is there, and those that nobody asked say so.
        #expect(json.count > 60)
        for (field, line) in json {
            let expected = filter.counts[field] ?? [0, 0, 0, 0]
            #expect(line.counts == expected, "\(field): \(line.counts)")
            #expect(line.neverAsked == (expected[0] == 0), "\(field)")
        }
        #expect(Set(filter.counts.keys).isSubset(of: json.keys))
    }

    struct Line: Equatable {
        let counts: Counts
        let neverAsked: Bool
    }

    private static func json(_ outcome: Program.Outcome) throws -> [String: Line] {
        try #require(outcome.status == 0, "\(outcome.errors)")
        let root = try JSONPlace(root: try parseJSON(Array(outcome.output.utf8))).anyObject()
        var lines: [String: Line] = [:]
        for place in try root.required("champs").array(max: 10_000) {
            let line = try place.anyObject()
            let counts = try ["demande", "remis", "refuse", "manquant"].map {
                Int(try line.required($0).int(in: 0...Int64.max))
            }
            lines[try line.required("champ").string()] = Line(
                counts: counts, neverAsked: try line.required("jamais_demande").bool())
        }
        return lines
    }

    private static func csv(_ outcome: Program.Outcome) throws -> [String: Line] {
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("champ,demande,remis,refuse,manquant,jamais_demande\r\n"))
        return lines(
            outcome.output.split(separator: "\r\n").dropFirst()
                .map { $0.split(separator: ",") })
    }

    private static func table(_ outcome: Program.Outcome) throws -> [String: Line] {
        try #require(outcome.status == 0, "\(outcome.errors)")
        return lines(
            outcome.output.split(separator: "\n").dropFirst()
                .map { $0.split(separator: " ") })
    }

    private static func lines(_ rows: [[Substring]]) -> [String: Line] {
        var lines: [String: Line] = [:]
        for row in rows {
            lines[String(row[0])] = Line(
                counts: row[1...4].map { Int($0) ?? -1 }, neverAsked: row[5] == "oui")
        }
        return lines
    }

    @Test(
        arguments: [
            (["--format", "xml"], "csv"), (["--du", "hier"], "AAAA-MM-JJ"),
            (["--service", "Pas Un Service"], "service"), (["--destinataire", "12"], "SIRET"),
            (["--finalite", "cnaf"], "finalite"), (["--connectors", "/nulle/part"], "connectors"),
        ])
    func `refuses a filter that makes no sense`(
        _ options: [String], _ text: String
    ) async throws {
        let outcome = try await KnownJournal.shared.value.audit(["champs"] + options)
        #expect([64, 78].contains(outcome.status))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }
}

/// What a person may ask: which exchanges were about me.
struct `An audit of one person` {
    private func exchanges(about pivot: String) async throws -> (ids: [String], text: String) {
        let known = try await KnownJournal.shared.value
        let outcome = try known.audit(["personne", "--json"], input: pivot)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let entries = try outcome.output.split(separator: "\n").map { try JournalEntry($0) }
        // Each exchange comes whole.
        for entry in entries {
            #expect(entries.count { $0.exchange == entry.exchange } == 2)
        }
        let text = try known.audit(["personne"], input: pivot).output
        return (entries.filter { $0.kind == "decision" }.map(\.exchange), text)
    }

    @Test(
        arguments: [
            "maelle-kerouanton", "karim-benslimane-roche", "camille-bourdarias-tulle",
            "camille-bourdarias-ajaccio", "zoe-lannezval",
        ])
    func `finds that person's exchanges and no other`(_ person: String) async throws {
        let known = try await KnownJournal.shared.value
        let pivot = try known.deployment.demo.person(person, "identite")
        let found = try await exchanges(about: pivot)
        #expect(found.ids == known.exchanges[person, default: []])
        #expect(!found.text.contains("homonyme"))
        #expect(found.text.contains("échange") == !found.ids.isEmpty)
    }

    @Test func `tells a homonym by the other given names`() async throws {
        let known = try await KnownJournal.shared.value
        let pivot = try known.deployment.demo.person("maelle-kerouanton", "identite")
        try #require(pivot.contains("\"Soizic\""))
        let homonym = try await exchanges(
            about: pivot.replacing("\"Soizic\"", with: "\"Philippine\""))
        #expect(homonym.ids.isEmpty)
        // Who types the first given name alone is shown what may be another's, and told so.
        let vague = try await exchanges(about: pivot.replacing(",\"Soizic\"", with: ""))
        #expect(vague.ids == known.exchanges["maelle-kerouanton"])
        #expect(vague.text.contains("homonyme possible"))
    }

    @Test func `reads names however they are written`() async throws {
        let known = try await KnownJournal.shared.value
        let pivot = try known.deployment.demo.person("maelle-kerouanton", "identite")
            .replacing("KÉROUANTON", with: "kerouanton").replacing("Maëlle", with: "MAELLE")
        #expect(try await exchanges(about: pivot).ids == known.exchanges["maelle-kerouanton"])
    }

    @Test(
        arguments: [
            "", "n'importe quoi", "{}", "[]", "null", "{\"nom_naissance\": \"X\"}",
            "{\"identite\": {}}", String(repeating: "[", count: 10_000), "\u{0}\u{1}",
            String(repeating: "a", count: 60_000),
        ])
    func `refuses nonsense on standard input`(_ input: String) async throws {
        let outcome = try await KnownJournal.shared.value.audit(["personne"], input: input)
        #expect(outcome.status == 65)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("dlnuf : "), "\(outcome.errors)")
    }
}
