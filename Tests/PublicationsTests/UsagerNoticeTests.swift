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
}
