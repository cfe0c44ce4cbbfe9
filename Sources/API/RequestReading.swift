import Exchanges
import Identification
import JSONText
import Policies
import Vocabulary

/// How large a request may be.
package struct RequestLimits: Sendable {
    /// Bytes of the body.
    package let bytes: Int
    /// Fields in one request.
    package let fields: Int

    package init(bytes: Int = 256 << 10, fields: Int = 200) {
        self.bytes = bytes
        self.fields = fields
    }
}

/// The body of `POST /v1/echanges`, read into types.
struct ExchangeBody {
    let question: QuestionBody
    let usager: UsagerClaim
    let role: DossierRole?
    let dossier: Sensitive<String>?
}

/// What an exchange and its dry run have in common.
struct QuestionBody {
    let purpose: PurposeID
    let recipient: Siret
    let fields: [String]
    let periods: [DatasetID: RequestedPeriod]
    let initiator: Initiator

    func asked(
        by service: ServiceID, mode: Mode, role: DossierRole?, at now: Timestamp
    ) -> ExchangeQuestion {
        ExchangeQuestion(
            service: service,
            recipient: recipient,
            purpose: purpose,
            fields: fields,
            periods: periods,
            mode: mode,
            initiator: initiator,
            role: role,
            now: now
        )
    }
}

/// Reads the gateway's request documents, and says of each mistake where it is and what to do.
struct RequestReader {
    let limits: RequestLimits
    let catalogue: FieldCatalogue
    /// The legal day, which bounds birth dates.
    let today: CalendarDate

    private static let common = [
        "finalite", "destinataire", "champs", "periodes", "initiateur",
    ]

    /// Reads the body of `POST /v1/echanges`.
    func exchange(_ bytes: [UInt8]) throws(Problem) -> ExchangeBody {
        let place = try document(bytes)
        return try translated { () throws(JSONMistake) in
            let object = try place.object(Self.common + ["usager", "dossier"])
            let question = try question(object)
            let usager = try usager(try object.required("usager"))
            return ExchangeBody(
                question: question,
                usager: usager.claim,
                role: usager.role,
                dossier: try dossier(object.optional("dossier"))
            )
        }
    }

    /// Reads the body of `POST /v1/echanges/explication`, which knows no person.
    func explanation(
        _ bytes: [UInt8]
    ) throws(Problem) -> (question: QuestionBody, mode: Mode, role: DossierRole?) {
        let place = try document(bytes)
        return try translated { () throws(JSONMistake) in
            try refusePerson(place)
            let object = try place.object(Self.common + ["mode", "role"])
            let mode = try choice(try object.required("mode"), of: Mode.self)
            return (try question(object), mode, try role(object.optional("role")))
        }
    }

    /// What names a person or a dossier has no place in a dry run, and is not even read.
    private func refusePerson(_ place: JSONPlace) throws(JSONMistake) {
        guard let object = try? place.anyObject() else { return }
        if let usager = object.optional("usager") {
            throw usager.mistake(
                "Une explication ne prend aucune personne, ni identité ni jeton.",
                remedy: "Retirez « usager » ; dites « mode » et, s'il y a lieu, « role ».")
        }
        if let dossier = object.optional("dossier") {
            throw dossier.mistake(
                "Une explication ne porte sur aucun dossier.", remedy: "Retirez « dossier ».")
        }
    }

    private func document(_ bytes: [UInt8]) throws(Problem) -> JSONPlace {
        let place: JSONPlace
        do throws(JSONError) {
            let limits = JSONLimits(bytes: limits.bytes, depth: 8, nodes: 20_000)
            place = JSONPlace(root: try parseJSON(bytes, limits: limits))
        } catch {
            throw Problem(error)
        }
        try requireFewFields(place)
        return place
    }

