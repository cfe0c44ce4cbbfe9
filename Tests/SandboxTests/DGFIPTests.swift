import HTTPMessages
import Testing

@testable import Sandbox

@Suite struct `The tax administration` {
    private func holder(_ verdict: TokenVerdict = .inactive) -> DGFIP {
        DGFIP(town: .standard, client: client) { _, _, _ in verdict }
    }

    private func assessment(
        _ holder: DGFIP, _ path: String, token: String? = nil, correlation: String? = correlation
    ) throws -> DoubleReply {
        var headers = [("Authorization", "Bearer \(try holder.token())")]
        if let correlation { headers.append(("X-Correlation-ID", correlation)) }
        if let token { headers.append(("X-FranceConnect-OAuth", token)) }
        return holder.reply(asking(.get, "/impotparticulier/1.0/\(path)", headers: headers))
    }

    private func number(of id: String) throws -> String {
        try #require(Town.standard.person(id)?.taxNumber)
    }

    @Test func `gives a year by tax number, in its own media type`() throws {
        let reply = try assessment(
            holder(),
            "spi/\(number(of: "solenn-quilgars"))/situations/ir/assiettes/annrev/2024")
        #expect(reply.status == 200)
        #expect(
            reply.header("Content-Type")
                == "application/prs.dgfip.part.situations.ir.assiettes.v1+json")
        #expect(try reply.text("rfr") == "50625")
        #expect(try reply.text("nmNaiDec1") == "OBERTHUR")
        #expect(try reply.text("nmNaiDec2") == "QUILGARS")
        #expect(try reply.text("dateNaisDec2.jour") == "27")
    }

    @Test func `says why in its own error body`() throws {
        let holder = holder()
        let number = try number(of: "maelle-kerouanton")
        let cases = [
            ("spi/123/situations/ir/assiettes/annrev/2024", 400, "4001"),
            ("spi/\(number)/situations/ir/assiettes/annrev/24", 400, "4002"),
            ("spi/3000000000000/situations/ir/assiettes/annrev/2024", 404, "4102"),
            (
                "spi/\(try self.number(of: "olympe-grandsaigne"))"
                    + "/situations/ir/assiettes/annrev/2024",
                404, "4101"
            ),
        ]
        for (path, status, code) in cases {
            let reply = try assessment(holder, path)
            #expect(reply.status == status)
            #expect(try reply.text("erreur.code") == code)
        }
        let path = "spi/\(number)/situations/ir/assiettes/annrev/2024"
        #expect(try assessment(holder, path, correlation: "pas-un-uuid").status == 400)
        #expect(holder.reply(asking(.get, "/impotparticulier/1.0/\(path)")).status == 401)
    }

    @Test func `judges the scopes of a FranceConnect token itself`() throws {
        func status(_ scopes: Set<String>) throws -> Int {
            let judged = holder(.active(personID: "maelle-kerouanton", scopes: scopes))
            return try assessment(judged, "situations/ir/assiettes/annrev/2024", token: "jeton")
                .status
        }
        #expect(try status(["openid", "dgfip_rfr", "dgfip_annee_n_moins_2"]) == 200)
        #expect(try status(["openid", "dgfip_rfr", "dgfip_annee_n_moins_1"]) == 403)
        #expect(try status(["openid", "dgfip_annee_n_moins_2"]) == 403)
        #expect(
            try assessment(holder(), "situations/ir/assiettes/annrev/2024", token: "mort").status
                == 403)
    }

    @Test func `leaves out a value whose scope the token does not have`() throws {
        let judged = holder(
            .active(
                personID: "maelle-kerouanton",
                scopes: ["dgfip_sitfam", "dgfip_annee_n_moins_2"]))
        let reply = try assessment(judged, "situations/ir/assiettes/annrev/2024", token: "jeton")
        #expect(try reply.text("rfr") == nil)
        #expect(try reply.text("sitFam") == "C")
        #expect(try reply.text("nmNaiDec1") == "KEROUANTON")
    }

    private func search(_ criteria: [(String, String)]) throws -> DoubleReply {
        let holder = holder()
        return holder.reply(
            asking(
                .get, "/r2p/v1/personne/spi", query: criteria,
                headers: [
                    ("Authorization", "Bearer \(try holder.token())"),
                    ("X-Correlation-ID", correlation),
                ]))
    }

    @Test func `finds a tax number from a civil status`() throws {
        let reply = try search([
            ("nom", "SANTARELLI"), ("prenom", "PETRU"), ("sexe", "1"), ("naisDate", "06/01/1983"),
            ("naisCodePays", "99100"), ("naisCodeDept", "02B"), ("naisCodeCommune", "033"),
        ])
        #expect(try reply.text("identifiant.spi") == number(of: "petru-santarelli"))
    }

    @Test func `does not choose between homonyms`() throws {
        let criteria = [
            ("nom", "BOURDARIAS"), ("prenom", "CAMILLE"), ("naisDate", "18/04/1994"),
        ]
        #expect(try search(criteria).status == 403)
        let placed = criteria + [("naisCodeDept", "019"), ("naisCodeCommune", "272")]
        #expect(
            try search(placed).text("identifiant.spi") == number(of: "camille-bourdarias-tulle"))
        #expect(try search([("nom", "WULFRANC"), ("prenom", "ADELPHE")]).status == 404)
    }

    @Test(arguments: [
        ("amadou-diakhoumpa", "1975", 200), ("nasrin-hakimzadeh", "11/1992", 200),
        ("nasrin-hakimzadeh", "01/11/1992", 404),
    ])
    func `holds presumed birth dates without the day`(
        id: String, date: String, status: Int
    ) throws {
        let identity = try #require(Town.standard.person(id)).identity
        let reply = try search([
            ("nom", identity.birthName), ("prenom", identity.givenNames[0]), ("naisDate", date),
        ])
        #expect(reply.status == status)
    }
}
