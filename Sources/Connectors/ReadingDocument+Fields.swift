import JSONText
import Vocabulary

extension ReadingDocumentReader {
    enum Calculation: String, CaseIterable {
        case presence
        case count = "nombre"
        case inForce = "en_vigueur"
        case month = "mois"
        case sum = "somme"
        case mean = "moyenne"
    }

    mutating func leaves(_ place: JSONPlace?, hasAgreement: AgreementPlan?) -> [LeafPlan] {
        guard let place,
            let object = documents.mistakes.attempt({ () throws(JSONMistake) in
                try place.anyObject()
            })
        else { return [] }
        return object.members.compactMap { leaf($0.name, $0.place, hasAgreement) }
    }

    private mutating func leaf(
        _ name: String, _ place: JSONPlace, _ agreement: AgreementPlan?
    ) -> LeafPlan? {
        guard let path = path(name, place),
            let object = documents.mistakes.object(place, ConnectorMembers.field)
        else { return nil }
        var list: Int?
        if path.arrayDepth > 0 {
            guard let index = listIndex(of: path) else {
                documents.mistakes.add(
                    place.mistake(
                        "La liste de ce champ n'est pas décrite.",
                        remedy: "Décrivez « \(path.steps[0].name) » sous « listes »."))
                return nil
            }
            list = index
        }
        let contract = catalogue?[path]
        let type =
            documents.mistakes.optional(object, "type") {
                [documents] (place) throws(JSONMistake) in
                try documents.choice(place, of: FieldType.self)
            } ?? contract?.type
        guard let made = source(object, list, type, agreement) else { return nil }
        if let contract, contract.type != made.type {
            documents.mistakes.add(
                place.mistake(
                    "Le contrat veut le type « \(contract.type.rawValue) », "
                        + "et le connecteur donne « \(made.type.rawValue) ».",
                    remedy: "Accordez « type » avec le contrat."))
        }
        checkValues(made.source, contract, place)
        return LeafPlan(path: path, list: list, source: made.source, type: made.type)
    }

    private mutating func path(_ name: String, _ place: JSONPlace) -> FieldPath? {
        guard let path = FieldPath("\(dataset.text).\(name)"), path.arrayDepth <= 1,
            path.arrayDepth == 0 || path.steps[0].isArray
        else {
            documents.mistakes.add(
                place.mistake(
                    "Ce nom n'est pas celui d'un champ.",
                    remedy: "Écrivez-le comme enfants[].date_naissance, avec une liste au plus."))
            return nil
        }
        guard catalogue == nil || catalogue?[path] != nil else {
            documents.mistakes.add(
                place.mistake(
                    "Le contrat du jeu n'a pas ce champ.",
                    remedy: "Vérifiez le nom dans connectors/datasets."))
            return nil
        }
        return path
    }

    private func listIndex(of path: FieldPath) -> Int? {
        lists.firstIndex { $0.name == path.steps[0].name }
    }

    /// Every value that the connector gives an enumeration must be one of the contract's.
    private mutating func checkValues(
        _ source: LeafSource, _ contract: FieldContract?, _ place: JSONPlace
    ) {
        let conversion: Conversion
        switch source {
        case .pointer(_, let own), .header(_, let own): conversion = own
        case .constant(.text(let text)):
            checkConstant(text, contract, place)
            return
        default: return
        }
        guard conversion.type == .enumeration else { return }
        if conversion.values.isEmpty {
            documents.mistakes.add(
                place.mistake(
                    "Une énumération dit ce que devient chaque valeur du détenteur.",
                    remedy: "Ajoutez « valeurs »."))
        }
        guard let contract else { return }
        for value in Set(conversion.values.values).subtracting(contract.values).sorted() {
            documents.mistakes.add(
                place.mistake(
                    "La valeur « \(value) » n'est pas de l'énumération du contrat.",
                    remedy: "Choisissez parmi : \(contract.values.joined(separator: ", "))."))
        }
    }

    private mutating func checkConstant(
        _ text: String, _ contract: FieldContract?, _ place: JSONPlace
    ) {
        guard let contract, contract.type == .enumeration, !contract.values.contains(text)
        else { return }
        documents.mistakes.add(
            place.mistake(
                "La constante « \(shownText(text)) » n'est pas de l'énumération du contrat.",
                remedy: "Choisissez parmi : \(contract.values.joined(separator: ", "))."))
    }

    // MARK: - Sources

