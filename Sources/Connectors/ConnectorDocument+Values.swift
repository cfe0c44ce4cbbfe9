import JSONText
import Vocabulary

/// Where a value of a request stands, which says what it may be.
enum ValuePosition {
    case parameter
    case header
    case json
}

extension ConnectorDocumentReader {
    /// The named values of a request.
    mutating func values(_ place: JSONPlace?, _ position: ValuePosition) -> [NamedValue] {
        guard let place,
            let object = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        else { return [] }
        return object.members.compactMap { name, place in
            guard (1...64).contains(name.utf8.count) else {
                mistakes.add(
                    place.mistake(
                        "Ce nom est vide, ou trop long.", remedy: "Écrivez de 1 à 64 octets."))
                return nil
            }
            return value(place, position).map { NamedValue(name: name, value: $0) }
        }
    }

    /// A value: a template, an object that describes one, or in JSON the value itself.
    mutating func value(_ place: JSONPlace, _ position: ValuePosition) -> RequestValue? {
        switch place.node.value {
        case .string:
            return mistakes.attempt { [self] () throws(JSONMistake) in
                RequestValue(content: .text(try template(place)))
            }
        case .object(let members)
        where members.contains(where: { ["valeur", "liste", "objet"].contains($0.name) }):
            return described(place, position)
        default:
            return position == .json ? itself(place) : notText(place)
        }
    }

    private mutating func notText(_ place: JSONPlace) -> RequestValue? {
        mistakes.add(
            place.mistake(
                "Cette valeur n'est pas un texte.",
                remedy: "Écrivez un modèle, {\"valeur\": …} ou {\"liste\": …}."))
        return nil
    }

    /// A value of JSON as the holder receives it, its texts being templates.
    private mutating func itself(_ place: JSONPlace) -> RequestValue? {
        switch place.node.value {
        case .number(let number): return RequestValue(content: .number(number.text))
        case .bool(let bool): return RequestValue(content: .bool(bool))
        case .null: return RequestValue(content: .null)
        case .array:
            guard let list = elements(place, .json) else { return nil }
            return RequestValue(content: .list(list))
        case .object: return RequestValue(content: .object(values(place, .json)))
        case .string: return nil
        }
    }

    private mutating func elements(
        _ place: JSONPlace, _ position: ValuePosition
    ) -> [RequestValue]? {
        guard
            let places = mistakes.attempt({ () throws(JSONMistake) in try place.array(max: 50) })
        else { return nil }
        return places.compactMap { value($0, position) }
    }

    // MARK: - Described values

    private mutating func described(
        _ place: JSONPlace, _ position: ValuePosition
    ) -> RequestValue? {
        guard let object = mistakes.object(place, ConnectorMembers.value) else { return nil }
        let kinds = ["valeur", "liste", "objet"].filter { object.optional($0) != nil }
        guard kinds.count == 1, var value = content(object, position) else {
            if kinds.count != 1 {
                mistakes.add(
                    place.mistake(
                        "Une valeur est « valeur », « liste » ou « objet », et une seule à la fois.",
                        remedy: "Gardez celle qui convient."))
            }
            return nil
        }
        let flag: (JSONPlace) throws(JSONMistake) -> Bool = { place throws(JSONMistake) in
            try place.bool()
        }
        value.isOptional = mistakes.optional(object, "facultatif", flag) ?? false
        value.reasonWhenAbsent = mistakes.optional(object, "si_absent") {
            [self] (place) throws(JSONMistake) in try choice(place, of: MissingReason.self)
        }
        if value.isOptional, value.reasonWhenAbsent != nil {
            mistakes.add(
                place.mistake(
                    "Ce qui est facultatif ne met pas fin à l'appel.",
                    remedy: "Gardez « facultatif » ou « si_absent »."))
        }
        value.writing =
            mistakes.optional(object, "type") { [self] (place) throws(JSONMistake) in
                try choice(place, of: RequestValue.Writing.self)
            } ?? .text
        value.separator = mistakes.optional(object, "separateur") {
            place throws(JSONMistake) in try place.string(maxBytes: 3)
        }
        value.condition = condition(object)
        readCorrespondence(object, &value)
        checkShape(value, place, position)
        return value
    }

