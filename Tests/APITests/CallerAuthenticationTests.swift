import Credentials
import Cryptography
import Exchanges
import HTTPMessages
import Testing
import Vocabulary

@testable import API

/// The caller of `POST /v1/echanges` with these fields.
private func caller(
    _ fields: [String], proofs: [String] = [], certificate: [UInt8]? = nil,
    at gate: CallerAuthentication, now: Timestamp = GatewayStub.now
) throws(Problem) -> Caller {
    let head = HTTPRequestHead(
        method: .post, target: "/v1/echanges", segments: ["v1", "echanges"],
        headers: HTTPHeaders(
            fields.map { ("Authorization", $0) } + proofs.map { ("DPoP", $0) }))
    return try gate.caller(head, certificate: certificate, at: now)
}

private func code(_ body: () throws -> Void) -> ProblemCode? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Problem)?.code
    }
}

@Suite struct `A service's key` {
    @Test(arguments: ["Bearer", "bearer", "BEARER"])
    func `opens the gateway for its service alone`(scheme: String) throws {
        let desk = try Desk()
        let caller = try caller(["\(scheme) \(desk.key)"], at: desk.authentication)
        #expect(caller.service == ServiceID(checked: "cnaf"))
        #expect(caller.credential == "cnaf-1")
        #expect(caller.kind == .apiKey)
    }

    static let key = GatewayStub.key

    @Test(arguments: [
        [], [""], ["Bearer"], ["Bearer "], ["Bearer  \(key)"], ["Basic \(key)"], [key],
        ["Bearer \(key)", "Bearer \(key)"], ["Bearer " + String(repeating: "a", count: 5000)],
        ["Bearer \(APIKey.text([UInt8](repeating: 9, count: 32), for: .sandbox))"],
    ])
    func `is refused when it is anything else`(fields: [String]) throws {
        let desk = try Desk()
        do {
            _ = try caller(fields, at: desk.authentication)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .serviceNonAuthentifie)
            #expect(error.detail?.contains("dlnuf_bas_A") != true)
        }
    }

    @Test func `is refused elsewhere, badly copied, ended or revoked, each in its words`() throws {
        let desk = try Desk()
        let gate = desk.authentication
        let elsewhere = APIKey.text([UInt8](repeating: 3, count: 32), for: .production)
        #expect(
            code { _ = try caller(["Bearer \(elsewhere)"], at: gate) } == .cleAutreEnvironnement)
        #expect(code { _ = try caller(["Bearer \(desk.key) "], at: gate) } == .cleMalRecopiee)
        #expect(code { _ = try caller(["Bearer \(desk.endedKey)"], at: gate) } == .titreFini)
        let before = Timestamp(milliseconds: GatewayStub.now.milliseconds - 1)
        #expect(
            try caller(["Bearer \(desk.endedKey)"], at: gate, now: before).credential == "cnaf-0")
        try desk.revoke("cnaf-1")
        #expect(code { _ = try caller(["Bearer \(desk.key)"], at: gate) } == .titreRevoque)
        desk.lose()
        #expect(code { _ = try caller(["Bearer \(desk.key)"], at: gate) } == .titresIndisponibles)
    }
}

@Suite struct `A bound token` {
    private let desk: Desk
    private let gateway: GatewayStub
    private let program: ServiceProgram

    init() throws {
        desk = try Desk(.production)
        gateway = try GatewayStub(desk: desk)
        program = try ServiceProgram(desk)
    }

    private func nonce() async throws -> String {
        let (response, _) = try await gateway.send(
            .get, "/livez", headers: [("DPoP", "x")])
        return try #require(response.headers["DPoP-Nonce"])
    }

    private func ask(
        _ form: String, proof: String? = nil, certificate: [UInt8]? = nil
    ) async throws -> (status: Int, error: String?, code: String?, token: String?) {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")]
        let (response, document) = try await gateway.send(
            .post, "/oauth2/token", form,
            headers: headers + (proof.map { [("DPoP", $0)] } ?? []), certificate: certificate)
        return (
            response.status, document["error"]?.string, document["code"]?.string,
            document["access_token"]?.string
        )
    }

