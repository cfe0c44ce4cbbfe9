import Foundation
import JSONText
import Policies
import Testing
import Vocabulary

@Suite struct `A policy document` {
    private let catalogue: Catalogue
    private let purpose: PurposeID
    private let whole: String

    init() throws {
        catalogue = try Shipped.catalogue()
        purpose = try #require(PurposeID("dss/simulation-droits"))
        let bytes = try Shipped.bytes("policies/dss/simulation-droits/policy.json")
        whole = String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("\"version\": 1", "\"version\": \"1\"", "« version » doit être un nombre entier"),
        ("\"etat\": \"active\"", "\"etat\": \"actif\"", "« etat » n'a pas une valeur permise"),
        ("\"demarche\"", "\"demarches\"", "Le membre « demarches » n'existe pas."),
        (
            "demandeur_emploi.est_inscrit", "demandeur_emploi.est_inscrite",
            "n'existe dans aucun jeu"
        ),
        ("\"forme\": \"valeur\"", "\"forme\": \"somme\"", "ne convient pas au champ"),
        ("99900102700013", "99900102700014", "n'est pas un SIRET"),
        ("\"du\": \"2026-01-01\"", "\"du\": \"2029-01-01\"", "finit avant de commencer"),
        ("\"du\": \"2026-01-01\"", "\"du\": \"2026-02-30\"", "n'est pas une date"),
        ("\"fc:dss\"", "\"dss\"", "n'est pas le nom d'un client FranceConnect"),
        ("\"eidas1\"", "\"faible\"", "n'est pas un niveau de garantie"),
        ("\"eidas1\"", "\"eidas1\", \"identifiants\": [\"ine\"]", "identifiants » n'existe pas"),
        ("\"jours\": 0", "\"jours\": 400", "garde les données plus de douze mois"),
        ("\"accepter_opposition\"", "\"informer_usager\"", "n'impose pas « accepter_opposition »"),
        ("dss/simulation-droits", "dss/simulation", "ne porte pas le nom de ses dossiers"),
        ("\"jours_avant\": 0", "\"jours_avant\": 800", "dépassent celles du jeu de données"),
        ("\"contact\"", "\"etat\": 1, \"contact\"", "deux membres du même objet"),
    ])
    func `is refused with its place and a remedy`(
        old: String, new: String, message: String
    ) throws {
        let text = whole.replacing(old, with: new)
        #expect(text != whole)
        let reading = read(text)
        #expect(reading.value == nil)
        let mistake = reading.mistakes.first { $0.message.contains(message) }
        #expect(mistake != nil, "\(reading.mistakes.map(\.message))")
        #expect(mistake?.remedy.isEmpty == false)
        #expect(mistake.map { $0.position.line > 1 || $0.path.isEmpty } == true)
    }

    @Test func `tells every mistake at once`() {
        let text = whole.replacing("\"version\": 1", with: "\"version\": 0")
            .replacing("\"etat\": \"active\"", with: "\"etat\": 2")
            .replacing("\"contact\"", with: "\"contacte\"")
        #expect(read(text).mistakes.count == 4)
    }

    @Test func `lists the legal bases that were not read again`() throws {
        let purpose = try #require(PurposeID("cnaf/rsa"))
        let reading = readPolicy(
            try Shipped.bytes("policies/cnaf/rsa/policy.json"), of: purpose, catalogue: catalogue,
            service: nil)
        #expect(reading.warnings.map(\.path) == ["bases_legales[1]"])
        #expect(reading.warnings.first?.message.contains("L262-4") == true)
    }

    @Test func `warns of a service that asks its own holder`() throws {
        let text = whole.replacing("statut_etudiant", with: "quotient_familial")
            .replacing("est_inscrit", with: "valeur").replacing(
                "demandeur_emploi.valeur",
                with: "demandeur_emploi.est_inscrit"
            )
            .replacing("\"date\": {", with: "\"mois\": {")
        let service = try #require(try Shipped.services().first { $0.id.text == "cnaf" })
        let reading = readPolicy(
            Array(text.utf8), of: purpose, catalogue: catalogue, service: service)
        #expect(reading.warnings.contains { $0.message.contains("détient déjà") })
    }

    @Test(arguments: 0..<200)
    func `never crashes its reader once broken`(seed: Int) {
        var bytes = Array(whole.utf8)
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 7
        for _ in 0..<4 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let index = Int(state >> 33) % bytes.count
            bytes[index] = UInt8(truncatingIfNeeded: state >> 20)
        }
        let reading = readPolicy(bytes, of: purpose, catalogue: catalogue, service: nil)
        #expect(reading.value != nil || !reading.mistakes.isEmpty)
    }

    @Test func `has a generation that changes with any byte or path`() {
        let one: [(path: String, bytes: [UInt8])] = [("b", [1]), ("a", [2])]
        #expect(PolicySet.generation(of: one) == PolicySet.generation(of: one.reversed()))
        #expect(
            PolicySet.generation(of: one) != PolicySet.generation(of: [("b", [2]), ("a", [2])]))
        #expect(
            PolicySet.generation(of: one) != PolicySet.generation(of: [("b", [1]), ("c", [2])]))
    }

    private func read(_ text: String) -> DocumentReading<Policy> {
        readPolicy(Array(text.utf8), of: purpose, catalogue: catalogue, service: nil)
    }
}
