import JSONText
import Vocabulary

/// The contract of a data set that has none, proposed from what an answer describes.
struct ContractDraft {
    struct Field {
        /// Below the data set: `contrats[].date_debut`.
        let name: String
        let leaf: ShapeLeaf
        let type: FieldType
    }

    let order: ScaffoldOrder
    let periodVariables: Set<String>
    private(set) var fields: [Field] = []
    private(set) var lists: [(name: String, pointer: String)] = []
    private(set) var remaining: [Scaffold.Remaining] = []

    init(order: ScaffoldOrder, periodVariables: Set<String>) {
        self.order = order
        self.periodVariables = periodVariables
    }

    /// Proposes a field for each scalar that says something of the person; who the person is, and
    /// how the call went, are no fields.
    mutating func draw(
        _ leaves: [ShapeLeaf], _ arrays: [String], besides usager: Set<String>
    ) {
        var names: Set<String> = []
        for leaf in leaves
        where !usager.contains(leaf.pointer) && !leaf.isIdentifier && !leaf.isAboutCall {
            guard let name = name(of: leaf, arrays), names.insert(name).inserted,
                FieldPath("\(order.dataset).\(name)") != nil
            else { continue }
            fields.append(Field(name: name, leaf: leaf, type: type(of: leaf)))
        }
        noteWhatNobodyGuesses()
    }

    private mutating func noteWhatNobodyGuesses() {
        let note = { (path: String, what: String) in
            Scaffold.Remaining(path: path, what: what)
        }
        remaining = [
            note("libelle", "nommez le jeu comme l'usager le comprend."),
            note("description", "dites en une phrase ce que le jeu contient."),
            note("detenteur", "nommez l'administration qui le détient."),
            note("periode", "confirmez la nature de la période et ses bornes."),
            note("repli", "dites que faire sans la donnée : piece, saisie, attestation…"),
        ]
        if fields.isEmpty {
            remaining.append(note("champs", "décrivez au moins un champ."))
        }
        for (index, field) in fields.enumerated() {
            let doubt =
                field.leaf.description.isEmpty
                ? "dites son libellé, " : "relisez son libellé, dites "
            remaining.append(
                note(
                    "champs[\(index)]",
                    "« \(field.name) » : \(doubt)sa sensibilité, sa catégorie DPV et sa portée "
                        + "FranceConnect ; ou retirez-le s'il n'est nécessaire à personne."))
        }
    }

    // MARK: - Names

    private mutating func name(of leaf: ShapeLeaf, _ arrays: [String]) -> String? {
        guard leaf.steps.contains(ShapeLeaf.elements) else {
            let names = leaf.steps.suffix(2).map(snake)
            return names.contains("") ? nil : names.joined(separator: ".")
        }
        let last = leaf.steps.lastIndex(of: ShapeLeaf.elements) ?? 0
        let own = pointerText(Array(leaf.steps[...last]))
        // What an outer array holds belongs to each element of the innermost.
        let deepest =
            arrays.filter { $0 == own || $0.hasPrefix(own + "/") }
            .max { ($0.count, $1) < ($1.count, $0) } ?? own
        let words = deepest.split(separator: "/").filter { $0 != "*" }.map(String.init)
        let list = plural(snake(words.last ?? "elements"))
        guard isCatalogueName(list) else { return nil }
        if !lists.contains(where: { $0.name == list }) { lists.append((list, deepest)) }
        guard lists.contains(where: { $0.name == list && $0.pointer == deepest }) else {
            return nil
        }
        var inside = leaf.steps[(last + 1)...].map(snake)
        if deepest != own, let outer = leaf.steps[..<last].last(where: { $0 != "*" }) {
            inside = [snake(outer) + "_" + inside.joined(separator: "_")]
        }
        guard !inside.isEmpty, !inside.contains("") else { return nil }
        return "\(list)[]." + inside.suffix(2).joined(separator: ".")
    }

