import HTTPMessages
import JSONText
import Testing

extension `The demonstration` {
    /// DGFIP without a tax number: the civil status first, at R2P.
    @Suite struct `A tax number that nobody gave` {
        private func ask(_ person: String) async throws -> RunningDemo.Reply {
            let demo = try await Shared.demo
            try await demo.clearCalls()
            let body = """
                {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
                 "champs": ["revenu_fiscal.revenu_fiscal_reference"],
                 "usager": {"identite": \(try demo.person(person, "identite"))}}
                """
            return try await demo.exchange(Array(body.utf8), service: "cnaf")
        }

        /// What DGFIP's double noted: each call's path, and the scopes asked or brought.
        private func heard() async throws -> [(path: String, scopes: [String])] {
            let demo = try await Shared.demo
            let reply = try await demo.send(.get, "\(demo.sandbox)/sandbox/appels")
            let calls = try JSONPlace(root: try parseJSON(reply.body)).anyObject()
                .required("dgfip").array(max: 100)
            return try calls.map { place in
                let call = try place.anyObject()
                return (
                    try call.required("chemin").string(),
                    try call.required("portees").stringArray(max: 10)
                )
            }
        }

        @Test(arguments: [
            "faustine-oeilleton", "jean-baptiste-d-estrezelles", "marie-ange-pouyfaucon",
            "petru-santarelli", "elodie-hoareau-grondin", "teva-tehuiotoa", "amadou-diakhoumpa",
            "nasrin-hakimzadeh", "joaquim-figueiredo-brandao", "camille-bourdarias-ajaccio",
        ])
        func `is found from the civil status, whatever the name and the birth`(
            person: String
        ) async throws {
            let reply = try await ask(person)
            #expect(reply.member("statut") == "complet", "\(reply.text)")
            let calls = try await heard().filter { $0.path != "/token" }
            #expect(
                calls.map(\.path) == [
                    "/r2p/v1/personne/spi",
                    "/impotparticulier/1.0/spi/{spi}/dernieresituation/ir/assiettes/annrev/{annrev}",
                ])
            #expect(calls.map(\.scopes) == [["api_r2p_resolution_spi"], ["RessourceIRDerniere"]])
        }

        @Test(arguments: [
            ("fatoumata-sissokho-kayes", "personne_ambigue"),
            ("adelphe-wulfranc", "personne_inconnue"),
        ])
        func `ends with R2P's own outcome, and no situation is asked for`(
            person: String, reason: String
        ) async throws {
            let reply = try await ask(person)
            #expect(reply.status == 200)
            #expect(reply.member("statut") == "aucun")
            #expect(reply.member("manquants.0.motif") == reason, "\(reply.text)")
            #expect(try await !heard().contains { $0.path.contains("impotparticulier") })
        }
    }
}
