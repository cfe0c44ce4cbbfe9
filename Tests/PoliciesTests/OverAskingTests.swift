import Foundation
import JSONText
import Policies
import Testing
import Vocabulary

/// A policy changed in its text, and what a jurist would then be told.
private struct Reviewed {
    let catalogue: Catalogue
    let purpose: PurposeID
    let whole: String

    init(_ name: String) throws {
        catalogue = try Shipped.catalogue()
        purpose = try #require(PurposeID(name))
        whole = String(
            decoding: try Shipped.bytes("policies/\(name)/policy.json"), as: UTF8.self)
    }

    func policy(_ text: String, named name: String? = nil) throws -> Policy {
        let id = try #require(PurposeID(name ?? purpose.text))
        let reading = readPolicy(Array(text.utf8), of: id, catalogue: catalogue, service: nil)
        return try #require(reading.value, "\(reading.mistakes.map(\.message))")
    }

    func remarks(
        _ changes: [(old: String, new: String)] = [], on day: String = "2026-11-20"
    ) throws -> [String] {
        var text = whole
        for change in changes {
            #expect(text.contains(change.old), "\(change.old)")
            text = text.replacing(change.old, with: change.new)
        }
        let today = try #require(CalendarDate(day))
        return try policy(text).remarks(catalogue: catalogue, today: today).map { remark in
            let mistake = remark.located(in: Array(text.utf8))
            #expect(mistake.position.line > 1)
            #expect(!mistake.remedy.isEmpty)
            return "\(mistake.path) : \(mistake.message)"
        }
    }
}

@Suite struct `A review of a policy` {
    private let tariff: Reviewed

    init() throws {
        tariff = try Reviewed("commune-demo/tarification-cantine")
    }

    @Test(arguments: Shipped.purposes)
    func `has nothing to say of what ships, an ended habilitation apart`(name: String) throws {
        let remarks = try Reviewed(name).remarks()
        #expect(remarks.allSatisfy { $0.contains("a pris fin") }, "\(remarks)")
        #expect(remarks.count == (name == "cnaf/rsa" ? 1 : 0))
    }

    @Test(arguments: [
        ("Pour le tarif.", "est trop courte"),
        ("Valeur du quotient familial, nécessaire au traitement du dossier.", "que répéter"),
        ("Ce quotient doit être inférieur à celui que fixe le conseil.", "« inférieur à »"),
        ("Le tarif réduit vaut sous un plafond fixé par le conseil.", "« plafond »"),
        ("La réduction s'applique au-dessus d'un certain quotient.", "« au-dessus »"),
    ])
    func `doubts a justification`(text: String, message: String) throws {
        let remarks = try tariff.remarks([
            ("Le tarif se lit par tranches de quotient familial : la tranche suffit.", text),
            (Self.brackets(in: tariff.whole), "{\"forme\": \"valeur\"}"),
        ])
        #expect(remarks.count == 1)
        #expect(remarks.first?.contains(message) == true, "\(remarks)")
        #expect(remarks.first?.hasPrefix("champs[0]") == true)
    }

    @Test func `believes a form that says why the value is needed`() throws {
        let remarks = try tariff.remarks([
            (
                Self.brackets(in: tariff.whole),
                """
                {"forme": "valeur",
                 "motif": "Le tarif est linéaire : il se calcule sur le quotient lui-même."}
                """
            )
        ])
        #expect(remarks == [])
    }

    @Test func `sees one justification on fields that have nothing in common`() throws {
        let reason = "Le tarif baisse avec le nombre d'enfants de la famille."
        let remarks = try tariff.remarks([
            ("Le mois du quotient ne se comprend qu'avec son année.", reason)
        ])
        #expect(remarks.count == 1)
        #expect(remarks.first?.contains("mot pour mot") == true)
        let family = try Reviewed("dhup/logement-social")
        let parts = try family.remarks([
            (
                "Chaque enfant à loger est une personne du ménage demandeur : ses prénoms l'y inscrivent.",
                "Chaque enfant à loger est une personne du ménage demandeur : son nom l'y inscrit."
            )
        ])
        #expect(parts == [])
    }

