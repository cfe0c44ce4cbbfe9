import JSONText
import Vocabulary

extension ConnectorDocumentReader {
    /// How many conditions of one kind a rule may combine.
    static let maximumConditions = 5

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
        let headers = several(object.optional("entete")).compactMap { headerCondition($0) }
        let outcome = mistakes.required(object, "issue", outcome)
        let bodyPlaces = several(object.optional("corps"))
        if let first = bodyPlaces.first, !allowsBody {
            mistakes.add(
                first.mistake(
                    "Une étape ne juge pas le corps.",
                    remedy: "Mettez cette règle dans « issues » de la lecture."))
            return nil
        }
        let bodies = bodyPlaces.compactMap { bodyCondition($0, &selection) }
        if statuses == nil, headers.isEmpty, bodies.isEmpty {
            mistakes.add(
                place.mistake(
                    "Cette règle s'applique à tout.",
                    remedy: "Donnez « statut », « entete » ou « corps »."))
        }
        let seconds = mistakes.optional(object, "reessayer_apres_s") {
            place throws(JSONMistake) in Int(try place.int(in: 1...86_400))
        }
        let source = object.optional("reessayer_apres").flatMap {
            retrySource($0, &selection, allowsBody: allowsBody)
        }
        let mayRetry = mistakes.optional(object, "reessayable") { place throws(JSONMistake) in
            try place.bool()
        }
        guard let outcome else { return nil }
        checkRetry(object, outcome, mayRetry)
        return OutcomeRule(
            statuses: statuses ?? [], headers: headers, bodies: bodies, outcome: outcome,
            mayRetry: mayRetry, retrySource: source, retryAfterSeconds: seconds)
    }

    /// One condition, or a list of those that hold together.
    private mutating func several(_ place: JSONPlace?) -> [JSONPlace] {
        guard let place else { return [] }
        guard place.node.elements != nil else { return [place] }
        return mistakes.attempt { () throws(JSONMistake) in
            try place.array(max: Self.maximumConditions)
        } ?? []
    }

    /// What says when to ask again makes no sense where asking again does not help.
    private mutating func checkRetry(
        _ object: JSONObjectPlace, _ outcome: CallOutcome, _ mayRetry: Bool?
    ) {
        let isTemporary =
            if case .ended(let reason) = outcome { mayRetry ?? reason.isTemporary } else { false }
        for name in ["reessayer_apres_s", "reessayer_apres"] where !isTemporary {
            guard let place = object.optional(name) else { continue }
            mistakes.add(
                place.mistake(
                    "Cette issue ne change pas si l'on redemande : rien n'est à réessayer.",
                    remedy: "Retirez ce membre, choisissez une issue passagère, "
                        + "ou écrivez « reessayable »: true."))
        }
        if mayRetry == true, outcome == .obtained, let place = object.optional("reessayable") {
            mistakes.add(
                place.mistake(
                    "Une réponse obtenue n'est pas à redemander.", remedy: "Retirez ce membre."))
        }
    }

    // MARK: - Conditions

    private mutating func headerCondition(_ place: JSONPlace) -> HeaderCondition? {
        guard let object = mistakes.object(place, ConnectorMembers.header) else { return nil }
        let name = mistakes.required(object, "nom") { place throws(JSONMistake) in
            try place.string(maxBytes: 64)
        }
        let values = mistakes.optional(object, "valeurs") { place throws(JSONMistake) in
            Set(try place.stringArray(max: 20))
        }
        let isAbsent = isAbsent(object, excluding: ["valeurs"])
        return name.map { HeaderCondition(name: $0, isAbsent: isAbsent, values: values ?? []) }
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
        let parts = ["contient", "commence_par", "finit_par"].map {
            mistakes.optional(object, $0, list) ?? []
        }
        let isAbsent = isAbsent(
            object, excluding: ["valeurs", "contient", "commence_par", "finit_par"])
        let says = !texts.isEmpty || parts.contains { !$0.isEmpty }
        if !isAbsent, !says || parts.contains(where: { $0.contains("") }) {
            mistakes.add(
                place.mistake(
                    "Cette condition ne dit pas ce que la valeur doit être.",
                    remedy: "Donnez « valeurs », « contient », « commence_par », « finit_par » "
                        + "ou « absent », sans texte vide."))
        }
        guard let pointer else { return nil }
        guard let number = selection.add(pointer) else {
            mistakes.add(clash(place))
            return nil
        }
        return BodyCondition(
            pointer: number, isAbsent: isAbsent, texts: Set(texts), contained: parts[0],
            beginnings: parts[1], endings: parts[2])
    }

    /// Whether a condition wants something to be absent; what it would have to be is then too much.
    private mutating func isAbsent(
        _ object: JSONObjectPlace, excluding names: [String]
    ) -> Bool {
        guard let place = object.optional("absent") else { return false }
        let isTrue = mistakes.attempt { () throws(JSONMistake) in try place.bool() }
        if isTrue == false || names.contains(where: { object.optional($0) != nil }) {
            mistakes.add(
                place.mistake(
                    "Ce qui est absent n'a pas de valeur.",
                    remedy: "Gardez « absent »: true seul, ou retirez-le."))
        }
        return isTrue ?? false
    }

    private mutating func retrySource(
        _ place: JSONPlace, _ selection: inout Selection, allowsBody: Bool
    ) -> RetrySource? {
        guard let object = mistakes.object(place, ConnectorMembers.retrySource) else {
            return nil
        }
        let header = mistakes.optional(object, "entete") { place throws(JSONMistake) in
            try place.string(maxBytes: 64)
        }
        let pointer = mistakes.optional(object, "pointeur", pointer)
        guard (header == nil) != (pointer == nil), allowsBody || pointer == nil else {
            mistakes.add(
                place.mistake(
                    "On ne sait pas où lire quand réessayer.",
                    remedy: allowsBody
                        ? "Donnez soit « entete », soit « pointeur »."
                        : "Une étape ne lit pas le corps : donnez « entete »."))
            return nil
        }
        if let header { return .header(header) }
        guard let pointer, let number = selection.add(pointer) else {
            mistakes.add(clash(place))
            return nil
        }
        return .body(number)
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
        guard let outcome = CallOutcome(rawValue: try place.string(maxBytes: 64)) else {
            throw CallOutcome.unknown(place)
        }
        return outcome
    }
}
