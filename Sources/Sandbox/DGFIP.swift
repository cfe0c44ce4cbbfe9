import HTTPMessages

/// The tax administration: API Impôt Particulier and R2P.
struct DGFIP: HolderDouble {
    let id = "dgfip"
    let town: Town
    let tokens: ClientTokens
    let judge: TokenJudge

    /// Makes the double.
    init(town: Town, client: ClientCredentials, judge: @escaping TokenJudge) {
        self.town = town
        self.judge = judge
        tokens = ClientTokens(holder: "dgfip", client: client, scopes: Self.resourceScopes)
    }

    static let resourceScopes = ["RessourceIR", "RessourceIRDerniere", "api_r2p_resolution_spi"]

    func answer(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        note.correlation = request.header("X-Correlation-ID")
        note.recipient = request.header("ID_Teleservice")
        let route = request.route
        if route.segments == ["token"] {
            note.template = "/token"
            note.scopes = request.form?.only("scope")?.split(separator: " ").map(String.init) ?? []
            guard route.method == .post else { return DoubleReply(405) }
            return tokens.answer(request, at: now)
        }
        guard route.method == .get else { return DoubleReply(405) }
        note.scopes = tokens.granted(to: request, at: now) ?? []
        if route.segments == ["r2p", "v1", "personne", "spi"] {
            note.template = "/r2p/v1/personne/spi"
            return guarded(request, "api_r2p_resolution_spi", at: now)
                ?? taxNumber(request, at: now, note: &note)
        }
        guard let question = AssessmentRoute(route.segments) else {
            return error(404, "404", "Ressource inconnue.", at: now)
        }
        note.template = question.template
        if let refusal = guarded(request, question.scope, at: now) { return refusal }
        guard let year = Int(question.year), question.year.utf8.count == 4 else {
            return error(400, "4002", "Le format de l'année de revenus est incorrect.", at: now)
        }
        if let number = question.taxNumber {
            return byNumber(number, year: year, question, at: now, note: &note)
        }
        return byToken(request, year: year, question, at: now, note: &note)
    }

    /// The refusal of a request without the headers or the token that every route requires.
    private func guarded(
        _ request: DoubleRequest, _ scope: String, at now: Int64
    ) -> DoubleReply? {
        guard let scopes = tokens.granted(to: request, at: now) else {
            return error(401, "401", "Jeton d'accès absent, inconnu ou expiré.", at: now)
        }
        guard isUUID(request.header("X-Correlation-ID")) else {
            return error(400, "400", "X-Correlation-ID doit être un UUID.", at: now)
        }
        guard scopes.contains(scope) else {
            return error(403, "403", "Le jeton n'ouvre pas cette ressource.", at: now)
        }
        return nil
    }

    private func byNumber(
        _ number: String, year: Int, _ question: AssessmentRoute, at now: Int64,
        note: inout CallNote
    ) -> DoubleReply {
        note.identifiers.append(number)
        guard isDigits(number, count: 13) else {
            return error(400, "4001", "Le format du SPI est incorrect.", at: now)
        }
        guard let person = town.owner(of: number), town.household(of: person.id) != nil
        else { return error(404, "4102", "Le SPI est inconnu.", at: now) }
        return situation(of: person.id, year: year, visible: nil, question, at: now)
    }

    private func byToken(
        _ request: DoubleRequest, year: Int, _ question: AssessmentRoute, at now: Int64,
        note: inout CallNote
    ) -> DoubleReply {
        guard let token = request.header("X-FranceConnect-OAuth"), !token.isEmpty else {
            return error(400, "4030", "X-FranceConnect-OAuth est obligatoire.", at: now)
        }
        switch judge(token, id, now) {
        case .unavailable:
            return error(503, "5031", "FranceConnect ne répond pas.", at: now)
        case .inactive:
            return error(403, "4031", "Le jeton FranceConnect n'est pas actif.", at: now)
        case .active(let personID, let scopes):
            note.identifiers.append(personID)
            let back = CivilDate(milliseconds: now).year - year
            guard scopes.contains("dgfip_annee_n_moins_\(back)") else {
                return error(
                    403, "4031", "Le jeton FranceConnect n'ouvre pas cette année.", at: now)
            }
            let content = scopes.filter {
                $0.hasPrefix("dgfip_") && !$0.hasPrefix("dgfip_annee_")
            }
            guard !content.isEmpty else {
                return error(
                    403, "4031", "Le jeton FranceConnect n'ouvre aucune donnée fiscale.", at: now)
            }
            return situation(of: personID, year: year, visible: content, question, at: now)
        }
    }

    private func situation(
        of personID: String, year: Int, visible: Set<String>?, _ question: AssessmentRoute,
        at now: Int64
    ) -> DoubleReply {
        let back = CivilDate(milliseconds: now).year - year
        guard (1...4).contains(back) else {
            return error(400, "4002", "L'année de revenus n'est pas ouverte.", at: now)
        }
        guard let household = town.household(of: personID),
            let assessment = household.assessments.first(where: { $0.yearsBack == back })
        else { return error(404, "4101", "Aucun résultat pour cette année.", at: now) }
        let sheet = TaxSheet(
            town: town, household: household, assessment: assessment, year: year, visible: visible)
        return .json(200, sheet.document, type: question.mediaType)
    }

    private func taxNumber(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        guard let name = request.parameter("nom"), let given = request.parameter("prenom") else {
            return error(400, "400", "nom et prenom sont obligatoires.", at: now)
        }
        note.identifiers += [name, given]
        guard let criteria = CivilSearch(request, name: name, given: given) else {
            return error(400, "400", "Un critère de naissance est mal écrit.", at: now)
        }
        let found = town.people(named: criteria.name).filter {
            town.household(of: $0.id) != nil && criteria.matches($0.identity)
        }
        guard let person = found.first, let number = person.taxNumber else {
            return error(404, "404", "Personne non trouvée.", at: now)
        }
        guard found.count == 1 else {
            return error(403, "403", "Trop de réponses.", at: now)
        }
        return .json(200, .members(["identifiant": .members(["spi": .string(number)])]))
    }

    private func error(
        _ status: Int, _ code: String, _ message: String, at now: Int64
    ) -> DoubleReply {
        .json(
            status,
            .members([
                "erreur": .members([
                    "code": .string(code), "message": .string(message),
                    "horodatage": .string(instantText(now)),
                ])
            ]))
    }
}

/// One of the routes that give an assessment.
private struct AssessmentRoute {
    /// The tax number in the path; without one, a FranceConnect token says who.
    let taxNumber: String?
    let year: String
    let latest: Bool

    init?(_ segments: [String]) {
        guard segments.starts(with: ["impotparticulier", "1.0"]) else { return nil }
        var rest = segments.dropFirst(2)
        if rest.first == "spi", rest.count > 1 {
            taxNumber = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        } else {
            taxNumber = nil
        }
        guard rest.count == 5, Array(rest.dropFirst().prefix(3)) == ["ir", "assiettes", "annrev"],
            let kind = rest.first, kind == "situations" || kind == "dernieresituation"
        else { return nil }
        latest = kind == "dernieresituation"
        year = rest[rest.endIndex - 1]
    }

    var scope: String { latest ? "RessourceIRDerniere" : "RessourceIR" }

    var template: String {
        "/impotparticulier/1.0\(taxNumber == nil ? "" : "/spi/{spi}")"
            + "/\(latest ? "dernieresituation" : "situations")/ir/assiettes/annrev/{annrev}"
    }

    var mediaType: String {
        "application/prs.dgfip.part.\(latest ? "derniere." : "")situations.ir.assiettes.v1+json"
    }
}