    @Test func `sees a whole data set`() throws {
        let all = tariff.catalogue.fields.datasets.values.first { $0.id.text == "statut_etudiant" }
        let rules = try #require(all).fields.map { field in
            """
            {"champ": "\(field.path)", "formes": [{"forme": "valeur"}], "justification":
             "La règle numéro \(field.path) de la démarche se sert de cette information-ci."}
            """
        }
        let student = try Reviewed("minarm/recensement-citoyen")
        let start = try #require(student.whole.range(of: "\"champs\": ["))
        let end = try #require(
            student.whole.range(of: "\n  ],", range: start.upperBound..<student.whole.endIndex))
        let text = student.whole.replacingCharacters(
            in: start.upperBound..<end.lowerBound, with: rules.joined(separator: ","))
        let today = try #require(CalendarDate("2026-11-20"))
        let remarks = try student.policy(text).remarks(
            catalogue: student.catalogue, today: today)
        #expect(remarks.map(\.place) == [.fields])
        #expect(remarks.first?.message.contains("tout le jeu « statut_etudiant »") == true)
    }

    @Test(arguments: [
        ("2028-10-01", 0, ""), ("2028-10-02", 2, "finit le 2028-12-31, dans 90 jours"),
        ("2028-12-30", 2, "demain"), ("2028-12-31", 2, "aujourd'hui"),
        ("2029-01-01", 2, "a pris fin le 2028-12-31"),
    ])
    func `tells of a habilitation about to end`(
        day: String, count: Int, message: String
    ) throws {
        let remarks = try tariff.remarks(on: day)
        #expect(remarks.count == count)
        #expect(remarks.allSatisfy { $0.contains(message) && $0.hasPrefix("habilitations[") })
    }

    @Test func `sees a rule that a prohibition empties`() throws {
        let remarks = try tariff.remarks([
            (
                "\"periodes\": {",
                "\"champs_interdits\": [\"quotient_familial.nombre_enfants\"], \"periodes\": {"
            )
        ])
        #expect(remarks.count == 1)
        #expect(remarks.first?.contains("ne permet rien") == true)
    }

    /// The form that the shipped tariff gives to the quotient.
    private static func brackets(in text: String) -> String {
        guard let start = text.range(of: "{\n          \"forme\": \"tranche\""),
            let end = text.range(
                of: "\n          ]\n        }", range: start.upperBound..<text.endIndex)
        else { return "" }
        return String(text[start.lowerBound..<end.upperBound])
    }
}

@Suite struct `Bounds laid side by side` {
    private let tariff: Reviewed

    init() throws {
        tariff = try Reviewed("commune-demo/tarification-cantine")
    }

    /// The tariff's policy with other forms for a field of whole numbers, or of decimals.
    private func policy(
        _ forms: String, field: String = "quotient_familial.valeur", named name: String? = nil
    ) throws -> Policy {
        let start = try #require(tariff.whole.range(of: "\"champs\": ["))
        let end = try #require(
            tariff.whole.range(of: "\n  ],", range: start.upperBound..<tariff.whole.endIndex))
        let text = tariff.whole.replacingCharacters(
            in: start.upperBound..<end.lowerBound,
            with: """
                {"champ": "\(field)", "formes": [\(forms)],
                 "justification": "Le tarif dépend du quotient de la famille, par paliers."}
                """
        ).replacing("\"quotient_familial\": {", with: "\"\(field.split(separator: ".")[0])\": {")
            .replacing(
                tariff.purpose.text, with: name ?? tariff.purpose.text)
        let periods =
            field.hasPrefix("quotient")
            ? text
            : text.replacing("\"mois\": {", with: "\"annee\": {")
                .replacing("\"recul_defaut\": 0", with: "\"recul_defaut\": 2")
                .replacing("\"recul_min\": 0", with: "\"recul_min\": 2")
                .replacing("\"recul_max\": 11", with: "\"recul_max\": 2")
        return try tariff.policy(periods, named: name)
    }

    private static func threshold(_ comparison: String, _ bound: String, _ name: String) -> String {
        """
        {"forme": "seuil", "nom": "\(name)", "comparaison": "\(comparison)", "borne": \(bound)}
        """
    }

    /// One integer at most between two bounds of a whole number, or one hundredth of the greater.
    @Test(arguments: [
        ("au_moins", "1000", "au_moins", "1001", true),
        ("au_moins", "1000", "au_plus", "1000", true),
        ("plus_de", "999", "moins_de", "1001", true),
        ("plus_de", "999.5", "moins_de", "1000.5", true),
        ("au_moins", "1000", "plus_de", "999", false),
        ("au_moins", "1000", "au_moins", "1000", false),
        ("au_moins", "1000", "moins_de", "1011", true),
        ("au_moins", "1000", "moins_de", "1012", false),
        ("au_moins", "400", "au_moins", "800", false),
        ("au_moins", "2", "au_moins", "4", false),
        ("au_moins", "-1", "au_moins", "0", true),
    ])
    func `disclose a whole number when they are close`(
        one: String, first: String, other: String, second: String, discloses: Bool
    ) throws {
        let forms =
            Self.threshold(one, first, "un") + "," + Self.threshold(other, second, "deux")
        let today = try #require(CalendarDate("2026-11-20"))
        let remarks = try policy(forms).remarks(catalogue: tariff.catalogue, today: today)
        #expect(remarks.isEmpty != discloses, "\(remarks)")
        #expect(remarks.allSatisfy { $0.message.contains("disent ensemble la valeur") })
    }

    @Test(arguments: [
        ("2.5", "2.52", true), ("2.5", "2.53", false), ("2.5", "2.75", false),
    ])
    func `disclose a decimal within one hundredth`(
        first: String, second: String, discloses: Bool
    ) throws {
        let forms =
            Self.threshold("au_moins", first, "un") + ","
            + Self.threshold("au_moins", second, "deux")
        let today = try #require(CalendarDate("2026-11-20"))
        let remarks = try policy(forms, field: "revenu_fiscal.nombre_parts")
            .remarks(catalogue: tariff.catalogue, today: today)
        #expect(remarks.isEmpty != discloses, "\(remarks)")
    }

    @Test func `disclose with a bracket, and a bracket alone`() throws {
        let bracket = """
            {"forme": "tranche", "tranches": [{"libelle": "A"}, {"libelle": "B", "a_partir_de": 400},
             {"libelle": "C", "a_partir_de": 800}]}
            """
        let today = try #require(CalendarDate("2026-11-20"))
        let both = try policy(bracket + "," + Self.threshold("au_plus", "401", "un"))
            .remarks(catalogue: tariff.catalogue, today: today)
        #expect(both.map(\.place) == [.form(field: 0, form: 1)])
        let alone = try policy(bracket.replacing("800", with: "401"))
            .remarks(catalogue: tariff.catalogue, today: today)
        #expect(alone.count == 1)
        #expect(alone.first?.message.contains("si étroite, entre 400 et 401") == true)
        let value = try policy(
            bracket.replacing("800", with: "401") + ",{\"forme\": \"valeur\"}")
        #expect(
            !value.remarks(catalogue: tariff.catalogue, today: today).contains {
                $0.message.contains("étroite")
            })
    }

    @Test func `disclose across two purposes of one client`() throws {
        let first = try policy(Self.threshold("au_moins", "1000", "un"))
        let second = try policy(
            Self.threshold("au_moins", "1005", "un"), named: "commune-demo/colonie")
        let found = remarks(across: [second, first], catalogue: tariff.catalogue)
        #expect(found.keys.map(\.text) == ["commune-demo/tarification-cantine"])
        let remark = try #require(found.values.first?.first)
        #expect(remark.place == .form(field: 0, form: 0))
        #expect(remark.message.contains("commune-demo/colonie"))
        #expect(remark.message.contains("entre 1000 et 1005"))
        let apart = try policy(
            Self.threshold("au_moins", "2000", "un"), named: "commune-demo/colonie")
        #expect(remarks(across: [apart, first], catalogue: tariff.catalogue).isEmpty)
    }

    @Test func `are no matter where no client may ask both`() throws {
        let first = try policy(Self.threshold("au_moins", "1000", "un"))
        let text = """
            "modes": {"franceconnect": {"niveau_minimum": "eidas1", "clients": ["fc:autre"]}},
            """
        let whole = tariff.whole
        let start = try #require(whole.range(of: "\"modes\": {"))
        let end = try #require(whole.range(of: "\"initiateurs\""))
        let alone = whole.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: text)
            .replacing(tariff.purpose.text, with: "commune-demo/colonie")
            .replacing("\"qualite\": \"agent\",", with: "\"qualite\": \"agent\", \"modes\": [],")
            .replacing("\"a_partir_de\": 400", with: "\"a_partir_de\": 399")
            .replacing("\"a_partir_de\": 800", with: "\"a_partir_de\": 1001")
        let other = try tariff.policy(alone, named: "commune-demo/colonie")
        #expect(remarks(across: [first, other], catalogue: tariff.catalogue).isEmpty)
    }
}

