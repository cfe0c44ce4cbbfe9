import Connectors
import JSONText
import Testing
import Vocabulary

@testable import Onboarding

@Suite struct `Playing an example` {
    @Test(arguments: shipped)
    func `finds no difference in a connector that ships`(path: String) throws {
        let connector = try connector(try bytes("\(path)/connector.json"))
        let names = try examples(of: path)
        #expect(names.count >= 5)
        for name in names {
            let mistakes = examine(try bytes("\(path)/examples/\(name)"), with: connector)
            #expect(mistakes.map { "\($0.path): \($0.message)" } == [], "\(name)")
        }
    }

    /// What is changed in the example, where the difference is told, and what it says.
    @Test(arguments: [
        (
            #""methode": "GET""#, #""methode": "POST""#, "appels[0].requete.methode",
            ["POST", "GET"]
        ),
        (
            "dateNaissance=1990-05-17&", "dateNaissance=17051990&", "appels[0].requete.cible",
            ["dateNaissance", "17051990", "1990-05-17"]
        ),
        ("/v1/quotient", "/v2/quotient", "appels[0].requete.cible", ["chemin", "/api-secu/v2"]),
        (
            #""X-APIPART-FSFINAL": "130"#, #""X-APIPART-FSFINAL": "230"#,
            "appels[0].requete.entetes.X-APIPART-FSFINAL", ["23002526500013", "13002526500013"]
        ),
        (
            #""quotient_familial.valeur": 742"#, #""quotient_familial.valeur": 743"#,
            "valeurs.quotient_familial.valeur", ["743", "742"]
        ),
        (
            #"lieu_dit": "sans_valeur""#, #"lieu_dit": "non_detenu""#,
            "manquants.quotient_familial.adresse.lieu_dit", ["non_detenu", "sans_valeur"]
        ),
        (
            #"enfants[]": 2"#, #"enfants[]": 3"#, "listes.quotient_familial.enfants[]",
            ["3", "2"]
        ),
        (#""inconnus": 3"#, #""inconnus": 4"#, "inconnus", ["4", "3"]),
        (
            #""quotient_familial.adresse.numero_voie","#, "", "abandonnes",
            ["quotient_familial.adresse.numero_voie", "laissé de côté"]
        ),
        (
            #""issue": "obtenu""#, #""issue": "personne_inconnue""#, "issue",
            ["personne_inconnue", "obtenu"]
        ),
        (
            #""quotientFamilial": 742"#, #""quotientFamilial": "sept cents""#,
            "valeurs.quotient_familial.valeur", ["742", "reponse_irrecevable"]
        ),
    ])
    func `tells a difference where it is, with both sides and a remedy`(
        old: String, new: String, path: String, words: [String]
    ) throws {
        let connector = try connector(try bytes("cnav/quotient_familial/connector.json"))
        let text = String(
            decoding: try bytes("cnav/quotient_familial/examples/trouve.json"), as: UTF8.self)
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        try #require(changed != text)
        let mistakes = examine(Array(changed.utf8), with: connector)
        try #require(mistakes.count == 1, "\(mistakes.map(\.message))")
        #expect(mistakes[0].path == path)
        #expect(mistakes[0].position.line > 1)
        #expect(!mistakes[0].remedy.isEmpty)
        for word in words { #expect(mistakes[0].message.contains(word)) }
    }

    @Test func `tells every difference at once`() throws {
        let connector = try connector(try bytes("cnav/quotient_familial/connector.json"))
        let text = String(
            decoding: try bytes("cnav/quotient_familial/examples/trouve.json"), as: UTF8.self)
        let changed = text.replacing("moisDemande=10", with: "moisDemande=11")
            .replacing("\"quotient_familial.valeur\": 742", with: "\"quotient_familial.valeur\": 1")
            .replacing("\"inconnus\": 3", with: "\"inconnus\": 0")
        #expect(examine(Array(changed.utf8), with: connector).count == 3)
    }

    @Test func `tells a call that is missing and one that is too many`() throws {
        let connector = try connector(
            try bytes("france-travail/demandeur_emploi/connector.json"))
        let bytes = try bytes("france-travail/demandeur_emploi/examples/trouve-deux-appels.json")
        let two = try #require(
            ConnectorExampleDocument(bytes, dataset: connector.dataset).example)
        let one = two.with(calls: Array(two.calls.prefix(1)))
        let missing = differences(of: one, with: connector)
        #expect(missing.map(\.path) == ["appels"])
        #expect(missing[0].found?.hasPrefix("GET ") == true)
        let three = two.with(calls: two.calls + two.calls.prefix(1))
        #expect(differences(of: three, with: connector).map(\.path) == ["appels[0]"])
    }

    @Test func `tells every mistake of an example's writing at once`() throws {
        let connector = try connector(try bytes("cnav/quotient_familial/connector.json"))
        let text = String(
            decoding: try bytes("cnav/quotient_familial/examples/trouve.json"), as: UTF8.self)
        let changed = text.replacing("\"mode\": \"identite\"", with: "\"mode\": \"identité\"")
            .replacing("\"statut\": 200", with: "\"statut\": 2000")
            .replacing("\"sexe\": \"F\"", with: "\"sexe\": \"f\"")
            .replacing("\"destinataire\"", with: "\"destinatair\"")
        let paths = examine(Array(changed.utf8), with: connector).map(\.path)
        #expect(
            paths == [
                "question.destinatair", "question.mode", "question.identite.sexe",
                "question", "appels[0].reponse.statut",
            ])
    }

    @Test func `shows what a document wrote without what would steer a terminal`() {
        #expect(plainText("a\u{1B}[2Jb\u{202E}c") == "a\\u{1b}[2Jb\\u{202e}c")
        #expect(plainText(String(repeating: "é", count: 400)).count == 301)
    }
}
