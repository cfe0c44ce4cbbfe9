import JSONText
import Vocabulary

// What may be asked: fields, their forms, their periods.
extension PolicyReader {
    static let fieldMembers = ["champ", "justification", "formes", "repli"]
    static let formMembers = [
        "forme", "nom", "motif", "comparaison", "borne", "tranches", "ans",
    ]
    static let bracketMembers = ["libelle", "a_partir_de"]
    static let withoutIdentityMembers = ["jeu", "motif"]

    mutating func fields(_ object: JSONObjectPlace) -> [FieldRule] {
        var rules: [FieldRule] = []
        var leaves: Set<FieldPath> = []
        for place in mistakes.filledList(object, "champs", max: 1000) {
            guard let rule = field(place) else {
                continue
            }
            let own = catalogue.leaves(of: rule.path).map(\.path)
            if own.contains(where: { leaves.contains($0) }) {
                mistakes.add(
                    place.mistake(
                        "Le champ « \(rule.path) » est déjà permis par une autre règle.",
                        remedy: "Réunissez les deux règles en une."
                    )
                )
            }
            leaves.formUnion(own)
            rules.append(rule)
        }
        return rules
    }

    private mutating func field(_ place: JSONPlace) -> FieldRule? {
        guard let object = mistakes.object(place, Self.fieldMembers) else {
            return nil
        }
        let path = knownPath(object, "champ")
        let justification = mistakes.text(object, "justification", max: 1000)
        let fallback = object.optional("repli").flatMap { _ in
            mistakes.choice(object, "repli", Fallback.self)
        }
        let places = mistakes.filledList(object, "formes", max: 12)
        guard let path, let justification else {
            return nil
        }
        warnOfOwnHolder(path, at: place)
        var forms: [NamedForm] = []
        for place in places {
            guard let form = form(place, of: path) else {
                continue
            }
            if forms.contains(where: { $0.key == form.key }) {
                mistakes.add(
                    place.mistake(
                        "La forme « \(form.key) » est décrite deux fois.",
                        remedy: "Distinguez-les par « nom », ou gardez-en une."
                    )
                )
            }
            forms.append(form)
        }
        return FieldRule(
            path: path, justification: justification, forms: forms, fallback: fallback)
    }

    private mutating func knownPath(_ object: JSONObjectPlace, _ name: String) -> FieldPath? {
        let catalogue = catalogue
        return mistakes.required(object, name) { place throws(JSONMistake) in
            try catalogue.known(try place.fieldPath(), at: place)
        }
    }

    mutating func forbidden(_ object: JSONObjectPlace) -> [FieldPath] {
        var paths: [FieldPath] = []
        for (path, place) in mistakes.paths(object, "champs_interdits") {
            let catalogue = catalogue
            let known = mistakes.attempt { () throws(JSONMistake) in
                try catalogue.known(path, at: place)
            }
            if let known { paths.append(known) }
        }
        return paths
    }

    private mutating func form(_ place: JSONPlace, of path: FieldPath) -> NamedForm? {
        guard let object = mistakes.object(place, Self.formMembers),
            let kind = mistakes.choice(object, "forme", FormKind.self)
        else {
            return nil
        }
        let reason = object.optional("motif").flatMap { _ in mistakes.text(object, "motif") }
        let name = mistakes.optional(object, "nom") { place throws(JSONMistake) in
            let name = try place.string(maxBytes: 64)
            guard isCatalogueName(name) else {
                throw place.mistake(
                    "« \(place.path) » n'est pas un nom de forme.",
                    remedy: "Écrivez des lettres minuscules, chiffres, tirets."
                )
            }
            return name
        }
        checkParameters(object, of: kind)
        guard let definition = definition(kind, object) else {
            return nil
        }
        let leaves = catalogue.leaves(of: path)
        // A field of a contract with mistakes has no leaf, and no form can be judged.
        let isComposite =
            !leaves.isEmpty && (leaves.count != 1 || leaves.first?.path != path)
        if isComposite, kind != .valeur {
            mistakes.add(
                place.mistake(
                    "Un champ composé n'a que la forme « valeur ».",
                    remedy: "Donnez cette forme à l'une de ses feuilles."
                )
            )
        } else if !isComposite, let leaf = leaves.first, !kind.suits(leaf) {
            mistakes.add(
                place.mistake(
                    "La forme « \(kind.rawValue) » ne convient pas au champ « \(path) ».",
                    remedy: "Choisissez parmi : \(FormKind.suiting(leaf).joined(separator: ", "))."
                )
            )
        }
        return NamedForm(
            key: FormKey(kind: kind, name: name), definition: definition, reason: reason)
    }

    /// The members that a form needs beside those that every form may have.
    static func parameters(of kind: FormKind) -> [String] {
        switch kind {
        case .seuil: ["comparaison", "borne"]
        case .tranche: ["tranches"]
        case .nombreMoinsDe: ["ans"]
        default: []
        }
    }

    /// Refuses the parameters that belong to another form.
    private mutating func checkParameters(_ object: JSONObjectPlace, of kind: FormKind) {
        let own = Self.parameters(of: kind)
        for name in ["comparaison", "borne", "tranches", "ans"] where !own.contains(name) {
            if let place = object.optional(name) {
                mistakes.add(
                    place.mistake(
                        "« \(name) » n'est pas un paramètre de la forme « \(kind.rawValue) ».",
                        remedy: "Retirez-le."
                    )
                )
            }
        }
    }

