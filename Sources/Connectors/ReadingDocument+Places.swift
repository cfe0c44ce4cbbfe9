import JSONText
import Vocabulary

extension ReadingDocumentReader {
    /// How many names one member may have.
    static let maximumAlternatives = 4

    /// The number of the pointer that stands at a place.
    mutating func add(_ place: JSONPlace, stars: Int? = 0) -> Int? {
        guard
            let pointer = documents.mistakes.attempt({
                [documents] () throws(JSONMistake) in try documents.pointer(place)
            })
        else { return nil }
        if let stars, pointer.stars != stars {
            documents.mistakes.add(
                place.mistake(
                    "Ce pointeur traverse une liste, et une seule valeur est attendue.",
                    remedy: "Décrivez la liste sous « listes »."))
            return nil
        }
        guard let number = selection.add(pointer) else {
            documents.mistakes.add(documents.clash(place))
            return nil
        }
        return number
    }

    /// The number of a pointer to what belongs to a list's elements.
    mutating func add(_ place: JSONPlace, in list: Int) -> Int? {
        guard let number = add(place, stars: nil) else { return nil }
        guard selection.pointers[number].sharesArrays(with: selection.pointers[list]) else {
            documents.mistakes.add(
                place.mistake(
                    "Ce pointeur traverse une autre liste que celle de ses éléments.",
                    remedy: "Commencez-le comme « elements »."))
            return nil
        }
        return number
    }

    /// The number of a list's pointer, and the node of its outermost array.
    mutating func addList(_ place: JSONPlace) -> (pointer: Int, outermost: Int)? {
        guard let number = add(place, stars: nil) else { return nil }
        guard selection.pointers[number].steps.last == .elements else {
            documents.mistakes.add(
                place.mistake(
                    "Ce pointeur ne désigne pas les éléments d'une liste.",
                    remedy: "Terminez-le par /*."))
            return nil
        }
        return (number, selection.outermostArray(of: number))
    }

    // MARK: - Scalars

    /// The scalar that `pointeur` names, or the first of those that it lists.
    mutating func source(of object: JSONObjectPlace, _ list: Int?) -> ScalarSource? {
        let joiner = documents.mistakes.optional(object, "joindre") { place throws(JSONMistake) in
            try place.string(maxBytes: 8)
        }
        guard
            let place = documents.mistakes.attempt({ () throws(JSONMistake) in
                try object.required("pointeur")
            })
        else { return nil }
        return source(place, list, joiner: joiner)
    }

    mutating func source(
        _ place: JSONPlace, _ list: Int?, joiner: String? = nil
    ) -> ScalarSource? {
        var places = [place]
        if place.node.elements != nil {
            let all = documents.mistakes.attempt { () throws(JSONMistake) in
                try place.array(max: Self.maximumAlternatives)
            }
            guard let all, !all.isEmpty else {
                documents.mistakes.add(
                    place.mistake(
                        "Ce membre ne dit pas où lire.", remedy: "Donnez un pointeur au moins."))
                return nil
            }
            places = all
        }
        let numbers = places.map { place in
            joiner == nil ? number(place, list) : texts(place, list)
        }
        guard !numbers.contains(nil) else { return nil }
        return ScalarSource(numbers.compactMap { $0 }, joiner: joiner)
    }

    mutating func number(_ place: JSONPlace, _ list: Int?) -> Int? {
        list.map { add(place, in: $0) } ?? add(place)
    }

    /// The number of a pointer to the texts of an array, which are joined.
    private mutating func texts(_ place: JSONPlace, _ list: Int?) -> Int? {
        let depth = list.map { selection.pointers[$0].stars } ?? 0
        guard let number = add(place, stars: depth + 1) else { return nil }
        let pointer = selection.pointers[number]
        let isInside =
            list.map { pointer.steps.starts(with: selection.pointers[$0].steps) } ?? true
        guard pointer.steps.last == .elements, isInside else {
            documents.mistakes.add(
                place.mistake(
                    "Il n'y a là aucune liste de textes à joindre.",
                    remedy: "Terminez le pointeur par /*, ou retirez « joindre »."))
            return nil
        }
        return number
    }

    /// A pointer to a date, with the date's format.
    mutating func dated(_ place: JSONPlace, in list: Int?) -> DatedSource? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.dated) else {
            return nil
        }
        let format = documents.mistakes.optional(object, "format") {
            [documents] (place) throws(JSONMistake) in
            try documents.choice(place, of: DateFormat.self)
        }
        return source(of: object, list).map { DatedSource(source: $0, format: format ?? .iso) }
    }

    /// A scalar, and the texts of which it must be one.
    mutating func condition(_ place: JSONPlace, in list: Int?) -> Condition? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.condition) else {
            return nil
        }
        let texts = documents.mistakes.required(object, "valeurs") { place throws(JSONMistake) in
            Set(try place.stringArray(max: 20))
        }
        guard let source = source(of: object, list), let texts else { return nil }
        return Condition(source: source, texts: texts)
    }

    mutating func dateParts(_ place: JSONPlace, _ list: Int?) -> DateParts? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.dateParts) else {
            return nil
        }
        if object.optional("jour") != nil, object.optional("mois") == nil {
            documents.mistakes.add(
                place.mistake(
                    "Un jour sans son mois ne fait pas une date.",
                    remedy: "Ajoutez « mois », ou retirez « jour »."))
        }
        let parts = ["jour", "mois"].map { name in
            object.optional(name).flatMap { source($0, list) }
        }
        guard
            let year = documents.mistakes.attempt({ () throws(JSONMistake) in
                try object.required("annee")
            }), let year = source(year, list)
        else { return nil }
        return DateParts(day: parts[0], month: parts[1], year: year)
    }

    // MARK: - Lists

    mutating func readLists(_ place: JSONPlace?) {
        guard let place,
            let object = documents.mistakes.attempt({ () throws(JSONMistake) in
                try place.anyObject()
            })
        else { return }
        for (name, place) in object.members {
            if let plan = list(name, place) { lists.append((name, plan)) }
        }
    }

    private mutating func list(_ name: String, _ place: JSONPlace) -> ListPlan? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.list) else {
            return nil
        }
        guard let path = FieldPath("\(dataset.text).\(name)[]") else {
            documents.mistakes.add(
                place.mistake(
                    "Le nom de cette liste n'est pas celui d'un champ.",
                    remedy: "Écrivez le nom du contrat, sans crochets."))
            return nil
        }
        guard let elements = self.elements(object, named: "elements") else { return nil }
        let grouping = object.optional("par_mois").flatMap { dated($0, in: elements.pointer) }
        return ListPlan(path: path, elements: elements, grouping: grouping)
    }

    /// The elements of an array of the answer, and which of them count.
    mutating func elements(_ object: JSONObjectPlace, named name: String) -> ElementsPlan? {
        guard
            let place = documents.mistakes.attempt({ () throws(JSONMistake) in
                try object.required(name)
            }), let list = addList(place)
        else { return nil }
        let bound = object.optional("dans_la_periode").flatMap { dated($0, in: list.pointer) }
        let condition = object.optional("condition").flatMap {
            self.condition($0, in: list.pointer)
        }
        return ElementsPlan(
            pointer: list.pointer, outermost: list.outermost, bound: bound, condition: condition)
    }
}

extension Selection {
    /// The node of the first array on a pointer's way.
    func outermostArray(of pointer: Int) -> Int {
        var node = 0
        for step in pointers[pointer].steps {
            guard case .member(let name) = step, let next = nodes[node].child(name) else {
                return node
            }
            node = next
        }
        return node
    }
}
