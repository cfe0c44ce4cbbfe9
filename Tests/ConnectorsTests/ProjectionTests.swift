import Testing
import Vocabulary

@testable import Connectors

/// Identities on which requests break.
private struct Trap: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () throws -> PivotIdentity
    /// What each template must give; nil where it has no value.
    let texts: [(template: String, text: String?)]

    init(
        _ name: String, _ make: @escaping @Sendable () throws -> PivotIdentity,
        _ texts: [(template: String, text: String?)]
    ) {
        self.name = name
        self.make = make
        self.texts = texts
    }

    var testDescription: String { name }
}

private let capitals = "{identite.nom_naissance|ascii|majuscules}"
private let spaced = "{identite.nom_naissance|ascii|sans_ponctuation|majuscules}"
private let given = "{identite.prenoms|ascii|majuscules}"
private let place =
    "{identite.departement_naissance} {identite.departement_naissance_court} "
    + "{identite.commune_naissance} {identite.commune_naissance_locale} "
    + "{identite.commune_naissance_fin}"

private let traps: [Trap] = [
    Trap(
        "accents and a cedilla", { try pivot(name: "Françoise-Éloïse", given: ["Anaïs", "Zoé"]) },
        [
            (capitals, "FRANCOISE-ELOISE"), (spaced, "FRANCOISE ELOISE"), (given, "ANAIS ZOE"),
            ("{identite.prenoms|ascii|joints:,}", "Anais,Zoe"),
        ]),
    Trap(
        "Œ, æ and ß", { try pivot(name: "Œuvrard-Strauß", given: ["Lætitia"]) },
        [(capitals, "OEUVRARD-STRAUSS"), (given, "LAETITIA")]),
    Trap(
        "a typographic apostrophe, an abbreviation",
        { try pivot(name: "d’Estrézelles - St.Cyr", given: ["Jean-Baptiste"]) },
        [
            (spaced, "D ESTREZELLES ST CYR"), (given, "JEAN-BAPTISTE"),
            ("{identite.prenoms|ascii|sans_ponctuation}", "Jean Baptiste"),
            ("{identite.nom_naissance|capitales_initiales}", "D’Estrézelles - St.Cyr"),
            ("{identite.nom_naissance|minuscules}", "d’estrézelles - st.cyr"),
        ]),
    Trap(
        "four given names, one with a space",
        { try pivot(given: ["Marie Ange", "Lucile", "Noël", "Ève"]) },
        [
            ("{identite.premier_prenom}", "Marie Ange"),
            ("{identite.prenoms|premiers:3}", "Marie Ange Lucile Noël"),
            ("{identite.prenoms|premiers:2|joints: / }", "Marie Ange / Lucile"),
            (
                "{identite.nom_naissance|majuscules} {identite.prenoms|joints:, }",
                "LE GOFF Marie Ange, Lucile, Noël, Ève"
            ),
        ]),
    Trap(
        "a single name, and no name in use", { try pivot(given: ["Zoé"]) },
        [
            ("{identite.prenoms|premiers:3}", "Zoé"), ("{identite.nom_usage}", nil),
            ("{identite.nom_usage|ou:identite.nom_naissance}", "Le Goff"),
        ]),
    Trap(
        "born in Corsica", { try pivot(commune: "2A004") }, [(place, "02A 2A 2A004 004 004")]),
    Trap(
        "born in Réunion", { try pivot(commune: "97411") }, [(place, "974 974 97411 11 411")]),
    Trap(
        "born in Polynesia", { try pivot(commune: "98735") }, [(place, "987 987 98735 35 735")]),
    Trap("born in Ain", { try pivot(commune: "01004") }, [(place, "001 01 01004 004 004")]),
    Trap(
        "born abroad, sex undetermined",
        { try pivot(sex: .indetermine, country: "99351", commune: nil) },
        [
            ("{identite.pays_naissance}", "99351"), ("{identite.commune_naissance}", nil),
            ("{identite.departement_naissance}", nil), ("{identite.commune_naissance_fin}", nil),
            ("{identite.sexe}", nil), ("{identite.sexe_chiffre}", nil),
            ("{identite.sexe_etat_civil}", "indetermine"),
        ]),
    Trap(
        "born in a known month", { try pivot(birth: "1990-05") },
        [
            ("{identite.date_naissance}", "1990-05-00"),
            ("{identite.date_naissance_barres}", "05/1990"),
            ("{identite.date_naissance_jjmmaaaa}", "00051990"),
            ("{identite.date_naissance_completee}", "1990-05-01"),
            ("{identite.date_naissance_completee|jjmmaaaa}", "01051990"),
            ("{identite.mois_naissance|nombre}", "5"), ("{identite.jour_naissance|nombre}", nil),
        ]),
    Trap(
        "born in a known year", { try pivot(birth: "1990", sex: .masculin) },
        [
            ("{identite.date_naissance}", "1990-00-00"),
            ("{identite.date_naissance_barres}", "1990"),
            ("{identite.annee_naissance|nombre}", "1990"),
            ("{identite.mois_naissance|nombre}", nil), ("{identite.mois_naissance}", "00"),
            ("{identite.sexe} {identite.sexe_chiffre} {identite.sexe_etat_civil}", "M 1 M"),
        ]),
]

@Suite struct `A projection of the identity` {
    @Test(arguments: traps)
    fileprivate func `writes what the holder wants, or has no value`(trap: Trap) throws {
        let question = try question(["salaires.mensuels[].mois"], pivot: try trap.make())
        let values = VariableValues(question: question, kept: [:])
        for (template, expected) in trap.texts {
            let template = try Template(template)
            #expect((try? template.render(values)) == expected)
        }
    }

    @Test(arguments: [
        ("{periode.du|compact} {periode.au}", "202511 2026-02"),
        ("{periode.annee_debut}/{periode.mois_debut|nombre}", "2025/11"),
        ("{periode.annee_fin}/{periode.mois_fin|nombre}", "2026/2"),
        ("{periode.premier_jour} {periode.dernier_jour}", "2025-11-01 2026-02-28"),
        ("{periode.dernier_jour|jj/mm/aaaa} {jour|compact}", "28/02/2026 20261120"),
        ("{destinataire} {destinataire.siren}", "13002526500013 130025265"),
    ])
    func `stands beside the period and the recipient`(text: String, expected: String) throws {
        let months = Period.months(
            from: try #require(YearMonth("2025-11")), to: try #require(YearMonth("2026-02")))
        let question = try question(["salaires.mensuels[].mois"], period: months)
        #expect(
            try Template(text).render(VariableValues(question: question, kept: [:])) == expected)
    }

    @Test(arguments: [
        "{identite.pays_naissance|ascii}", "{periode.annee|majuscules}", "{jour|nombre}",
        "{identite.nom_naissance|premiers:2}", "{periode.du|jjmmaaaa}",
        "{identite.prenoms|joints:x}",
        "{identite.prenoms|premiers:0}", "{identite.prenoms|ou:identite.nir}",
    ])
    func `takes no filter that means nothing`(text: String) {
        #expect(throws: Template.Malformed.self) { try Template(text) }
    }
}
