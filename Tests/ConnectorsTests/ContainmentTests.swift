import HTTPMessages
import JSONText
import TestSupport
import Testing
import Vocabulary

@testable import Connectors

/// A first answer that chooses a value, and a second request that carries it everywhere.
private let carrying = """
    {"format": "dlnuf/connecteur/v1", "detenteur": "dgfip", "jeu": "revenu_fiscal",
     "libelle": "Essai",
     "modes": {"identite": {"etapes": [
      {"nom": "premiere", "toujours": true, "lecture": "premiere", "requete": {
        "origine": "dgfip", "methode": "GET", "chemin": "/premiere",
        "authentification": "aucune"}},
      {"nom": "seconde", "lecture": "seconde", "requete": {
        "origine": "dgfip", "methode": "POST", "chemin": "/a/{etape.lien}/b",
        "personne_dans_url": true, "authentification": "aucune",
        "parametres": {"un": "{etape.lien}", "deux": "fixe"},
        "corps": {"formulaire": {"trois": "{etape.lien}", "quatre": "fixe"}}}}]}},
     "lectures": {
      "premiere": {"types": ["application/json"], "sans_concordance": "Essai.",
        "retient": {"lien": {"pointeur": "/lien", "caracteres": "chiffres",
          "longueur_max": 13}}},
      "seconde": {"types": ["application/json"],
        "concordance": {"personnes": [{"nom_naissance": "/nom", "prenoms": "/prenom",
          "date_naissance": {"pointeur": "/naissance", "format": "jj/mm/aaaa"}}]},
        "champs": {"revenu_fiscal_reference": {"pointeur": "/rfr", "type": "entier"}}}}}
    """

@Suite struct `What a holder's answer chooses` {
    private func second() throws -> (CallStep, HolderQuestion) {
        let document = ConnectorDocument(Array(carrying.utf8), catalogue: try catalogue())
        #expect(document.mistakes.map(\.message) == [])
        let question = try question(["revenu_fiscal.revenu_fiscal_reference"])
        let steps = try #require(document.connector).steps(for: question)
        return (try #require(steps.last), question)
    }

    private static let hostile = [
        "https://ailleurs.example/x", "//ailleurs.example", "@ailleurs.example", "../../admin",
        "..\\..\\admin", "x/../../admin", "%2e%2e%2fadmin", "?admin=1", "a&deux=autre", "a#b",
        "a;b=c", "a\r\nHost: ailleurs.example", "a\r\n\r\nGET /admin HTTP/1.1", "a\0b", "é€😀", " ",
        "\u{2028}", "a%00", "a+b", "{etape.lien}", "http:\\\\ailleurs", "\u{FF0F}", "\t",
    ]

    /// Pieces of what could break out, in any order.
    private static func drawn(_ seed: UInt64) -> String {
        var random = Seeded(seed)
        let pieces = hostile + ["/", "?", "&", "=", "#", "%", ":", "@", "\r", "\n", "..", ".", "a"]
        return (0..<random.number(1...6)).map { _ in random.pick(pieces) }.joined()
    }

    private func check(_ value: String) throws {
        let (step, question) = try second()
        let request: CallRequest
        do throws(CallImpossible) {
            request = try step.request(for: question, kept: ["lien": Sensitive(value)])
        } catch {
            // A value of dots alone is no segment: nobody is asked.
            #expect([".", ".."].contains(value), "\(value.debugDescription)")
            return
        }
        let target = request.target
        let parts = target.split(separator: "?", omittingEmptySubsequences: false)
        #expect(target.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x5C })
        #expect(parts.count == 2 && !target.contains("#"))
        let segments = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        #expect(segments.count == 4 && segments[0] == "" && segments[1] == "a")
        #expect(segments[3] == "b")
        #expect(PercentEncoding.decode(String(segments[2])) == value)
        #expect(fields(parts[1]) == [["un", value], ["deux", "fixe"]])
        let form = String(decoding: request.body, as: UTF8.self)
        #expect(fields(form[...]) == [["trois", value], ["quatre", "fixe"]])
        #expect(request.origin.text == "dgfip")
        #expect(!request.headers.contains { $0.value.contains("ailleurs") || $0.name == "Host" })
    }

    private func fields(_ text: Substring) -> [[String?]] {
        text.split(separator: "&", omittingEmptySubsequences: false).map { field in
            field.split(separator: "=", omittingEmptySubsequences: false)
                .map { PercentEncoding.decode(String($0)) }
        }
    }

    @Test(arguments: hostile + [".", ".."])
    func `stays one segment, one parameter, one member`(value: String) throws {
        try check(value)
    }

    @Test(arguments: Seeds.count(500))
    func `stays so, however it is made`(seed: UInt64) throws {
        try check(Self.drawn(seed))
    }

    @Test(arguments: [
        "https://ailleurs.example/{etape.lien}", "//ailleurs.example", "{etape.lien}",
        "@ailleurs.example/", "a/b", "/a\\\\b", "/a?b=c", "/a#b", "/a/../b", "/a b", "",
    ])
    func `cannot be a whole address, which no path is either`(path: String) {
        let text = carrying.replacing("/a/{etape.lien}/b", with: path)
        let document = ConnectorDocument(Array(text.utf8))
        #expect(document.connector == nil)
        #expect(document.mistakes.contains { $0.path.hasSuffix("requete.chemin") })
    }
}

@Suite struct `What a connector hands over` {
    @Test func `is told trait by trait, and the identity grants them all`() throws {
        let relayed = try connector("mesri/statut_etudiant").relayed
        #expect(relayed.contains(.identifier(.ine)))
        #expect(relayed.contains(.trait(.birthName)))
        for name in Relayed.grantNames {
            let granted = try #require(Relayed.granted(by: name))
            #expect(name == "identite" ? granted.count == 7 : granted.map(\.text) == [name])
        }
        #expect(Relayed.granted(by: "nir") == nil)
        #expect(Relayed.granted(by: "identite.nir") == nil)
    }
}