    private mutating func content(
        _ object: JSONObjectPlace, _ position: ValuePosition
    ) -> RequestValue? {
        if let place = object.optional("valeur") {
            return mistakes.attempt { [self] () throws(JSONMistake) in
                RequestValue(content: .text(try template(place)))
            }
        }
        if let place = object.optional("liste") {
            if place.node.string == nil {
                return elements(place, position).map { RequestValue(content: .list($0)) }
            }
            return mistakes.attempt { [self] () throws(JSONMistake) in
                let template = try self.template(place)
                guard template.single?.variable.kind == .names else {
                    throw place.mistake(
                        "Ce modèle ne donne pas une liste.",
                        remedy: "Écrivez {identite.prenoms} seul, ou une liste de valeurs.")
                }
                return RequestValue(content: .each(template))
            }
        }
        return RequestValue(content: .object(values(object.optional("objet"), .json)))
    }

    /// What the holder writes for each value of ours.
    private mutating func readCorrespondence(
        _ object: JSONObjectPlace, _ value: inout RequestValue
    ) {
        guard let place = object.optional("valeurs"),
            let texts = mistakes.attempt({ [self] () throws(JSONMistake) in
                try texts(place)
            })
        else { return }
        value.correspondence = texts
        guard case .text(let template) = value.content, let use = template.single else {
            mistakes.add(
                place.mistake(
                    "Une correspondance va avec une seule variable.",
                    remedy: "Écrivez-la seule dans « valeur », ou retirez « valeurs »."))
            return
        }
        guard let closed = use.variable.closedValues else { return }
        let lacking = closed.filter { texts[$0] == nil && $0 != Sex.indetermine.rawValue }
        let unknown = texts.keys.filter { !closed.contains($0) }.sorted()
        if !lacking.isEmpty || !unknown.isEmpty {
            mistakes.add(
                place.mistake(
                    "Cette correspondance n'est pas celle des valeurs de la variable.",
                    remedy: "Donnez un texte à chacune : \(closed.joined(separator: ", "))."))
        }
    }

    private func texts(_ place: JSONPlace) throws(JSONMistake) -> [String: String] {
        var texts: [String: String] = [:]
        for (name, place) in try place.anyObject().members {
            texts[name] = try place.string(maxBytes: 64)
        }
        return texts
    }

    private mutating func checkShape(
        _ value: RequestValue, _ place: JSONPlace, _ position: ValuePosition
    ) {
        var isList = false
        var isObject = false
        switch value.content {
        case .each, .list: isList = true
        case .object: isObject = true
        default: break
        }
        if position != .json, isObject || value.writing != .text {
            mistakes.add(
                place.mistake(
                    "Un objet et un type n'ont de sens que dans un corps JSON.",
                    remedy: "Écrivez un texte, ou une liste de textes."))
        }
        if !isList, value.separator != nil {
            mistakes.add(
                place.mistake(
                    "« separateur » ne va qu'avec « liste ».",
                    remedy: "Retirez-le, ou écrivez une liste."))
        }
        if position == .header, isList, value.separator == nil {
            mistakes.add(
                place.mistake(
                    "Un en-tête n'est écrit qu'une fois.",
                    remedy: "Donnez à cette liste un « separateur »."))
        }
    }

    // MARK: - Conditions

    /// The asked fields under which a part applies.
    mutating func condition(_ object: JSONObjectPlace) -> FieldCondition {
        FieldCondition(
            any: fields(object.optional("si_champs")),
            none: fields(object.optional("sauf_champs")))
    }

    private mutating func fields(_ place: JSONPlace?) -> [FieldPath] {
        guard let place,
            let places = mistakes.attempt({ () throws(JSONMistake) in try place.array(max: 50) })
        else { return [] }
        if places.isEmpty {
            mistakes.add(
                place.mistake("Cette liste est vide.", remedy: "Nommez un champ, ou retirez-la."))
        }
        return places.compactMap { place in
            mistakes.attempt { [self] () throws(JSONMistake) in try field(place) }
        }
    }

    private func field(_ place: JSONPlace) throws(JSONMistake) -> FieldPath {
        guard let path = FieldPath("\(dataset.text).\(try place.string(maxBytes: 150))") else {
            throw place.mistake(
                "Ce nom n'est pas celui d'un champ.",
                remedy: "Écrivez-le sans le jeu : « valeur », « adresse », « enfants[] ».")
        }
        if let catalogue, catalogue.leaves(of: path).isEmpty {
            throw place.mistake(
                "Le contrat du jeu n'a pas ce champ.",
                remedy: "Prenez un nom du contrat de connectors/datasets.")
        }
        return path
    }
}
