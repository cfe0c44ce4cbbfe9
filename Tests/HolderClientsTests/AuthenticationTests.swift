import Cryptography
import Foundation
import HTTPMessages
import HTTPServing
import JOSE
import JSONText
import Testing
import Vocabulary

@testable import Connectors
@testable import HolderClients

private let family = "cnav/quotient_familial"
private let valeur = "quotient_familial.valeur"
private let account = "\"authentification\": {\"compte\": \"client\"}"

private let file = json(
    """
    {"allocataires":[{"nomNaissance":"LE GOFF","listePrenoms":"ANAIS MARIE",\
    "dateNaissance":"1990-05-17","genre":"F"}],"enfants":[],"quotientFamilial":742,\
    "annee":2026,"mois":10}
    """)

private func month() throws -> Period { .month(try #require(YearMonth("2026-10"))) }

private let signing = """
    "cle_privee": {"secret": "cnav-cle"}, "cle_id": {"secret": "cnav-kid"},
    "algorithme": "ALG", "duree_s": 45, "envoi": "private_key_jwt", "parametres": {"resource": "qf"}
    """

/// The account of the shipped connector, as its document writes it.
private let withSecret = """
    "client_secret": {"secret": "cnav-client-secret"},
          "envoi": "basic"
    """

private func key(_ algorithm: ClientAssertion.Algorithm) throws -> PrivateKey {
    algorithm == .es256 ? try PrivateKey.generateP256() : try PrivateKey.generateRSA(bits: 2048)
}

@Suite struct `The gateway's own authentication` {
    private func ask(
        _ bench: Bench, _ check: (HolderDouble.Call) throws -> Void
    ) async throws {
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.status == .obtenu, "\(String(describing: reply.missing))")
        try check(try #require(bench.double.all.last))
        await bench.stop()
    }

    @Test func `may be none`() async throws {
        let bench = try Bench(
            [family], changing: account, to: "\"authentification\": \"aucune\""
        ) { _ in file }
        try await ask(bench) { #expect($0.headers["Authorization"] == nil) }
    }

    @Test func `may be a key in a header, after a word`() async throws {
        let key =
            "{\"cle\": {\"entete\": \"Authorization\", \"prefixe\": \"Cle \", \"secret\": \"k\"}}"
        let bench = try Bench(
            [family], secrets: ["k": "abc"], changing: account, to: "\"authentification\": \(key)"
        ) { _ in file }
        try await ask(bench) { #expect($0.headers["Authorization"] == "Cle abc") }
    }

    @Test func `may be a name and a password`() async throws {
        let basic = """
            {"basic": {"utilisateur": {"secret": "u"}, "mot_de_passe": {"secret": "m"}}}
            """
        let bench = try Bench(
            [family], secrets: ["u": "dlnuf", "m": "é:x"], changing: account,
            to: "\"authentification\": \(basic)"
        ) { _ in file }
        try await ask(bench) {
            #expect(
                $0.headers["Authorization"] == "Basic " + Base64.encode(Array("dlnuf:é:x".utf8)))
        }
    }

    @Test func `may be a secret in the form of a token request`() async throws {
        let bench = try Bench(
            [family], changing: "\"envoi\": \"basic\"", to: "\"envoi\": \"corps\""
        ) { $0.path == "/token" ? grant : file }
        try await ask(bench) { #expect($0.headers["Authorization"] == "Bearer jeton-1") }
        let token = try #require(bench.double.all.first)
        #expect(token.headers["Authorization"] == nil)
        #expect(
            token.body
                == "grant_type=client_credentials&client_id=secret-invente"
                + "&client_secret=secret-invente")
    }

    @Test(arguments: ClientAssertion.Algorithm.allCases)
    func `may be an assertion that the holder verifies`(
        algorithm: ClientAssertion.Algorithm
    ) async throws {
        let key = try key(algorithm)
        let pem = String(decoding: try key.pem(), as: UTF8.self)
        let bench = try Bench(
            [family],
            secrets: ["cnav-cle": pem, "cnav-kid": "k1", "cnav-client-id": "dlnuf"],
            changing: withSecret, to: signing.replacing("ALG", with: algorithm.rawValue)
        ) { $0.path == "/token" ? grant : file }
        try await ask(bench) { #expect($0.headers["Authorization"] == "Bearer jeton-1") }
        let call = try #require(bench.double.all.first)
        let form = try FormEncoding.parse(Array(call.body.utf8))
        #expect(form.only("resource") == "qf")
        #expect(form.only("client_id") == "dlnuf")
        #expect(form.only("client_assertion_type") == AssertionSigner.type)
        let token = try #require(form.only("client_assertion"))
        let named = try #require(SignatureAlgorithm(rawValue: algorithm.rawValue))
        let keys = JWKSet([
            JWK(key: try key.publicKey(), use: .signature, algorithm: nil, keyID: "k1")
        ])
        let payload = try CompactJWS.verify(
            Array(token.utf8), algorithm: named, keys: keys, type: .required("JWT"))
        let claims = try parseJSON(payload)
        #expect(claims["iss"]?.string == "dlnuf")
        #expect(claims["sub"]?.string == "dlnuf")
        #expect(claims["aud"]?.string?.hasSuffix("/token") == true)
        #expect(try #require(claims["jti"]?.string).utf8.count == 22)
        let issued = try #require(claims["iat"]?.integer)
        #expect(issued == bench.clock.wall.milliseconds / 1000)
        #expect(claims["exp"]?.integer == issued + 45)
    }

    @Test func `is refused at the start where a key is not one`() throws {
        let error = #expect(throws: HolderBindingError.self) {
            _ = try Bench(
                [family], secrets: ["cnav-cle": "pas une clé"], changing: withSecret,
                to: signing.replacing("ALG", with: "ES256")
            ) { _ in file }
        }
        #expect(error?.faults.contains { $0.contains("cnav-cle") && $0.contains("ES256") } == true)
    }

    @Test func `is refused at the start where a certificate is lacking`() throws {
        let error = #expect(throws: HolderBindingError.self) {
            _ = try Bench(
                [family], changing: "\"comptes\":", to: "\"certificats\": [\"cnav\"], \"comptes\":"
            ) { _ in file }
        }
        #expect(error?.faults.count == 1)
        #expect(error?.faults.first?.contains("certificat") == true)
    }

    @Test func `stands beside the usager's token, which it does not replace`() async throws {
        let bench = try Bench(["dgfip/revenu_fiscal"]) {
            $0.path == "/token" ? grant : json("{}", status: 404)
        }
        let field = try #require(FieldPath("revenu_fiscal.nombre_parts"))
        let base = try question([field.text])
        let asked = HolderQuestion(
            dataset: base.dataset, mode: .franceconnect, leaves: [field], period: base.period,
            today: base.today, pivot: base.pivot, token: Sensitive("jeton-usager"),
            recipient: base.recipient, purpose: base.purpose, exchange: base.exchange)
        #expect(try await bench.ask("dgfip", asked).missing == .nonDetenu)
        let call = try #require(bench.double.all.last)
        #expect(call.headers["Authorization"] == "Bearer jeton-1")
        #expect(call.headers["X-FranceConnect-OAuth"] == "jeton-usager")
        #expect(call.headers["ID_Teleservice"] == "cnaf/aide-logement")
        #expect(!call.target.contains("jeton"))
        await bench.stop()
    }

    /// Debian's python3-jwcrypto: the same standard, written by others.
    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/jwcrypto")),
        arguments: ClientAssertion.Algorithm.allCases)
    func `is read by another's library`(algorithm: ClientAssertion.Algorithm) throws {
        let key = try key(algorithm)
        let name = { (text: String) in SecretName(text: text) }
        let signer = AssertionSigner(
            plan: ClientAssertion(
                key: name("k"), algorithm: algorithm, keyID: nil, audience: name("a"),
                lifeInSeconds: 60),
            client: "dlnuf", endpoint: "https://x.example/token")
        let secrets = [
            "k": Sensitive(String(decoding: try key.pem(), as: UTF8.self)),
            "a": Sensitive("https://audience.example"),
        ]
        let token = try #require(
            signer.sign(
                secrets, at: Timestamp(milliseconds: 1_790_000_000_000),
                jti: Array(repeating: 1, count: 16)))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            """
            import sys, json
            from jwcrypto import jwk, jwt
            t = jwt.JWT(jwt=sys.argv[1], key=jwk.JWK.from_pem(sys.argv[2].encode()),
                algs=[sys.argv[3]], check_claims={"aud": "https://audience.example",
                "iss": "dlnuf", "sub": "dlnuf", "jti": None, "iat": 1790000000}, )
            print(json.loads(t.claims)["exp"])
            """.replacing(", )", with: ")"),
            token, String(decoding: try key.publicKey().pem(), as: UTF8.self), algorithm.rawValue,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: text, as: UTF8.self) == "1790000060\n")
    }
}

