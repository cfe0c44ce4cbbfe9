import HTTPMessages
import Testing

@testable import Sandbox

@Suite struct `The social security counter` {
    private let holder = CNAV(town: .standard, client: client)

    private func ask(
        _ id: String, birth: String? = nil, name: String? = nil, month: (String, String)? = nil
    ) throws -> DoubleReply {
        let identity = try #require(Town.standard.person(id)).identity
        var query = [
            ("nomNaissance", name ?? plainCapitals(identity.birthName)),
            ("listePrenoms", plainCapitals(identity.givenNames.joined(separator: " "))),
            ("dateNaissance", birth ?? identity.birth.withZeros),
            ("codePaysNaissance", identity.country), ("genre", identity.sex.rawValue),
        ]
        if let commune = identity.commune { query.append(("codeLieuNaissance", commune)) }
        if let month {
            query += [("anneeDemandee", month.0), ("moisDemande", month.1)]
        }
        return holder.reply(
            asking(
                .get, "/api-secu/v1/quotient-familial", query: query,
                headers: [
                    ("Authorization", "Bearer \(try holder.token())"),
                    ("X-Correlation-ID", correlation), ("X-APIPART-FSFINAL", "13002526500013"),
                ]))
    }

    @Test func `says which fund has answered`() throws {
        let cnaf = try ask("solenn-quilgars", month: ("2026", "10"))
        #expect(cnaf.header("X-APISECU-FD") == "00810011")
        #expect(try cnaf.text("quotientFamilial") == "1163")
        #expect(try cnaf.text("allocataires.1.nomNaissance") == "QUILGARS")
        #expect(try cnaf.text("enfants.0.listePrenoms") == "AZENOR")
        let msa = try ask("ophelie-mazeyrat")
        #expect(msa.header("X-APISECU-FD") == "00171001")
        #expect(try msa.text("enfants") == "[3]")
    }

    @Test func `tells 0 from what cannot be computed`() throws {
        #expect(try ask("regis-verdelhan").text("quotientFamilial") == "0")
        #expect(try ask("edwige-sarrebourse").text("quotientFamilial") == "null")
    }

    @Test(arguments: [
        ("adelphe-wulfranc", "40409", nil), ("sylvain-quatrefages", "40406", nil),
        ("perrine-hautecloche", "40412", nil), ("mireille-estachy", "40400", "00810011"),
        ("ludovic-bramoulle", "40400", "00171001"), ("bastien-rouvillois", "40406", nil),
    ])
    func `refuses with the code of whoever refuses`(
        id: String, code: String, fund: String?
    ) throws {
        let reply = try ask(id)
        #expect(reply.status == 404)
        #expect(try reply.text("errorCode") == code)
        #expect(reply.header("X-APISECU-FD") == fund)
    }

    @Test func `takes only plain names and twenty-four months`() throws {
        let accented = try ask("maelle-kerouanton", name: "KÉROUANTON")
        #expect(accented.status == 400)
        #expect(try accented.text("errorCode") == "40003")
        #expect(try ask("maelle-kerouanton", month: ("2024", "11")).status == 200)
        #expect(
            try ask("maelle-kerouanton", month: ("2024", "10")).text("errorCode") == "40029")
        #expect(
            try ask("maelle-kerouanton", month: ("2026", "12")).text("errorCode") == "40029")
    }

    @Test func `holds presumed birth dates with zeros`() throws {
        #expect(try ask("nasrin-hakimzadeh", birth: "1992-11-01").text("errorCode") == "40409")
        #expect(try ask("nasrin-hakimzadeh", birth: "1992-11-00").status == 200)
        #expect(try ask("amadou-diakhoumpa", birth: "1975-00-00").status == 200)
    }

    @Test func `tells homonyms by their birthplace`() throws {
        #expect(try ask("camille-bourdarias-tulle").status == 200)
        #expect(try ask("camille-bourdarias-ajaccio").status == 404)
    }
}
