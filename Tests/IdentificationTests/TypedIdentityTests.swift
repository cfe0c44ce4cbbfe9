import JSONText
import Testing
import Vocabulary

@testable import Identification

private let today = CalendarDate("2026-11-20")

private let good = #"""
    {"nom_naissance":"Dubois","prenoms":["Angela","Claire Louise"],"date_naissance":"1962-08-24",
     "sexe":"F","code_pays_naissance":"99100","code_commune_naissance":"75107"}
    """#

private func read(_ text: String) throws -> Sensitive<PivotIdentity> {
    let place = JSONPlace(root: try parseJSON(Array(text.utf8)))
    return try readIdentity(place, today: try #require(today))
}

/// The good identity with one member in place of its own, or without it.
private func changed(_ name: String, _ value: String?) throws -> String {
    let node = try parseJSON(Array(good.utf8))
    var writer = JSONWriter()
    writer.object { writer in
        for member in node.members ?? [] where member.name != name {
            writer.key(member.name)
            writer.value(member.node)
        }
        if let value {
            writer.key(name)
            writer.raw(Array(value.utf8))
        }
    }
    return writer.text
}

@Suite struct `A typed identity` {
    @Test func `becomes a pivot`() throws {
        let pivot = try read(good).reveal()
        #expect(pivot.birthName == "Dubois")
        #expect(pivot.givenNames == ["Angela", "Claire Louise"])
        #expect(pivot.birthDate == PartialDate("1962-08-24"))
        #expect(pivot.sex == .feminin)
        #expect(pivot.birthCommune == "75107")
        #expect(pivot.usageName == nil)
        #expect(!pivot.mayBePresumed)
        let usage = try read(changed("nom_usage", #""Mercier""#)).reveal()
        #expect(usage.usageName == "Mercier")
        #expect(try read(changed("nom_usage", #""Dubois""#)).reveal().usageName == nil)
    }

    @Test(arguments: [
        "DURANDéàèùòœæŒÆ", "L'HÉRITIER", "d’Artagnan", "TROIS--DUPRÉ", "Ÿves", "de La Tour", "'T",
        "O", "Ñandú",
    ])
    func `may have any name of civil status`(name: String) throws {
        #expect(try read(changed("nom_naissance", "\"\(name)\"")).reveal().birthName == name)
        #expect(try read(changed("prenoms", "[\"\(name)\"]")).reveal().givenNames == [name])
    }

    @Test(arguments: [
        ("nom_naissance", nil), ("nom_naissance", #""""#), ("nom_naissance", "null"),
        ("nom_naissance", "1"), ("nom_naissance", #"" Dubois""#), ("nom_naissance", #""Du  bois""#),
        ("nom_naissance", #""--""#), ("nom_naissance", #""Dubois2""#),
        ("nom_naissance", #""Dubois\n""#), ("nom_naissance", #""e\u0301""#),
        ("nom_naissance", #""<b>""#), ("nom_naissance", #""Иван""#),
        ("nom_naissance", #""1620875107123""#), ("nom_usage", #""""#), ("nom_usage", "null"),
        ("prenoms", nil), ("prenoms", "[]"), ("prenoms", #""Angela""#), ("prenoms", "[1]"),
        ("prenoms", #"["Angela",""]"#),
        (
            "prenoms",
            #"["A","A","A","A","A","A","A","A","A","A","A","A","A","A","A","A","A","A","A","A","A"]"#
        ),
        ("date_naissance", nil), ("date_naissance", #""1962-08-00""#),
        ("date_naissance", #""1962-02-30""#), ("date_naissance", #""24/08/1962""#),
        ("date_naissance", #""2026-11-21""#), ("date_naissance", #""2027""#),
        ("date_naissance", #""1200""#), ("date_naissance", "1962"),
        ("sexe", nil), ("sexe", #""f""#), ("sexe", #""1""#), ("sexe", #""X""#),
        ("code_pays_naissance", nil), ("code_pays_naissance", #""FR""#),
        ("code_pays_naissance", #""33000""#), ("code_pays_naissance", #""9910""#),
        ("code_pays_naissance", #""99352""#),
        ("code_commune_naissance", nil), ("code_commune_naissance", #""""#),
        ("code_commune_naissance", #""7510""#), ("code_commune_naissance", #""00123""#),
        ("code_commune_naissance", #""99100""#), ("code_commune_naissance", #""2C004""#),
        ("code_commune_naissance", #""2a004""#), ("code_commune_naissance", #""Paris""#),
        ("ville", #""Paris""#), ("nir", #""1""#),
    ])
    func `is refused, and the mistake names the place`(name: String, value: String?) throws {
        let text = try changed(name, value)
        let mistake = #expect(throws: JSONMistake.self) { try read(text) }
        let said = (mistake?.path ?? "") + (mistake?.message ?? "")
        #expect(said.contains(name) || name == "code_pays_naissance")
        #expect(mistake?.remedy.isEmpty == false)
        #expect(mistake?.message.contains("1620875107123") == false)
    }

    @Test(arguments: ["1990", "1990-05", "1990-05-17", "2026-11-20", "2026"])
    func `may have a date that is known in part`(date: String) throws {
        let pivot = try read(changed("date_naissance", "\"\(date)\"")).reveal()
        #expect(pivot.birthDate.text == date)
    }

    @Test(arguments: ["2A004", "2B033", "20004", "97411", "98611", "98729", "01001", "95277"])
    func `may be born in any department`(commune: String) throws {
        let text = try changed("code_commune_naissance", "\"\(commune)\"")
        #expect(try read(text).reveal().birthCommune == commune)
    }

    @Test(arguments: ["99352", "92352", "99109"])
    func `born abroad has no commune`(country: String) throws {
        let abroad =
            good
            .replacing("99100", with: country)
            .replacing(#","code_commune_naissance":"75107""#, with: "")
        let pivot = try read(abroad).reveal()
        #expect(pivot.birthCountry == country)
        #expect(pivot.birthCommune == nil)
    }

    @Test func `that holds a NIR is told that it is never accepted`() throws {
        for name in ["nir", "numero_secu", "numero_nir", "nss"] {
            let text = try changed(name, #""1620875107123""#)
            let mistake = #expect(throws: JSONMistake.self) { try read(text) }
            #expect(mistake?.message == "Le numéro de sécurité sociale n'est jamais accepté.")
        }
    }

    @Test func `tells all its mistakes at once`() throws {
        let place = JSONPlace(root: try parseJSON(Array(#"{"sexe":"X","prenoms":[]}"#.utf8)))
        var mistakes = JSONMistakes()
        let identity = readIdentity(place, today: try #require(today), into: &mistakes)
        #expect(identity == nil)
        #expect(mistakes.all.count == 5)
    }

    @Test func `does not print itself`() throws {
        let identity = try read(good)
        #expect("\(identity) \(identity.reveal())" == "‹masqué› ‹identité masquée›")
    }
}

@Suite struct `An identifier beside an identity` {
    private func read(_ text: String) throws -> ([IdentifierKind: Sensitive<String>], Int) {
        var mistakes = JSONMistakes()
        let place = JSONPlace(root: try parseJSON(Array(text.utf8)))
        return (readIdentifiers(place, into: &mistakes), mistakes.all.count)
    }

    @Test func `is read by its kind`() throws {
        let (identifiers, mistakes) = try read(
            #"{"numero_fiscal":"3012345678901","ine":"123456789AB","identifiant_france_travail":"jdupont_01"}"#
        )
        #expect(mistakes == 0)
        #expect(identifiers[.numeroFiscal]?.reveal() == "3012345678901")
        #expect(identifiers[.ine]?.reveal() == "123456789AB")
        #expect(identifiers[.identifiantFranceTravail]?.reveal() == "jdupont_01")
    }

    @Test func `tells a numéro fiscal from a NIR by its key`() throws {
        let (identifiers, mistakes) = try read(#"{"numero_fiscal":"1850578006193"}"#)
        #expect(mistakes == 0)
        #expect(identifiers.count == 1)
    }

    @Test(arguments: [
        #"{"numero_fiscal":"1850578006048"}"#, #"{"numero_fiscal":"301234567890"}"#,
        #"{"numero_fiscal":"9012345678901"}"#,
        #"{"ine":"123456789ab"}"#, #"{"ine":"12345678901"}"#, #"{"ine":"ABCDEFGHIJK"}"#,
        #"{"identifiant_france_travail":"a b c"}"#, #"{"nir":"1"}"#, #"{"ine":null}"#, "[]",
        #"{"identifiant_france_travail":"162087510712345"}"#,
    ])
    func `is refused when it is not of its kind`(text: String) throws {
        let (identifiers, mistakes) = try read(text)
        #expect(identifiers.isEmpty)
        #expect(mistakes == 1)
    }

    @Test(arguments: [
        ("1620875107123", true), ("1 62 08 75 107 123 45", true), ("2620820A07123", false),
        ("262082A107123", true), ("3012345678901", true), ("123456789AB", true),
        ("2026-0012345", false), ("dossier-42", false), ("", false), ("DOSSIER2026", false),
    ])
    func `is recognised where none belongs`(text: String, expected: Bool) {
        #expect(looksLikePersonalIdentifier(text) == expected)
    }
}
