import HTTPMessages

/// The employment agency: by identifier under the caller's own rights, and by FranceConnect token.
struct FranceTravail: HolderDouble {
    let id = "france-travail"
    let town: Town
    let tokens: ClientTokens
    let judge: TokenJudge

    /// Makes the double.
    init(town: Town, client: ClientCredentials, judge: @escaping TokenJudge) {
        self.town = town
        self.judge = judge
        tokens = ClientTokens(
            holder: "france-travail", client: client, lifeInSeconds: 1499,
            scopes: [
                "api_statutaugmentev1", "api_liste-paiementsv1", "individuStatutAugmente",
                "application_\(client.id)",
            ],
            takesFormCredentials: true)
    }

    func answer(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        note.correlation = request.header("X-Correlation-ID")
        note.recipient = request.header("X-pe-consommateur")
        let route = request.route
        note.template = "/" + route.segments.joined(separator: "/")
        switch (route.method, route.segments) {
        case (.post, ["connexion", "oauth2", "access_token"]):
            return tokens.answer(request, at: now)
        case (.post, ["partenaire", "statutaugmente", "v1", "statut"]):
            return guarded(request, "api_statutaugmentev1", at: now)
                ?? status(request, at: now, note: &note)
        case (.get, ["partenaire", "liste-paiements", "v1", "paiements"]):
            return guarded(request, "api_liste-paiementsv1", at: now)
                ?? payments(request, at: now, note: &note)
        case (.get, ["partenaire", "fc-statutaugmente", "v1", "statut"]):
            return withToken(request, "api_fc-statutaugmentev1", at: now, note: &note) {
                .json(200, StatusSheet(record: $0, person: $1).document(withIdentifier: false))
            }
        case (.get, ["partenaire", "fc-liste-paiements", "v1"]):
            return withToken(request, "api_fc-liste-paiementsv1", at: now, note: &note) {
                record, _ in paid(record, at: now)
            }
        default:
            note.template = "?"
            return error(404, "Ressource inconnue")
        }
    }

    private func guarded(
        _ request: DoubleRequest, _ scope: String, at now: Int64
    ) -> DoubleReply? {
        guard let scopes = tokens.granted(to: request, at: now) else {
            return error(401, "Jeton absent, inconnu ou expiré")
        }
        guard scopes.contains(scope) else { return error(403, "Scope insuffisant") }
        return consumer(request)
    }

    private func consumer(_ request: DoubleRequest) -> DoubleReply? {
        guard let value = request.header("X-pe-consommateur"), !value.isEmpty else {
            return error(400, "X-pe-consommateur absent")
        }
        return nil
    }

    private func status(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        let identifier = String(decoding: request.body, as: UTF8.self)
        note.identifiers.append(identifier)
        guard isIdentifier(identifier) else { return error(400, "Identifiant incorrect") }
        guard let (record, person) = town.jobSeeker(numbered: identifier) else {
            // Two ways of saying the same: an identifier of someone never registered gives 206.
            return town.owner(of: identifier) != nil
                ? DoubleReply(206) : error(404, "Individu non trouvé")
        }
        return .json(200, StatusSheet(record: record, person: person).document())
    }

    private func payments(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        guard let identifier = request.parameter("loginMnemotechnique") else {
            return error(400, "loginMnemotechnique absent")
        }
        note.identifiers.append(identifier)
        guard isIdentifier(identifier) else { return error(400, "Identifiant incorrect") }
        guard let (record, _) = town.jobSeeker(numbered: identifier) else {
            return DoubleReply(204)
        }
        return paid(record, at: now)
    }

    private func paid(_ record: JobSeekerRecord, at now: Int64) -> DoubleReply {
        let sheet = PaymentSheet(record: record, today: CivilDate(milliseconds: now))
        return sheet.payments.isEmpty ? DoubleReply(204) : .json(200, sheet.document)
    }

    /// Answers a request that carries a FranceConnect token, which this holder introspects itself.
    private func withToken(
        _ request: DoubleRequest, _ scope: String, at now: Int64, note: inout CallNote,
        _ reply: (JobSeekerRecord, Person) -> DoubleReply
    ) -> DoubleReply {
        guard let token = request.bearer else { return error(401, "Jeton absent") }
        if let refusal = consumer(request) { return refusal }
        switch judge(token, id, now) {
        case .unavailable: return error(503, "FranceConnect ne répond pas")
        case .inactive: return error(401, "Jeton FranceConnect inconnu ou expiré")
        case .active(let personID, let scopes):
            note.identifiers.append(personID)
            guard scopes.contains(scope) else { return error(403, "Scope insuffisant") }
            guard let person = town.person(personID),
                let record = town.jobSeekers.first(where: { $0.person == personID })
            else { return error(404, "Individu non trouvé") }
            return reply(record, person)
        }
    }

    private func isIdentifier(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    private func error(_ status: Int, _ message: String) -> DoubleReply {
        .json(
            status,
            .members(["codeErreur": .string("FT\(status)"), "message": .string(message)]))
    }
}

extension Town {
    /// The registration under an identifier.
    func jobSeeker(numbered number: String) -> (JobSeekerRecord, Person)? {
        guard let person = owner(of: number),
            let record = jobSeekers.first(where: { $0.person == person.id })
        else { return nil }
        return (record, person)
    }
}
