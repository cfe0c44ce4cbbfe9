import HTTPMessages
package import JSONText
package import Vocabulary

extension ConnectorExample {
    /// Reads an example of a data set from its bytes.
    package init(_ bytes: [UInt8], dataset: DatasetID) throws(JSONMistake) {
        let root: JSONNode
        do throws(JSONError) {
            root = try parseJSON(bytes)
        } catch {
            throw JSONMistake(
                path: error.path, position: error.position,
                message: "Le document ne se lit pas : \(error.code.explanation)",
                remedy: error.code.remedy)
        }
        try self.init(root, dataset: dataset)
    }

    /// Reads an example of a data set from its document.
    package init(_ root: JSONNode, dataset: DatasetID) throws(JSONMistake) {
        let object = try JSONPlace(root: root).object(ConnectorMembers.example)
        description = try object.required("description").string()
        question = try Self.question(try object.required("question"), dataset)
        var calls: [Call] = []
        for place in try object.required("appels").array(max: 8) {
            calls.append(try Self.call(place))
        }
        self.calls = calls
        let issue = try object.required("issue")
        outcome = try Self.outcome(issue)
        var values: [String: JSONValue] = [:]
        for member in try object.optional("valeurs")?.anyObject().members ?? [] {
            values[member.name] = member.place.node.value
        }
        self.values = values
        var missing: [String: MissingReason] = [:]
        for member in try object.optional("manquants")?.anyObject().members ?? [] {
            missing[member.name] = try Self.reason(member.place)
        }
        self.missing = missing
        var extents: [String: Int] = [:]
        for member in try object.optional("listes")?.anyObject().members ?? [] {
            extents[member.name] = Int(try member.place.int(in: 0...10_000))
        }
        self.extents = extents
        dropped = Set(try object.optional("abandonnes")?.stringArray(max: 100) ?? [])
        droppedUnknown = try object.optional("inconnus").map { place throws(JSONMistake) in
            Int(try place.int(in: 0...10_000))
        }
    }

    private static func outcome(_ place: JSONPlace) throws(JSONMistake) -> CallOutcome {
        try place.string() == "obtenu" ? .obtained : .ended(try reason(place))
    }

    private static func reason(_ place: JSONPlace) throws(JSONMistake) -> MissingReason {
        guard let reason = MissingReason(rawValue: try place.string()) else {
            throw place.mistake("Ce motif n'existe pas.", remedy: "Choisissez un motif publié.")
        }
        return reason
    }

    private static func call(_ place: JSONPlace) throws(JSONMistake) -> Call {
        let object = try place.object(ConnectorMembers.call)
        let request = try object.required("requete").object(ConnectorMembers.sent)
        let reply = try object.required("reponse").object(ConnectorMembers.reply)
        var headers = HTTPHeaders()
        for (name, value) in try texts(reply.optional("entetes")) { headers.add(name, value) }
        var body: [UInt8] = []
        if let document = reply.optional("corps") {
            var writer = JSONWriter()
            writer.value(document.node)
            body = writer.bytes
            if !headers.contains("Content-Type") { headers.add("Content-Type", "application/json") }
        } else if let text = reply.optional("texte") {
            body = Array(try text.string(maxBytes: 10_000).utf8)
        }
        let status = Int(try reply.required("statut").int(in: 100...599))
        return Call(
            method: try request.required("methode").string(),
            target: try request.required("cible").string(),
            headers: try texts(request.optional("entetes")),
            body: try request.optional("corps")?.string(),
            response: InboundResponse(status: status, headers: headers, body: body))
    }

    private static func texts(_ place: JSONPlace?) throws(JSONMistake) -> [String: String] {
        var texts: [String: String] = [:]
        for member in try place?.anyObject().members ?? [] {
            texts[member.name] = try member.place.string()
        }
        return texts
    }

    // MARK: - The question

    private static func question(
        _ place: JSONPlace, _ dataset: DatasetID
    ) throws(JSONMistake) -> HolderQuestion {
        let object = try place.object(ConnectorMembers.question)
        let mode = try object.required("mode")
        var leaves: Set<FieldPath> = []
        for field in try object.required("champs").array(max: 100) {
            leaves.insert(try read(field) { FieldPath($0) })
        }
        var identifiers: [IdentifierKind: Sensitive<String>] = [:]
        for (name, value) in try texts(object.optional("identifiants")) {
            guard let kind = IdentifierKind(rawValue: name) else {
                throw place.mistake("Cet identifiant n'existe pas.", remedy: "Retirez-le.")
            }
            identifiers[kind] = Sensitive(value)
        }
        return HolderQuestion(
            dataset: dataset,
            mode: try read(mode) { Mode(rawValue: $0) },
            leaves: leaves,
            period: try period(object.optional("periode")),
            today: try read(try object.required("jour")) { CalendarDate($0) },
            pivot: Sensitive(try pivot(try object.required("identite"))),
            identifiers: identifiers,
            token: try token(object.optional("jeton")),
            recipient: try read(try object.required("destinataire")) { Siret($0) },
            purpose: try read(try object.required("finalite")) { PurposeID($0) },
            exchange: try read(try object.required("echange")) { ExchangeID($0) })
    }

    private static func token(_ place: JSONPlace?) throws(JSONMistake) -> Sensitive<String>? {
        guard let text = try place?.string() else { return nil }
        return Sensitive(text)
    }

    private static func read<Value>(
        _ place: JSONPlace, _ make: (String) -> Value?
    ) throws(JSONMistake) -> Value {
        guard let value = make(try place.string()) else {
            throw place.mistake("Cette valeur n'est pas permise.", remedy: "Corrigez l'exemple.")
        }
        return value
    }

    private static func period(_ place: JSONPlace?) throws(JSONMistake) -> Period? {
        guard let object = try place?.object(ConnectorMembers.period) else {
            return nil
        }
        let year = try object.optional("annee").map { place throws(JSONMistake) in
            Int(try place.int(in: 1000...9999))
        }
        let date = try object.optional("date").map { place throws(JSONMistake) in
            try read(place) { CalendarDate($0) }
        }
        let month = try month(object, "mois")
        let first = try self.month(object, "du")
        let last = try self.month(object, "au")
        if let year { return .year(year) }
        if let month { return .month(month) }
        guard let first, let last else {
            return date.map { .date($0) }
        }
        return date.map { .dateAndMonths($0, from: first, to: last) }
            ?? .months(from: first, to: last)
    }

    private static func month(
        _ object: JSONObjectPlace, _ name: String
    ) throws(JSONMistake) -> YearMonth? {
        try object.optional(name).map { place throws(JSONMistake) in
            try read(place) { YearMonth($0) }
        }
    }

    private static func pivot(_ place: JSONPlace) throws(JSONMistake) -> PivotIdentity {
        let object = try place.object(ConnectorMembers.identity)
        return PivotIdentity(
            birthName: try object.required("nom_naissance").string(),
            usageName: try object.optional("nom_usage")?.string(),
            givenNames: try object.required("prenoms").stringArray(max: 10),
            birthDate: try read(try object.required("date_naissance")) { PartialDate($0) },
            mayBePresumed: false,
            sex: try read(try object.required("sexe")) { Sex(rawValue: $0) },
            birthCountry: try object.required("code_pays_naissance").string(),
            birthCommune: try object.optional("code_commune_naissance")?.string())
    }
}
