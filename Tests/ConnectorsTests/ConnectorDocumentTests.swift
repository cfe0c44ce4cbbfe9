import JSONText
import Testing
import Vocabulary

@testable import Connectors

@Suite struct `A connector's document` {
    private func mistakes(_ change: (String) -> String) throws -> [String] {
        let text = String(decoding: try bytes("dgfip/revenu_fiscal/connector.json"), as: UTF8.self)
        let document = ConnectorDocument(
            Array(change(text).utf8), catalogue: try catalogue())
        #expect((document.connector == nil) == !document.mistakes.isEmpty)
        return document.mistakes.map { "\($0.path) \($0.message) \($0.remedy)" }
    }

    private func replacing(_ text: String, _ other: String) throws -> [String] {
        try mistakes { document in
            #expect(document.contains(text))
            return document.replacing(text, with: other)
        }
    }

    @Test(arguments: [
        ("\"detenteur\": \"dgfip\"", "\"detenteur\": \"D G\"", "detenteur"),
        ("dlnuf/connecteur/v1", "dlnuf/connecteur/v9", "format"),
        ("\"methode\": \"GET\"", "\"methode\": \"DELETE\"", ".methode"),
        ("\"methode\": \"GET\"", "\"metode\": \"GET\"", "Vouliez-vous dire « methode »"),
        ("{\"secret\": \"dgfip-client-secret\"}", "\"valeur-en-clair\"", "client_secret"),
        ("{periode.annee}", "{periode.siecle}", "chemin"),
        ("\"/erreur/code\"", "\"erreur\"", "corps.pointeur"),
        ("\"personne_dans_url\": true", "\"personne_dans_url\": false", "personne_dans_url"),
        ("\"personne_inconnue\"", "\"introuvable\"", "issue"),
        ("\"lecture\": \"situation\"", "\"lecture\": \"autre\"", "lecture"),
        ("\"O\": \"pacse\"", "\"O\": \"union\"", "union"),
        ("\"nombre_parts\"", "\"parts\"", "contrat du jeu"),
        (
            "{\"pointeur\": \"/rfr\", \"type\": \"entier\"}",
            "{\"pointeur\": \"/rfr\", \"type\": \"texte\"}", "revenu_fiscal_reference"
        ),
        ("{\"pointeur\": \"/rfr\",", "{\"pointeur\": \"/aftDetail\",", "contredit un autre"),
        ("\"prenoms\": \"/prnmDec2\",", "", "prenoms"),
        ("\"X-FranceConnect-OAuth\": \"", "\"Authorization\": \"", "entetes"),
        ("annrev/{periode.annee}\"", "annrev/{jeton_franceconnect}\"", "jeton"),
    ])
    func `names the place of a mistake and its remedy`(
        text: String, other: String, hint: String
    ) throws {
        let found = try replacing(text, other)
        #expect(found.contains { $0.contains(hint) }, "\(found)")
    }

    @Test func `may demand a level of its own of FranceConnect`() throws {
        let text = String(decoding: try bytes("dgfip/revenu_fiscal/connector.json"), as: UTF8.self)
        let demanding = text.replacing(
            "\"franceconnect\": {\n", with: "\"franceconnect\": {\n\"niveau_minimum\": \"eidas2\",")
        #expect(demanding != text)
        let document = ConnectorDocument(Array(demanding.utf8), catalogue: try catalogue())
        let services = try #require(document.connector).services
        #expect(services.first { $0.mode == .franceconnect }?.minimumLevel == .eidas2)
        #expect(services.first { $0.mode == .identite }?.minimumLevel == nil)
        let wrong = demanding.replacing("eidas2", with: "eidas4")
        #expect(
            ConnectorDocument(Array(wrong.utf8)).mistakes.map(\.path)
                == ["modes.franceconnect.niveau_minimum"])
        let misplaced = text.replacing(
            "\"identite\": {\n", with: "\"identite\": {\n\"niveau_minimum\": \"eidas2\",")
        #expect(misplaced != text)
        #expect(
            ConnectorDocument(Array(misplaced.utf8)).mistakes.map(\.path)
                == ["modes.identite.niveau_minimum"])
    }

    @Test func `tells all mistakes at once`() throws {
        let found = try mistakes { text in
            text.replacing("\"methode\": \"GET\"", with: "\"methode\": \"PUT\"")
                .replacing("\"envoi\": \"basic\"", with: "\"envoi\": \"cookie\"")
                .replacing("\"taille_max\": 262144", with: "\"taille_max\": -1")
        }
        #expect(found.count >= 4)
    }

    @Test func `tells where its JSON is broken`() throws {
        let document = ConnectorDocument(Array("{\"format\": ".utf8))
        #expect(document.connector == nil)
        #expect(document.mistakes.count == 1)
    }

    @Test func `needs no identity to compare only where it says why`() throws {
        let text = String(
            decoding: try bytes("france-travail/demandeur_emploi/connector.json"), as: UTF8.self)
        let document = ConnectorDocument(
            Array(text.replacing("\"toujours\": true,", with: "").utf8),
            catalogue: try catalogue())
        let connector = try #require(document.connector)
        #expect(connector.services.map(\.returnsIdentity) == [true, false])
    }
}
