import HTTPMessages

/// The social security counter (API-SECU), which asks CNAF or MSA for a family's quotient.
struct CNAV: HolderDouble {
    let id = "cnav"
    let town: Town
    let tokens: ClientTokens

    /// Makes the double.
    init(town: Town, client: ClientCredentials) {
        self.town = town
        tokens = ClientTokens(holder: "cnav", client: client)
    }

    func answer(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        note.correlation = request.header("X-Correlation-ID")
        note.recipient = request.header("X-APIPART-FSFINAL")
        let route = request.route
        if route.segments == ["token"] {
            note.template = "/token"
            guard route.method == .post else { return DoubleReply(405) }
            return tokens.answer(request, at: now)
        }
        guard route.segments == ["api-secu", "v1", "quotient-familial"] else {
            return error(404, .integer(40_400), "Ressource inconnue")
        }
        note.template = "/api-secu/v1/quotient-familial"
        guard route.method == .get else { return DoubleReply(405) }
        if let refusal = guarded(request, at: now) { return refusal }
        note.identifiers = ["nomNaissance", "listePrenoms", "dateNaissance"]
            .compactMap(request.parameter)
        switch CounterQuestion.read(request, at: now) {
        case .failure(let mistake):
            return error(400, .integer(mistake.code), mistake.message)
        case .success(let question):
            return quotient(question)
        }
    }

    private func guarded(_ request: DoubleRequest, at now: Int64) -> DoubleReply? {
        guard tokens.granted(to: request, at: now) != nil else {
            return error(401, .integer(40_100), "Jeton absent, inconnu ou expiré")
        }
        guard let correlation = request.header("X-Correlation-ID"), !correlation.isEmpty else {
            return error(400, .integer(40_000), "X-Correlation-ID absent")
        }
        guard isDigits(request.header("X-APIPART-FSFINAL"), count: 14) else {
            return error(400, .integer(40_000), "X-APIPART-FSFINAL absent ou incorrect")
        }
        return nil
    }

    private func quotient(_ question: CounterQuestion) -> DoubleReply {
        let found = town.people(named: question.name).filter { question.matches($0.identity) }
        guard found.count == 1, let person = found.first else { return unknownIdentity }
        if let file = town.families.first(where: { $0.allocataires.contains(person.id) }) {
            return .json(
                200, FamilySheet(town: town, file: file, month: question.month).document,
                headers: [(name: "X-APISECU-FD", value: file.fund.counterCode)])
        }
        switch town.counterRefusals[person.id] {
        case .unknownIdentity: return unknownIdentity
        case .noFund(let code):
            // The same code comes as a number or as a string, depending on who emits it.
            return error(
                404, code == 40_406 ? .string("40406") : .integer(code),
                "Aucun organisme de rattachement")
        case .noFile(let fund):
            return error(
                404, .string("40400"), "Dossier allocataire absent",
                headers: [(name: "X-APISECU-FD", value: fund.counterCode)])
        case nil:
            return error(404, .integer(40_406), "Aucun organisme de rattachement")
        }
    }

    private var unknownIdentity: DoubleReply {
        error(404, .integer(40_409), "Identité inconnue du SNGI")
    }

    private func error(
        _ status: Int, _ code: Document, _ message: String,
        headers: [(name: String, value: String)] = []
    ) -> DoubleReply {
        .json(
            status, .members(["errorCode": code, "error": .string(message)]), headers: headers)
    }
}

/// One question put to the counter, found to be well formed.
struct CounterQuestion {
    struct Mistake: Error {
        let code: Int
        let message: String
    }

    let name: String
    let given: String
    let birth: String
    let sex: String
    let country: String
    let commune: String?
    let month: CivilMonth

    static func read(
        _ request: DoubleRequest, at now: Int64
    ) -> Result<CounterQuestion, Mistake> {
        guard let name = request.parameter("nomNaissance"), isPlainName(name),
            let given = request.parameter("listePrenoms"), isPlainName(given),
            request.parameter("nomUsage").map(isPlainName) ?? true
        else { return mistake(40_003, "nom ou prénoms incorrects") }
        guard let sex = request.parameter("genre"), sex == "M" || sex == "F" else {
            return mistake(40_014, "genre incorrect")
        }
        guard let country = request.parameter("codePaysNaissance"), isDigits(country, count: 5)
        else { return mistake(40_019, "pays de naissance incorrect") }
        let commune = request.parameter("codeLieuNaissance")
        guard country == "99100" ? isCommune(commune) : commune == nil else {
            return mistake(40_013, "commune de naissance incorrecte")
        }
        guard let birth = request.parameter("dateNaissance"), isBirthDate(birth) else {
            return mistake(40_000, "date de naissance incorrecte")
        }
        let current = CivilDate(milliseconds: now).civilMonth
        guard let month = askedMonth(request) ?? (asksNoMonth(request) ? current : nil),
            (0...24).contains(current.ordinal - month.ordinal)
        else { return mistake(40_029, "période hors limites") }
        return .success(
            CounterQuestion(
                name: folded(name), given: folded(given), birth: birth, sex: sex,
                country: country, commune: commune?.uppercased(), month: month))
    }

    /// Whether someone of that name is the one asked about.
    func matches(_ identity: CivilIdentity) -> Bool {
        isGivenPrefix(given, of: identity.givenNames)
            && identity.birth.withZeros == birth
            && (identity.sex == .unspecified || identity.sex.rawValue == sex)
            && identity.country == country
            && identity.commune == commune
    }

    private static func mistake(
        _ code: Int, _ message: String
    ) -> Result<CounterQuestion, Mistake> {
        .failure(Mistake(code: code, message: message))
    }

    private static func askedMonth(_ request: DoubleRequest) -> CivilMonth? {
        guard let year = request.parameter("anneeDemandee"),
            let month = request.parameter("moisDemande")
        else { return nil }
        return CivilMonth("\(year)-\(month)")
    }

    private static func asksNoMonth(_ request: DoubleRequest) -> Bool {
        request.parameter("anneeDemandee") == nil && request.parameter("moisDemande") == nil
    }

    private static func isCommune(_ code: String?) -> Bool {
        guard let code, code.utf8.count == 5 else { return false }
        let upper = code.uppercased()
        let rest = upper.hasPrefix("2A") || upper.hasPrefix("2B") ? upper.dropFirst(2) : upper[...]
        return isDigits(String(rest), count: rest.utf8.count)
    }

    /// Whether a text is `YYYY-MM-DD`, where the month and the day may be `00`.
    private static func isBirthDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 3 && isDigits(parts[0], count: 4) && isDigits(parts[1], count: 2)
            && isDigits(parts[2], count: 2)
    }
}
