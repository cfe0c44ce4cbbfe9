import JSONText
import Testing
import Vocabulary

@testable import Connectors

/// A connector whose request is what a test writes.
private func document(
    request: String, accounts: String = "{}", step: String = "", more: String = ""
) -> String {
    """
    {"format": "dlnuf/connecteur/v1", "detenteur": "essai", "jeu": "salaires",
     "libelle": "Essai", \(more) "comptes": \(accounts),
     "modes": {"identite": {"etapes": [{"nom": "un", \(step) "lecture": "un", "requete": {
       "origine": "essai", "methode": "POST", "chemin": "/a",
       "authentification": "aucune", \(request)}}]}},
     "lectures": {"un": {"types": ["application/json"], "sans_concordance": "Essai.",
       "listes": {"mensuels": {"elements": "/m/*", "par_mois": {"pointeur": "/m/*/mois"}}},
       "champs": {"mensuels[].mois": {"calcul": "mois"},
         "mensuels[].montant_net_social": {"calcul": "somme", "pointeur": "/m/*/s",
           "type": "decimal"}}}}}
    """
}

private let month = "salaires.mensuels[].mois"
private let amount = "salaires.mensuels[].montant_net_social"

private func months() throws -> Period {
    .months(from: try #require(YearMonth("2025-11")), to: try #require(YearMonth("2026-02")))
}

private func rendered(
    _ text: String, _ fields: [String] = [month], pivot: PivotIdentity? = nil
) throws -> CallRequest {
    let read = ConnectorDocument(Array(text.utf8), catalogue: try catalogue())
    let connector = try #require(read.connector, "\(read.mistakes)")
    let question = try question(fields, period: try months(), pivot: pivot)
    return try #require(connector.steps(for: question).first).request(for: question)
}

private func mistakes(_ text: String) throws -> [String] {
    let read = ConnectorDocument(Array(text.utf8), catalogue: try catalogue())
    #expect((read.connector == nil) == !read.mistakes.isEmpty)
    #expect(read.mistakes.allSatisfy { !$0.remedy.isEmpty })
    return read.mistakes.map { "\($0.path) \($0.message)" }
}

@Suite struct `A request` {
    @Test func `carries nested JSON, its numbers, lists and what may be left out`() throws {
        let request = try rendered(
            document(
                request: """
                    "corps": {"json": {
                      "version": 2, "essai": false, "rien": null, "suite": [1, "{finalite}"],
                      "personne": {"nom": "{identite.nom_naissance|majuscules}",
                        "prenoms": {"liste": "{identite.prenoms|ascii}"},
                        "usage": {"valeur": "{identite.nom_usage}", "facultatif": true},
                        "ne": {"objet": {"annee": {"valeur": "{identite.annee_naissance}",
                            "type": "nombre"},
                          "jour": {"valeur": "{identite.jour_naissance|nombre}",
                            "type": "nombre", "facultatif": true}}},
                        "civilite": {"valeur": "{identite.sexe}",
                          "valeurs": {"F": "Mme", "M": "M."}}},
                      "valeur_de": {"objet": {"valeur": "{periode.du}"}}}}
                    """), pivot: try pivot(birth: "1990-05"))
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"version":2,"essai":false,"rien":null,"suite":[1,"cnaf/aide-logement"],"#
                + #""personne":{"nom":"LE GOFF","prenoms":["Anais","Marie"],"#
                + #""ne":{"annee":1990},"civilite":"Mme"},"valeur_de":{"valeur":"2025-11"}}"#)
    }

    @Test func `repeats a parameter, or joins its values`() throws {
        let request = try rendered(
            document(
                request: """
                    "personne_dans_url": true,
                    "parametres": {"prenoms[]": {"liste": "{identite.prenoms}"},
                      "tous": {"liste": "{identite.prenoms|ascii}", "separateur": ";"}},
                    "corps": {"texte": "{periode.du}..{periode.au}", "type": "text/x-mois"}
                    """))
        #expect(
            request.target == "/a?prenoms%5B%5D=Ana%C3%AFs&prenoms%5B%5D=Marie&tous=Anais%3BMarie")
        #expect(String(decoding: request.body, as: UTF8.self) == "2025-11..2026-02")
        #expect(request.headers.contains { $0.name == "Content-Type" && $0.value == "text/x-mois" })
    }

    @Test func `asks for no more than the asked fields need`() throws {
        let accounts = """
            {"c": {"origine": "essai", "chemin": "/token", "client_id": {"secret": "i"},
              "client_secret": {"secret": "s"}, "envoi": "corps",
              "portee": [{"valeur": "mois", "si_champs": ["mensuels[].mois"]},
                {"valeur": "montants", "si_champs": ["mensuels[].montant_net_social"]}]}}
            """
        let text = document(
            request: """
                "parametres": {"champs": {"separateur": ",", "liste": [
                  {"valeur": "mois", "si_champs": ["mensuels[].mois"]},
                  {"valeur": "montant", "si_champs": ["mensuels[].montant_net_social"]}]}}
                """, accounts: accounts
        ).replacing("\"aucune\"", with: "{\"compte\": \"c\"}")
            .replacing(
                "\"/a\"",
                with:
                    "[{\"valeur\": \"/tout\", \"si_champs\": [\"mensuels[].montant_net_social\"]},"
                    + " \"/mois\"]")
        let narrow = try rendered(text)
        let wide = try rendered(text, [month, amount])
        #expect(narrow.target == "/mois?champs=mois")
        #expect(wide.target == "/tout?champs=mois%2Cmontant")
        let scopes = [narrow, wide].map { request -> String? in
            guard case .client(let credentials) = request.authentication else { return nil }
            return credentials.scope(clientID: "x")
        }
        #expect(scopes == ["mois", "mois montants"])
        #expect(narrow.authentication != wide.authentication)
    }

    @Test func `ends as its connector says where a value is lacking`() throws {
        let abroad = try pivot(country: "99351", commune: nil)
        let text = document(
            request: """
                "corps": {"formulaire": {"lieu": {"valeur": "{identite.commune_naissance}",
                  "si_absent": "non_detenu"}}}
                """)
        let error = #expect(throws: CallImpossible.self) { try rendered(text, pivot: abroad) }
        #expect(error?.reason == .nonDetenu)
        let silent = text.replacing(", \"si_absent\": \"non_detenu\"", with: "")
            .replacing("\"si_absent\": \"non_detenu\"", with: "\"facultatif\": false")
        let other = #expect(throws: CallImpossible.self) { try rendered(silent, pivot: abroad) }
        #expect(other?.reason == .nonCouvert)
        #expect(other?.variable == "identite.commune_naissance")
    }

    @Test(arguments: [
        (#""parametres": {"a": 1}"#, "n'est pas un texte"),
        (#""parametres": {"a": {"objet": {}}}"#, "n'ont de sens que dans un corps JSON"),
        (#""parametres": {"a": {"valeur": "x", "liste": []}}"#, "une seule à la fois"),
        (#""parametres": {"a": {"liste": "{finalite}"}}"#, "ne donne pas une liste"),
        (#""entetes": {"X-A": {"liste": ["x"]}}"#, "n'est écrit qu'une fois"),
        (#""entetes": {"X-A": {"valeur": "x", "separateur": ","}}"#, "qu'avec « liste »"),
        (
            #""corps": {"formulaire": {"a": {"valeur": "{identite.sexe}", "valeurs": {"M": "1"}}}}"#,
            "n'est pas celle des valeurs"
        ),
        (
            #""corps": {"formulaire": {"a": {"valeur": "x{identite.sexe}", "valeurs": {}}}}"#,
            "va avec une seule variable"
        ),
        (
            #""corps": {"json": {"a": {"valeur": "x", "facultatif": true, "si_absent": "non_detenu"}}}"#,
            "ne met pas fin"
        ),
        (#""parametres": {"a": {"valeur": "x", "si_champs": ["salaire"]}}"#, "n'a pas ce champ"),
        (#""parametres": {"a": {"valeur": "x", "si_champs": []}}"#, "Cette liste est vide"),
        (#""parametres": {"a": "{periode.date}"}"#, "n'a jamais de « periode.date »"),
        (#""parametres": {"a": "{identite.nom_naissance}"}"#, "sans que cela soit dit"),
    ])
    func `says what is wrong in it, and what to do`(request: String, message: String) throws {
        let found = try mistakes(document(request: request))
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test(arguments: [
        (#""cle": {"entete": "Host", "secret": "s"}"#, "Une clé ne peut pas être"),
        (#""cle": {"entete": "X-A", "secret": "s"}, "basic": {}"#, "d'une seule façon"),
        (#""basic": {"utilisateur": "x"}"#, "doit être un objet"),
        (#""compte": "absent""#, "n'est pas décrit"),
    ])
    func `says what is wrong in its authentication`(words: String, message: String) throws {
        let text = document(request: #""entetes": {}"#).replacing(
            "\"aucune\"", with: "{\(words)}")
        let found = try mistakes(text)
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test(arguments: [
        (#""envoi": "private_key_jwt""#, "cle_privee"),
        (#""envoi": "private_key_jwt", "client_secret": {"secret": "s"}"#, "ne va pas avec"),
        (
            #""envoi": "private_key_jwt", "cle_privee": {"secret": "s"}, "algorithme": "HS256""#,
            "algorithme"
        ),
        (
            #""envoi": "private_key_jwt", "cle_privee": {"secret": "s"}, "algorithme": "ES256", "duree_s": 61"#,
            "hors des bornes"
        ),
        (#""envoi": "basic", "client_secret": {"secret": "s"}, "duree_s": 30"#, "ne va pas avec"),
        (
            #""envoi": "basic", "client_secret": {"secret": "s"}, "parametres": {"scope": "x"}"#,
            "la passerelle écrit elle-même"
        ),
        (
            #""envoi": "basic", "client_secret": {"secret": "s"}, "portee": "{identite.sexe}""#,
            "ne dépend que du client"
        ),
    ])
    func `says what is wrong in an account`(words: String, message: String) throws {
        let account = """
            {"c": {"origine": "essai", "chemin": "/token", "client_id": {"secret": "i"}, \(words)}}
            """
        let found = try mistakes(document(request: #""entetes": {}"#, accounts: account))
        #expect(
            found.contains { $0.lowercased().contains(message.lowercased()) }, "\(found)")
    }

    @Test(arguments: [
        (
            #""requetes": {"x": {"origine": "essai", "methode": "GET", "chemin": "/", "authentification": "aucune"}},"#,
            "Aucune étape ne fait cette requête"
        ),
        (#""certificats": ["autre"],"#, "n'emploie l'origine"),
        (
            #""environnements": {"production": {"origines": {"autre": "https://a.example"}}},"#,
            "n'emploie l'origine"
        ),
        (
            #""environnements": {"production": {"origines": {"essai": "http://a.example"}}},"#,
            "n'est pas l'adresse d'une origine"
        ),
        (#""environnements": {"recette": {}},"#, "n'existe pas"),
    ])
    func `says what is wrong around it`(more: String, message: String) throws {
        let found = try mistakes(document(request: #""entetes": {}"#, more: more))
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }
}

@Suite struct `A holder's environments` {
    @Test func `are announced, and tell where the deployment differs`() throws {
        let text = document(
            request: #""entetes": {}"#,
            more: """
                "environnements": {"bac_a_sable": {"origines": {"essai": "https://bac.example/v1"}},
                  "production": {"origines": {"essai": "https://api.example/v1"}}},
                "certificats": ["essai"],
                """)
        let read = ConnectorDocument(Array(text.utf8), catalogue: try catalogue())
        let connector = try #require(read.connector, "\(read.mistakes)")
        let origin = OriginName(text: "essai")
        #expect(connector.announcedAddress(of: origin, in: .sandbox) == "https://bac.example/v1")
        #expect(connector.certificateOrigins == [origin])
        let same = [origin: ["https://api.example/v1"]]
        #expect(connector.announcementWarnings(against: same, in: .production) == [])
        #expect(connector.announcementWarnings(against: same, in: .sandbox).count == 1)
    }
}

@Suite struct `What a step keeps` {
    private func keep(
        _ scalar: RawScalar?, _ characters: KeptPlan.Characters, _ lengths: ClosedRange<Int>
    ) -> String {
        let plan = KeptPlan(
            pointer: 0, characters: characters, lengths: lengths, whenAbsent: .personneInconnue)
        switch plan.reading(of: scalar) {
        case .kept(let value): return value.reveal()
        case .ended(let reason): return reason.rawValue
        }
    }

    @Test(arguments: [
        (RawScalar.text("3012345678901"), "3012345678901"),
        (.number("3012345678901"), "3012345678901"),
        (.text("301234567890"), "reponse_irrecevable"),
        (.text("../../autre"), "reponse_irrecevable"),
        (.text("30123456789\u{664}1"), "reponse_irrecevable"), (.null, "personne_inconnue"),
        (.composite, "reponse_irrecevable"), (.bool(true), "reponse_irrecevable"),
    ])
    func `has the declared shape, or enters no request`(scalar: RawScalar, expected: String) {
        #expect(keep(scalar, .digits, 13...13) == expected)
    }

    @Test func `is not made of dots alone, nor of what an URL would cut`() {
        #expect(keep(.text("a-1_b.c"), .token, 1...9) == "a-1_b.c")
        #expect(keep(.text(".."), .token, 1...9) == "reponse_irrecevable")
        #expect(keep(.text("a/b"), .token, 1...9) == "reponse_irrecevable")
        #expect(keep(.text("a-1"), .alphanumerics, 1...9) == "reponse_irrecevable")
        #expect(keep(nil, .token, 1...9) == "personne_inconnue")
    }
}