    private mutating func source(
        _ object: JSONObjectPlace, _ list: Int?, _ type: FieldType?, _ agreement: AgreementPlan?
    ) -> (source: LeafSource, type: FieldType)? {
        let listPointer = list.map { lists[$0].plan.pointer }
        if let parts = object.optional("parties") {
            let type = type == .mois ? FieldType.mois : .date
            return dateParts(parts, listPointer).map { (.dateParts($0, type), type) }
        }
        if let constant = object.optional("constante") {
            return self.constant(constant, object, type)
        }
        if let other = object.optional("autre_personne") { return otherPerson(other, agreement) }
        if let place = object.optional("entete") { return header(place, object, list, type) }
        if let place = object.optional("calcul") {
            return calculation(place, object, list, type)
        }
        guard let source = source(of: object, listPointer), let type = needed(type, object)
        else { return nil }
        checkJoiner(source, type, object)
        return (.pointer(source, conversion(object, type: type)), type)
    }

    /// Only texts are joined.
    private mutating func checkJoiner(
        _ source: ScalarSource, _ type: FieldType, _ object: JSONObjectPlace
    ) {
        guard source.joiner != nil, type != .texte, let place = object.optional("joindre")
        else { return }
        documents.mistakes.add(
            place.mistake(
                "Seuls des textes se joignent.",
                remedy: "Donnez « type »: \"texte\", ou retirez « joindre »."))
    }

    /// What the connector says of every answer, whatever the holder says.
    private mutating func constant(
        _ place: JSONPlace, _ object: JSONObjectPlace, _ type: FieldType?
    ) -> (source: LeafSource, type: FieldType)? {
        guard let type = needed(type, object) else { return nil }
        var conversion = conversion(object, type: type)
        let scalar = RawScalar(place.node)
        if type == .enumeration, let text = scalar.text { conversion.values[text] = text }
        guard case .value(let value) = conversion.reading(of: scalar) else {
            documents.mistakes.add(
                place.mistake(
                    "Cette constante n'est pas du type « \(type.rawValue) ».",
                    remedy: "Accordez la constante avec le type du contrat."))
            return nil
        }
        return (.constant(value.reveal()), type)
    }

    private mutating func needed(_ type: FieldType?, _ object: JSONObjectPlace) -> FieldType? {
        if type == nil {
            documents.mistakes.add(
                object.place.mistake("Le type manque.", remedy: "Ajoutez « type »."))
        }
        return type
    }

    private mutating func header(
        _ place: JSONPlace, _ object: JSONObjectPlace, _ list: Int?, _ type: FieldType?
    ) -> (source: LeafSource, type: FieldType)? {
        guard list == nil else {
            documents.mistakes.add(
                place.mistake(
                    "Un en-tête ne peut pas donner un champ d'une liste.",
                    remedy: "Donnez « pointeur »."))
            return nil
        }
        let name = documents.mistakes.attempt { () throws(JSONMistake) in
            try place.string(maxBytes: 64)
        }
        guard let name, let type = needed(type, object) else { return nil }
        return (.header(name, conversion(object, type: type)), type)
    }

    private mutating func otherPerson(
        _ place: JSONPlace, _ agreement: AgreementPlan?
    ) -> (source: LeafSource, type: FieldType)? {
        guard
            let trait = documents.mistakes.attempt({
                [documents] () throws(JSONMistake) in
                try documents.choice(place, of: Trait.self)
            })
        else { return nil }
        guard agreement?.persons.contains(where: { $0.traits[trait] != nil }) ?? false else {
            documents.mistakes.add(
                place.mistake(
                    "Aucune personne de « concordance » n'a ce trait.",
                    remedy: "Ajoutez-le à « personnes », ou retirez ce champ."))
            return nil
        }
        return (.other(trait), trait.fieldType)
    }

    private mutating func calculation(
        _ place: JSONPlace, _ object: JSONObjectPlace, _ list: Int?, _ type: FieldType?
    ) -> (source: LeafSource, type: FieldType)? {
        guard
            let calculation = documents.mistakes.attempt({
                [documents] () throws(JSONMistake) in
                try documents.choice(place, of: Calculation.self)
            })
        else { return nil }
        let listPointer = list.map { lists[$0].plan.pointer }
        switch calculation {
        case .presence:
            return source(of: object, listPointer).map { (.presence($0), .booleen) }
        case .count:
            return elements(object, named: "liste").map { (.count($0), .entier) }
        case .inForce: return inForce(object).map { ($0, .booleen) }
        case .sum where list == nil: return total(object, type, isMean: false)
        case .mean where list == nil: return total(object, type, isMean: true)
        case .month, .sum, .mean:
            guard let list, lists[list].plan.grouping != nil, calculation != .mean else {
                documents.mistakes.add(
                    place.mistake(
                        "Ce calcul n'a de sens que dans une liste groupée par mois.",
                        remedy: "Ajoutez « par_mois » à la liste."))
                return nil
            }
            if calculation == .month { return (.groupMonth, .mois) }
            guard let source = source(of: object, listPointer), let type = needed(type, object)
            else { return nil }
            return (.sum(source, conversion(object, type: type)), type)
        }
    }

