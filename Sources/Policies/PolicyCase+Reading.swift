import JSONText
package import Vocabulary

/// Reads `policies/<service>/<purpose>/cases/*.json`.
package func readCase(_ bytes: [UInt8], of purpose: PurposeID) -> DocumentReading<PolicyCase> {
    var mistakes = JSONMistakes(schema: CaseMembers.schema)
    let limits = JSONLimits(bytes: 1 << 17, depth: 8, nodes: 5000)
    guard let root = readRoot(bytes, limits: limits, &mistakes),
        let object = mistakes.object(root, CaseMembers.all)
    else {
        return DocumentReading(value: nil, mistakes: mistakes.all, warnings: [])
    }
    let policyCase = mistakes.policyCase(object, of: purpose)
    let isSound = mistakes.isEmpty
    return DocumentReading(value: isSound ? policyCase : nil, mistakes: mistakes.all, warnings: [])
}

extension JSONMistakes {
    fileprivate mutating func policyCase(
        _ object: JSONObjectPlace, of purpose: PurposeID
    ) -> PolicyCase? {
        let title = text(object, "cas")
        note(object)
        let mode = object.optional("question").flatMap { place in
            // Its mistakes are told where the question is read.
            (try? place.anyObject())?.optional("mode").flatMap { try? $0.choice(Mode.self) }
        }
        guard let place = required(object, "question", { place throws(JSONMistake) in place }),
            let question = self.question(place, of: purpose),
            let outcome = required(object, "attendu", { place throws(JSONMistake) in place }),
            let expected = self.expected(outcome), let title
        else {
            return nil
        }
        let person = object.optional("personne").flatMap { self.person($0, mode: mode) }
        return PolicyCase(
            title: title, question: question, person: person,
            isPermitted: expected.isPermitted, refusals: expected.refusals, place: object.place)
    }

    private mutating func question(
        _ place: JSONPlace, of purpose: PurposeID
    ) -> ExchangeQuestion? {
        guard let object = object(place, CaseMembers.question) else {
            return nil
        }
        let service = optional(object, "service") { place throws(JSONMistake) in
            guard let id = ServiceID(try place.string(maxBytes: 64)) else {
                throw place.mistake("Ce n'est pas un nom de service.", remedy: "Corrigez-le.")
            }
            return id
        }
        let recipient = siret(object, "destinataire")
        let fields = texts(object, "champs", max: 1000)
        let mode = choice(object, "mode", Mode.self)
        let day = date(object, "le")
        let role = object.optional("role").flatMap { _ in
            choice(object, "role", DossierRole.self)
        }
        let initiator = object.optional("initiateur").flatMap { self.initiator($0) }
        let periods = object.optional("periodes").map { self.periods($0) } ?? [:]
        guard let recipient, let mode, let day else {
            return nil
        }
        return ExchangeQuestion(
            service: service ?? purpose.service, recipient: recipient, purpose: purpose,
            fields: fields, periods: periods, mode: mode, initiator: initiator ?? Initiator(),
            role: role,
            // Noon, so that the day is the same in Paris and in UTC.
            now: Timestamp(milliseconds: day.daysSinceEpoch * 86_400_000 + 43_200_000))
    }

    private mutating func initiator(_ place: JSONPlace) -> Initiator? {
        guard let object = object(place, CaseMembers.initiator),
            let quality = choice(object, "qualite", InitiatorQuality.self)
        else {
            return nil
        }
        let agent = optional(object, "agent") { place throws(JSONMistake) in
            Sensitive(try place.string(maxBytes: 64))
        }
        return Initiator(quality: quality, agent: agent)
    }

    private mutating func periods(_ place: JSONPlace) -> [DatasetID: RequestedPeriod] {
        guard let object = attempt({ () throws(JSONMistake) in try place.anyObject() }) else {
            return [:]
        }
        var periods: [DatasetID: RequestedPeriod] = [:]
        for (name, place) in object.members {
            guard let id = DatasetID(name) else {
                add(place.mistake("Ce n'est pas un jeu de données.", remedy: "Corrigez son nom."))
                continue
            }
            periods[id] = period(place)
        }
        return periods
    }

    private mutating func period(_ place: JSONPlace) -> RequestedPeriod? {
        guard let object = object(place, CaseMembers.period) else {
            return nil
        }
        return RequestedPeriod(
            year: object.optional("annee").flatMap { _ in
                integer(object, "annee", in: 1...9999)
            },
            month: month(object, "mois"),
            date: object.optional("date").flatMap { _ in date(object, "date") },
            from: month(object, "du"),
            to: month(object, "au"))
    }

    private mutating func month(_ object: JSONObjectPlace, _ name: String) -> YearMonth? {
        optional(object, name) { place throws(JSONMistake) in
            guard let month = YearMonth(try place.string()) else {
                throw place.mistake(
                    "« \(place.path) » n'est pas un mois.",
                    remedy: "Écrivez AAAA-MM, par exemple 2026-01.")
            }
            return month
        }
    }

    private mutating func person(_ place: JSONPlace, mode: Mode?) -> PolicyCase.Person? {
        let isConnected = mode == .franceconnect
        let known =
            isConnected ? CaseMembers.connectedPerson : CaseMembers.typedPerson
        guard let object = object(place, known) else {
            return nil
        }
        let identifiers = Set(choices(object, "identifiants", IdentifierKind.self))
        guard isConnected else {
            return .identity(identifiers: identifiers)
        }
        let client = optional(object, "client") { place throws(JSONMistake) in
            FranceConnectClient(symbol: try place.string(maxBytes: 70))
        }
        let level = required(object, "niveau") { place throws(JSONMistake) in
            guard let level = AssuranceLevel(try place.string()) else {
                throw place.mistake(
                    "Ce niveau de garantie n'existe pas.",
                    remedy: "Écrivez eidas1, eidas2 ou eidas3.")
            }
            return level
        }
        var scopes: [String: Set<String>] = [:]
        let places = object.optional("portees").flatMap { place in
            attempt { () throws(JSONMistake) in try place.anyObject() }
        }
        for (holder, place) in places?.members ?? [] {
            scopes[holder] = attempt { () throws(JSONMistake) in
                Set(try place.stringArray(max: 100, maxBytes: 100))
            }
        }
        return level.map {
            .franceConnect(client: client, level: $0, scopes: scopes, identifiers: identifiers)
        }
    }

    private mutating func expected(
        _ place: JSONPlace
    ) -> (isPermitted: Bool, refusals: Set<PolicyCase.Expected>)? {
        guard let object = object(place, CaseMembers.expected),
            let verdict = choice(object, "verdict", CaseMembers.Verdict.self)
        else {
            return nil
        }
        var refusals: Set<PolicyCase.Expected> = []
        for place in list(object, "refus", max: 1000) {
            guard let entry = self.object(place, CaseMembers.refusal),
                let reason = choice(entry, "motif", RefusalReason.self)
            else {
                continue
            }
            let field = optional(entry, "champ") { place throws(JSONMistake) in
                try place.string(maxBytes: 300)
            }
            refusals.insert(PolicyCase.Expected(field: field, reason: reason))
        }
        if (verdict == .permis) != refusals.isEmpty {
            add(
                place.mistake(
                    "Le verdict et les refus attendus se contredisent.",
                    remedy: "Un refus nomme ses motifs ; un permis n'en a pas."
                )
            )
        }
        return (verdict == .permis, refusals)
    }
}