@Suite struct `A token that nears its end` {
    @Test func `is renewed by one call however many use it meanwhile`() async throws {
        let bench = try Bench([family]) { call in
            guard call.path == "/token" else { return file }
            return json(
                #"{"access_token":"jeton-\#(call.number)","token_type":"Bearer","expires_in":100}"#)
        }
        let question = try question([valeur], period: month())
        let storm: @Sendable () async throws -> Void = {
            try await withThrowingTaskGroup(of: SourceStatus.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        try await bench.ask("cnav", question, loop: index % 2).status
                    }
                }
                for try await status in group { #expect(status == .obtenu) }
            }
        }
        let tokens = { bench.double.paths.count { $0 == "/token" } }
        try await storm()
        #expect(tokens() == 1)
        // Past four fifths of its life, short of its last twentieth: it serves, and is renewed.
        bench.clock.advance(by: .seconds(85))
        try await storm()
        #expect(tokens() == 2)
        // Past its end: all wait for the one that replaces it.
        bench.clock.advance(by: .seconds(200))
        try await storm()
        #expect(tokens() == 3)
        let bearers = bench.double.all.compactMap { $0.headers["Authorization"] }
            .filter { $0.hasPrefix("Bearer") }
        #expect(bearers.count == 120)
        #expect(Set(bearers.suffix(40)) == ["Bearer jeton-3"])
        await bench.stop()
    }