    /// The sum or the mean of a scalar over the elements of a list.
    private mutating func total(
        _ object: JSONObjectPlace, _ type: FieldType?, isMean: Bool
    ) -> (source: LeafSource, type: FieldType)? {
        guard let elements = elements(object, named: "liste"),
            let source = source(of: object, elements.pointer), let type = needed(type, object)
        else { return nil }
        guard type == .decimal || type == .entier else {
            documents.mistakes.add(
                object.place.mistake(
                    "Seuls des nombres s'additionnent.",
                    remedy: "Donnez « type »: \"decimal\" ou \"entier\"."))
            return nil
        }
        let conversion = conversion(object, type: type)
        return (.total(elements, source, conversion, isMean: isMean), type)
    }

    private mutating func member(_ object: JSONObjectPlace, _ name: String) -> JSONPlace? {
        documents.mistakes.attempt { () throws(JSONMistake) in try object.required(name) }
    }

    private mutating func inForce(_ object: JSONObjectPlace) -> LeafSource? {
        var elements: ElementsPlan?
        if let place = object.optional("liste") {
            guard let added = addList(place) else { return nil }
            // The condition is judged with the interval: where it cannot be told, neither can that.
            elements = ElementsPlan(
                pointer: added.pointer, outermost: added.outermost, bound: nil, condition: nil)
        }
        let list = elements?.pointer
        guard let begin = member(object, "debut").flatMap({ dated($0, in: list) }) else {
            return nil
        }
        let end = object.optional("fin").flatMap { dated($0, in: list) }
        let condition = object.optional("condition").flatMap { self.condition($0, in: list) }
        return .inForce(
            InForcePlan(elements: elements, begin: begin, end: end, condition: condition))
    }

    // MARK: - Conversions

    mutating func conversion(_ object: JSONObjectPlace, type: FieldType) -> Conversion {
        var conversion = Conversion(type: type)
        let read = documents
        if let format = documents.mistakes.optional(
            object, "format",
            { (place) throws(JSONMistake) in try read.choice(place, of: DateFormat.self) })
        {
            conversion.dateFormat = format
        }
        if let unit = documents.mistakes.optional(
            object, "unite",
            { (place) throws(JSONMistake) in try read.choice(place, of: AmountUnit.self) })
        {
            conversion.unit = unit
        }
        if let writing = documents.mistakes.optional(
            object, "ecriture",
            { (place) throws(JSONMistake) in try read.choice(place, of: NumberWriting.self) })
        {
            conversion.writing = writing
        }
        checkNumber(object, type)
        conversion.part = documents.mistakes.optional(object, "partie") {
            (place) throws(JSONMistake) in try read.choice(place, of: TextPart.self)
        }
        conversion.values = texts(object.optional("valeurs"))
        let list: (JSONPlace) throws(JSONMistake) -> Set<String> = { place throws(JSONMistake) in
            Set(try place.stringArray(max: 20))
        }
        conversion.truths = documents.mistakes.optional(object, "vrai", list) ?? []
        conversion.falsehoods = documents.mistakes.optional(object, "faux", list) ?? []
        let reason: (JSONPlace) throws(JSONMistake) -> MissingReason = {
            place throws(JSONMistake) in try read.choice(place, of: MissingReason.self)
        }
        if let absent = documents.mistakes.optional(object, "si_absent", reason) {
            conversion.whenAbsent = absent
            conversion.whenNull = absent
        }
        if let null = documents.mistakes.optional(object, "si_null", reason) {
            conversion.whenNull = null
        }
        if let place = object.optional("motifs"),
            let all = documents.mistakes.attempt({ () throws(JSONMistake) in
                try place.anyObject()
            })
        {
            for (text, place) in all.members {
                conversion.reasons[text] = documents.mistakes.attempt {
                    () throws(JSONMistake) in try reason(place)
                }
            }
        }
        return conversion
    }

    /// Units and ways of writing are those of numbers.
    private mutating func checkNumber(_ object: JSONObjectPlace, _ type: FieldType) {
        guard type != .entier, type != .decimal else { return }
        for name in ["unite", "ecriture"] {
            guard let place = object.optional(name) else { continue }
            documents.mistakes.add(
                place.mistake(
                    "Seul un nombre a une unité ou une écriture.",
                    remedy: "Retirez ce membre, ou donnez « type »: \"decimal\"."))
        }
    }

    private mutating func texts(_ place: JSONPlace?) -> [String: String] {
        guard let place,
            let object = documents.mistakes.attempt({ () throws(JSONMistake) in
                try place.anyObject()
            })
        else { return [:] }
        var texts: [String: String] = [:]
        for (name, place) in object.members {
            texts[name] = documents.mistakes.attempt { () throws(JSONMistake) in
                try place.string(maxBytes: 200)
            }
        }
        return texts
    }
}
