import JSONText
import Vocabulary

extension ConnectorDocumentReader {
    mutating func readReadings(_ object: JSONObjectPlace) {
        guard
            let place = mistakes.attempt({ () throws(JSONMistake) in
                try object.required("lectures")
            }), let all = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        else { return }
        knownReadings = all.members.map(\.name)
        for (name, place) in all.members {
            var reader = ReadingDocumentReader(
                dataset: dataset, catalogue: catalogue, documents: self)
            readings[name] = reader.reading(name, place)
            mistakes = reader.documents.mistakes
        }
    }

    /// The rules on what an answer means; those on its body need the reading's pointers.
    mutating func rules(
        _ place: JSONPlace?, _ selection: inout Selection, allowsBody: Bool
    ) -> [OutcomeRule] {
        guard let place,
            let places = mistakes.attempt({ () throws(JSONMistake) in try place.array(max: 40) })
        else { return [] }
        return places.compactMap { rule($0, &selection, allowsBody: allowsBody) }
    }

    private mutating func rule(
        _ place: JSONPlace, _ selection: inout Selection, allowsBody: Bool
    ) -> OutcomeRule? {
        guard let object = mistakes.object(place, ConnectorMembers.rule) else { return nil }
        let statuses = mistakes.optional(object, "statut", statuses)
        let header = mistakes.optional(object, "entete") {
            (place) throws(JSONMistake) -> (name: String, values: Set<String>) in
            let object = try place.object(ConnectorMembers.header)
            let values = try object.optional("valeurs")?.stringArray(max: 20) ?? []
            return (try object.required("nom").string(maxBytes: 64), Set(values))
        }
        let outcome = mistakes.required(object, "issue", outcome)
        let retry = mistakes.optional(object, "reessayer_apres_s") { place throws(JSONMistake) in
            Int(try place.int(in: 1...86_400))
        }
        var body: BodyCondition?
        if let corps = object.optional("corps") {
            guard allowsBody else {
                mistakes.add(
                    corps.mistake(
                        "Une étape ne juge pas le corps.",
                        remedy: "Mettez cette règle dans « issues » de la lecture."))
                return nil
            }
            guard let condition = bodyCondition(corps, &selection) else { return nil }
            body = condition
        }
        if statuses == nil, header == nil, body == nil {
            mistakes.add(
                place.mistake(
                    "Cette règle s'applique à tout.",
                    remedy: "Donnez « statut », « entete » ou « corps »."))
        }
        guard let outcome else { return nil }
        return OutcomeRule(
            statuses: statuses ?? [], header: header, body: body, outcome: outcome,
            retryAfterSeconds: retry)
    }

    private mutating func bodyCondition(
        _ place: JSONPlace, _ selection: inout Selection
    ) -> BodyCondition? {
        guard let object = mistakes.object(place, ConnectorMembers.bodyCondition) else {
            return nil
        }
        let list: (JSONPlace) throws(JSONMistake) -> [String] = { place throws(JSONMistake) in
            try place.stringArray(max: 40, maxBytes: 200)
        }
        let pointer = mistakes.required(object, "pointeur", pointer)
        let texts = mistakes.optional(object, "valeurs", list) ?? []
        let contained = mistakes.optional(object, "contient", list) ?? []
        if (texts + contained).isEmpty || contained.contains("") {
            mistakes.add(
                place.mistake(
                    "Cette condition ne dit pas ce que la valeur doit être.",
                    remedy: "Donnez « valeurs » ou « contient », sans texte vide."))
        }
        guard let pointer else { return nil }
        guard let number = selection.add(pointer) else {
            mistakes.add(clash(place))
            return nil
        }
        return BodyCondition(pointer: number, texts: Set(texts), contained: contained)
    }

    func clash(_ place: JSONPlace) -> JSONMistake {
        place.mistake(
            "Ce pointeur en contredit un autre : l'un s'arrête où l'autre continue.",
            remedy: "Vérifiez les deux sur un exemple de réponse.")
    }

    func pointer(_ place: JSONPlace) throws(JSONMistake) -> Pointer {
        guard let pointer = Pointer(try place.string(maxBytes: 300)) else {
            throw place.mistake(
                "Ce n'est pas un pointeur JSON.",
                remedy: "Écrivez par exemple /foyer/enfants/*/nom, avec * pour chaque élément.")
        }
        return pointer
    }

    private func statuses(_ place: JSONPlace) throws(JSONMistake) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for place in try place.array(max: 20) {
            if let text = place.node.string, text.utf8.count == 3, text.hasSuffix("xx"),
                let hundreds = Int(text.prefix(1)), (1...5).contains(hundreds)
            {
                ranges.append(hundreds * 100...hundreds * 100 + 99)
                continue
            }
            let status = Int(try place.int(in: 100...599))
            ranges.append(status...status)
        }
        return ranges
    }

    private func outcome(_ place: JSONPlace) throws(JSONMistake) -> CallOutcome {
        let text = try place.string(maxBytes: 64)
        if text == "obtenu" { return .obtained }
        if let reason = MissingReason(rawValue: text) { return .ended(reason) }
        let known = MissingReason.allCases.map(\.rawValue).joined(separator: ", ")
        throw place.mistake(
            "Cette issue n'existe pas.", remedy: "Choisissez parmi : obtenu, \(known).")
    }
}
