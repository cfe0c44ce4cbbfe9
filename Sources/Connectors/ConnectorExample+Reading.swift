import HTTPMessages
package import JSONText
package import Vocabulary

/// An example's document, read from its bytes: the example, or every mistake at once.
package struct ConnectorExampleDocument: Sendable {
    /// The example, where the document has no mistake.
    package let example: ConnectorExample?
    /// Every mistake, with its path, its position and its remedy.
    package let mistakes: [JSONMistake]

    /// Reads an example of a data set.
    package init(_ bytes: [UInt8], dataset: DatasetID) {
        do throws(JSONError) {
            var reader = ConnectorExampleReader(dataset: dataset)
            let example = reader.example(JSONPlace(root: try parseJSON(bytes)))
            self.example = reader.mistakes.isEmpty ? example : nil
            mistakes = reader.mistakes.all
        } catch {
            example = nil
            mistakes = [
                JSONMistake(
                    path: error.path, position: error.position,
                    message: "Le document ne se lit pas : \(error.code.explanation)",
                    remedy: error.code.remedy)
            ]
        }
    }
}

/// Reads an example from the top down, gathering mistakes.
struct ConnectorExampleReader {
    let dataset: DatasetID
    var mistakes = JSONMistakes(schema: ExampleSchema.document)

    init(dataset: DatasetID) {
        self.dataset = dataset
    }

    mutating func example(_ place: JSONPlace) -> ConnectorExample? {
        guard let object = mistakes.object(place, ConnectorMembers.example) else { return nil }
        let description = mistakes.required(object, "description", text)
        let question = mistakes.required(object, "question", same).flatMap { self.question($0) }
        let calls = mistakes.required(object, "appels") { place throws(JSONMistake) in
            try place.array(max: 8)
        }?.map { call($0) }
        let outcome = mistakes.required(object, "issue", self.outcome)
        let values = members(object, "valeurs") { place throws(JSONMistake) in place.node.value }
        let missing = members(object, "manquants", reason)
        let extents = members(object, "listes", count)
        let dropped = mistakes.optional(object, "abandonnes") { place throws(JSONMistake) in
            Set(try place.stringArray(max: 100))
        }
        let unknown = mistakes.optional(object, "inconnus", count)
        guard let description, let question, let calls, let outcome, mistakes.isEmpty else {
            return nil
        }
        return ConnectorExample(
            description: description, question: question, calls: calls.compactMap { $0 },
            outcome: outcome, values: values, missing: missing, extents: extents,
            dropped: dropped ?? [], droppedUnknown: unknown, document: object)
    }

    // MARK: - Small readings

    private func same(_ place: JSONPlace) throws(JSONMistake) -> JSONPlace { place }

    private func text(_ place: JSONPlace) throws(JSONMistake) -> String { try place.string() }

    private func count(_ place: JSONPlace) throws(JSONMistake) -> Int {
        Int(try place.int(in: 0...10_000))
    }

    private func outcome(_ place: JSONPlace) throws(JSONMistake) -> CallOutcome {
        try place.string() == "obtenu" ? .obtained : .ended(try reason(place))
    }

    private func reason(_ place: JSONPlace) throws(JSONMistake) -> MissingReason {
        guard let reason = MissingReason(rawValue: try place.string()) else {
            let known = MissingReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw place.mistake(
                "Ce motif n'existe pas.", remedy: "Choisissez un motif publié : \(known).")
        }
        return reason
    }

    private func value<Value>(
        _ make: @escaping (String) -> Value?
    ) -> (JSONPlace) throws(JSONMistake) -> Value {
        { place throws(JSONMistake) in
            guard let value = make(try place.string()) else {
                throw place.mistake(
                    "Cette valeur n'est pas permise.", remedy: "Corrigez l'exemple.")
            }
            return value
        }
    }

    /// The members of an object whose names are data.
    private mutating func members<Value>(
        _ object: JSONObjectPlace, _ name: String,
        _ read: (JSONPlace) throws(JSONMistake) -> Value
    ) -> [String: Value] {
        let all = mistakes.optional(object, name) { place throws(JSONMistake) in
            try place.anyObject().members
        }
        var values: [String: Value] = [:]
        for (name, place) in all ?? [] {
            values[name] = mistakes.attempt { () throws(JSONMistake) in try read(place) }
        }
        return values
    }

    // MARK: - Calls

    private mutating func call(_ place: JSONPlace) -> ConnectorExample.Call? {
        guard let object = mistakes.object(place, ConnectorMembers.call) else { return nil }
        let sent = mistakes.required(object, "requete", same)
        let request = mistakes.object(sent, ConnectorMembers.sent)
        let told = mistakes.required(object, "reponse", same)
        let response = mistakes.object(told, ConnectorMembers.reply).flatMap { reply($0) }
        guard let request else { return nil }
        let method = mistakes.required(request, "methode", text)
        let target = mistakes.required(request, "cible") { place throws(JSONMistake) in
            try place.string(maxBytes: 8192)
        }
        let headers = members(request, "entetes", text)
        let body = mistakes.optional(request, "corps") { place throws(JSONMistake) in
            try place.string(maxBytes: 65_536)
        }
        guard let method, let target, let response else { return nil }
        return ConnectorExample.Call(
            method: method, target: target, headers: headers, body: body, response: response,
            document: object)
    }