    private func plural(_ name: String) -> String {
        name.hasSuffix("s") || name.hasSuffix("x") ? name : name + "s"
    }

    /// `dateDebutContrat` as `date_debut_contrat`; empty where nothing is left.
    private func snake(_ name: String) -> String {
        var result = ""
        var wasLower = false
        for scalar in name.unicodeScalars {
            let isUpper = scalar.properties.isUppercase
            if isUpper, wasLower { result += "_" }
            let folded = foldedToCapitals(String(scalar)).lowercased()
            if folded.isEmpty || !folded.utf8.allSatisfy({ $0 < 0x80 }) {
                let isDigit = (48...57).contains(scalar.value)
                result += isDigit ? String(scalar) : result.hasSuffix("_") ? "" : "_"
            } else {
                result += folded
            }
            wasLower = scalar.properties.isLowercase
        }
        while result.hasSuffix("_") { result.removeLast() }
        while let first = result.first, !("a"..."z").contains(first) { result.removeFirst() }
        return String(result.prefix(60))
    }

    private func type(of leaf: ShapeLeaf) -> FieldType {
        switch leaf.type {
        case "integer": return .entier
        case "number": return .decimal
        case "boolean": return .booleen
        default: break
        }
        if !leaf.choices.isEmpty { return .enumeration }
        if leaf.format == "date" || leaf.format == "date-time" || Words(leaf.name).has("date") {
            return .date
        }
        return .texte
    }

    // MARK: - The document

    /// The contract as a document, with what remains to be said.
    func text(remaining: [Scaffold.Remaining] = []) -> String {
        var members: [(String, JSONValue)] = [
            ("jeu", .string(order.dataset.text)),
            ("libelle", .string("À compléter : le nom du jeu")),
            ("description", .string("À compléter : ce que le jeu contient.")),
            ("detenteur", .string("À compléter : l'administration")),
            ("periode", period),
            ("repli", .string("saisie")),
            ("champs", .list(fields.map(field))),
        ]
        if !remaining.isEmpty { members.append((JSONRemaining.member, remaining.json)) }
        return JSONValue.members(members).laidOut
    }

    /// The nature of the period, by what the request takes of it.
    var periodKind: PeriodKind {
        if !periodVariables.isDisjoint(with: ["du", "au"]) { return .intervalle }
        if periodVariables.contains("mois") { return .mois }
        return periodVariables.contains("annee") ? .annee : .date
    }

    private var period: JSONValue {
        let back: JSONValue = .members([
            ("recul_defaut", .whole(1)), ("recul_min", .whole(0)), ("recul_max", .whole(3)),
        ])
        let rule: (String, JSONValue) =
            switch periodKind {
            case .annee: ("annee", back)
            case .mois: ("mois", back)
            case .intervalle:
                (
                    "intervalle",
                    .members([
                        ("mois_defaut", .whole(3)), ("mois_max", .whole(12)),
                        ("anteriorite_max", .whole(24)),
                    ])
                )
            case .date, .dateEtIntervalle:
                (
                    "date",
                    .members([("jours_avant", .whole(365)), ("jours_apres", .whole(0))])
                )
            }
        return .members([
            ("nature", .string(periodKind.rawValue)), ("regle", .members([rule])),
        ])
    }

    private func field(_ field: Field) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("champ", .string(field.name)), ("type", .string(field.type.rawValue)),
        ]
        if field.type == .enumeration {
            members.append(("valeurs", .texts(Array(field.leaf.choices.prefix(100)))))
        }
        let label = field.leaf.description.split(whereSeparator: \.isNewline).first
        members += [
            (
                "libelle",
                .string(label.map { plainText(String($0)) } ?? "À compléter : \(field.name)")
            ),
            ("sensibilite", .string("personnelle")), ("categorie_dpv", .string("pd:Personal")),
        ]
        return .members(members)
    }
}
