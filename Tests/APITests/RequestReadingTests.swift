import Exchanges
import Policies
import Testing
import Vocabulary

@testable import API

/// A request that is right, of which each test breaks one thing.
private let right = """
    {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
     "champs": ["revenu_fiscal.annee_revenus", "revenu_fiscal.nombre_parts@seuil"],
     "periodes": {"revenu_fiscal": {"annee": 2024}},
     "initiateur": {"qualite": "agent", "agent": "A-17"},
     "usager": {"identite": {"nom_naissance": "ÉLUARD", "prenoms": ["Zoé", "Anaïs"],
       "date_naissance": "1990-05-17", "sexe": "F", "code_pays_naissance": "99100",
       "code_commune_naissance": "29019"}, "identifiants": {"numero_fiscal": "3091837462280"},
       "role": "conjoint"},
     "dossier": "D-2026-0012345"}
    """

@Suite struct `The body of an exchange` {
    @Test func `is read into types`() throws {
        let body = try reader().exchange(Array(right.utf8))
        #expect(body.question.purpose.text == "cnaf/aide-logement")
        #expect(body.question.recipient.text == "99900101900010")
        #expect(body.question.fields.count == 2)
        #expect(body.question.periods.values.first?.year == 2024)
        #expect(body.question.initiator.quality == .agent)
        #expect(body.usager.mode == .identite)
        #expect(body.usager.identifiers.keys.map(\.rawValue) == ["numero_fiscal"])
        #expect(body.role == .conjoint)
        #expect(body.dossier?.reveal() == "D-2026-0012345")
    }

    @Test func `takes a token instead of an identity`() throws {
        let text = """
            {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
             "champs": ["revenu_fiscal.annee_revenus"],
             "usager": {"franceconnect": {"jeton": "abc-._~+/123=="}}}
            """
        let body = try reader().exchange(Array(text.utf8))
        guard case .franceConnect(let token, let identifiers) = body.usager else {
            Issue.record("not a token")
            return
        }
        #expect(token.reveal() == "abc-._~+/123==")
        #expect(identifiers.isEmpty)
        #expect(body.question.initiator == Initiator())
    }

