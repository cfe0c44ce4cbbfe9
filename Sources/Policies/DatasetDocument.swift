import JSONText
package import Vocabulary

/// A data set's contract, with the periods that its holder can be asked for.
package struct DatasetDocument: Sendable, Equatable {
    package let contract: DatasetContract
    /// The periods that a policy inherits where it states none, and may not leave.
    package let periods: PeriodRule
    /// The holder as the contract names it.
    package let holderName: String
    /// What the data are, in one sentence.
    package let description: String?
    /// How the data set is spoken of to persons, where the contract says it.
    package let words: UsagerWords?
}

/// Reads `connectors/datasets/<dataset>.json`; the file's name must be the data set's.
package func readDataset(_ bytes: [UInt8], named name: String) -> DocumentReading<DatasetDocument> {
    var mistakes = JSONMistakes(schema: DatasetMembers.schema)
    let limits = JSONLimits(bytes: 1 << 18, depth: 8, nodes: 20_000)
    guard let root = readRoot(bytes, limits: limits, &mistakes),
        let object = mistakes.object(root, DatasetMembers.all)
    else {
        return DocumentReading(value: nil, mistakes: mistakes.all, warnings: [])
    }
    let document = mistakes.dataset(object, named: name)
    let isSound = mistakes.isEmpty
    return DocumentReading(value: isSound ? document : nil, mistakes: mistakes.all, warnings: [])
}

extension JSONMistakes {
    fileprivate mutating func dataset(
        _ object: JSONObjectPlace, named name: String
    ) -> DatasetDocument? {
        let id = required(object, "jeu") { place throws(JSONMistake) in
            guard try place.string(maxBytes: 64) == name, let id = DatasetID(name) else {
                throw place.mistake(
                    "« jeu » ne porte pas le nom du fichier.",
                    remedy: "Écrivez le même nom des deux côtés, en minuscules."
                )
            }
            return id
        }
        let label = text(object, "libelle")
        let description = text(object, "description", max: 2000)
        let holderName = text(object, "detenteur")
        let fallback = choice(object, "repli", Fallback.self)
        let period = object.optional("periode").flatMap { datasetPeriod($0) }
        if object.optional("periode") == nil {
            add(object.place.mistake("Il manque le membre « periode ».", remedy: "Ajoutez-le."))
        }
        let places = filledList(object, "champs", max: 500)
        let isOwn = flag(object, "contrat_propre")
        note(object)
        remaining(object)
        let fields = id.map { self.fields(places, of: $0) } ?? []
        // A field with a mistake has its label all the same.
        let words = id.flatMap { id in
            usagerWords(object, of: id, fields: fields.count == places.count ? fields : nil)
        }
        guard let id, let label, let fallback, let period, let holderName else {
            return nil
        }
        let contract = DatasetContract(
            id: id,
            label: label,
            periodKind: period.kind,
            monthsBack: period.monthsBack,
            isOwnContract: isOwn,
            fields: fields,
            fallback: fallback
        )
        return DatasetDocument(
            contract: contract, periods: period.rule, holderName: holderName,
            description: description, words: words)
    }

    private mutating func datasetPeriod(
        _ place: JSONPlace
    ) -> (kind: PeriodKind, rule: PeriodRule, monthsBack: Int?)? {
        guard let object = object(place, DatasetMembers.period) else {
            return nil
        }
        let monthsBack = optional(object, "mois_en_arriere") { place throws(JSONMistake) in
            Int(try place.int(in: 0...600))
        }
        guard let kind = choice(object, "nature", PeriodKind.self),
            let place = required(object, "regle", { place throws(JSONMistake) in place }),
            let rule = periodRule(place, for: kind)
        else {
            return nil
        }
        return (kind, rule, monthsBack)
    }