    private func proofToken(_ id: String) async throws -> (token: String, nonce: String) {
        let nonce = try await nonce()
        let proof = try program.proof("obtenir-\(id)", "POST", "/oauth2/token", nonce: nonce)
        let answer = try await ask(
            ServiceProgram.form(try program.assertion("assertion-\(id)")), proof: proof)
        return (try #require(answer.token), nonce)
    }

    /// What an exchange in the identity mode is told.
    private func exchange(
        _ headers: [(String, String)], certificate: [UInt8]? = nil
    ) async throws -> (status: Int, code: String?) {
        let (response, document) = try await gateway.send(
            .post, "/v1/echanges", identityRequest,
            headers: headers + [("Content-Type", "application/json")], certificate: certificate)
        return (response.status, document["code"]?.string)
    }

    @Test func `is what the identity mode demands outside the sandbox`() async throws {
        let key = try await exchange([("Authorization", "Bearer \(desk.key)")])
        #expect(key.status == 403 && key.code == "titre_non_lie")
        // The refusal is in the journal.
        #expect(gateway.journal.count == 1)
        let (token, nonce) = try await proofToken("1")
        let proof = try program.proof(
            "echange-1", "POST", "/v1/echanges", nonce: nonce, of: token)
        let bound = try await exchange([("Authorization", "DPoP \(token)"), ("DPoP", proof)])
        #expect(bound.status == 200, "\(bound)")
        let answer = try await ask(
            ServiceProgram.form(try program.assertion("assertion-2")), certificate: Desk.certificate
        )
        let certified = try #require(answer.token)
        let mutual = try await exchange(
            [("Authorization", "Bearer \(certified)")], certificate: Desk.certificate)
        #expect(mutual.status == 200)
    }

    @Test func `is explained before it is missed`() async throws {
        let body = identityExplanation
        let (_, document) = try await gateway.send(
            .post, "/v1/echanges/explication", body,
            headers: [
                ("Authorization", "Bearer \(desk.key)"), ("Content-Type", "application/json"),
            ])
        #expect(document["titre", "presente"]?.string == "cle_api")
        #expect(document["titre", "action"]?.string == "demander_un_jeton")
    }

    /// Proofs that are not of this request, this token or this key, and what each is told.
    private func badProofs(
        of token: String, _ nonce: String
    ) throws -> [(proof: String, code: String)] {
        let exchanges = "/v1/echanges"
        let thief = try ServiceProgram(desk)
        return [
            (
                try thief.proof("preuve-02", "POST", exchanges, nonce: nonce, of: token),
                "preuve_autre_cle"
            ),
            (
                try program.proof("preuve-03", "POST", exchanges, nonce: nonce),
                "preuve_autre_jeton"
            ),
            (
                try program.proof("preuve-04", "POST", exchanges, nonce: nonce, of: "autre"),
                "preuve_autre_jeton"
            ),
            (
                try program.proof("preuve-05", "GET", exchanges, nonce: nonce, of: token),
                "preuve_autre_requete"
            ),
            (
                try program.proof("preuve-06", "POST", "/oauth2/token", nonce: nonce, of: token),
                "preuve_autre_requete"
            ),
            (try program.proof("preuve-07", "POST", exchanges, of: token), "preuve_sans_nonce"),
            (
                try program.proof("preuve-08", "POST", exchanges, nonce: "vieux", of: token),
                "preuve_nonce_perime"
            ),
        ]
    }

    @Test func `is worth nothing to a thief`() async throws {
        let (token, nonce) = try await proofToken("1")
        let good = try program.proof(
            "preuve-vol-1", "POST", "/v1/echanges", nonce: nonce, of: token)
        let stolen = ("Authorization", "DPoP \(token)")
        let cases: [([(String, String)], String)] =
            [
                ([stolen], "preuve_absente"),
                ([("Authorization", "Bearer \(token)")], "jeton_acces_mal_presente"),
                (
                    [("Authorization", "Bearer \(token)"), ("DPoP", good)],
                    "jeton_acces_mal_presente"
                ),
            ]
            + (try badProofs(of: token, nonce)).map { ([stolen, ("DPoP", $0.proof)], $0.code) }
        for (headers, expected) in cases {
            let answer = try await exchange(headers)
            #expect(answer.status == 401 && answer.code == expected, "\(expected) \(answer)")
        }
        #expect(gateway.journal.count == 0)
        // The proof itself, once; again it is a replay.
        #expect(try await exchange([stolen, ("DPoP", good)]).status == 200)
        #expect(try await exchange([stolen, ("DPoP", good)]).code == "preuve_rejouee")
    }

    @Test func `needs the certificate that it was bound to`() async throws {
        let other = [UInt8](repeating: 0xD2, count: 32)
        let refused = try await ask(
            ServiceProgram.form(try program.assertion("assertion-1")), certificate: other)
        #expect(refused.status == 401 && refused.code == "certificat_autre")
        let answer = try await ask(
            ServiceProgram.form(try program.assertion("assertion-2")), certificate: Desk.certificate
        )
        let token = [("Authorization", "Bearer \(try #require(answer.token))")]
        #expect(try await exchange(token).code == "certificat_absent")
        #expect(try await exchange(token, certificate: other).code == "certificat_autre")
        #expect(try await exchange(token, certificate: Desk.certificate).status == 200)
        try desk.revoke("cnaf-cert")
        #expect(
            try await exchange(token, certificate: Desk.certificate).code == "titre_revoque")
    }

