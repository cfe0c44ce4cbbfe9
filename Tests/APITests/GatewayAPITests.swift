import HTTPMessages
import JSONText
import Testing
import Vocabulary

@testable import API

let identityRequest = """
    {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
     "champs": ["revenu_fiscal.annee_revenus"],
     "usager": {"identite": {"nom_naissance": "ÉLUARD", "prenoms": ["Zoé"],
       "date_naissance": "1990-05-17", "sexe": "F", "code_pays_naissance": "99100",
       "code_commune_naissance": "29019"}}}
    """

@Suite struct `The callers' API` {
    @Test(arguments: [
        "/", "/v1", "/v1/echange", "/v1/echanges/autre", "/sandbox/appels", "/v2/echanges",
    ])
    func `says 404 of what is not there`(path: String) async throws {
        let (response, document) = try await GatewayStub().send(.get, path)
        #expect(response.status == 404)
        #expect(document["code"]?.string == "ressource_inconnue")
        #expect(response.headers["Content-Type"] == "application/problem+json")
    }

    @Test(arguments: [
        (HTTPMethod.get, "/v1/echanges", "POST"), (.delete, "/v1/echanges", "POST"),
        (.get, "/v1/echanges/explication", "POST"), (.post, "/v1/problemes", "GET, HEAD"),
        (.put, "/livez", "GET, HEAD"), (.post, "/v1/openapi.json", "GET, HEAD"),
    ])
    func `says 405 and what is allowed`(method: HTTPMethod, path: String, allow: String)
        async throws
    {
        let (response, document) = try await GatewayStub().send(method, path)
        #expect(response.status == 405)
        #expect(response.headers["Allow"] == allow)
        #expect(document["code"]?.string == "methode_refusee")
    }

