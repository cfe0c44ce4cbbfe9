import Policies
import Publications
import Testing
import Vocabulary

@Suite struct `The usager's notice` {
    /// The eight notices, to be read aloud.
    @Test(
        arguments: [
            ("cnaf/aide-logement", "notice-cnaf-aide-logement.txt"),
            ("cnaf/aide-logement-etudiant", "notice-cnaf-aide-logement-etudiant.txt"),
            ("cnaf/prime-activite", "notice-cnaf-prime-activite.txt"),
            ("cnaf/rsa", "notice-cnaf-rsa.txt"),
            ("commune-demo/tarification-cantine", "notice-commune-demo-tarification-cantine.txt"),
            ("dhup/logement-social", "notice-dhup-logement-social.txt"),
            ("dss/simulation-droits", "notice-dss-simulation-droits.txt"),
            ("minarm/recensement-citoyen", "notice-minarm-recensement-citoyen.txt"),
        ])
    func `reads as its golden file`(name: String, file: String) throws {
        let purpose = try #require(PurposeID(name))
        let notice = try #require(
            UsagerNotice(of: purpose, in: try Shipped.policies(), on: Shipped.day))
        try expectGolden(notice.text, file)
    }

    private func notice(_ name: String, _ mode: Mode? = nil) throws -> UsagerNotice? {
        let purpose = try #require(PurposeID(name))
        return UsagerNotice(of: purpose, mode: mode, in: try Shipped.policies(), on: Shipped.day)
    }

    /// What RGPD 13 and 14 and CRPA L114-8 want said, whatever the purpose.
    @Test(arguments: Shipped.purposes)
    func `says all that the law wants said`(name: String) throws {
        let notice = try #require(try notice(name))
        let text = notice.text.replacing("\n", with: " ").replacing("\u{A0}", with: " ")
        for word in [
            "Pourquoi :", "L114-8", "RGPD", "au plus", "n'est plus certifiée", "CNIL", "36 mois",
            "Faire corriger une erreur",
        ] where !(word == "au plus" && name.hasPrefix("dss/")) {
            #expect(text.contains(word), "\(word)")
        }
        #expect(!text.contains("revenu_fiscal."), "a name of the API is no word for people")
        #expect(notice.sections.allSatisfy { !$0.title.isEmpty })
    }

    @Test func `promises what proactive information must keep, and a request does not`() throws {
        let proactive = try #require(try notice("dss/simulation-droits")).text
        #expect(proactive.contains("fraude"))
        #expect(proactive.contains("détruites"))
        let ordinary = try #require(try notice("cnaf/rsa")).text
        #expect(!ordinary.contains("fraude"))
    }

    @Test func `of one mode speaks of that mode`() throws {
        let connected = try #require(try notice("cnaf/aide-logement", .franceconnect)).text
        #expect(connected.contains("FranceConnect"))
        #expect(!connected.contains("numéro fiscal"))
        #expect(try notice("minarm/recensement-citoyen", .franceconnect) == nil)
    }

    /// What explain shows: the fields, the period and the recipient that were granted.
    @Test func `of a decision names only what was granted`() throws {
        let policies = try Shipped.policies()
        let purpose = try #require(PurposeID("cnaf/aide-logement"))
        let question = ExchangeQuestion(
            service: purpose.service, recipient: try #require(Siret("99900110000018")),
            purpose: purpose, fields: ["revenu_fiscal.revenu_fiscal_reference"], periods: [:],
            mode: .franceconnect, initiator: Initiator(), role: nil,
            now: Timestamp(milliseconds: Shipped.day.daysSinceEpoch * 86_400_000 + 43_200_000))
        let notice = try #require(UsagerNotice(of: policies.decide(question), in: policies))
        let text = notice.text.replacing("\n", with: " ")
        #expect(text.contains("année 2024"))
        #expect(text.contains("Caisse d'allocations familiales (démonstration)"))
        #expect(!text.contains("France Travail"))
        #expect(!text.contains("L'année de ces revenus"))
        let refused = ExchangeQuestion(
            service: purpose.service, recipient: question.recipient, purpose: purpose,
            fields: ["quotient_familial.valeur"], periods: [:], mode: .franceconnect,
            initiator: Initiator(), role: nil, now: question.now)
        #expect(UsagerNotice(of: policies.decide(refused), in: policies) == nil)
    }
}