    private mutating func reply(_ reply: JSONObjectPlace) -> InboundResponse? {
        var headers = HTTPHeaders()
        for (name, value) in members(reply, "entetes", text).sorted(by: { $0.key < $1.key }) {
            if !headers.add(name, value), let place = reply.optional("entetes") {
                mistakes.add(
                    place.mistake(
                        "L'en-tête « \(shownName(name)) » ne peut pas s'écrire.",
                        remedy: "Corrigez son nom ou sa valeur."))
            }
        }
        var body: [UInt8] = []
        if let document = reply.optional("corps") {
            var writer = JSONWriter()
            writer.value(document.node)
            body = writer.bytes
            if !headers.contains("Content-Type") { headers.add("Content-Type", "application/json") }
        } else if let text = mistakes.optional(
            reply, "texte",
            { place throws(JSONMistake) in
                try place.string(maxBytes: 10_000)
            })
        {
            body = Array(text.utf8)
        }
        let status = mistakes.required(reply, "statut") { place throws(JSONMistake) in
            Int(try place.int(in: 100...599))
        }
        return status.map { InboundResponse(status: $0, headers: headers, body: body) }
    }

    // MARK: - The question

    private mutating func question(_ place: JSONPlace) -> HolderQuestion? {
        guard let object = mistakes.object(place, ConnectorMembers.question) else { return nil }
        let mode = mistakes.required(object, "mode", value { Mode(rawValue: $0) })
        let fields = mistakes.required(object, "champs") { place throws(JSONMistake) in
            try place.array(max: 100)
        }
        let leaves = (fields ?? []).compactMap { leaf($0) }
        var identifiers: [IdentifierKind: Sensitive<String>] = [:]
        for (name, value) in members(object, "identifiants", text) {
            guard let kind = IdentifierKind(rawValue: name) else {
                mistakes.add(
                    object.place.mistake(
                        "L'identifiant « \(shownName(name)) » n'existe pas.",
                        remedy: "Retirez-le."))
                continue
            }
            identifiers[kind] = Sensitive(value)
        }
        let period = object.optional("periode").flatMap { self.period($0) }
        let today = mistakes.required(object, "jour", value { CalendarDate($0) })
        let pivot = mistakes.required(object, "identite", same).flatMap { self.pivot($0) }
        let token = mistakes.optional(object, "jeton", text)
        let recipient = mistakes.required(object, "destinataire", value { Siret($0) })
        let purpose = mistakes.required(object, "finalite", value { PurposeID($0) })
        let exchange = mistakes.required(object, "echange", value { ExchangeID($0) })
        guard let mode, let today, let pivot, let recipient, let purpose, let exchange else {
            return nil
        }
        return HolderQuestion(
            dataset: dataset, mode: mode, leaves: Set(leaves), period: period, today: today,
            pivot: Sensitive(pivot), identifiers: identifiers, token: token.map { Sensitive($0) },
            recipient: recipient, purpose: purpose, exchange: exchange)
    }

    private mutating func leaf(_ place: JSONPlace) -> FieldPath? {
        mistakes.attempt { [dataset] () throws(JSONMistake) in
            guard let path = FieldPath(try place.string()), path.dataset == dataset else {
                throw place.mistake(
                    "Ce n'est pas un champ du jeu « \(dataset) ».",
                    remedy: "Corrigez l'exemple : écrivez par exemple « \(dataset).champ ».")
            }
            return path
        }
    }

    private mutating func period(_ place: JSONPlace) -> Period? {
        guard let object = mistakes.object(place, ConnectorMembers.period) else { return nil }
        let year = mistakes.optional(object, "annee") { place throws(JSONMistake) in
            Int(try place.int(in: 1000...9999))
        }
        let date = mistakes.optional(object, "date", value { CalendarDate($0) })
        let month = mistakes.optional(object, "mois", value { YearMonth($0) })
        let first = mistakes.optional(object, "du", value { YearMonth($0) })
        let last = mistakes.optional(object, "au", value { YearMonth($0) })
        if let year { return .year(year) }
        if let month { return .month(month) }
        guard let first, let last else { return date.map { .date($0) } }
        return date.map { .dateAndMonths($0, from: first, to: last) }
            ?? .months(from: first, to: last)
    }

    private mutating func pivot(_ place: JSONPlace) -> PivotIdentity? {
        guard let object = mistakes.object(place, ConnectorMembers.identity) else { return nil }
        let birthName = mistakes.required(object, "nom_naissance", text)
        let usageName = mistakes.optional(object, "nom_usage", text)
        let givenNames = mistakes.required(object, "prenoms") { place throws(JSONMistake) in
            try place.stringArray(max: 10)
        }
        let birthDate = mistakes.required(object, "date_naissance", value { PartialDate($0) })
        let sex = mistakes.required(object, "sexe", value { Sex(rawValue: $0) })
        let country = mistakes.required(object, "code_pays_naissance", text)
        let commune = mistakes.optional(object, "code_commune_naissance", text)
        guard let birthName, let givenNames, let birthDate, let sex, let country else {
            return nil
        }
        return PivotIdentity(
            birthName: birthName, usageName: usageName, givenNames: givenNames,
            birthDate: birthDate, mayBePresumed: false, sex: sex, birthCountry: country,
            birthCommune: commune)
    }
}
