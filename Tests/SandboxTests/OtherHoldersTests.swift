import HTTPMessages
import Testing

@testable import Sandbox

@Suite struct `The ministry of higher education` {
    private let holder = MESRI(town: .standard, keyForINE: "cle-ine", keyForCivilStatus: "cle-ec")

    private func byNumber(_ number: String, key: String = "cle-ine") -> DoubleReply {
        holder.reply(
            asking(
                .get, "/supdata/v1/statut-etudiant", query: [("INE", number)],
                headers: [("X-API-Key", key), ("X-Caller", "DINUM - 1")]))
    }

    private func byIdentity(_ name: String, _ given: String, _ birth: String, sex: String = "2")
        -> DoubleReply
    {
        let body = Document.members([
            "nomFamille": .string(name), "prenom1": .string(given),
            "dateNaissance": .string(birth), "sexe": .string(sex),
        ])
        return holder.reply(
            asking(
                .post, "/supdata/v1/statut-etudiant",
                headers: [
                    ("X-API-Key", "cle-ec"), ("X-Caller", "DINUM - 1"),
                    ("Content-Type", "application/json"),
                ],
                body: body.bytes))
    }

    @Test func `has one key for the number and another for the civil status`() throws {
        #expect(byNumber("9972635480A").status == 200)
        #expect(try byNumber("9972635480A").text("inscriptions") == "[3]")
        #expect(byNumber("9972635480A", key: "cle-ec").status == 401)
    }

    @Test func `knows names without accents only`() throws {
        let plain = byIdentity("STEPHANOPOLI", "NOLWENN", "2004-01-22")
        #expect(plain.status == 200)
        #expect(try plain.text("ine") == nil)
        #expect(byIdentity("STÉPHANOPOLI", "NOLWENN", "2004-01-22").status == 404)
        #expect(byIdentity("OEILLETON", "FAUSTINE", "1985-07-21").status == 200)
    }

    @Test func `tells who is admitted from who is enrolled`() throws {
        #expect(try byNumber("1083746591B").text("inscriptions.0.statut") == "admis")
        let missing = byNumber("2194857602C")
        #expect(missing.status == 404)
        #expect(try missing.text("details.parameter") == "INE")
    }

    @Test func `does not choose between homonyms`() {
        #expect(byIdentity("BOURDARIAS", "CAMILLE", "1994-04-18").status == 404)
    }
}

@Suite struct `The employment agency` {
    private func holder(_ verdict: TokenVerdict = .inactive) -> FranceTravail {
        FranceTravail(town: .standard, client: client) { _, _, _ in verdict }
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], body: String = "",
        token: String? = nil, _ verdict: TokenVerdict = .inactive
    ) throws -> DoubleReply {
        let holder = holder(verdict)
        let bearer = try token ?? holder.token(path: "/connexion/oauth2/access_token")
        return holder.reply(
            asking(
                method, "/partenaire/\(path)", query: query,
                headers: [
                    ("Authorization", "Bearer \(bearer)"), ("X-pe-consommateur", "DINUM - 1"),
                ],
                body: Array(body.utf8)))
    }

    @Test func `takes the identifier as the body, and cuts long given names`() throws {
        let reply = try ask(.post, "statutaugmente/v1/statut", body: "2293158L")
        #expect(reply.status == 200)
        #expect(try reply.text("prenom") == "MARIE-BERNADE")
        #expect(try reply.text("nomUsage") == " ")
        #expect(try reply.text("dateInscription") == "2025-03-17T00:00:00+01:00")
        #expect(try reply.text("dateCessationInscription") == "null")
    }

    @Test func `has two ways of knowing nobody`() throws {
        #expect(try ask(.post, "statutaugmente/v1/statut", body: "4460825N").status == 206)
        #expect(try ask(.post, "statutaugmente/v1/statut", body: "0000000Z").status == 404)
        let paid = try ask(
            .get, "liste-paiements/v1/paiements", query: [("loginMnemotechnique", "4460825N")])
        #expect(paid.status == 204)
    }

    @Test func `gives at most twenty-four months of payments`() throws {
        let reply = try ask(
            .get, "liste-paiements/v1/paiements", query: [("loginMnemotechnique", "2293158L")])
        #expect(try reply.text("listePaiement") == "[20]")
        #expect(
            try reply.text("listePaiement.0.datePaiement") == "2026-11-05T00:00:00+01:00")
        #expect(try reply.text("listePaiement.0.montantPaiement") == "1194.44")
    }

    @Test func `keeps a closed registration`() throws {
        let reply = try ask(.post, "statutaugmente/v1/statut", body: "6648603J")
        #expect(
            try reply.text("dateCessationInscription") == "2026-03-31T00:00:00+01:00")
    }

    @Test func `introspects the FranceConnect token of its own variant`() throws {
        let scopes: Set = ["api_fc-statutaugmentev1"]
        let active = TokenVerdict.active(personID: "thibault-peyrachon", scopes: scopes)
        let path = "fc-statutaugmente/v1/statut"
        let reply = try ask(.get, path, token: "jeton", active)
        #expect(reply.status == 200)
        #expect(try reply.text("identifiant") == nil)
        #expect(try ask(.get, "fc-liste-paiements/v1", token: "jeton", active).status == 403)
        #expect(try ask(.get, path, token: "jeton", .inactive).status == 401)
        #expect(try ask(.get, path, token: "jeton", .unavailable).status == 503)
    }
}

@Suite struct `The employers' declarations` {
    private let holder = GIPMDS(town: .standard, client: client)

    private func ask(
        _ name: String, _ given: String, _ birth: String, from: String = "2025-11",
        until: String = "2026-10"
    ) throws -> DoubleReply {
        holder.reply(
            asking(
                .get, "/salaires",
                query: [
                    ("nom", name), ("prenom", given), ("dateNaissance", birth), ("du", from),
                    ("au", until),
                ],
                headers: [("Authorization", "Bearer \(try holder.token())")]))
    }

    @Test func `are in a contract that says it is invented`() throws {
        let reply = try ask("KEROUANTON", "MAELLE", "14031988")
        #expect(reply.header("X-Contrat") == "fictif")
        #expect(try reply.text("contrat") == "fictif-dsn-v1")
        #expect(try reply.text("individu.nomFamilleSngi") == "KEROUANTON")
        let contract = "individu.entreprise.0.etablissement.0.contrat.0"
        #expect(try reply.text("\(contract).versement") == "[12]")
        #expect(try reply.text("\(contract).versement.0.remunerationNetteFiscale") == "1655.42")
    }

    @Test func `list several employers of one person`() throws {
        let reply = try ask("BENSLIMANE-ROCHE", "KARIM", "04021982")
        #expect(try reply.text("individu.entreprise") == "[2]")
        #expect(try reply.text("individu.entreprise.0.etablissement") == "[2]")
    }

    @Test func `do not choose between homonyms, and know some people not at all`() throws {
        let homonyms = try ask("BOURDARIAS", "CAMILLE", "18041994")
        #expect(homonyms.status == 413)
        #expect(try homonyms.text("erreurs.0.code") == "TOO_MANY_INDIVIDU")
        let unknown = try ask("WULFRANC", "ADELPHE", "08081978")
        #expect(unknown.status == 404)
        #expect(try unknown.text("erreurs.0.code") == "NOT_FOUND_INDIVIDU")
        let before = try ask("GRANDSAIGNE", "OLYMPE", "11112001", until: "2025-12")
        #expect(try before.text("erreurs.0.code") == "NOT_FOUND_CONTRAT")
    }
}