    @Test(arguments: [
        [], [("Content-Type", "text/plain")],
        [("Content-Type", "application/json; charset=latin1")],
        [("Content-Type", "application/json"), ("Content-Type", "application/json")],
        [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        [("Content-Type", "multipart/form-data; boundary=x")],
    ])
    func `says 415 of a body that is not JSON`(headers: [(String, String)]) async throws {
        let gateway = try GatewayStub()
        let all = [("Authorization", "Bearer \(GatewayStub.key)")] + headers
        let (response, document) = try await gateway.send(
            .post, "/v1/echanges", identityRequest, headers: all)
        #expect(response.status == 415)
        #expect(document["code"]?.string == "type_de_contenu_refuse")
        #expect(gateway.journal.count == 0)
    }

    @Test(arguments: ["/v1/echanges", "/v1/echanges/explication"])
    func `reads no body of a stranger`(path: String) async throws {
        let gateway = try GatewayStub()
        let body = String(repeating: "x", count: 10_000)
        let (response, document) = try await gateway.send(
            .post, path, body, headers: [("Content-Type", "application/json")])
        #expect(response.status == 401)
        #expect(response.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        #expect(document["action"]?.string == "verifier_cle")
        #expect(gateway.journal.count == 0)
    }

    @Test func `says 413 of a body over the limit`() async throws {
        let body = String(repeating: " ", count: 4097)
        let (response, document) = try await GatewayStub().send(.post, "/v1/echanges", body)
        #expect(response.status == 413)
        #expect(document["code"]?.string == "corps_trop_grand")
    }

    @Test func `answers an exchange whose holder is down with what is missing and why`()
        async throws
    {
        let gateway = try GatewayStub()
        let (response, document) = try await gateway.send(
            .post, "/v1/echanges", identityRequest,
            headers: [
                ("Authorization", "Bearer \(GatewayStub.key)"),
                ("Content-Type", "application/json; charset=utf-8"), ("Prefer", "wait=3"),
            ])
        #expect(response.status == 200)
        #expect(response.headers["Preference-Applied"] == "wait=3")
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(document["statut"]?.string == "aucun")
        #expect(document["donnees"]?.memberNames == [])
        #expect(document["manquants", "0", "champ"]?.string == "revenu_fiscal.annee_revenus")
        #expect(document["manquants", "0", "motif"]?.string == "detenteur_indisponible")
        #expect(document["sources", "0", "statut"]?.string == "indisponible")
        #expect(document["recu", "empreinte"]?.string?.count == 64)
        #expect(gateway.journal.count == 2)
    }

    @Test func `refuses with each field, its reason and the exchange`() async throws {
        let gateway = try GatewayStub()
        let body = identityRequest.replacing(
            "\"revenu_fiscal.annee_revenus\"",
            with: "\"revenu_fiscal.annee_revenus\", \"quotient_familial.valeur\", \"a.inconnu\"")
        let (response, document) = try await gateway.send(.post, "/v1/echanges", body)
        #expect(response.status == 403)
        #expect(document["code"]?.string == "demande_refusee")
        #expect(document["echange"]?.string.flatMap { ExchangeID($0) } != nil)
        let fields = (0..<2).map { document["refus", String($0), "champ"]?.string }
        #expect(Set(fields) == ["quotient_familial.valeur", "a.inconnu"])
        #expect(document["refus", "2"] == nil)
        #expect(document["refus", "0", "explication"]?.string?.hasSuffix(".") == true)
        #expect(gateway.journal.count == 1)
    }

    @Test func `explains the same refusal without recording it`() async throws {
        let gateway = try GatewayStub()
        let body = """
            {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
             "champs": ["revenu_fiscal.annee_revenus", "quotient_familial.valeur"],
             "mode": "identite"}
            """
        let (response, document) = try await gateway.send(
            .post, "/v1/echanges/explication", body)
        #expect(response.status == 200)
        #expect(document["permis"]?.value == .bool(false))
        #expect(document["refus", "0", "champ"]?.string == "quotient_familial.valeur")
        #expect(gateway.journal.count == 0)
    }

    @Test func `gives 503 and when to come back while the journal does not write`() async throws {
        let gateway = try GatewayStub(journal: MemoryJournal(isBroken: true))
        let (response, document) = try await gateway.send(.post, "/v1/echanges", identityRequest)
        #expect(response.status == 503)
        #expect(response.headers["Retry-After"] != nil)
        #expect(document["code"]?.string == "journal_indisponible")
    }

    @Test func `publishes every problem that it can give`() async throws {
        let (response, document) = try await GatewayStub().send(.get, "/v1/problemes")
        #expect(response.status == 200)
        for (index, code) in ProblemCode.allCases.enumerated() {
            let entry = document["problemes", String(index)]
            #expect(entry?["code"]?.string == code.rawValue)
            #expect(entry?["title"]?.string == code.entry.title)
        }
    }

    @Test func `serves the schemas of the documents`() async throws {
        let (list, document) = try await GatewayStub().send(.get, "/v1/schemas")
        #expect(list.status == 200)
        for index in 0..<4 {
            let schema = try #require(document["schemas"]?[index])
            let address = try #require(schema["adresse"]?.string)
            let (response, document) = try await GatewayStub().send(.get, address)
            #expect(response.status == 200)
            #expect(response.headers["Content-Type"] == "application/schema+json")
            #expect(document["title"]?.string == schema["titre"]?.string)
        }
        let (none, _) = try await GatewayStub().send(.get, "/v1/schemas/autre")
        #expect(none.status == 404)
    }

    @Test(arguments: ["/v1/openapi.json", "/livez", "/readyz", "/.well-known/jwks.json"])
    func `answers without a key`(path: String) async throws {
        let (response, document) = try await GatewayStub().send(.get, path, headers: [])
        #expect(response.status == 200)
        #expect(!document.memberNames.isEmpty)
    }

    @Test func `is not ready once it stops`() async throws {
        let (response, document) = try await GatewayStub(isStopping: true).send(.get, "/readyz")
        #expect(response.status == 503)
        #expect(document["statut"]?.string == "indisponible")
        #expect(document["arret"]?.value == .bool(true))
    }
}

@Suite struct `A problem's document` {
    @Test(arguments: ProblemCode.allCases)
    func `has the status, the code and what to do`(code: ProblemCode) throws {
        let response = Problem(code).response()
        guard case .bytes(let bytes) = response.body else { return }
        let document = try parseJSON(bytes)
        #expect(response.status == code.entry.status)
        #expect(document["code"]?.string == code.rawValue)
        #expect(document["type"]?.string == "/v1/problemes#\(code.rawValue)")
        #expect(document["detail"]?.string == code.entry.remedy)
        #expect((response.headers["Retry-After"] != nil) == (response.status == 503))
        #expect((response.headers["WWW-Authenticate"] != nil) == (response.status == 401))
        #expect(response.headers["Cache-Control"] == "no-store")
    }

    /// Whatever the server refuses by itself keeps its status in the catalogue's words.
    @Test(arguments: HTTPFailure.Reason.allCases)
    func `keeps the status of the server's own refusals`(reason: HTTPFailure.Reason) {
        let failure = HTTPFailure(reason)
        #expect(Problem(failure).code.entry.status == failure.status)
    }

    @Test func `escapes and cuts the name of a field that a caller invented`() throws {
        let long = "a\u{202E}\n\"" + String(repeating: "x", count: 300)
        let problem = Problem(
            .demandeRefusee, refusals: [Refusal(field: long, reason: .champInconnu)])
        let document = try parseJSON(problem.body(exchange: nil))
        let shown = try #require(document["refus", "0", "champ"]?.string)
        #expect(shown.utf8.allSatisfy { (0x20..<0x7F).contains($0) || $0 > 0x7F })
        #expect(shown.unicodeScalars.allSatisfy { $0.value != 0x202E })
        #expect(shown.unicodeScalars.count < 90)
    }
}