    /// Too many fields is a problem of its own, said before any mistake of the schema.
    private func requireFewFields(_ place: JSONPlace) throws(Problem) {
        guard case .object(let members) = place.node.value,
            let fields = members.first(where: { $0.name == "champs" }),
            case .array(let elements) = fields.node.value, elements.count > limits.fields
        else { return }
        throw Problem(
            .tropDeChamps,
            detail: "Un échange nomme au plus \(limits.fields) champs ; retirez-en.",
            place: "champs"
        )
    }

    private func translated<Value>(
        _ read: () throws(JSONMistake) -> Value
    ) throws(Problem) -> Value {
        do throws(JSONMistake) {
            return try read()
        } catch {
            throw Problem(error)
        }
    }

    // MARK: - The question

    private func question(_ object: JSONObjectPlace) throws(JSONMistake) -> QuestionBody {
        let purpose = try object.required("finalite")
        guard let purposeID = PurposeID(try purpose.string(maxBytes: 130)) else {
            throw purpose.mistake(
                "Une finalité s'écrit « service/finalite ».",
                remedy: "Par exemple « cnaf/aide-logement ».")
        }
        let recipient = try object.required("destinataire")
        guard let siret = Siret(try recipient.string(maxBytes: 64)) else {
            throw recipient.mistake(
                "Ce destinataire n'est pas un SIRET.",
                remedy: "Donnez les 14 chiffres, clé de Luhn comprise, sans espace.")
        }
        return QuestionBody(
            purpose: purposeID,
            recipient: siret,
            fields: try fields(try object.required("champs")),
            periods: try periods(object.optional("periodes")),
            initiator: try initiator(object.optional("initiateur"))
        )
    }

    private func fields(_ place: JSONPlace) throws(JSONMistake) -> [String] {
        let fields = try place.stringArray(
            max: limits.fields, maxBytes: FieldPath.maximumBytes + 80)
        guard !fields.isEmpty else {
            throw place.mistake(
                "La demande ne nomme aucun champ.",
                remedy: "Nommez au moins un champ, par exemple « quotient_familial.valeur ».")
        }
        guard Set(fields).count == fields.count else {
            throw place.mistake(
                "Un même champ est demandé deux fois.", remedy: "Gardez une seule mention.")
        }
        return fields
    }

    private func periods(
        _ place: JSONPlace?
    ) throws(JSONMistake) -> [DatasetID: RequestedPeriod] {
        guard let place else { return [:] }
        let known = catalogue.datasets.keys.map(\.text).sorted()
        var periods: [DatasetID: RequestedPeriod] = [:]
        for (name, member) in try place.object(known).members {
            guard let id = DatasetID(name), let contract = catalogue.datasets[id] else { continue }
            periods[id] = try period(member, contract.periodKind)
        }
        return periods
    }

    private func period(
        _ place: JSONPlace, _ kind: PeriodKind
    ) throws(JSONMistake) -> RequestedPeriod {
        let object = try place.object(kind.members)
        var period = RequestedPeriod()
        period.year = try object.optional("annee").map { (place) throws(JSONMistake) in
            Int(try place.int(in: 1900...2200))
        }
        period.month = try object.optional("mois").map(month)
        period.date = try object.optional("date").map(date)
        period.from = try object.optional("du").map(month)
        period.to = try object.optional("au").map(month)
        if let from = period.from, let to = period.to, from > to {
            throw place.mistake(
                "La période commence après sa fin.", remedy: "Échangez « du » et « au ».")
        }
        return period
    }

    private func month(_ place: JSONPlace) throws(JSONMistake) -> YearMonth {
        guard let month = YearMonth(try place.string(maxBytes: 16)) else {
            throw place.mistake("Ce n'est pas un mois.", remedy: "Écrivez-le « AAAA-MM ».")
        }
        return month
    }

    private func date(_ place: JSONPlace) throws(JSONMistake) -> CalendarDate {
        guard let date = CalendarDate(try place.string(maxBytes: 16)) else {
            throw place.mistake("Ce n'est pas une date.", remedy: "Écrivez-la « AAAA-MM-JJ ».")
        }
        return date
    }

