import HTTPMessages
import JSONText
import Testing
import Vocabulary

@testable import Connectors

/// A connector of one call whose reading a test writes.
struct Trial {
    var fields = #"{"a": {"pointeur": "/a", "type": "entier"}}"#
    var lists = "{}"
    var rules = "[]"
    var repeats = "{}"
    var agreement = #""sans_concordance": "Un essai.""#
    var head = ""

    func document() -> ConnectorDocument {
        let text = """
            {"format": "dlnuf/connecteur/v1", "detenteur": "essai", "jeu": "essai",
             "libelle": "Un essai", \(head)
             "modes": {"identite": {"etapes": [{"nom": "un", "lecture": "une", "requete":
               {"origine": "essai", "methode": "GET", "chemin": "/x",
                "authentification": "aucune"}}]}},
             "lectures": {"une": {"types": ["application/json"], "issues": \(rules),
               \(agreement), "repete": \(repeats), "listes": \(lists), "champs": \(fields)}}}
            """
        return ConnectorDocument(Array(text.utf8))
    }

    func connector() throws -> Connector {
        let document = document()
        guard let connector = document.connector else {
            throw TestFailure(
                document.mistakes.map { "\($0.path): \($0.message)" }.joined(by: "\n"))
        }
        return connector
    }

    func read(
        _ json: String, asking names: [String] = ["a"], status: Int = 200,
        headers: [(String, String)] = [], period: Period? = nil,
        identifiers: [IdentifierKind: Sensitive<String>] = [:], pivot: PivotIdentity? = nil
    ) throws -> StepReading {
        let question = try question(
            names.map { "essai.\($0)" }, period: period, pivot: pivot, identifiers: identifiers)
        let step = try #require(try connector().steps(for: question).first)
        return step.read(reply(json, status: status, headers: headers), for: question) {
            agrees(question.pivot.reveal(), $0)
        }
    }

    /// What one field reads, as its text or its reason.
    func value(_ json: String, of name: String = "a", period: Period? = nil) throws -> String {
        let reading = try read(json, asking: [name], period: period).reading
        return reading["essai.\(name)"]?.shown ?? "rien"
    }

    var mistakes: [String] {
        document().mistakes.map { "\($0.path) | \($0.message) | \($0.remedy)" }
    }
}

extension LeafReading {
    /// The value's JSON text, or the reason's name.
    var shown: String {
        switch self {
        case .missing(let reason): return reason.rawValue
        case .value(let value):
            switch value.reveal() {
            case .integer(let integer): return String(integer)
            case .decimal(let decimal): return decimal.text
            case .boolean(let boolean): return String(boolean)
            case .text(let text): return text
            case .date(let date): return date.text
            case .month(let month): return month.text
            }
        }
    }
}

