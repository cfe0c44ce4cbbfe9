import Testing
import Vocabulary

@testable import Connectors

@Suite struct `A template` {
    private func render(_ text: String, _ question: HolderQuestion) throws -> String {
        try Template(text).render(VariableValues(question: question, kept: [:]))
    }

    @Test(arguments: [
        ("1990-05-17", "1990-05-17|17051990|17/05/1990|1990-05-17"),
        ("1990-05", "1990-05-00|00051990|05/1990|1990-05-01"),
        ("1990", "1990-00-00|00001990|1990|1990-01-01"),
    ])
    func `writes a birth date as its holder wants it`(birth: String, expected: String) throws {
        let question = try question(
            ["salaires.mensuels[].mois"], pivot: try pivot(birth: birth))
        let text = try render(
            "{identite.date_naissance}|{identite.date_naissance_jjmmaaaa}"
                + "|{identite.date_naissance_barres}|{identite.date_naissance_completee}", question)
        #expect(text == expected)
    }

    @Test(arguments: [
        ("Œuvrard", "OEUVRARD"), ("L’Hénaff-Ñuñez", "L'HENAFF-NUNEZ"), ("Straße", "STRASSE"),
        ("N'Guyễn", "N'GUYEN"), ("Łukasz Ǿ", "LUKASZ O"), ("e\u{301}té", "ETE"),
        ("Ælfric þorn", "AELFRIC THORN"),
    ])
    func `transliterates names to ASCII`(name: String, expected: String) throws {
        let question = try question(
            ["salaires.mensuels[].mois"], pivot: try pivot(name: name))
        #expect(try render("{identite.nom_naissance|ascii|majuscules}", question) == expected)
    }

    @Test(arguments: [
        ("29019", "029", "019"), ("2A004", "02A", "004"), ("97411", "974", "11"),
        ("98735", "987", "35"),
    ])
    func `cuts a commune where its département ends`(
        code: String, department: String, commune: String
    ) throws {
        let question = try question(
            ["salaires.mensuels[].mois"], pivot: try pivot(commune: code))
        let text = try render(
            "{identite.departement_naissance} {identite.commune_naissance_locale}", question)
        #expect(text == "\(department) \(commune)")
    }

    @Test func `has no commune for who was born abroad, and no sex where it is undetermined`()
        throws
    {
        let abroad = try question(
            ["salaires.mensuels[].mois"],
            pivot: try pivot(sex: .indetermine, country: "99351", commune: nil))
        for text in ["{identite.commune_naissance}", "{identite.sexe}", "{identite.sexe_chiffre}"] {
            #expect(throws: CallImpossible.self) { try render(text, abroad) }
        }
    }

    @Test(arguments: [
        "{identite.nir}", "{destinataire", "destinataire}", "{destinataire|sql}", "{}",
    ])
    func `is refused where it is no template`(text: String) {
        #expect(throws: Template.Malformed.self) { try Template(text) }
    }

    @Test func `encodes an identifier so that it stays in its segment`() throws {
        let hostile = try question(
            ["revenu_fiscal.annee_revenus"],
            identifiers: [.numeroFiscal: Sensitive("../../x?y#z%2e")])
        let step = try #require(
            try connector("dgfip/revenu_fiscal").steps(for: hostile).first)
        let target = try step.request(for: hostile).target
        #expect(target.contains("/spi/..%2F..%2Fx%3Fy%23z%252e/dernieresituation/"))
        let dots = try question(
            ["revenu_fiscal.annee_revenus"], identifiers: [.numeroFiscal: Sensitive("..")])
        #expect(throws: CallImpossible.self) { try step.request(for: dots) }
    }

    @Test func `never prints what it rendered`() throws {
        let question = try question(
            ["revenu_fiscal.annee_revenus"],
            identifiers: [.numeroFiscal: Sensitive("3012345678901")])
        let step = try #require(
            try connector("dgfip/revenu_fiscal").steps(for: question).first)
        let request = try step.request(for: question)
        var dumped = ""
        dump(request, to: &dumped)
        dump(question, to: &dumped)
        #expect(!"\(request)\(dumped)\(question)".contains("3012345678901"))
        #expect(!dumped.contains("Goff"))
    }
}

@Suite struct `A holder's scalar` {
    private func date(_ text: String, _ format: DateFormat) -> String {
        var conversion = Conversion(type: .date)
        conversion.dateFormat = format
        switch conversion.reading(of: .text(text)) {
        case .missing(let reason): return reason.rawValue
        case .value(let value):
            guard case .date(let date) = value.reveal() else { return "?" }
            return date.text
        }
    }

    @Test(arguments: [
        ("2020-05-17", DateFormat.iso, "2020-05-17"), ("2020-05-00", .iso, "2020-05"),
        ("2020-00-00", .iso, "2020"), ("0000-00-00", .iso, "sans_valeur"),
        ("2021-06-31", .iso, "2021-06"), ("2020", .iso, "2020"),
        ("2020-13-01", .iso, "reponse_irrecevable"),
        ("17/05/2020", .slashed, "2020-05-17"), ("00052020", .compact, "2020-05"),
        ("20200517", .compactYearFirst, "2020-05-17"), ("1er mai", .iso, "reponse_irrecevable"),
        ("2026-10-05T00:00:00+02:00", .timestamp, "2026-10-05"),
        ("1970-10-30T00:00:00+02:00", .timestamp, "1970-10-30"),
        ("1943-01-10T00:00:00+0200", .timestamp, "1943-01-10"),
        ("2026-10-04T22:30:00Z", .timestamp, "2026-10-05"),
        ("2026-10-04T22:30:00.000Z", .timestamp, "2026-10-05"),
        ("2026-01-04T22:30:00Z", .timestamp, "2026-01-04"),
        ("2026-10-05", .timestamp, "2026-10-05"), (" ", .timestamp, "sans_valeur"),
        ("2026-10-05T25:00:00Z", .timestamp, "reponse_irrecevable"),
    ])
    func `gives a date as far as it is known`(text: String, format: DateFormat, expected: String) {
        #expect(date(text, format) == expected)
    }

    @Test(arguments: [
        (RawScalar.number("12"), "12"), (.text("12"), "12"), (.number("0"), "0"),
        (.number("12.0"), "12"), (.number("12.5"), "reponse_irrecevable"),
        (.null, "non_calculable"), (.composite, "reponse_irrecevable"),
        (.text("x"), "reponse_irrecevable"),
        (.text(" "), "non_calculable"), (.bool(true), "reponse_irrecevable"),
    ])
    func `gives a whole number however it is written`(scalar: RawScalar, expected: String) {
        var conversion = Conversion(type: .entier)
        conversion.whenNull = .nonCalculable
        switch conversion.reading(of: scalar) {
        case .missing(let reason): #expect(reason.rawValue == expected)
        case .value(let value): #expect(value.reveal() == Int64(expected).map { .integer($0) })
        }
    }

    @Test func `may be a reason rather than a value`() {
        var conversion = Conversion(type: .entier)
        conversion.reasons = ["0": .nonCalculable]
        #expect(conversion.reading(of: .number("0")) == .missing(.nonCalculable))
        #expect(conversion.reading(of: nil) == .missing(.sansValeur))
    }
}