    private mutating func definition(
        _ kind: FormKind, _ object: JSONObjectPlace
    ) -> FormDefinition? {
        switch kind {
        case .valeur: return .valeur
        case .presence: return .presence
        case .nombre: return .nombre
        case .somme: return .somme
        case .moyenne: return .moyenne
        case .enVigueur: return .enVigueur
        case .annee: return .annee
        case .age: return .age
        case .initiale: return .initiale
        case .nombreMoinsDe:
            return mistakes.integer(object, "ans", in: 1...130).map { .nombreMoinsDe(years: $0) }
        case .seuil:
            let comparison = mistakes.choice(
                object, "comparaison", FormDefinition.Comparison.self)
            let bound = mistakes.required(object, "borne") { place throws(JSONMistake) in
                try place.decimal()
            }
            guard let comparison, let bound else {
                return nil
            }
            return .seuil(comparison, bound)
        case .tranche:
            return brackets(object).map { .tranche($0) }
        }
    }

    private mutating func brackets(_ object: JSONObjectPlace) -> [FormDefinition.Bracket]? {
        var brackets: [FormDefinition.Bracket] = []
        for place in mistakes.filledList(object, "tranches", max: 100) {
            guard let entry = mistakes.object(place, Self.bracketMembers),
                let label = mistakes.text(entry, "libelle", max: 60)
            else {
                return nil
            }
            let from = mistakes.optional(entry, "a_partir_de") { place throws(JSONMistake) in
                try place.decimal()
            }
            let isFirst = brackets.isEmpty
            let rises =
                switch (brackets.last?.from, from) {
                case (_, nil): isFirst
                case (nil, _?): !isFirst
                case (let last?, let from?): from.compared(to: last) > 0
                }
            if !rises || brackets.contains(where: { $0.label == label }) {
                mistakes.add(
                    place.mistake(
                        "Les tranches ne se suivent pas : la première n'a pas de borne, les autres "
                            + "montent, et chacune a son libellé.",
                        remedy: "Rangez-les de la plus basse à la plus haute."
                    )
                )
                return nil
            }
            brackets.append(FormDefinition.Bracket(label: label, from: from))
        }
        return brackets.isEmpty ? nil : brackets
    }

    mutating func periods(_ object: JSONObjectPlace) -> [DatasetID: PeriodRule] {
        guard let place = object.optional("periodes"),
            let periods = mistakes.object(place, catalogue.datasetNames)
        else {
            return [:]
        }
        var rules: [DatasetID: PeriodRule] = [:]
        for (name, place) in periods.members {
            guard let id = DatasetID(name), let document = catalogue.documents[id],
                let rule = mistakes.periodRule(place, for: document.contract.periodKind)
            else {
                continue
            }
            if !rule.isWithin(document.periods) {
                mistakes.add(
                    place.mistake(
                        "Ces bornes dépassent celles du jeu de données.",
                        remedy: "Restez dans ce que le détenteur peut donner."
                    )
                )
            }
            rules[id] = rule
        }
        return rules
    }

    mutating func withoutIdentity(_ object: JSONObjectPlace) -> [DatasetID: String] {
        var accepted: [DatasetID: String] = [:]
        for place in mistakes.list(object, "sans_concordance", max: 20) {
            guard let entry = mistakes.object(place, Self.withoutIdentityMembers) else {
                continue
            }
            let name = mistakes.text(entry, "jeu", max: 64)
            let reason = mistakes.text(entry, "motif")
            guard let name, let reason else {
                continue
            }
            guard let id = DatasetID(name), catalogue.datasetNames.contains(name) else {
                mistakes.add(
                    place.mistake(
                        "Ce jeu de données n'existe pas.",
                        remedy: "Choisissez parmi : "
                            + catalogue.datasetNames.joined(separator: ", ")
                            + "."
                    )
                )
                continue
            }
            accepted[id] = reason
        }
        return accepted
    }

    /// Warns of a service that asks its own holder.
    private mutating func warnOfOwnHolder(_ path: FieldPath, at place: JSONPlace) {
        if let service, service.holds.contains(path.dataset) {
            warn(
                place, "Le service détient déjà « \(path.dataset) ».",
                remedy: "Retirez ce champ, ou justifiez pourquoi le redemander.")
        }
    }
}

extension FormKind {
    /// Whether the form means something for a leaf.
    func suits(_ leaf: FieldContract) -> Bool {
        let isNumber = leaf.type == .entier || leaf.type == .decimal
        return switch self {
        case .valeur, .presence: true
        case .seuil, .tranche: isNumber
        case .somme, .moyenne: isNumber && leaf.path.arrayDepth > 0
        case .nombre: leaf.path.arrayDepth > 0
        case .nombreMoinsDe: leaf.type == .date && leaf.path.arrayDepth > 0
        case .enVigueur: leaf.intervalEnd != nil
        case .annee: leaf.type == .date || leaf.type == .mois
        case .age: leaf.type == .date
        case .initiale: leaf.type == .texte
        }
    }

    /// The forms that mean something for a leaf.
    static func suiting(_ leaf: FieldContract) -> [String] {
        allCases.filter { $0.suits(leaf) }.map(\.rawValue)
    }
}
