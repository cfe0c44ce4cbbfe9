import HTTPMessages
import Testing
import Vocabulary

@testable import Connectors

@Suite struct `What an answer means` {
    private func outcome(
        _ rules: String, _ json: String, status: Int = 404, headers: [(String, String)] = []
    ) throws -> StepReading {
        var trial = Trial()
        trial.rules = "[\(rules)]"
        return try trial.read(json, status: status, headers: headers)
    }

    private func reason(_ reading: StepReading) -> String { reading.outcome.text }

    @Test(arguments: [#"{"code": 40409}"#, #"{"code": "40409"}"#, #"{"code": " 40409 "}"#])
    func `is told by a code, sent as a number or as a text`(json: String) throws {
        let rule = """
            {"corps": {"pointeur": "/code", "valeurs": ["40409"]}, "issue": "personne_inconnue"}
            """
        #expect(reason(try outcome(rule, json)) == "personne_inconnue")
    }

    @Test(arguments: [
        (#"{"errors": [{"code": "37003"}]}"#, 404, "non_detenu"),
        (#"{"errors": [{"code": "00101"}, {"code": "25003"}]}"#, 404, "non_detenu"),
        (#"{"errors": [{"code": "37003"}]}"#, 400, "reponse_irrecevable"),
        (#"{"errors": [{"code": "37002"}]}"#, 404, "reponse_irrecevable"),
        (#"{"errors": []}"#, 404, "personne_inconnue"), ("", 404, "personne_inconnue"),
    ])
    func `is told by several conditions together`(json: String, status: Int, read: String) throws {
        let rules = """
            {"statut": [404], "corps": [{"pointeur": "/errors/*/code", "finit_par": ["003"]}],
             "issue": "non_detenu"},
            {"statut": [404], "corps": {"pointeur": "/errors/*/code", "absent": true},
             "issue": "personne_inconnue"}
            """
        #expect(reason(try outcome(rules, json, status: status)) == read)
    }

    @Test func `is told by a header that is there or not`() throws {
        let rules = """
            {"statut": [404], "entete": {"nom": "X-Fonds", "absent": true},
             "issue": "passerelle_en_defaut"},
            {"statut": [404], "entete": [{"nom": "X-Fonds", "valeurs": ["1"]}, {"nom": "X-Etat"}],
             "issue": "non_detenu"}
            """
        let told = { (headers: [(String, String)]) in
            reason(try outcome(rules, "{}", headers: headers))
        }
        #expect(try told([]) == "passerelle_en_defaut")
        #expect(try told([("X-Fonds", "1"), ("X-Etat", "clos")]) == "non_detenu")
        #expect(try told([("X-Fonds", "1")]) == "reponse_irrecevable")
        #expect(try told([("X-Fonds", "2"), ("X-Etat", "clos")]) == "reponse_irrecevable")
    }

    @Test func `is not told of a body that cannot be read`() throws {
        let rule = """
            {"statut": [404], "corps": {"pointeur": "/code", "absent": true}, "issue": "non_detenu"}
            """
        #expect(reason(try outcome(rule, "<html>")) == "reponse_irrecevable")
        #expect(reason(try outcome(rule, "")) == "non_detenu")
    }

    private static let quota = """
        {"statut": [429], "issue": "detenteur_quota",
         "reessayer_apres": {"pointeur": "/fault/nextAccessTime"}, "reessayer_apres_s": 60}
        """

    @Test(arguments: [
        ("2026-11-21T06:01:30Z", 90), ("2026-11-21T07:01:30+01:00", 90),
        ("2026-Nov-21 06:00:30+0000 UTC", 30), ("2026-11-21T06:00:00.200Z", 1),
        ("2026-11-21T05:00:00Z", 1), ("2027-11-21T06:00:00Z", 86_400), ("45", 45),
        ("demain", 60), ("2026-13-45T00:00:00Z", 60), ("", 60),
    ])
    func `says when to ask again, by the holder's own clock`(told: String, seconds: Int) throws {
        let reading = try outcome(
            Self.quota, "{\"fault\": {\"nextAccessTime\": \"\(told)\"}}", status: 429,
            headers: [("Date", "Sat, 21 Nov 2026 06:00:00 GMT")])
        #expect(reason(reading) == "detenteur_quota")
        #expect(reading.retryAfterSeconds == seconds)
    }

    @Test func `says a number of seconds where the holder has no clock`() throws {
        let body = #"{"fault": {"nextAccessTime": "2026-11-21T06:01:30Z"}}"#
        #expect(try outcome(Self.quota, body, status: 429).retryAfterSeconds == 60)
        let dated = try outcome(
            Self.quota, body, status: 429,
            headers: [
                ("Date", "Sat, 21 Nov 2026 06:00:00 GMT"),
                ("Retry-After", "Sat, 21 Nov 2026 06:00:07 GMT"),
            ])
        #expect(dated.retryAfterSeconds == 7)
    }

    @Test func `may be a failure that asking again does not change`() throws {
        let rule = """
            {"corps": {"pointeur": "/code", "valeurs": ["40024"]},
             "issue": "detenteur_indisponible", "reessayable": false}
            """
        let final = try outcome(
            rule, #"{"code": 40024}"#, status: 500, headers: [("Retry-After", "5")])
        #expect(reason(final) == "detenteur_indisponible")
        #expect(!final.mayRetry)
        #expect(final.retryAfterSeconds == nil)
        #expect(try outcome(rule, "{}", status: 500).mayRetry)
    }

    @Test(arguments: [
        (502, "detenteur_indisponible"), (504, "detenteur_trop_lent"), (429, "detenteur_quota"),
        (401, "passerelle_en_defaut"), (302, "reponse_irrecevable"), (200, "obtenu"),
    ])
    func `is what its status usually means where no rule says`(status: Int, read: String) throws {
        #expect(reason(try outcome("", #"{"a": 1}"#, status: status)) == read)
    }

    @Test(arguments: [
        (#"{"y": 2024, "m": 5}"#, "obtenu"), (#"{"y": "2024", "m": "05"}"#, "obtenu"),
        (#"{"y": 2024, "m": 4}"#, "reponse_irrecevable"), (#"{}"#, "obtenu"),
        (#"{"i": "123456a"}"#, "obtenu"), (#"{"i": "999999Z"}"#, "identite_discordante"),
    ])
    func `is not believed where it repeats another question`(json: String, read: String) throws {
        var trial = Trial()
        trial.repeats = """
            {"periode.annee": "/y", "periode.mois": "/m", "identifiant.identifiant_france_travail":
             "/i"}
            """
        let reading = try trial.read(
            json, period: .month(try #require(YearMonth("2024-05"))),
            identifiers: [.identifiantFranceTravail: Sensitive("123456A")])
        #expect(reason(reading) == read)
        if read != "obtenu" { #expect(reading.reading == HolderReading()) }
    }
}

@Suite struct `An identity of an answer` {
    private func outcome(_ given: String, tolerances: String, names: [String]) throws -> String {
        var trial = Trial()
        trial.agreement = """
            "concordance": {"personnes": [{"nom_naissance": "/n", "date_naissance": "/d",
              "prenoms": {"pointeur": "/p/*", "joindre": " "}}], "tolerances": {\(tolerances)}}
            """
        let reading = try trial.read(
            "{\"n\": \"LE GOFF\", \"d\": \"1990-05-17\", \"p\": \(given)}",
            pivot: try pivot(given: names))
        return reading.outcome.text
    }

    @Test(arguments: [
        (#"["ANAIS", "MARIE"]"#, "", ["Anaïs", "Marie"], "obtenu"),
        (#"["MARIE", "ANAIS"]"#, "", ["Anaïs", "Marie"], "identite_discordante"),
        (
            #"["MARIE", "ANAIS"]"#, #""prenoms_sans_ordre": true"#, ["Anaïs", "Marie"], "obtenu"
        ),
        (
            #"["MARIE", "ANNE"]"#, #""prenoms_sans_ordre": true"#, ["Anaïs", "Marie"],
            "identite_discordante"
        ),
        (#"["ANAIS", "MARIE"]"#, "", ["Anaïs"], "identite_discordante"),
        (#"["ANAIS", "MARIE"]"#, #""prenoms_en_plus": true"#, ["Anaïs"], "obtenu"),
        (
            #"["ANAISE", "MARIE"]"#, #""prenoms_en_plus": true"#, ["Anaïs"],
            "identite_discordante"
        ),
        (
            #"["MARIE", "ANAIS"]"#, #""prenoms_en_plus": true"#, ["Anaïs"], "identite_discordante"
        ),
    ])
    func `agrees as far as its connector says what the holder does to given names`(
        given: String, tolerances: String, names: [String], read: String
    ) throws {
        #expect(try outcome(given, tolerances: tolerances, names: names) == read)
    }
}

@Suite struct `What an answer is worth` {
    @Test(arguments: [
        ("2026-11-01", "2026-09-30"), ("2026-11-08", "2026-09-30"), ("2026-11-09", "2026-10-31"),
        ("2026-08-02", "2026-06-30"), ("2026-08-03", "2026-07-31"), ("2026-01-04", "2025-11-30"),
        ("2026-01-05", "2025-12-31"), ("2024-03-04", "2024-02-29"),
    ])
    func `is that of the last renewal, after the first weekend`(
        today: String, day: String
    ) throws {
        var trial = Trial()
        trial.head = #""fraicheur": {"rythme": "mensuel", "des_le": "premier_week_end"},"#
        let today = try #require(CalendarDate(today))
        #expect(try trial.connector().upToDate(on: today)?.text == day)
    }

    @Test(arguments: [
        (#"{"rythme": "temps_reel"}"#, "2026-03-01"), (#"{"rythme": "quotidien"}"#, "2026-02-28"),
        (#"{"rythme": "mensuel", "des_le": 1}"#, "2026-02-28"),
        (#"{"rythme": "mensuel", "des_le": 2}"#, "2026-01-31"),
    ])
    func `follows the holder's rhythm`(freshness: String, day: String) throws {
        var trial = Trial()
        trial.head = "\"fraicheur\": \(freshness),"
        let today = try #require(CalendarDate("2026-03-01"))
        #expect(try trial.connector().upToDate(on: today)?.text == day)
    }

    @Test func `is said with each outcome, and more where it needs more`() throws {
        var trial = Trial()
        trial.head = """
            "couverture": "Deux sur trois.",
            "couverture_selon_issue": {"non_couvert": "Ne prouve rien."},
            """
        let connector = try trial.connector()
        #expect(connector.coverageSentence(for: .obtained) == "Deux sur trois.")
        #expect(
            connector.coverageSentence(for: .ended(.nonCouvert))
                == "Deux sur trois. Ne prouve rien.")
        trial.head = ""
        #expect(try trial.connector().coverageSentence(for: .obtained) == nil)
    }
}

@Suite struct `A mistake in a reading` {
    private func trial(fields: String) -> Trial {
        var trial = Trial()
        trial.fields = fields
        return trial
    }

    @Test(arguments: [
        (#"{"a": {"pointeur": [], "type": "texte"}}"#, "Donnez un pointeur au moins"),
        (
            #"{"a": {"pointeur": ["/a", "/b", "/c", "/d", "/e"], "type": "texte"}}"#, "pointeur"
        ),
        (#"{"a": {"pointeur": "/a/*/*/*/*/*/x", "type": "texte"}}"#, "quatre listes au plus"),
        (#"{"a": {"pointeur": "/a", "joindre": " ", "type": "texte"}}"#, "seule valeur"),
        (#"{"a": {"pointeur": "/a/*/x", "joindre": " ", "type": "texte"}}"#, "joindre"),
        (#"{"a": {"pointeur": "/a/*", "joindre": " ", "type": "entier"}}"#, "textes se joignent"),
        (#"{"a": {"constante": 12, "type": "booleen"}}"#, "constante"),
        (#"{"a": {"constante": {}, "type": "texte"}}"#, "constante"),
        (#"{"a": {"pointeur": "/a", "type": "texte", "unite": "centimes"}}"#, "unité"),
        (#"{"a": {"pointeur": "/a", "type": "entier", "unite": "sous"}}"#, "centimes, milliers"),
        (#"{"a": {"parties": {"jour": "/j", "annee": "/y"}}}"#, "Un jour sans son mois"),
        (#"{"a": {"parties": {"jour": "/j", "mois": "/m"}}}"#, "annee"),
        (
            #"{"a": {"calcul": "somme", "liste": "/p/*", "pointeur": "/p/*/m", "type": "date"}}"#,
            "Seuls des nombres"
        ),
        (
            #"{"a": {"calcul": "moyenne", "liste": "/p", "pointeur": "/p/m"}}"#,
            "éléments d'une liste"
        ),
        (#"{"a": {"pointeur": "/a", "type": "date", "format": "mm-jj"}}"#, "jj/mm/aaaa"),
    ])
    func `of a field is told with its remedy`(fields: String, hint: String) {
        let mistakes = trial(fields: fields).mistakes
        #expect(mistakes.contains { $0.contains(hint) }, "\(mistakes)")
        #expect(mistakes.allSatisfy { $0.hasPrefix("lectures.une.champs.a") }, "\(mistakes)")
    }

    @Test(arguments: [
        (#"{"issue": "non_detenu"}"#, "s'applique à tout"),
        (#"{"statut": [404], "issue": "introuvable"}"#, "Choisissez parmi : obtenu"),
        (
            #"{"statut": [404], "issue": "non_detenu", "reessayer_apres_s": 5}"#,
            "rien n'est à réessayer"
        ),
        (
            #"{"statut": [500], "issue": "detenteur_indisponible", "reessayable": false,"#
                + #""reessayer_apres_s": 5}"#, "rien n'est à réessayer"
        ),
        (#"{"statut": [200], "issue": "obtenu", "reessayable": true}"#, "obtenue"),
        (
            #"{"entete": {"nom": "X", "absent": true, "valeurs": ["1"]}, "issue": "non_detenu"}"#,
            "Ce qui est absent"
        ),
        (#"{"entete": {"nom": "X", "absent": false}, "issue": "non_detenu"}"#, "absent"),
        (#"{"corps": {"pointeur": "/c"}, "issue": "non_detenu"}"#, "finit_par"),
        (#"{"corps": {"pointeur": "/c", "finit_par": [""]}, "issue": "non_detenu"}"#, "texte vide"),
        (
            #"{"statut": [429], "issue": "detenteur_quota", "reessayer_apres": {}}"#,
            "soit « entete », soit « pointeur »"
        ),
    ])
    func `of a rule is told with its remedy`(rule: String, hint: String) {
        var trial = Trial()
        trial.rules = "[\(rule)]"
        #expect(trial.mistakes.contains { $0.contains(hint) }, "\(trial.mistakes)")
        #expect(trial.mistakes.allSatisfy { $0.hasPrefix("lectures.une.issues") })
    }

    @Test(arguments: [
        (#""fraicheur": {"rythme": "mensuel"},"#, "des_le"),
        (#""fraicheur": {"rythme": "mensuel", "des_le": 31},"#, "premier_week_end"),
        (#""fraicheur": {"rythme": "quotidien", "des_le": 3},"#, "Seul un rythme mensuel"),
        (#""fraicheur": {"rythme": "annuel"},"#, "temps_reel, quotidien, mensuel"),
        (#""couverture_selon_issue": {"inconnu": "Rien."},"#, "Choisissez parmi : obtenu"),
        (#""couverture_selon_issue": {"non_couvert": " "},"#, "vide"),
    ])
    func `of what an answer is worth is told with its remedy`(head: String, hint: String) {
        var trial = Trial()
        trial.head = head
        #expect(trial.mistakes.contains { $0.contains(hint) }, "\(trial.mistakes)")
    }

    @Test func `of what an answer repeats is told with its remedy`() {
        var trial = Trial()
        trial.repeats = #"{"identite.nom_naissance": "/n"}"#
        #expect(trial.mistakes.contains { $0.contains("identifiant.ine") }, "\(trial.mistakes)")
    }
}