    private func initiator(_ place: JSONPlace?) throws(JSONMistake) -> Initiator {
        guard let place else { return Initiator() }
        let object = try place.object(["qualite", "agent"])
        let quality = try choice(try object.required("qualite"), of: InitiatorQuality.self)
        guard let agent = object.optional("agent") else { return Initiator(quality: quality) }
        let reference = try agent.string(maxBytes: 128)
        guard !reference.isEmpty else {
            throw agent.mistake(
                "La référence de l'agent est vide.", remedy: "Donnez une référence opaque.")
        }
        return Initiator(quality: quality, agent: Sensitive(reference))
    }

    private func role(_ place: JSONPlace?) throws(JSONMistake) -> DossierRole? {
        guard let place else { return nil }
        return try choice(place, of: DossierRole.self)
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ place: JSONPlace, of type: Choice.Type
    ) throws(JSONMistake) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try place.string(maxBytes: 64)) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw place.mistake(
                "Cette valeur n'est pas de la liste.", remedy: "Choisissez parmi : \(known).")
        }
        return choice
    }

    // MARK: - The usager

    private func usager(
        _ place: JSONPlace
    ) throws(JSONMistake) -> (claim: UsagerClaim, role: DossierRole?) {
        let object = try place.object(["franceconnect", "identite", "identifiants", "role"])
        let identifiers = try identifiers(object.optional("identifiants"))
        let role = try role(object.optional("role"))
        switch (object.optional("franceconnect"), object.optional("identite")) {
        case (let franceConnect?, nil):
            let token = try token(try franceConnect.object(["jeton"]).required("jeton"))
            return (.franceConnect(token: token, identifiers: identifiers), role)
        case (nil, let identity?):
            let pivot = try readIdentity(identity, today: today)
            return (.identity(pivot: pivot, identifiers: identifiers), role)
        case (nil, nil):
            throw place.mistake(
                "L'usager n'est pas identifié.",
                remedy: "Donnez « franceconnect » ou « identite ».")
        case (_?, _?):
            throw place.mistake(
                "L'usager est identifié de deux façons.",
                remedy: "Gardez « franceconnect » ou « identite », pas les deux.")
        }
    }

    /// A token in the syntax of RFC 6750, 2.1, taken as opaque.
    private func token(_ place: JSONPlace) throws(JSONMistake) -> Sensitive<String> {
        let text = try place.string(maxBytes: 4096)
        let body = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        let isToken = body.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 95, 126, 43, 47].contains(byte)
        }
        guard !body.isEmpty, isToken else {
            throw place.mistake(
                "Ce n'est pas un jeton FranceConnect.",
                remedy: "Donnez le jeton d'accès tel que FranceConnect l'a remis.")
        }
        return Sensitive(text)
    }

    private func identifiers(
        _ place: JSONPlace?
    ) throws(JSONMistake) -> [IdentifierKind: Sensitive<String>] {
        guard let place else { return [:] }
        var mistakes = JSONMistakes()
        let identifiers = readIdentifiers(place, into: &mistakes)
        if let first = mistakes.all.first { throw first }
        return identifiers
    }

    private func dossier(_ place: JSONPlace?) throws(JSONMistake) -> Sensitive<String>? {
        guard let place else { return nil }
        let text = try place.string(maxBytes: 256)
        guard isDossierReference(text) else {
            throw place.mistake(
                "Cette référence de dossier n'est pas admise.",
                remedy: "Prenez 1 à 64 lettres sans accent, chiffres, points, tirets ou soulignés.")
        }
        guard !looksLikeIdentifier(text) else {
            throw place.mistake(
                "Cette référence ressemble à un numéro qui désigne une personne.",
                remedy: "Prenez une référence propre au dossier, par exemple « D-2026-0012345 ».")
        }
        return Sensitive(text)
    }
}

extension PeriodKind {
    /// The members that a request's period may have.
    var members: [String] {
        switch self {
        case .annee: ["annee"]
        case .mois: ["mois"]
        case .date: ["date"]
        case .intervalle: ["du", "au"]
        case .dateEtIntervalle: ["date", "du", "au"]
        }
    }
}