    @Test func `ends with its credential, its time and the process`() async throws {
        let (token, nonce) = try await proofToken("1")
        let proof = try program.proof("fin-1", "POST", "/v1/echanges", nonce: nonce, of: token)
        // Another life of the gateway knows neither token nor nonce.
        let restarted = try GatewayStub(desk: desk)
        let headers = [
            ("Authorization", "DPoP \(token)"), ("DPoP", proof),
            ("Content-Type", "application/json"),
        ]
        let (response, document) = try await restarted.send(
            .post, "/v1/echanges", identityRequest, headers: headers)
        #expect(response.status == 401 && document["code"]?.string == "jeton_acces_inconnu")
        let again = try program.proof("obtenir-9", "POST", "/oauth2/token", nonce: nonce)
        let (_, refusal) = try await restarted.send(
            .post, "/oauth2/token", ServiceProgram.form(try program.assertion("assertion-9")),
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("DPoP", again),
            ])
        #expect(refusal["code"]?.string == "preuve_nonce_perime")
        try desk.revoke("cnaf-jwt")
        let revoked = try await exchange([("Authorization", "DPoP \(token)"), ("DPoP", proof)])
        #expect(revoked.code == "titre_revoque")
    }
}

@Suite struct `The token endpoint` {
    private let desk: Desk
    private let gateway: GatewayStub
    private let program: ServiceProgram

    init() throws {
        desk = try Desk()
        gateway = try GatewayStub(desk: desk)
        program = try ServiceProgram(desk)
    }

