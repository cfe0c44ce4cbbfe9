import JSONText
import Vocabulary

/// Reads one reading of a connector's document.
struct ReadingDocumentReader {
    let dataset: DatasetID
    let catalogue: FieldCatalogue?
    /// The document's reader, lent for its mistakes and its small readings.
    var documents: ConnectorDocumentReader
    var selection = Selection()
    var lists: [(name: String, plan: ListPlan)] = []

    init(dataset: DatasetID, catalogue: FieldCatalogue?, documents: ConnectorDocumentReader) {
        self.dataset = dataset
        self.catalogue = catalogue
        self.documents = documents
    }

    mutating func reading(_ name: String, _ place: JSONPlace) -> ReadingPlan? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.reading) else {
            return nil
        }
        let types = documents.mistakes.required(object, "types") {
            [documents] (place) throws(JSONMistake) -> [String] in
            var types: [String] = []
            for place in try place.array(max: 10) {
                types.append(try documents.mediaType(place).lowercased())
            }
            return types
        }
        let size = documents.mistakes.optional(object, "taille_max") {
            place throws(JSONMistake) in try place.int(in: 1...16_777_216)
        }
        let depth = documents.mistakes.optional(object, "profondeur_max") {
            place throws(JSONMistake) in try place.int(in: 1...64)
        }
        let rules = documents.rules(object.optional("issues"), &selection, allowsBody: true)
        let agreement = object.optional("concordance").flatMap { self.agreement($0) }
        checkAgreement(object)
        readLists(object.optional("listes"))
        let leaves = self.leaves(object.optional("champs"), hasAgreement: agreement)
        let year = object.optional("annee_rendue").flatMap { add($0) }
        let kept = self.kept(object.optional("retient"))
        guard let types else { return nil }
        return ReadingPlan(
            name: name, selection: selection, mediaTypes: types,
            limits: JSONLimits(bytes: Int(size ?? 1_048_576), depth: Int(depth ?? 32)),
            rules: rules, agreement: agreement, lists: lists.map(\.plan), leaves: leaves,
            yearCheck: year, kept: kept)
    }

    /// A reading compares an identity, or says in words why none is there to compare.
    private mutating func checkAgreement(_ object: JSONObjectPlace) {
        let hasOne = object.optional("concordance") != nil
        let says = documents.mistakes.optional(
            object, "sans_concordance", documents.sentence)
        if hasOne == (says != nil) {
            documents.mistakes.add(
                object.place.mistake(
                    "Une lecture compare une identité, ou dit pourquoi il n'y en a pas.",
                    remedy: "Donnez soit « concordance », soit « sans_concordance »."))
        }
    }

    private mutating func kept(_ place: JSONPlace?) -> [String: Int] {
        guard let place,
            let object = documents.mistakes.attempt({ () throws(JSONMistake) in
                try place.anyObject()
            })
        else { return [:] }
        var kept: [String: Int] = [:]
        for (name, place) in object.members { kept[name] = add(place) }
        return kept
    }

    // MARK: - Pointers

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

    // MARK: - Lists

    private mutating func readLists(_ place: JSONPlace?) {
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
        guard
            let elements = documents.mistakes.attempt({ () throws(JSONMistake) in
                try object.required("elements")
            }), let list = addList(elements)
        else { return nil }
        let bound = object.optional("dans_la_periode").flatMap { dated($0, in: list.pointer) }
        let grouping = object.optional("par_mois").flatMap { dated($0, in: list.pointer) }
        return ListPlan(
            path: path, pointer: list.pointer, outermost: list.outermost, bound: bound,
            grouping: grouping)
    }

    /// A pointer to a date, with the date's format.
    mutating func dated(
        _ place: JSONPlace, in list: Int?
    ) -> (pointer: Int, format: DateFormat)? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.dated) else {
            return nil
        }
        let format = documents.mistakes.optional(object, "format") {
            [documents] (place) throws(JSONMistake) in
            try documents.choice(place, of: DateFormat.self)
        }
        guard
            let pointer = documents.mistakes.attempt({ () throws(JSONMistake) in
                try object.required("pointeur")
            }), let number = list.map({ add(pointer, in: $0) }) ?? add(pointer)
        else { return nil }
        return (number, format ?? .iso)
    }

    // MARK: - Agreement

    private mutating func agreement(_ place: JSONPlace) -> AgreementPlan? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.agreement) else {
            return nil
        }
        let tolerances = object.optional("tolerances").map { self.tolerances($0) }
        guard
            let places = documents.mistakes.required(
                object, "personnes",
                { place throws(JSONMistake) in
                    try place.array(max: 4)
                })
        else { return nil }
        if places.isEmpty {
            documents.mistakes.add(
                place.mistake("Il n'y a personne à comparer.", remedy: "Décrivez une personne."))
        }
        let persons = places.compactMap { person($0) }
        return AgreementPlan(
            persons: persons, tolerances: tolerances ?? ReturnedIdentity.Tolerances())
    }

    private mutating func tolerances(_ place: JSONPlace) -> ReturnedIdentity.Tolerances {
        guard let object = documents.mistakes.object(place, ConnectorMembers.tolerances) else {
            return .init()
        }
        var tolerances = ReturnedIdentity.Tolerances()
        // A cut of less would let almost any name pass for another.
        let cut: (JSONPlace) throws(JSONMistake) -> Int = { place throws(JSONMistake) in
            Int(try place.int(in: 10...100))
        }
        let flag: (JSONPlace) throws(JSONMistake) -> Bool = { place throws(JSONMistake) in
            try place.bool()
        }
        tolerances.birthNameCut = documents.mistakes.optional(object, "coupe_nom", cut)
        tolerances.givenNamesCut = documents.mistakes.optional(object, "coupe_prenoms", cut)
        tolerances.isFirstGivenNameOnly =
            documents.mistakes.optional(object, "premier_prenom_seul", flag) ?? false
        tolerances.isUsageNameAccepted =
            documents.mistakes.optional(object, "nom_usage_admis", flag) ?? false
        return tolerances
    }

    private mutating func person(_ place: JSONPlace) -> PersonPlan? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.person) else {
            return nil
        }
        var list: Int?
        if let place = object.optional("liste") {
            guard let added = addList(place) else { return nil }
            list = added.pointer
        }
        var traits: [Trait: TraitSource] = [:]
        for trait in Trait.allCases {
            guard let place = object.optional(trait.rawValue) else { continue }
            traits[trait] = self.trait(trait, place, in: list)
        }
        for trait in Trait.required where object.optional(trait.rawValue) == nil {
            documents.mistakes.add(
                place.mistake(
                    "Il manque « \(trait.rawValue) » : sans lui, deux homonymes se confondent.",
                    remedy: "Dites où le détenteur le rend, ou écrivez « sans_concordance »."))
        }
        return PersonPlan(list: list, traits: traits)
    }

    private mutating func trait(
        _ trait: Trait, _ place: JSONPlace, in list: Int?
    ) -> TraitSource? {
        if place.node.string != nil {
            return number(place, list).map {
                .pointer($0, Conversion(type: trait.fieldType, values: sexValues(trait)))
            }
        }
        guard let object = documents.mistakes.object(place, ConnectorMembers.trait) else {
            return nil
        }
        if let parts = object.optional("parties") { return dateParts(parts, list) }
        guard
            let pointer = documents.mistakes.attempt({ () throws(JSONMistake) in
                try object.required("pointeur")
            }), let number = number(pointer, list)
        else { return nil }
        var conversion = conversion(object, type: trait.fieldType)
        if conversion.values.isEmpty { conversion.values = sexValues(trait) }
        return .pointer(number, conversion)
    }

    private func sexValues(_ trait: Trait) -> [String: String] {
        trait == .sex ? ["M": "M", "F": "F"] : [:]
    }

    mutating func number(_ place: JSONPlace, _ list: Int?) -> Int? {
        list.map { add(place, in: $0) } ?? add(place)
    }

    mutating func dateParts(_ place: JSONPlace, _ list: Int?) -> TraitSource? {
        guard let object = documents.mistakes.object(place, ConnectorMembers.dateParts) else {
            return nil
        }
        var numbers: [Int] = []
        for name in ConnectorMembers.dateParts {
            guard
                let place = documents.mistakes.attempt({ () throws(JSONMistake) in
                    try object.required(name)
                }), let number = number(place, list)
            else { return nil }
            numbers.append(number)
        }
        return .dateParts(day: numbers[0], month: numbers[1], year: numbers[2])
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