    private mutating func fields(_ places: [JSONPlace], of dataset: DatasetID) -> [FieldContract] {
        var fields: [FieldContract] = []
        var origins: [JSONPlace] = []
        for place in places {
            guard let field = field(place, of: dataset) else {
                continue
            }
            if fields.contains(where: { $0.path == field.path }) {
                add(place.mistake("Ce champ est décrit deux fois.", remedy: "Gardez-en un."))
            } else if let other = fields.first(where: { clash($0.path, field.path) }) {
                add(
                    place.mistake(
                        "Ce champ et « \(other.path) » ne vont pas ensemble.",
                        remedy: "Décrivez seulement les feuilles."
                    )
                )
            } else {
                fields.append(field)
                origins.append(place)
            }
        }
        let known = Set(fields.map(\.path))
        for (field, place) in zip(fields, origins) {
            if let end = field.intervalEnd, !known.contains(end) {
                add(
                    place.mistake(
                        "La fin d'intervalle « \(end) » n'est pas un champ du jeu.",
                        remedy: "Nommez la date qui ferme l'intervalle."
                    )
                )
            }
        }
        return fields
    }

    private mutating func field(_ place: JSONPlace, of dataset: DatasetID) -> FieldContract? {
        guard let object = object(place, DatasetMembers.field) else {
            return nil
        }
        let path = localPath(object, "champ", of: dataset)
        let end = object.optional("fin_intervalle").flatMap { _ in
            localPath(object, "fin_intervalle", of: dataset)
        }
        let type = choice(object, "type", FieldType.self)
        let values = texts(object, "valeurs", max: 100)
        if let type, (type == .enumeration) == values.isEmpty {
            add(
                place.mistake(
                    "« valeurs » va avec le type enumeration, et avec lui seul.",
                    remedy: "Donnez les valeurs d'une énumération ; ailleurs, retirez-les."
                )
            )
        }
        let decree = decreeRow(object)
        let label = text(object, "libelle")
        let sensitivity = choice(object, "sensibilite", Sensitivity.self)
        let category = text(object, "categorie_dpv")
        let isDerived = flag(object, "derive")
        _ = flag(object, "portee_propre")
        let scopes = texts(object, "portees_franceconnect", max: 16)
        note(object)
        guard let path, let type, let label, let sensitivity, let category else {
            return nil
        }
        return FieldContract(
            path: path,
            type: type,
            values: values,
            label: label,
            sensitivity: sensitivity.rawValue,
            scopes: scopes,
            dpvCategory: category,
            decreeRow: decree?.row,
            isDecreeRowToConfirm: decree?.isToConfirm ?? true,
            isDerived: isDerived,
            intervalEnd: end
        )
    }

    private mutating func localPath(
        _ object: JSONObjectPlace, _ name: String, of dataset: DatasetID
    ) -> FieldPath? {
        required(object, name) { place throws(JSONMistake) in
            let local = try place.string(maxBytes: 128)
            guard let path = FieldPath("\(dataset.text).\(local)"),
                path.steps.last?.isArray == false
            else {
                throw place.mistake(
                    "« \(place.path) » n'est pas le nom d'une feuille.",
                    remedy: "Écrivez-le sans le jeu, par exemple enfants[].date_naissance."
                )
            }
            return path
        }
    }

    private mutating func decreeRow(
        _ object: JSONObjectPlace
    ) -> (row: String?, isToConfirm: Bool)? {
        guard let place = object.optional("ligne_d114_9_1"),
            let decree = self.object(place, DatasetMembers.decree)
        else {
            return nil
        }
        let row = text(decree, "ligne")
        return (row, flag(decree, "a_confirmer"))
    }
}

/// Whether one of two different paths lies below the other, or an array differs from a member.
private func clash(_ left: FieldPath, _ right: FieldPath) -> Bool {
    if left.isWithin(right) || right.isWithin(left) {
        return true
    }
    for (one, other) in zip(left.steps, right.steps) {
        if one.name != other.name {
            return false
        }
        if one.isArray != other.isArray {
            return true
        }
    }
    return false
}
