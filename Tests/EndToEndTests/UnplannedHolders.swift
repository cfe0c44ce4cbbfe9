import Foundation
import HTTPMessages
import HTTPServing
import Platform
import Testing

/// Three APIs that nobody planned for, as one small server: the DGFIP's R2P, the flat second
/// version of API Particulier's quotient familial, the service civique of GIP-MDS.
///
/// Written from what is public of them, apart from whatever reads them. Its people are invented,
/// and told apart by their birth name.
final class UnplannedHolders: HTTPHandler {
    /// The parameters of a query, each given at least once.
    private struct Query {
        let values: [String: [String]]

        init(_ target: String) {
            var values: [String: [String]] = [:]
            let query = target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
            for pair in query.split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
                let name = PercentEncoding.decode(sides[0]) ?? ""
                values[name, default: []].append(
                    PercentEncoding.decode(sides.dropFirst().first ?? "") ?? "")
            }
            self.values = values
        }

        func only(_ name: String) -> String? {
            values[name].flatMap { $0.count == 1 ? $0[0] : nil }
        }
    }

    func respond(to failure: HTTPFailure) -> HTTPResponse {
        HTTPResponse(status: failure.status)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        _ = try? await request.body.collect(limit: 65_536)
        let target = request.head.target
        let query = Query(target)
        switch String(target.prefix { $0 != "?" }) {
        case "/r2p/v1/token", "/rcd-api/1.0.0/token": return token(request)
        case "/r2p/v1/personne/spi":
            return authorized(request) { r2p(query, request) }
        case "/rcd-api/1.0.0/contrats-generique":
            return authorized(request) { contracts(query) }
        case "/api/v2/composition-familiale-v2": return family(query, request)
        default: return json(404, #"{"message": "inconnu"}"#)
        }
    }

    private func json(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, contentType: "application/json",
            body: Array(text.utf8))
    }

    private func token(_ request: HTTPRequest) -> HTTPResponse {
        guard request.head.headers["Authorization"]?.hasPrefix("Basic ") == true else {
            return json(401, #"{"error": "invalid_client"}"#)
        }
        return json(
            200, #"{"access_token": "jeton", "token_type": "Bearer", "expires_in": 600}"#)
    }

    private func authorized(
        _ request: HTTPRequest, _ answer: () -> HTTPResponse
    ) -> HTTPResponse {
        request.head.headers["Authorization"] == "Bearer jeton"
            ? answer() : json(401, #"{"error": "invalid_token"}"#)
    }

    // MARK: - R2P

    private func r2p(_ query: Query, _ request: HTTPRequest) -> HTTPResponse {
        let isComplete =
            request.head.headers["X-Correlation-ID"] != nil && query.only("sexe") == "2"
            && query.only("prenom") == "ANAIS" && query.only("naisDate") == "17/05/1990"
            && query.only("naisCodePays") == "99100" && query.only("naisCodeDept") == "02A"
            && query.only("naisCodeCommune") == "004"
        guard isComplete else { return json(400, r2pError("demande incomplète")) }
        switch query.only("nom") {
        case "LE GOFF": return json(200, r2pPerson("LE GOFF", "ANAIS"))
        case "PERRIN": return json(200, r2pPerson("PERRIN", "AGATHE"))
        case "MARTIN": return json(403, r2pError("trop de réponses"))
        default: return json(404, r2pError("personne inconnue"))
        }
    }

    private func r2pPerson(_ name: String, _ given: String) -> String {
        """
        {"spi": "3013004567890", "etatCivil": {"nomNaissance": "\(name)", "prenoms": "\(given)",
         "dateNaissance": "17/05/1990"}, "indicateurDeces": false}
        """
    }

    private func r2pError(_ message: String) -> String {
        #"{"erreur": {"code": "0", "message": "\#(message)", "horodatage": "2026-11-20"}}"#
    }

    // MARK: - API Particulier, second version

    private func family(_ query: Query, _ request: HTTPRequest) -> HTTPResponse {
        guard request.head.headers["X-Api-Key"] == "secret-invente" else {
            return json(401, #"{"error": "access_denied"}"#)
        }
        let isComplete =
            query.values["prenoms[]"] == ["ANAIS", "MARIE"]
            && query.only("anneeDateDeNaissance") == "1990"
            && query.only("moisDateDeNaissance") == "05"
            && query.only("jourDateDeNaissance") == "17"
            && query.only("codeInseeLieuDeNaissance") == "2A004" && query.only("sexe") == "F"
            && query.only("annee") == "2026" && query.only("mois") == "10"
        guard isComplete else { return json(400, #"{"error": "bad_request"}"#) }
        let usager = member("LE GOFF", "ANAIS MARIE")
        switch query.only("nomNaissance") {
        case "LE GOFF":
            let husband = member("KERBRAT", "YANN PAUL", "1988", "03", "00", "M")
            let children = [
                member("KERBRAT", "MALO", "2015", "02", "03", "M"),
                member("KERBRAT", "NOLWENN", "2018", "00", "00"),
            ]
            return json(200, family([usager, husband], children))
        case "MARTIN":
            let twin = member("MARTIN", "ANAIS MARIE")
            return json(200, family([twin, twin], []))
        case "PERRIN": return json(200, family([member("PERRIN", "AGATHE")], []))
        default:
            return json(
                404, #"{"error": "not_found", "reason": "aucun", "message": "aucun"}"#)
        }
    }

    private func member(
        _ name: String, _ given: String, _ year: String = "1990", _ month: String = "05",
        _ day: String = "17", _ sex: String = "F"
    ) -> String {
        """
        {"nomNaissance": "\(name)", "nomUsuel": null, "prenoms": "\(given)",
         "anneeDateDeNaissance": "\(year)", "moisDateDeNaissance": "\(month)",
         "jourDateDeNaissance": "\(day)", "sexe": "\(sex)"}
        """
    }

    private func family(_ adults: [String], _ children: [String]) -> String {
        """
        {"quotientFamilial": 742, "mois": 10, "annee": 2026,
         "allocataires": [\(adults.joined(separator: ","))],
         "enfants": [\(children.joined(separator: ","))],
         "adresse": {"identite": "MADAME", "numeroLibelleVoie": "3 RUE DES LILAS",
          "codePostalVille": "20000 AJACCIO", "pays": "FRANCE"}}
        """
    }

    // MARK: - Service civique

    private func contracts(_ query: Query) -> HTTPResponse {
        let isComplete =
            query.only("prenom") == "ANAIS" && query.only("dateNaissance") == "17051990"
            && query.only("listeCodeNature") == "89" && query.only("comparaisonCertifiee") == "1"
        guard isComplete else { return json(400, failure("BAD_REQUEST")) }
        switch query.only("nom") {
        case "LE GOFF": return json(200, volunteer("LE GOFF", "ANAIS MARIE"))
        case "PERRIN": return json(200, volunteer("PERRIN", "AGATHE"))
        case "RIOU": return json(404, failure("NOT_FOUND_CONTRAT"))
        case "MARTIN": return json(413, failure("TOO_MANY_INDIVIDU"))
        default: return json(404, failure("NOT_FOUND_INDIVIDU"))
        }
    }

    private func failure(_ code: String) -> String {
        #"{"erreurs": [{"code": "\#(code)", "message": "message"}]}"#
    }

    private func volunteer(_ name: String, _ given: String) -> String {
        """
        {"individu": {"nomFamilleSngi": "\(name)", "prenomsSngi": "\(given)",
          "dateNaissanceSngi": "17051990", "entreprise": [{"siren": "130005481",
          "raisonSociale": "ASSOCIATION DU PHARE", "etablissement": [{"siret": "13000548101010",
          "contrat": [
           {"dateDebutContrat": "2024-01-08", "natureContrat": "89",
            "dateFinPrevisionnelle": "2024-08-31", "dateFinContrat": "2024-08-31"},
           {"dateDebutContrat": "2026-09-01", "natureContrat": "89",
            "dateFinPrevisionnelle": "2027-04-30", "dateFinContrat": null}]}]}]},
         "retour": {"codeRetour": "OK", "message": ""}}
        """
    }
}

/// The server, running, with a configuration that grants it to the three connectors.
final class UnplannedDeployment {
    let folder: String
    private let loop: EventLoop
    private let server: HTTPServer

    init() throws {
        loop = try EventLoop(name: "detenteurs")
        try loop.start()
        server = try HTTPServer(
            configuration: .init(endpoints: [.plain(host: "127.0.0.1", port: 0)]),
            loops: [loop], handler: UnplannedHolders())
        server.start()
        folder = try Files.temporaryDirectory(prefix: "connecteurs")
        let corpus = Program.repository.appending(path: "Tests/Corpus/connecteurs").path()
        try FileManager.default.copyItem(atPath: corpus, toPath: connectors)
        try writeConfiguration("http://127.0.0.1:\(server.ports[0])")
    }

    var connectors: String { "\(folder)/connectors" }
    var configuration: String { "\(folder)/essai.json" }

    private func writeConfiguration(_ url: String) throws {
        try Files.writeAtomically("\(folder)/secret", Array("secret-invente".utf8), mode: 0o600)
        let secret = #"{"fichier": "\#(folder)/secret"}"#
        let holders = [
            ("dgfip-r2p", "/r2p/v1", ["dgfip-r2p-client-id", "dgfip-r2p-client-secret"]),
            ("api-particulier", "", ["api-particulier-cle"]),
            ("gip-mds", "/rcd-api/1.0.0", ["gip-mds-client-id", "gip-mds-client-secret"]),
        ].map { name, path, secrets in
            """
            "\(name)": {"origines": {"\(name)": {"adresses": ["\(url)\(path)"]}},
             "secrets": {\(secrets.map { "\"\($0)\": \(secret)" }.joined(separator: ","))},
             "recoit": ["identite"]}
            """
        }
        let text =
            #"{"environnement": "bac_a_sable", "detenteurs": {"#
            + holders.joined(separator: ",") + "}}"
        try Files.writeAtomically(configuration, Array(text.utf8), mode: 0o600)
    }

    deinit {
        try? Files.removeTree(folder)
        loop.stop()
    }
}
