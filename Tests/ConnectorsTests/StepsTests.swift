import HTTPMessages
import JSONText
import Testing
import Vocabulary

@testable import Connectors

/// From a civil identity to the tax number at R2P, then to the income: two holders' APIs in one
/// connector.
private let chained = """
    {"format": "dlnuf/connecteur/v1", "detenteur": "dgfip", "jeu": "revenu_fiscal",
     "libelle": "R2P puis Impôt Particulier",
     "modes": {"identite": {"etapes": [
      {"nom": "r2p", "toujours": true, "lecture": "r2p", "requete": {
        "origine": "dgfip", "methode": "GET", "chemin": "/r2p/v1/personne/spi",
        "personne_dans_url": true, "authentification": "aucune",
        "parametres": {"nom": "{identite.nom_naissance|ascii|majuscules}",
          "prenom": "{identite.premier_prenom|ascii|majuscules}",
          "sexe": "{identite.sexe_chiffre}", "naisDate": "{identite.date_naissance_barres}",
          "naisCodePays": "{identite.pays_naissance}",
          "naisCodeDept": {"valeur": "{identite.departement_naissance}", "facultatif": true}}}},
      {"nom": "situation", "lecture": "situation", "requete": {
        "origine": "dgfip", "methode": "GET", "chemin": "/spi/{etape.spi}/annrev/{periode.annee}",
        "personne_dans_url": true, "authentification": "aucune"}}]}},
     "lectures": {
      "r2p": {"types": ["application/json"], "sans_concordance": "R2P ne rend qu'un numéro.",
        "issues": [{"statut": [404], "issue": "personne_inconnue"},
                   {"statut": [403], "issue": "personne_ambigue"}],
        "retient": {"spi": {"pointeur": "/identifiant/spi",
          "caracteres": "chiffres", "longueur_max": 13}}},
      "situation": {"types": ["application/json"],
        "concordance": {"personnes": [{"nom_naissance": "/nom", "prenoms": "/prenom",
          "date_naissance": {"pointeur": "/naissance", "format": "jj/mm/aaaa"}}],
          "tolerances": {"premier_prenom_seul": true}},
        "champs": {"revenu_fiscal_reference": {"pointeur": "/rfr", "type": "entier"}}}}}
    """

@Suite struct `Steps` {
    private func chain() throws -> Connector {
        let document = ConnectorDocument(Array(chained.utf8), catalogue: try catalogue())
        #expect(document.mistakes.map(\.message) == [])
        return try #require(document.connector)
    }

    @Test func `pass on what an earlier one kept, and nothing else`() throws {
        let question = try question(["revenu_fiscal.revenu_fiscal_reference"])
        let steps = try chain().steps(for: question)
        #expect(steps.map(\.name) == ["r2p", "situation"])
        #expect(
            try steps[0].request(for: question).target
                == "/r2p/v1/personne/spi?nom=LE%20GOFF&prenom=ANAIS&sexe=2"
                + "&naisDate=17%2F05%2F1990&naisCodePays=99100&naisCodeDept=02A")
        let first = steps[0].read(
            reply(#"{"identifiant":{"spi":"3012345678901","autre":1}}"#), for: question
        ) { _ in false }
        #expect(first.outcome == .obtained)
        #expect(first.reading == HolderReading())
        let second = try steps[1].request(for: question, kept: first.kept)
        #expect(second.target == "/spi/3012345678901/annrev/2024")
        #expect(throws: CallImpossible.self) { try steps[1].request(for: question) }
        let last = steps[1].read(
            reply(#"{"nom":"LE GOFF","prenom":"ANAIS","naissance":"17/05/1990","rfr":"0"}"#),
            for: question
        ) { agrees(question.pivot.reveal(), $0) }
        #expect(
            last.reading["revenu_fiscal.revenu_fiscal_reference"] == .value(Sensitive(.integer(0))))
    }

    @Test func `keep nothing of an answer that is refused`() throws {
        let question = try question(["revenu_fiscal.revenu_fiscal_reference"])
        let step = try #require(try chain().steps(for: question).first)
        let read = step.read(reply("{}", status: 403), for: question) { _ in true }
        #expect(read.outcome == .ended(.personneAmbigue))
        #expect(read.kept.isEmpty)
    }

    @Test func `may not use what no earlier one keeps`() {
        let text = chained.replacing("\"retient\": {\"spi\"", with: "\"retient\": {\"nif\"")
        let document = ConnectorDocument(Array(text.utf8))
        #expect(document.connector == nil)
        #expect(document.mistakes.contains { $0.message.contains("etape.spi") })
    }

    @Test func `are none where no asked leaf would be read`() throws {
        let steps = try chain().steps(for: try question(["revenu_fiscal.nombre_parts"]))
        #expect(steps.isEmpty)
    }

    @Test func `tell a holder's slowness from its failure`() throws {
        let question = try question(
            ["demandeur_emploi.est_inscrit"],
            period: .date(try #require(CalendarDate("2026-11-20"))),
            identifiers: [.identifiantFranceTravail: Sensitive("legoff1234")])
        let step = try #require(
            try connector("france-travail/demandeur_emploi").steps(for: question).first)
        let slow = reply(
            #"{"messageLog":"java.util.concurrent.TimeoutException: x"}"#, status: 500)
        #expect(
            step.read(slow, for: question) { _ in true }.outcome == .ended(.detenteurTropLent))
        #expect(
            step.read(reply("{}", status: 500), for: question) { _ in true }.outcome
                == .ended(.detenteurIndisponible))
    }

    @Test func `believe the holder on when to come back, then the connector`() throws {
        let question = try question(
            ["salaires.mensuels[].mois"],
            period: .months(
                from: try #require(YearMonth("2026-08")), to: try #require(YearMonth("2026-10"))))
        let step = try #require(try connector("gip-mds/salaires").steps(for: question).first)
        let read = { (response: InboundResponse) in
            step.read(response, for: question) { _ in true }
        }
        #expect(read(reply("{}", status: 429)).retryAfterSeconds == 60)
        let said = reply("{}", status: 429, headers: [("Retry-After", "7")])
        #expect(read(said).retryAfterSeconds == 7)
        let away = reply("{}", status: 503, headers: [("Retry-After", "900")])
        #expect(read(away).outcome == .ended(.detenteurMaintenance))
        #expect(read(reply("{}", status: 503)).outcome == .ended(.detenteurIndisponible))
    }
}