    @Test func `is not the token of narrower scopes`() async throws {
        let bench = try Bench(["dgfip/revenu_fiscal"]) {
            $0.path == "/token" ? grant : json("{}", status: 404)
        }
        let number: [IdentifierKind: Sensitive<String>] = [
            .numeroFiscal: Sensitive("3012345678901")
        ]
        for fields in [
            ["nombre_parts"], ["nombre_parts", "situation_partielle"], ["nombre_parts"],
        ] {
            let asked = try question(
                fields.map { "revenu_fiscal.\($0)" }, identifiers: number)
            _ = try await bench.ask("dgfip", asked)
        }
        let scopes = bench.double.all.filter { $0.path == "/token" }.map {
            $0.body.split(separator: "=").last.map(String.init)
        }
        #expect(scopes == ["RessourceIRDerniere", "RessourceIR"])
        let kinds = bench.double.paths.filter { $0 != "/token" }.map {
            $0.contains("/dernieresituation/")
        }
        #expect(kinds == [true, false, true])
        await bench.stop()
    }
}

@Suite struct `A tax number that was not given` {
    private func ask(
        _ number: String?, status: Int = 200, birth: String = "1990-05-17", presumed: Bool = false
    ) async throws -> (HolderReply, [HolderDouble.Call]) {
        let bench = try Bench(["dgfip/revenu_fiscal"]) { call in
            if call.path == "/token" { return grant }
            if call.path == "/r2p/v1/personne/spi" {
                guard call.target.contains("naisDate=\(presumed ? "1990" : "17")") else {
                    return json("{}", status: 404)
                }
                return json(#"{"identifiant":{"spi":"\#(number ?? "")"}}"#, status: status)
            }
            return json(
                """
                {"annRevenu":2024,"rfr":18204,"nmNaiDec1":"LE GOFF","prnmDec1":"ANAIS MARIE",\
                "dateNaisDec1":{"jour":"\(presumed ? "00" : "17")",\
                "mois":"\(presumed ? "00" : "05")","annee":"1990"}}
                """)
        }
        let asked = try question(
            ["revenu_fiscal.revenu_fiscal_reference"],
            pivot: try pivot(birth: birth, mayBePresumed: presumed))
        let reply = try await bench.ask("dgfip", asked)
        await bench.stop()
        return (reply, bench.double.all)
    }

    @Test func `is asked of R2P, and the situation under it`() async throws {
        let (reply, calls) = try await ask("3012345678901")
        #expect(
            reply.reading["revenu_fiscal.revenu_fiscal_reference"]
                == .value(Sensitive(.integer(18204))))
        #expect(calls.map(\.path).count { $0 == "/token" } == 2)
        #expect(calls.last?.path.contains("/spi/3012345678901/dernieresituation/") == true)
        #expect(
            calls.filter { $0.path == "/token" }.map(\.body).first?
                .contains("scope=api_r2p_resolution_spi") == true)
    }

    @Test(arguments: [
        ("", 403, MissingReason.personneAmbigue), ("", 404, .personneInconnue),
        ("", 400, .passerelleEnDefaut), ("", 500, .detenteurIndisponible),
        ("../../../autre", 200, .reponseIrrecevable), ("", 200, .personneInconnue),
    ])
    func `ends the exchange with an outcome of its own`(
        number: String, status: Int, reason: MissingReason
    ) async throws {
        let (reply, calls) = try await ask(number, status: status)
        #expect(reply.missing == reason)
        #expect(!calls.contains { $0.path.contains("impotparticulier") })
    }

    @Test func `is asked again under the date that a presumed one hides`() async throws {
        let (reply, calls) = try await ask("3012345678901", birth: "1990-01-01", presumed: true)
        #expect(reply.status == .obtenu)
        #expect(calls.map(\.path).count { $0 == "/r2p/v1/personne/spi" } == 2)
    }
}
