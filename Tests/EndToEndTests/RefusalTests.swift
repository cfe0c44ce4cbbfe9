import Foundation
import HTTPMessages
import JSONText
import Testing

extension `The demonstration` {
    @Suite struct `A FranceConnect token` {
        private static let fields = "\"revenu_fiscal.revenu_fiscal_reference\""

        private func body(
            token: String, fields: String = fields, purpose: String = "cnaf/aide-logement",
            recipient: String = "99900101900010", more: String = ""
        ) -> [UInt8] {
            Array(
                """
                {"finalite": "\(purpose)", "destinataire": "\(recipient)", "champs": [\(fields)],
                 "usager": {"franceconnect": {"jeton": "\(token)"}\(more)}}
                """.utf8)
        }

        @Test func `that expired asks for a new connection`() async throws {
            let demo = try await Shared.demo
            let token = try await demo.token(
                for: "maelle-kerouanton", service: "cnaf", extra: ", \"expire_dans_s\": -1")
            let reply = try await demo.exchange(body(token: token), service: "cnaf")
            #expect(reply.status == 422)
            #expect(reply.member("code") == "jeton_franceconnect_inactif")
            #expect(reply.member("action") == "reconnecter_usager")
            #expect(reply.member("donnees") == nil)
        }

        @Test func `of another purpose's client is refused`() async throws {
            let demo = try await Shared.demo
            let token = try await demo.token(
                for: "maelle-kerouanton", service: "cnaf", extra: ", \"finalite\": \"cnaf/rsa\"")
            let reply = try await demo.exchange(body(token: token), service: "cnaf")
            #expect(reply.status == 403)
            #expect(reply.member("refus.0.motif") == "client_franceconnect_non_autorise")
            let exchange = try #require(reply.member("echange"))
            #expect(try demo.records(exchange: exchange).count == 1)
        }

        @Test func `without a field's scope is refused for that field`() async throws {
            let demo = try await Shared.demo
            let token = try await demo.token(
                for: "maelle-kerouanton", service: "cnaf", extra: ", \"scopes\": [\"openid\"]")
            try await demo.clearCalls()
            let reply = try await demo.exchange(
                body(token: token, fields: "\"salaires.mensuels[].mois\""), service: "cnaf")
            #expect(reply.status == 403)
            #expect(reply.member("refus.0.motif") == "portee_absente")
            #expect(reply.member("refus.0.champ") == "salaires.mensuels[].mois")
            #expect(try await demo.calls(to: "gip-mds") == 0)
        }

        @Test func `whose scope the holder judges missing gives nothing of that holder`()
            async throws
        {
            let demo = try await Shared.demo
            let token = try await demo.token(
                for: "maelle-kerouanton", service: "cnaf", extra: ", \"scopes\": [\"openid\"]")
            let reply = try await demo.exchange(body(token: token), service: "cnaf")
            #expect(reply.status == 200)
            #expect(reply.member("statut") == "aucun")
            #expect(reply.member("manquants.0.motif") == "portee_refusee")
        }

        @Test func `with another person's identifier is refused, and recorded`() async throws {
            let demo = try await Shared.demo
            let token = try await demo.token(for: "maelle-kerouanton", service: "cnaf")
            let other = try demo.person("zoe-lannezval", "identifiants")
            let reply = try await demo.exchange(
                body(token: token, more: ", \"identifiants\": \(other)"), service: "cnaf")
            #expect(reply.status == 403)
            #expect(reply.member("refus.0.motif") == "identifiant_non_autorise")
            let exchange = try #require(reply.member("echange"))
            #expect(try demo.records(exchange: exchange).count == 1)
        }

        @Test(
            arguments: [
                ("signature", 502, "franceconnect_irrecevable"),
                ("audience", 502, "franceconnect_irrecevable"),
                ("alg_none", 502, "franceconnect_irrecevable"),
                ("secret", 500, "passerelle_mal_configuree"),
                ("500", 503, "franceconnect_indisponible"),
            ])
        func `is worth nothing when FranceConnect's answer is not right`(
            _ fault: String, _ status: Int, _ code: String
        ) async throws {
            let demo = try await Shared.demo
            let token = try await demo.token(for: "maelle-kerouanton", service: "cnaf")
            try await demo.clearCalls()
            let reply = try await demo.withFault(fault, on: "franceconnect") {
                try await demo.exchange(body(token: token), service: "cnaf")
            }
            #expect(reply.status == status, "\(reply.text)")
            #expect(reply.member("code") == code)
            #expect(reply.member("donnees") == nil)
            #expect(try await demo.calls(to: "dgfip") == 0)
            let exchange = try #require(reply.member("echange"))
            #expect(try demo.records(exchange: exchange).count == 1)
        }
    }