    @Test(arguments: [
        // What a member is worth.
        (#""cnaf/aide-logement""#, #""cnaf""#, "finalite"),
        (#""cnaf/aide-logement""#, "17", "finalite"),
        (#""cnaf/aide-logement""#, "null", "finalite"),
        (#""99900101900010""#, #""99900101900011""#, "destinataire"),
        (#""99900101900010""#, "99900101900010", "destinataire"),
        (#"["revenu_fiscal.annee_revenus", "revenu_fiscal.nombre_parts@seuil"]"#, "[]", "champs"),
        (#"["revenu_fiscal.annee_revenus", "revenu_fiscal.nombre_parts@seuil"]"#, "{}", "champs"),
        (#""revenu_fiscal.nombre_parts@seuil""#, "17", "champs[1]"),
        (#""revenu_fiscal.nombre_parts@seuil""#, #""revenu_fiscal.annee_revenus""#, "champs"),
        ("2024", "\"2024\"", "periodes.revenu_fiscal.annee"),
        ("2024", "2024.5", "periodes.revenu_fiscal.annee"),
        ("2024", "1", "periodes.revenu_fiscal.annee"),
        ("\"annee\"", "\"mois\"", "periodes.revenu_fiscal.mois"),
        (#""revenu_fiscal": {"#, #""revenus": {"#, "periodes.revenus"),
        ("\"agent\", \"agent\"", "\"maire\", \"agent\"", "initiateur.qualite"),
        ("\"A-17\"", "\"\"", "initiateur.agent"),
        ("\"conjoint\"", "\"voisin\"", "usager.role"),
        ("\"3091837462280\"", "\"309183746\"", "usager.identifiants.numero_fiscal"),
        ("\"numero_fiscal\"", "\"nir\"", "usager.identifiants.nir"),
        ("\"D-2026-0012345\"", "\"D 2026\"", "dossier"),
        ("\"D-2026-0012345\"", "\"\"", "dossier"),
        ("\"D-2026-0012345\"", "17", "dossier"),
        // The identity.
        ("\"1990-05-17\"", "\"1990-02-30\"", "usager.identite.date_naissance"),
        ("\"1990-05-17\"", "\"2999-01-01\"", "usager.identite.date_naissance"),
        ("[\"Zoé\", \"Anaïs\"]", "[]", "usager.identite.prenoms"),
        ("[\"Zoé\", \"Anaïs\"]", "[\"Zoé\", 17]", "usager.identite.prenoms[1]"),
        ("\"F\"", "\"f\"", "usager.identite.sexe"),
        ("\"99100\"", "\"FR\"", "usager.identite.code_pays_naissance"),
        ("\"29019\"", "\"Brest\"", "usager.identite.code_commune_naissance"),
        // Members that are too many, or not there.
        ("\"dossier\"", "\"dosier\"", "dosier"),
        ("\"sexe\"", "\"genre\"", "usager.identite.genre"),
        ("\"finalite\": \"cnaf/aide-logement\", ", "", ""),
        ("\"identite\"", "\"identit\"", "usager.identit"),
        ("\"nom_naissance\": \"ÉLUARD\", ", "", "usager.identite"),
        ("\"usager\": {", "\"usager\": {\"franceconnect\": {\"jeton\": \"abc\"}, ", "usager"),
    ])
    func `names the member at fault`(part: String, broken: String, place: String) throws {
        let text = right.replacing(part, with: broken, maxReplacements: 1)
        try #require(text != right)
        let problem = #expect(throws: Problem.self) { try reader().exchange(Array(text.utf8)) }
        #expect(problem?.code == .requeteInvalide)
        #expect(problem?.place == (place.isEmpty ? nil : place))
        let detail = problem?.detail ?? ""
        #expect(
            detail.hasSuffix(".") || detail.hasSuffix("?") || detail.hasSuffix("»."), "\(detail)")
    }

    /// What a caller typed about a person is in no error.
    @Test(arguments: [
        ("\"1990-05-17\"", "\"1990-05-77\""), ("\"29019\"", "\"Brest-nord\""),
        ("\"ÉLUARD\"", "\"ÉLUARD2 17\""), ("\"3091837462280\"", "\"30918374622\""),
        ("\"D-2026-0012345\"", "\"2900519901234\""), ("[\"Zoé\", \"Anaïs\"]", "[\"Zoé \"]"),
    ])
    func `repeats no value`(part: String, broken: String) {
        let text = right.replacing(part, with: broken, maxReplacements: 1)
        let problem = #expect(throws: Problem.self) { try reader().exchange(Array(text.utf8)) }
        let said = "\(problem?.detail ?? "") \(problem?.place ?? "")"
        for value in ["05-77", "Brest", "LUARD", "30918", "29005", "Zoé"] {
            #expect(!said.contains(value))
        }
    }

    @Test(arguments: [
        ("", ProblemCode.jsonInvalide), ("{", .jsonInvalide), ("[]", .requeteInvalide),
        ("\"texte\"", .requeteInvalide), ("null", .requeteInvalide), ("{}", .requeteInvalide),
        (right + "x", .jsonInvalide),
        (right.replacing("\"dossier\":", with: "\"finalite\":"), .jsonInvalide),
        ("\u{FEFF}" + right, .jsonInvalide),
        (right.replacing("2024", with: "02024"), .jsonInvalide),
        (right.replacing("A-17", with: "A\u{1}"), .jsonInvalide),
        (String(repeating: "[", count: 100), .jsonInvalide),
        ("\"" + String(repeating: "a", count: 5000) + "\"", .corpsTropGrand),
    ])
    func `is refused with the code of its kind of fault`(text: String, code: ProblemCode) {
        let problem = #expect(throws: Problem.self) { try reader().exchange(Array(text.utf8)) }
        #expect(problem?.code == code)
        #expect(problem?.detail?.isEmpty == false)
    }

    @Test func `names at most so many fields`() throws {
        let fields = (0..<11).map { "\"a.b\($0)\"" }.joined(separator: ",")
        let text = right.replacing("\"revenu_fiscal.annee_revenus\"", with: fields)
        let problem = #expect(throws: Problem.self) { try reader().exchange(Array(text.utf8)) }
        #expect(problem?.code == .tropDeChamps)
        #expect(problem?.place == "champs")
        #expect(problem?.detail?.contains("10") == true)
    }

    @Test(arguments: ["", "é", "a b", "a\\nb", "==", "a=b", "Bearer\\tx"])
    func `takes no token that is not one`(token: String) {
        let text = right.replacing(
            "\"identite\": {", with: "\"franceconnect\": {\"jeton\": \"\(token)\"}, \"x\": {"
        )
        .replacing(", \"x\": {\"nom", with: "}, \"dossier\": \"x\"}")
        let prefix = text.components(upTo: "}, \"dossier\": \"x\"}")
        let problem = #expect(throws: Problem.self) { try reader().exchange(Array(prefix.utf8)) }
        #expect(problem?.place == "usager.franceconnect.jeton")
    }

    private func reader() throws -> RequestReader {
        RequestReader(
            limits: RequestLimits(bytes: 4096, fields: 10),
            catalogue: try Shipped.catalogue().fields,
            today: GatewayStub.now.parisDate)
    }
}

extension String {
    /// The text up to and with a part.
    fileprivate func components(upTo part: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return String(self[..<range.upperBound])
    }
}

@Suite struct `The body of a dry run` {
    @Test func `knows no person`() throws {
        let reader = RequestReader(
            limits: RequestLimits(), catalogue: try Shipped.catalogue().fields,
            today: GatewayStub.now.parisDate)
        let text = """
            {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
             "champs": ["a.b"], "mode": "identite", "role": "enfant"}
            """
        let asked = try reader.explanation(Array(text.utf8))
        #expect(asked.mode == .identite)
        #expect(asked.role == .enfant)
        for member in ["usager", "dossier"] {
            let named = text.replacing("\"role\": \"enfant\"", with: "\"\(member)\": {}")
            let problem = #expect(throws: Problem.self) {
                try reader.explanation(Array(named.utf8))
            }
            #expect(problem?.place == member)
        }
        let problem = #expect(throws: Problem.self) {
            try reader.explanation(Array(text.replacing("identite", with: "oral").utf8))
        }
        #expect(problem?.place == "mode")
        #expect(problem?.detail?.contains("franceconnect, identite") == true)
    }
}

@Suite struct `A dossier's reference` {
    @Test(arguments: [
        "D-2026-0012345", "2026-0012345", "2026-001234", "a", "dossier2026", "CAF_29.0012345",
        String(repeating: "a", count: 64), "20260012345", "D-20261121012345", "99900101900010",
        "CAF-2026-DOSSIER0001",
    ])
    func `passes where it is one`(text: String) {
        #expect(isDossierReference(text))
        #expect(!looksLikeIdentifier(text))
    }

    @Test(arguments: [
        "2900519123456", "290051912345678", "1-90-05-29-019-123-45", "190052A019123",
        "190052b019123", "1.90.05.2B.019.123.45", "3091837462280",
        "3091-8374-62280",
        "2817364509K", "2817364509k", "123456789AB", "1234A67890B", "1234a67890b", "0AB1CD2EF34",
        "D-290051912345678", "D1900529019123", "D-190052A019123", "X-3091837462280",
        "D-2817364509K",
        "x3091837462280y",
    ])
    func `is refused where it could name a person`(text: String) {
        #expect(looksLikeIdentifier(text))
    }

    @Test(arguments: ["", "a b", "é", "a/b", "a\n", "a\u{0}", String(repeating: "a", count: 65)])
    func `is refused where it has another form`(text: String) {
        #expect(!isDossierReference(text))
    }
}