    private func ask(
        _ form: String, _ headers: [(String, String)] = [],
        type: String = "application/x-www-form-urlencoded"
    ) async throws -> (status: Int, error: String?, code: String?, nonce: String?) {
        let (response, document) = try await gateway.send(
            .post, "/oauth2/token", form, headers: [("Content-Type", type)] + headers,
            certificate: Desk.certificate)
        let description = document["error_description"]?.string ?? ""
        #expect(description.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        return (
            response.status, document["error"]?.string, document["code"]?.string,
            response.headers["DPoP-Nonce"]
        )
    }

    @Test func `answers mistakes in the words of OAuth`() async throws {
        let good = ServiceProgram.form(try program.assertion("assertion-1"))
        let cases: [(String, String, String, Int)] = [
            ("", "unsupported_grant_type", "accord_refuse", 400),
            (
                good.replacing("client_credentials", with: "password"), "unsupported_grant_type",
                "accord_refuse", 400
            ),
            (good + "&scope=tout", "invalid_scope", "portee_inconnue", 400),
            (
                good + "&grant_type=client_credentials", "invalid_request",
                "demande_de_jeton_invalide", 400
            ),
            (good + "&client_assertion=x", "invalid_request", "demande_de_jeton_invalide", 400),
            (
                good.replacing("jwt-bearer", with: "saml2-bearer"), "invalid_request",
                "demande_de_jeton_invalide", 400
            ),
            (
                good.replacing("client_assertion=", with: "autre="), "invalid_request",
                "demande_de_jeton_invalide", 400
            ),
            ("%zz", "invalid_request", "demande_de_jeton_invalide", 400),
            (good + "&client_id=ville", "invalid_request", "demande_de_jeton_invalide", 400),
            (ServiceProgram.form("a.b.c"), "invalid_client", "assertion_mal_formee", 401),
            (
                ServiceProgram.form(
                    try program.assertion("assertion-2", audience: "[\"\(Desk.issuer)\"]")),
                "invalid_client", "assertion_autre_destinataire", 401
            ),
            (
                ServiceProgram.form(String(repeating: "a", count: 1 << 20)), "invalid_request",
                "corps_trop_grand", 413
            ),
        ]
        for (form, error, code, status) in cases {
            let answer = try await ask(form)
            #expect(
                answer.error == error && answer.code == code && answer.status == status,
                "\(code) \(answer)")
        }
        let json = try await ask(good, type: "application/json")
        #expect(json.code == "demande_de_jeton_invalide")
        // None of these used the assertion up.
        #expect(try await ask(good).status == 200)
        let again = try await ask(good)
        #expect(again.status == 401 && again.code == "assertion_rejouee")
    }

    @Test func `asks for its nonce before it takes the assertion`() async throws {
        let form = ServiceProgram.form(try program.assertion("assertion-1"))
        let bare = try program.proof("preuve-01", "POST", "/oauth2/token")
        let first = try await ask(form, [("DPoP", bare)])
        #expect(first.status == 400 && first.error == "use_dpop_nonce")
        #expect(first.code == "preuve_sans_nonce")
        let nonce = try #require(first.nonce)
        let proof = try program.proof("preuve-02", "POST", "/oauth2/token", nonce: nonce)
        #expect(try await ask(form, [("DPoP", proof)]).status == 200)
        let replayed = try await ask(
            ServiceProgram.form(try program.assertion("assertion-2")), [("DPoP", proof)])
        #expect(replayed.error == "invalid_dpop_proof" && replayed.code == "preuve_rejouee")
    }

    @Test func `binds every token to something`() async throws {
        let form = ServiceProgram.form(try program.assertion("assertion-1"))
        let (response, document) = try await gateway.send(
            .post, "/oauth2/token", form,
            headers: [("Content-Type", "application/x-www-form-urlencoded")])
        #expect(response.status == 400)
        #expect(document["code"]?.string == "liaison_absente")
    }

    @Test func `issues nothing that it cannot remember`() async throws {
        desk.replays.fail()
        let answer = try await ask(ServiceProgram.form(try program.assertion("assertion-1")))
        #expect(answer.status == 503 && answer.code == "titres_indisponibles")
    }

    @Test func `is described where clients look`() async throws {
        let (response, document) = try await gateway.send(
            .get, "/.well-known/oauth-authorization-server", headers: [])
        #expect(response.status == 200)
        #expect(document["issuer"]?.string == Desk.issuer)
        #expect(document["token_endpoint"]?.string == Desk.issuer + "/oauth2/token")
        #expect(document["token_endpoint_auth_methods_supported", "0"]?.string == "private_key_jwt")
    }
}
