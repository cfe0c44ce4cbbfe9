import Foundation
import JSONText
import Policies
import Testing
import Vocabulary

@Suite struct `What a purpose rests on` {
    private let catalogue: Catalogue
    private let purpose: PurposeID
    private let whole: String

    init() throws {
        catalogue = try Shipped.catalogue()
        purpose = try #require(PurposeID("commune-demo/tarification-cantine"))
        let bytes = try Shipped.bytes("policies/\(purpose.text)/policy.json")
        whole = String(decoding: bytes, as: UTF8.self)
    }

    private func mistakes(_ old: String, _ new: String) -> [String] {
        let text = whole.replacing(old, with: new)
        #expect(text != whole)
        let reading = readPolicy(
            Array(text.utf8), of: purpose, catalogue: catalogue, service: nil)
        #expect((reading.value == nil) == !reading.mistakes.isEmpty)
        return reading.mistakes.map { "\($0.path) : \($0.message) \($0.remedy)" }
    }

    @Test func `may be a deliberation of its own for each town`() throws {
        let reading = readPolicy(
            Array(whole.utf8), of: purpose, catalogue: catalogue, service: nil)
        let policy = try #require(reading.value)
        #expect(policy.rgpdArticle == .missionPublique)
        #expect(policy.legalBases.map(\.kind) == [.texte, .deliberation, .deliberation])
        #expect(policy.legalBases[1].deliberation?.date == CalendarDate("2025-06-16"))
        let recipients = Set(policy.legalBases.compactMap { $0.deliberation?.recipient })
        #expect(recipients == Set(policy.habilitations.map(\.recipient)))
        #expect(policy.obligations.contains(.remettreRecu))
    }

    @Test(arguments: [
        ("\"6-1-e\"", "\"6-1-z\"", "Choisissez parmi : 6-1-a"),
        ("\"6-1-e\"", "\"6-1-f\"", "n'est pas ouvert à une administration"),
        ("\"6-1-e\"", "\"6.1.e\"", "ne nomme pas un point de l'article 6"),
        ("\"autorite\"", "\"auteur\"", "bases_legales[1].auteur"),
        (
            "\"date\": \"2025-06-16\"", "\"date\": \"16 juin 2025\"",
            "n'est pas une date du calendrier"
        ),
        ("\"nature\": \"deliberation\"", "\"nature\": \"décret\"", "bases_legales[1].nature"),
        ("\"nature\": \"deliberation\",", "", "bases_legales[1].autorite"),
        (
            "\"destinataire\": \"99900107600010\"\n    }",
            "\"destinataire\": \"99900101900010\"}", "n'habilite pas"
        ),
        ("https://www.legifrance", "http://www.legifrance", "n'est pas une adresse https"),
        ("\"dpv:ServiceProvision\"", "\"ServiceProvision\"", "vocabulaire DPV"),
        ("\"dpv:ServiceProvision\"", "\"pd:Income\"", "déjà dite"),
        ("\"remettre_recu\"", "\"informer_usager\"", "dit deux fois"),
        ("\"qualite\": \"agent\"", "\"qualite\": \"usager\"", "décrit deux fois"),
    ])
    func `is refused where it cannot be`(old: String, new: String, message: String) {
        let found = mistakes(old, new)
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test func `is a text with an address, or one to be confirmed`() {
        let address =
            ",\n      \"url\": \"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000031366350/\""
        #expect(mistakes(address, "").contains { $0.contains("On ne sait pas où lire ce texte") })
        let text = whole.replacing(address, with: ", \"a_confirmer\": true")
        let reading = readPolicy(
            Array(text.utf8), of: purpose, catalogue: catalogue, service: nil)
        #expect(reading.mistakes.isEmpty)
        #expect(reading.warnings.map(\.path) == ["bases_legales[0]"])
    }

    @Test(arguments: [
        "dpv:FraudPreventionAndDetection", "sector-publicservices:PublicServiceFraudDetection",
        "dpv:MisusePreventionAndDetection", "dpv:CounterMoneyLaundering",
    ])
    func `never seeks fraud where the purpose is proactive`(category: String) throws {
        let purpose = try #require(PurposeID("dss/simulation-droits"))
        let whole = String(
            decoding: try Shipped.bytes("policies/\(purpose.text)/policy.json"), as: UTF8.self)
        let text = whole.replacing("dpv:ServicePersonalisation", with: category)
        #expect(text != whole)
        let reading = readPolicy(
            Array(text.utf8), of: purpose, catalogue: catalogue, service: nil)
        #expect(reading.mistakes.map(\.path) == ["categories_dpv[0]"])
        let request = whole.replacing("dpv:ServicePersonalisation", with: category)
            .replacing("\"type\": \"proactif\"", with: "\"type\": \"demande\"")
        let allowed = readPolicy(
            Array(request.utf8), of: purpose, catalogue: catalogue, service: nil)
        #expect(allowed.mistakes.isEmpty)
    }
}