    @Suite struct `An identity` {
        @Test(
            arguments: [
                ("revenu_fiscal.revenu_fiscal_reference", "numero_fiscal", "cnaf/aide-logement"),
                (
                    "demandeur_emploi.est_inscrit", "identifiant_france_travail",
                    "cnaf/aide-logement"
                ),
                ("statut_etudiant.est_inscrit", "ine", "cnaf/aide-logement-etudiant"),
            ])
        func `with another person's identifier gives nothing`(
            _ field: String, _ kind: String, _ purpose: String
        ) async throws {
            let demo = try await Shared.demo
            let identity = try demo.person("karim-benslimane-roche", "identite")
            let others = try demo.person("faustine-oeilleton", "identifiants")
            let object = try JSONPlace(root: try parseJSON(Array(others.utf8))).anyObject()
            let other = try object.required(kind).string()
            let body = """
                {"finalite": "\(purpose)", "destinataire": "99900101900010",
                 "champs": ["\(field)"],
                 "usager": {"identite": \(identity), "identifiants": {"\(kind)": "\(other)"}}}
                """
            let reply = try await demo.exchange(Array(body.utf8), service: "cnaf")
            #expect(reply.status == 200)
            #expect(reply.member("statut") == "aucun", "\(reply.text)")
            #expect(reply.member("donnees") == "{}")
            #expect(reply.member("manquants.0.motif") == "identite_discordante")
            let exchange = try #require(reply.member("echange"))
            let outcome = try #require(try demo.records(exchange: exchange).last)
            #expect(outcome.text.contains("identite_discordante"))
        }
    }

    @Suite struct `A request that makes no sense` {
        private static let person = """
            {"nom_naissance": "ESSAI", "prenoms": ["Ada"], "date_naissance": "1990-05-17", \
            "sexe": "F", "code_pays_naissance": "99100", "code_commune_naissance": "75107"}
            """

        private static func request(
            fields: String = "\"revenu_fiscal.annee_revenus\"", extra: String = "",
            identity: String = person
        ) -> String {
            """
            {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010", \
            "champs": [\(fields)], "usager": {"identite": \(identity)}\(extra)}
            """
        }

        struct Nonsense: Sendable, CustomTestStringConvertible {
            let what: String
            let body: String
            let status: Int
            let code: String

            init(_ what: String, _ body: String, _ status: Int, _ code: String) {
                self.what = what
                self.body = body
                self.status = status
                self.code = code
            }

            var testDescription: String { what }
        }

        static let nonsense: [Nonsense] = [
            Nonsense("broken JSON", "{\"finalite\": ", 400, "json_invalide"),
            Nonsense("unknown member", request(extra: ", \"champ\": []"), 422, "requete_invalide"),
            Nonsense(
                "duplicate member", request(extra: ", \"champs\": [\"x\"]"), 400, "json_invalide"
            ),
            Nonsense("wrong type", request(extra: ", \"dossier\": 12"), 422, "requete_invalide"),
            Nonsense(
                "ten megabytes",
                request(
                    extra: ", \"dossier\": \"" + String(repeating: "a", count: 10 << 20) + "\""),
                413, "corps_trop_grand"
            ),
            Nonsense(
                "two thousand fields",
                request(
                    fields: (0..<2000).map { "\"revenu_fiscal.champ_\($0)\"" }
                        .joined(separator: ",")), 422, "trop_de_champs"
            ),
            Nonsense(
                "a NIR as dossier", request(extra: ", \"dossier\": \"1900575107123\""), 422,
                "requete_invalide"
            ),
            Nonsense(
                "an impossible date",
                request(identity: person.replacing("1990-05-17", with: "1990-02-31")), 422,
                "requete_invalide"
            ),
        ]

        @Test(arguments: nonsense)
        func `gets a precise refusal, and the next one works`(
            _ nonsense: Nonsense
        ) async throws {
            let demo = try await Shared.demo
            let reply = try await demo.exchange(Array(nonsense.body.utf8), service: "cnaf")
            #expect(reply.status == nonsense.status, "\(reply.text.prefix(400))")
            #expect(reply.member("code") == nonsense.code)
            #expect(reply.text.utf8.count < 2000)
            let next = try await demo.send(try demo.example("revenu-fiscal-identite"))
            #expect(next.status == 200)
        }

        @Test func `with a header of 100 KB gets 431`() async throws {
            let demo = try await Shared.demo
            let reply = try await demo.exchange(
                Array(Self.request().utf8), service: "cnaf",
                headers: [("X-Long", String(repeating: "a", count: 100_000))])
            #expect(reply.status == 431)
            #expect(reply.member("code") == "entetes_trop_grands")
        }

        @Test(
            arguments: [
                ("GET", "/v1/echanges", 405), ("POST", "/v1/inconnu", 404),
                ("DELETE", "/readyz", 405),
            ])
        func `elsewhere gets 404 or 405`(
            _ method: String, _ path: String, _ status: Int
        ) async throws {
            let demo = try await Shared.demo
            let reply = try await demo.send(
                try #require(HTTPMethod(rawValue: method)), demo.gateway + path)
            #expect(reply.status == status)
            if status == 405 { #expect(reply.headers["Allow"] != nil) }
        }

        @Test(arguments: [nil, "Bearer x", "Basic abc", "Bearer"])
        func `without a valid key gets 401 and leaves no record`(_ field: String?) async throws {
            let demo = try await Shared.demo
            let before = try demo.records().count
            let reply = try await demo.send(
                .post, "\(demo.gateway)/v1/echanges",
                headers: [("Content-Type", "application/json")]
                    + (field.map { [("Authorization", $0)] } ?? []),
                body: Array(Self.request().utf8))
            #expect(reply.status == 401)
            #expect(reply.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
            #expect(try demo.records().count == before)
        }
    }
}