@Suite struct `Two purposes of one service` {
    @Test func `that differ in nothing are told apart or united`() throws {
        let tariff = try Reviewed("commune-demo/tarification-cantine")
        let one = try tariff.policy(tariff.whole)
        let name = "commune-demo/tarification-garderie"
        let text = tariff.whole.replacing(tariff.purpose.text, with: name)
        let same = try tariff.policy(text, named: name)
        let found = remarks(across: [one, same], catalogue: tariff.catalogue)
        #expect(found.keys.map(\.text) == [name])
        let messages = found.values.first?.map(\.message) ?? []
        #expect(messages.count == 1)
        #expect(messages.first?.contains("ne se distingue en rien") == true)
    }

    @Test(arguments: [
        ("\"recul_max\": 11", "\"recul_max\": 10"), ("eidas1", "eidas2"),
        ("\"a_partir_de\": 400", "\"a_partir_de\": 300"),
    ])
    func `may differ in one thing`(old: String, new: String) throws {
        let tariff = try Reviewed("commune-demo/tarification-cantine")
        let one = try tariff.policy(tariff.whole)
        let name = "commune-demo/tarification-garderie"
        let text = tariff.whole.replacing(tariff.purpose.text, with: name)
            .replacing(old, with: new)
        let other = try tariff.policy(text, named: name)
        #expect(remarks(across: [one, other], catalogue: tariff.catalogue).isEmpty)
    }

    @Test func `may need the same fields for two procedures, each in its own words`() throws {
        let tariff = try Reviewed("commune-demo/tarification-cantine")
        let one = try tariff.policy(tariff.whole)
        let name = "commune-demo/tarification-garderie"
        let text = tariff.whole.replacing(tariff.purpose.text, with: name)
            .replacing("Inscription à la restauration scolaire", with: "Inscription à la garderie")
        let copy = try tariff.policy(text, named: name)
        #expect(remarks(across: [one, copy], catalogue: tariff.catalogue).count == 1)
        let own = text.replacing("Le tarif baisse", with: "La participation baisse")
        let distinct = try tariff.policy(own, named: name)
        #expect(remarks(across: [one, distinct], catalogue: tariff.catalogue).isEmpty)
    }
}
