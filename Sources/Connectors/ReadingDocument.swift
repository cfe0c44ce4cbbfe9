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
        let echoes = self.echoes(object.optional("repete"))
        let kept = self.kept(object.optional("retient"))
        guard let types else { return nil }
        return ReadingPlan(
            name: name, selection: selection, mediaTypes: types,
            limits: JSONLimits(bytes: Int(size ?? 1_048_576), depth: Int(depth ?? 32)),
            rules: rules, agreement: agreement, lists: lists.map(\.plan), leaves: leaves,
            echoes: echoes, kept: kept)
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

    /// What the answer repeats of the question.
    private mutating func echoes(_ place: JSONPlace?) -> [EchoPlan] {
        guard let place,
            let object = documents.mistakes.attempt({ () throws(JSONMistake) in
                try place.anyObject()
            })
        else { return [] }
        return object.members.compactMap { name, place in
            let variable = Variable(name)
            switch variable {
            case .identifier?, .period?: break
            default:
                documents.mistakes.add(
                    place.mistake(
                        "La question n'a pas de « \(shownName(name)) » qu'une réponse répète.",
                        remedy: "Nommez un identifiant ou une partie de la période : "
                            + ReadingDocumentReader.echoable.joined(separator: ", ") + "."))
                return nil
            }
            guard let variable, let pointer = add(place) else { return nil }
            return EchoPlan(variable: variable, pointer: pointer)
        }
    }

    /// The variables that an answer may repeat.
    static let echoable: [String] =
        IdentifierKind.allCases.map { Variable.identifier($0).name }
        + PeriodPart.allCases.map { Variable.period($0).name }

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
        tolerances.areMoreGivenNamesAccepted =
            documents.mistakes.optional(object, "prenoms_en_plus", flag) ?? false
        tolerances.isGivenNameOrderFree =
            documents.mistakes.optional(object, "prenoms_sans_ordre", flag) ?? false
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
        guard place.node.members != nil else {
            return source(place, list).map {
                .pointer($0, Conversion(type: trait.fieldType, values: sexValues(trait)))
            }
        }
        guard let object = documents.mistakes.object(place, ConnectorMembers.trait) else {
            return nil
        }
        if let parts = object.optional("parties") {
            return dateParts(parts, list).map { .dateParts($0) }
        }
        guard let source = source(of: object, list) else { return nil }
        var conversion = conversion(object, type: trait.fieldType)
        if conversion.values.isEmpty { conversion.values = sexValues(trait) }
        return .pointer(source, conversion)
    }

    private func sexValues(_ trait: Trait) -> [String: String] {
        trait == .sex ? ["M": "M", "F": "F"] : [:]
    }
}