@Suite struct `A value of an answer` {
    @Test(arguments: [
        (#""unite": "centimes", "type": "decimal""#, "123456", "1234.56"),
        (#""unite": "centimes", "type": "decimal""#, "\"5\"", "0.05"),
        (#""unite": "centimes", "type": "entier""#, "123400", "1234"),
        (#""unite": "centimes", "type": "entier""#, "123456", "reponse_irrecevable"),
        (#""unite": "milliers", "type": "entier""#, "23", "23000"),
        (#""unite": "milliers", "type": "decimal""#, "1.5", "1500"),
        (#""unite": "milliers", "type": "entier""#, "9223372036854775", "9223372036854775000"),
        (#""unite": "milliers", "type": "entier""#, "9223372036854776", "reponse_irrecevable"),
        (#""unite": "euros", "type": "entier""#, "0", "0"),
        (#""ecriture": "francaise", "type": "decimal""#, "\"1 234,50 €\"", "1234.5"),
        (#""ecriture": "francaise", "type": "decimal""#, "\"1\u{202F}234\u{A0}567\"", "1234567"),
        (#""ecriture": "francaise", "type": "decimal""#, "\"1.2,3\"", "reponse_irrecevable"),
        (#""type": "decimal""#, "0.1000000000000000000000001", "reponse_irrecevable"),
        (#""type": "decimal""#, "12345678.90", "12345678.9"),
        (#""type": "entier", "motifs": {"0": "non_calculable"}"#, "0", "non_calculable"),
        (#""type": "entier", "motifs": {"0": "non_calculable"}"#, "0.00", "non_calculable"),
        (#""type": "entier", "motifs": {"0": "non_calculable"}"#, "\"0\"", "non_calculable"),
        (#""type": "entier", "motifs": {"0": "non_calculable"}"#, "10", "10"),
        (#""type": "entier", "si_null": "non_calculable""#, "null", "non_calculable"),
        (#""type": "texte", "valeurs": {"X": "x"}"#, "\"X\"", "x"),
        (#""type": "booleen", "vrai": ["1"], "faux": ["0"]"#, "1", "true"),
        (#""type": "booleen", "vrai": ["O"], "faux": ["N"]"#, "\"N\"", "false"),
        (#""type": "booleen", "vrai": ["O"], "faux": ["N"]"#, "\"?\"", "reponse_irrecevable"),
    ])
    func `keeps its text until its type says what it is`(
        conversion: String, sent: String, read: String
    ) throws {
        var trial = Trial()
        trial.fields = "{\"a\": {\"pointeur\": \"/a\", \(conversion)}}"
        #expect(try trial.value("{\"a\": \(sent)}") == read)
    }

    @Test(arguments: [
        (#"{"inscription": "2025-09-01"}"#, "2025-09-01"),
        (#"{"admission": "2024-09-01"}"#, "2024-09-01"),
        (#"{"inscription": null, "admission": "2024-09-01"}"#, "2024-09-01"),
        (#"{"inscription": "2025-09-01", "admission": "2024-09-01"}"#, "2025-09-01"),
        (#"{"inscription": " ", "admission": null}"#, "sans_valeur"),
        (#"{}"#, "non_detenu"),
    ])
    func `is under the first of its names that has one`(json: String, read: String) throws {
        var trial = Trial()
        trial.fields = """
            {"a": {"pointeur": ["/inscription", "/admission"], "type": "date",
                   "si_absent": "non_detenu", "si_null": "sans_valeur"}}
            """
        #expect(try trial.value(json) == read)
    }

    @Test func `may be what the connector itself says`() throws {
        var trial = Trial()
        trial.fields = #"{"a": {"constante": "CNAF", "type": "texte"}}"#
        #expect(try trial.value("{}") == "CNAF")
        #expect(try trial.value(#"{"a": "MSA"}"#) == "CNAF")
        // Nothing is said of whom the holder does not know.
        #expect(try trial.read("{}", status: 404).reading == HolderReading())
    }

    @Test(arguments: [
        (#"{"a": 2020, "m": 5, "j": 17}"#, "2020-05-17"), (#"{"a": "2020", "m": "05"}"#, "2020-05"),
        (#"{"a": 2020, "m": 0, "j": 0}"#, "2020"), (#"{"a": 2021, "m": 6, "j": 31}"#, "2021-06"),
        (#"{"a": 2021, "m": 13, "j": 1}"#, "reponse_irrecevable"),
        (#"{"a": "0000", "m": "00", "j": "00"}"#, "sans_valeur"), (#"{"m": 5}"#, "sans_valeur"),
    ])
    func `may be a date in members of their own`(json: String, read: String) throws {
        var trial = Trial()
        trial.fields = #"{"a": {"parties": {"jour": "/j", "mois": "/m", "annee": "/a"}}}"#
        #expect(try trial.value(json) == read)
    }

    @Test func `may be a month in members of their own`() throws {
        var trial = Trial()
        trial.fields = #"{"a": {"parties": {"mois": "/m", "annee": "/y"}, "type": "mois"}}"#
        #expect(try trial.value(#"{"m": "5", "y": 2026}"#) == "2026-05")
        #expect(try trial.value(#"{"m": 0, "y": 2026}"#) == "sans_valeur")
    }

    @Test(arguments: [
        ("05/2020", DateFormat.slashed, "2020-05"), ("2020", .slashed, "2020"),
        ("00/00/2020", .slashed, "2020"), ("31/06/2021", .slashed, "2021-06"),
        ("30/02/2024", .slashed, "2024-02"), ("29/02/2024", .slashed, "2024-02-29"),
        ("31062021", .compact, "2021-06"), ("00000000", .compact, "sans_valeur"),
        ("2021-06-31", .timestamp, "2021-06"), ("2020-00-00", .timestamp, "2020"),
        ("2021-06-32", .iso, "reponse_irrecevable"), ("2020-05-17-01", .iso, "reponse_irrecevable"),
        ("2026-10-05T00:00:00.123+0200", .timestamp, "2026-10-05"),
        ("2026-10-04T22:00:00+00:00", .timestamp, "2026-10-04"),
        ("2026-10-04 22:30:00Z", .timestamp, "2026-10-05"),
        ("2026-10-04T22:30:00ZZ", .timestamp, "reponse_irrecevable"),
    ])
    func `gives a date as far as it is written and none that is not`(
        text: String, format: DateFormat, read: String
    ) throws {
        var trial = Trial()
        trial.fields = """
            {"a": {"pointeur": "/a", "type": "date", "format": "\(format.rawValue)"}}
            """
        #expect(try trial.value("{\"a\": \"\(text)\"}") == read)
    }

    @Test func `has back the zero that a number had to lose`() throws {
        var trial = Trial()
        trial.fields = #"{"a": {"pointeur": "/a", "type": "date", "format": "jjmmaaaa"}}"#
        #expect(try trial.value(#"{"a": 5052020}"#) == "2020-05-05")
        #expect(try trial.value(#"{"a": "5052020"}"#) == "reponse_irrecevable")
    }

    @Test func `may be the texts of an array, joined`() throws {
        var trial = Trial()
        trial.fields = #"{"a": {"pointeur": "/p/*", "joindre": " ", "type": "texte"}}"#
        #expect(try trial.value(#"{"p": ["JEANNE", "STEPHANIE"]}"#) == "JEANNE STEPHANIE")
        #expect(try trial.value(#"{"p": []}"#) == "sans_valeur")
        #expect(try trial.value(#"{"p": [{"x": 1}]}"#) == "reponse_irrecevable")
    }
}

@Suite struct `A list of an answer` {
    private let payments = """
        {"p": [{"d": "2026-08-01", "m": 10.5, "k": "A"}, {"d": "2026-09-01", "m": 4.5, "k": "B"},
               {"d": "2026-09-15", "m": 1, "k": "A"}, {"d": "2025-01-01", "m": 100, "k": "A"}]}
        """

    private func period() throws -> Period {
        .months(from: try #require(YearMonth("2026-08")), to: try #require(YearMonth("2026-09")))
    }

    @Test(arguments: [
        (#""calcul": "somme", "pointeur": "/p/*/m", "type": "decimal""#, "16"),
        (#""calcul": "moyenne", "pointeur": "/p/*/m", "type": "decimal""#, "5.33"),
        (#""calcul": "nombre""#, "3"),
    ])
    func `is counted, added up or averaged over the period`(
        calculation: String, read: String
    ) throws {
        var trial = Trial()
        trial.fields = """
            {"a": {\(calculation), "liste": "/p/*", "dans_la_periode": {"pointeur": "/p/*/d"}}}
            """
        #expect(try trial.value(payments, period: period()) == read)
        #expect(try trial.value("{}", period: period()) == "sans_valeur")
    }

    @Test func `has no mean where it is empty, and adds up to nothing`() throws {
        var trial = Trial()
        trial.fields = """
            {"a": {"calcul": "moyenne", "liste": "/p/*", "pointeur": "/p/*/m", "type": "decimal"}}
            """
        #expect(try trial.value(#"{"p": []}"#) == "non_calculable")
        #expect(try trial.value(#"{"p": [{"m": 1}, {"m": null}]}"#) == "non_calculable")
        trial.fields = trial.fields.replacing("moyenne", with: "somme")
        #expect(try trial.value(#"{"p": []}"#) == "0")
        #expect(try trial.value(#"{"p": [{"m": 1}, {"m": null}]}"#) == "non_calculable")
    }

    @Test func `keeps the elements of which a condition holds`() throws {
        var trial = Trial()
        let condition = #""condition": {"pointeur": "/p/*/k", "valeurs": ["A"]}"#
        trial.lists = "{\"l\": {\"elements\": \"/p/*\", \(condition)}}"
        trial.fields = """
            {"l[].m": {"pointeur": "/p/*/m", "type": "decimal"},
             "n": {"calcul": "nombre", "liste": "/p/*", \(condition)}}
            """
        let reading = try trial.read(payments, asking: ["l[].m", "n"]).reading
        #expect(reading["essai.n"]?.shown == "3")
        #expect(reading["essai.l[0].m"]?.shown == "10.5")
        #expect(reading["essai.l[1].m"]?.shown == "1")
        #expect(reading.extents.map(\.count) == [3])
    }

    @Test func `may be of texts alone`() throws {
        var trial = Trial()
        trial.lists = #"{"l": {"elements": "/codes/*"}}"#
        trial.fields = #"{"l[].c": {"pointeur": "/codes/*", "type": "texte"}}"#
        let reading = try trial.read(#"{"codes": ["a", "b"]}"#, asking: ["l[].c"]).reading
        #expect(["0", "1"].map { reading["essai.l[\($0)].c"]?.shown } == ["a", "b"])
    }

    @Test(arguments: [
        (#"{"d": "2020-01-01", "f": "2026-11"}"#, "true"),
        (#"{"d": "2020-01-01", "f": "2026-11-31"}"#, "true"),
        (#"{"d": "2020-01-01", "f": "2026-10-31"}"#, "false"),
        (#"{"d": "2020-01-01", "f": "2026"}"#, "non_calculable"),
        (#"{"d": "2026"}"#, "non_calculable"), (#"{"d": "2026-11-20"}"#, "true"),
        (#"{"d": "0000-00-00"}"#, "non_calculable"), (#"{"d": null}"#, "false"),
        (#"{"d": "hier"}"#, "non_calculable"), (#"{"d": "2020-01-01", "f": "9999-12-31"}"#, "true"),
    ])
    func `is in force on a day, or that cannot be told`(json: String, read: String) throws {
        var trial = Trial()
        trial.fields = """
            {"a": {"calcul": "en_vigueur", "debut": {"pointeur": "/d"}, "fin": {"pointeur": "/f"}}}
            """
        #expect(try trial.value(json) == read)
    }
}
