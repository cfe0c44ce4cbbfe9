/// A way in which a holder says that it does not answer, in its own words.
struct Refusal: Sendable {
    /// The name under which the control desk asks for it: the holder's code, where it has one.
    let code: String
    let explanation: String
    let reply: @Sendable (_ now: Int64) -> DoubleReply
}

/// The refusals that each holder can be made to give, whoever is asked about.
enum Refusals {
    static let ofHolders: [String: [Refusal]] = [
        "cnav": counter, "mesri": students, "france-travail": jobSeekers, "gip-mds": salaries,
        "dgfip": taxes,
    ]

    /// What a holder replies under a code.
    static func reply(of holder: String, under code: String, at now: Int64) -> DoubleReply? {
        ofHolders[holder]?.first { $0.code == code }?.reply(now)
    }

    /// What holders behind any proxy may answer.
    private static let anyHolder = [
        plain("401", 401, "refuse le jeton ou la clé"), plain("403", 403, "refuse l'accès"),
        plain("502", 502, "un intermédiaire ne joint pas le détenteur"),
        plain("504", 504, "un intermédiaire n'a pas eu de réponse à temps"),
        Refusal(code: "503", explanation: "annonce une maintenance de vingt minutes") { _ in
            DoubleReply(503, headers: [(name: "Retry-After", value: "1200")])
        },
    ]

    private static func plain(_ code: String, _ status: Int, _ explanation: String) -> Refusal {
        Refusal(code: code, explanation: explanation) { _ in DoubleReply(status) }
    }

    private static func said(
        _ code: String, _ status: Int, _ explanation: String, _ document: Document,
        headers: [(name: String, value: String)] = []
    ) -> Refusal {
        Refusal(code: code, explanation: explanation) { _ in
            .json(status, document, headers: headers)
        }
    }

    // MARK: - The social security counter

    /// The same code comes as a number or as a text, depending on who emits it.
    private static let counter: [Refusal] =
        [
            code("40409", 404, .integer(40_409), "identité inconnue du SNGI"),
            code("40409-texte", 404, "40409", "de même, le code en texte"),
            code("40406", 404, "40406", "aucun rattachement au RNCPS"),
            code("40412", 404, .integer(40_412), "aucun rattachement au RNCPS"),
            code("40003", 400, .integer(40_003), "nom ou prénoms refusés"),
            code("40013", 400, "40013", "commune de naissance refusée"),
            code("40014", 400, .integer(40_014), "sexe refusé"),
            code("40019", 400, "40019", "département de naissance refusé"),
            code("40029", 400, .integer(40_029), "période hors limites"),
            code("40000", 400, .integer(40_000), "panne de la caisse", fund: "00810011"),
            code("40024", 400, "40024", "panne de la MSA", fund: "00171001"),
            code("sans-dossier-cnaf", 404, "40400", "aucun dossier à la CNAF", fund: "00810011"),
            code(
                "sans-dossier-msa", 404, .integer(40_400), "aucun dossier à la MSA",
                fund: "00171001"),
            code("sans-dossier-rncps", 404, "40400", "le RNCPS répond seul", fund: "99430000"),
            plain("404", 404, "refuse avant toute caisse"),
            plain("429", 429, "quota atteint"),
        ] + anyHolder

    private static func code(
        _ name: String, _ status: Int, _ code: Document, _ explanation: String,
        fund: String? = nil
    ) -> Refusal {
        said(
            name, status, explanation,
            .members(["errorCode": code, "error": .string(explanation)]),
            headers: fund.map { [(name: "X-APISECU-FD", value: $0)] } ?? [])
    }

    // MARK: - The ministry of higher education

    private static let students: [Refusal] =
        [
            message("404", 404, "Étudiant non trouvé"),
            message("plusieurs", 404, "Plusieurs étudiants correspondent"),
            message("400", 400, "Critères incorrects"), message("500", 500, "Erreur interne"),
            plain("429", 429, "quota atteint"),
        ] + anyHolder

    private static func message(_ code: String, _ status: Int, _ text: String) -> Refusal {
        said(
            code, status, text,
            .members([
                "message": .string(text), "uid": "0",
                "details": .members(["method": "POST", "parameter": .null]),
            ]))
    }

    // MARK: - The employment agency

    private static let jobSeekers: [Refusal] =
        [
            agency("404", 404, "Individu non trouvé"), agency("400", 400, "Identifiant incorrect"),
            plain("206", 206, "répond à moitié : individu non trouvé"),
            plain("204", 204, "aucun paiement"), plain("429", 429, "quota atteint"),
            said(
                "delai", 500, "le temps lui a manqué",
                .members(["messageLog": "java.util.concurrent.TimeoutException: délai dépassé"])),
            said(
                "500", 500, "erreur interne",
                .members(["messageLog": "java.lang.IllegalStateException: état inattendu"])),
        ] + anyHolder

    private static func agency(_ code: String, _ status: Int, _ text: String) -> Refusal {
        said(
            code, status, text,
            .members(["codeErreur": .string("FT\(status)"), "message": .string(text)]))
    }

    // MARK: - The employers' declarations

    private static let salaries: [Refusal] =
        [
            declared("NOT_FOUND_INDIVIDU", 404, "Aucun individu ne correspond."),
            declared("NOT_FOUND_CONTRAT", 404, "Aucun contrat sur la période."),
            declared("TOO_MANY_INDIVIDU", 413, "Plusieurs individus correspondent."),
            declared("KO_TECHNIQUE", 500, "Erreur technique."),
            declared("PARAMETRE_INCORRECT", 400, "Un paramètre est incorrect."),
            declared("PERIODE_INCORRECTE", 400, "La période est trop ancienne."),
            said(
                "KO", 200, "répond 200 avec un code de retour KO",
                .members(["retour": .members(["codeRetour": "KO", "message": "Erreur"])])),
            Refusal(code: "429", explanation: "dit quand revenir : dans quarante-cinq secondes") {
                now in
                .json(429, .members(["nextAccessTime": .string(instantText(now + 45_000))]))
            },
        ] + anyHolder

    private static func declared(_ code: String, _ status: Int, _ text: String) -> Refusal {
        said(
            code, status, text,
            .members([
                "contrat": .string(GIPMDS.contractName),
                "erreurs": [.members(["code": .string(code), "message": .string(text)])],
            ]))
    }

    // MARK: - The tax administration

    private static let taxes: [Refusal] =
        [
            tax("4001", 400, "Le format du SPI est incorrect."),
            tax("4002", 400, "L'année de revenus n'est pas ouverte."),
            tax("4031", 403, "Le jeton n'ouvre pas cette donnée."),
            tax("4101", 404, "Aucun résultat pour cette année."),
            tax("4102", 404, "Le SPI est inconnu."), plain("204", 204, "aucun contenu"),
            plain("400", 400, "requête refusée"), plain("404", 404, "rien à cette adresse"),
            plain("410", 410, "plus rien à cette adresse"), plain("500", 500, "erreur interne"),
            plain("429", 429, "quota atteint"),
        ] + anyHolder

    private static func tax(_ code: String, _ status: Int, _ text: String) -> Refusal {
        Refusal(code: code, explanation: text) { now in
            .json(
                status,
                .members([
                    "erreur": .members([
                        "code": .string(code), "message": .string(text),
                        "horodatage": .string(instantText(now)),
                    ])
                ]))
        }
    }
}
