import JSONText
import Vocabulary

/// How a first connector reads its answer.
struct AnswerDraft {
    let order: ScaffoldOrder
    /// The answer that brings data.
    private let main: OpenAPIOperation.Response?
    /// Who may be the usager.
    let persons: [PersonDraft]
    private(set) var remaining: [Scaffold.Remaining] = []
    private var lists: [(name: String, pointer: String)] = []
    private var fields: [(name: String, value: JSONValue)] = []
    private var read: Set<String> = []
    private var rules: [JSONValue] = []

    private static let path = "lectures.reponse"

    init(order: ScaffoldOrder) {
        self.order = order
        let responses = order.operation.responses
        main =
            responses.first { $0.status == "200" }
            ?? responses.first { $0.status.hasPrefix("2") && !$0.leaves.isEmpty }
        let all = PersonDraft.all(in: main?.leaves ?? []).filter(\.isComparable)
        let contract = order.catalogue.datasets[order.dataset]
        let lists = Set(
            (contract?.fields ?? []).compactMap { field in
                field.path.steps[0].isArray ? Words(field.path.steps[0].name).all : nil
            })
        persons = all.filter { person in
            // The children whom the contract lists are not the usager.
            let parent = person.parent.last { $0 != ShapeLeaf.elements } ?? ""
            let words = Words(parent)
            return !lists.contains(words.all) && !words.has("enfant")
        }
    }

    var mainLeaves: [ShapeLeaf] { main?.leaves ?? [] }
    var mainArrays: [String] { main?.arrays ?? [] }
    /// What the holder sends and nothing reads.
    var unread: [String] {
        mainLeaves.map(\.pointer).filter { !read.contains($0) }
    }
    /// The pointers to the traits of those who may be the usager.
    var usagerPointers: Set<String> {
        Set(
            persons.flatMap { person in
                person.traits.map(\.leaf.pointer) + person.dateParts.values.map(\.pointer)
            })
    }

    private mutating func doubt(_ member: String, _ what: String) {
        let path = member.isEmpty ? Self.path : "\(Self.path).\(member)"
        remaining.append(Scaffold.Remaining(path: path, what: what + "."))
    }

    // MARK: - Fields

    /// Finds the fields of a contract that exists.
    mutating func draw(_ contract: DatasetContract) {
        findLists(contract)
        for field in contract.fields { find(field) }
        finish()
    }

    /// Takes the fields that a new contract was made of.
    mutating func draw(_ contract: ContractDraft) {
        lists = contract.lists
        for field in contract.fields {
            take(field.name, field.leaf, [("type", .string(field.type.rawValue))])
        }
        finish()
    }

    private mutating func finish() {
        let outcomes = OutcomeDraft(order.operation.responses, taken: Array(read))
        rules = outcomes.rules
        if main?.leaves.isEmpty ?? true {
            doubt("champs", "la réponse 200 n'est pas décrite : décrivez chaque champ")
        } else if fields.isEmpty {
            doubt("champs", "aucun champ du contrat n'a été reconnu : décrivez-les")
        }
        if main?.hasAlternatives ?? false {
            doubt("champs", "la réponse a plusieurs formes (oneOf ou anyOf) : vérifiez chacune")
        }
        noteAgreement()
        remaining += outcomes.remaining
    }

    private mutating func findLists(_ contract: DatasetContract) {
        var names: [String] = []
        for field in contract.fields where field.path.steps[0].isArray {
            let name = field.path.steps[0].name
            if !names.contains(name) { names.append(name) }
        }
        for name in names {
            let found = mainArrays.filter { pointer in
                Words(lastName(of: pointer)).all == Words(name).all
            }
            if found.count == 1 {
                lists.append((name, found[0]))
            } else {
                doubt(
                    "listes.\(name)",
                    found.isEmpty
                        ? "aucune liste de la réponse n'a été reconnue pour « \(name)[] »"
                        : "plusieurs listes conviennent : \(found.joined(separator: ", "))")
            }
        }
    }

    private func lastName(of pointer: String) -> String {
        pointer.split(separator: "/").last { $0 != "*" }.map(String.init) ?? ""
    }

    private mutating func find(_ field: FieldContract) {
        let steps = field.path.steps
        let local = field.path.localText
        if steps[0].isArray {
            guard let list = lists.first(where: { $0.name == steps[0].name }) else { return }
            find(field, local, below: list.pointer)
        } else if steps.count == 2, steps[0].name == "conjoint", !persons.isEmpty {
            findOther(local, steps[1].name)
        } else if local.hasPrefix("nombre_"),
            let list = lists.first(where: { $0.name == local.dropFirst(7) })
        {
            fields.append(
                (
                    local,
                    .members([("calcul", .string("nombre")), ("liste", .string(list.pointer))])
                ))
        } else {
            find(field, local, below: nil)
        }
    }

    private mutating func findOther(_ local: String, _ trait: String) {
        let areSeveral = persons.count > 1 || persons[0].parent.last == ShapeLeaf.elements
        guard areSeveral else { return }
        let isDate = trait == "date_naissance"
        if persons.contains(where: { $0.leaf(trait) != nil || (isDate && $0.hasBirthDate) }) {
            fields.append((local, .members([("autre_personne", .string(trait))])))
        }
    }

    private mutating func find(_ field: FieldContract, _ local: String, below list: String?) {
        let name = field.path.steps.last?.name ?? ""
        let parents = field.path.steps.dropLast().filter { !$0.isArray }.map(\.name)
        let around = Words(parents.joined(separator: "_"))
        let leaves = mainLeaves.filter { leaf in
            guard !leaf.isAboutCall else { return false }
            guard let list else { return !leaf.pointer.contains("/*") }
            return leaf.pointer.hasPrefix(list + "/")
        }
        if findPart(name, local, around, leaves) || findDateParts(name, local, leaves) { return }
        let wanted = Words(name)
        let dataset = Words(order.dataset.text)
        var matches = leaves.compactMap { leaf -> FieldMatch? in
            let way = Words(leaf.steps.dropLast().joined(separator: "_"))
            guard around.all.allSatisfy({ way.all.contains($0) }) else { return nil }
            if list != nil, leaf.trait?.trait == name { return FieldMatch(leaf: leaf, distance: 0) }
            return FieldMatch.distance(
                field: wanted, parents: around, leaf: leaf, dataset: dataset
            ).map { FieldMatch(leaf: leaf, distance: $0) }
        }
        matches.sort { ($0.distance, $0.leaf.steps.count) < ($1.distance, $1.leaf.steps.count) }
        guard let best = matches.first else {
            let what =
                field.isDerived
                ? "ce champ se calcule ; écrivez « calcul »"
                : "aucune valeur de la réponse n'a été reconnue"
            doubt(
                "champs.\(local)", "\(what), ou retirez cette ligne si le détenteur ne l'a pas")
            return
        }
        let rivals = matches.dropFirst().filter {
            $0.distance == best.distance && $0.leaf.steps.count == best.leaf.steps.count
        }
        if !rivals.isEmpty {
            let all = ([best] + rivals).map(\.leaf.pointer).joined(separator: ", ")
            doubt("champs.\(local)", "plusieurs valeurs conviennent : \(all)")
            return
        }
        if best.distance > 0 {
            doubt("champs.\(local)", "confirmez « \(best.leaf.pointer) »")
        }
        take(local, best.leaf, conversion(field, best.leaf))
    }

    /// `75002 PARIS` is a postal code and a town.
    private mutating func findPart(
        _ name: String, _ local: String, _ around: Words, _ leaves: [ShapeLeaf]
    ) -> Bool {
        let parts = ["code_postal": "code_postal", "commune": "ville"]
        guard let part = parts[name], around.has("adresse"),
            let leaf = leaves.first(where: {
                Words($0.name).hasAll("code", "postal") && Words($0.name).has("ville", "commune")
            })
        else { return false }
        take(local, leaf, [("type", .string("texte")), ("partie", .string(part))])
        return true
    }

    /// A birth date that is written in three.
    private mutating func findDateParts(
        _ name: String, _ local: String, _ leaves: [ShapeLeaf]
    ) -> Bool {
        guard name == "date_naissance" else { return false }
        let person = PersonDraft.all(in: leaves).first { $0.dateParts.count == 3 }
        guard let person, let parts = parts(of: person) else { return false }
        fields.append((local, .members([("parties", parts)])))
        return true
    }

    private mutating func parts(of person: PersonDraft) -> JSONValue? {
        var members: [(String, JSONValue)] = []
        for part in ["jour", "mois", "annee"] {
            guard let leaf = person.dateParts[part] else { return nil }
            read.insert(leaf.pointer)
            members.append((part, .string(leaf.pointer)))
        }
        return .members(members)
    }

    private mutating func take(
        _ local: String, _ leaf: ShapeLeaf, _ conversion: [(String, JSONValue)]
    ) {
        read.insert(leaf.pointer)
        var members: [(String, JSONValue)] = [("pointeur", .string(leaf.pointer))] + conversion
        if conversion.first?.1 == .string("date"), !members.contains(where: { $0.0 == "format" }) {
            if let writing = DateWriting(leaf) {
                if writing != .iso { members.append(("format", .string(writing.rawValue))) }
            } else {
                doubt("champs.\(local).format", "dites comment s'écrit cette date")
            }
        }
        if conversion.first?.1 == .string("enumeration"),
            !members.contains(where: { $0.0 == "valeurs" })
        {
            members.append(("valeurs", .members(leaf.choices.map { ($0, .string($0)) })))
        }
        fields.append((local, .members(members)))
    }

    /// How a leaf becomes a field of the contract's type.
    private mutating func conversion(
        _ field: FieldContract, _ leaf: ShapeLeaf
    ) -> [(String, JSONValue)] {
        let local = field.path.localText
        var members: [(String, JSONValue)] = [("type", .string(field.type.rawValue))]
        switch field.type {
        case .booleen where leaf.type != "boolean":
            doubt("champs.\(local)", "dites quelles valeurs sont « vrai » et « faux »")
        case .enumeration:
            let common = leaf.choices.filter(field.values.contains)
            let others = leaf.choices.filter { !field.values.contains($0) }
            let known = field.values.joined(separator: ", ")
            if !others.isEmpty || common.isEmpty {
                let named = others.isEmpty ? "" : " pour \(others.joined(separator: ", "))"
                doubt(
                    "champs.\(local).valeurs",
                    "dites ce que devient chaque valeur du détenteur\(brief(named)) (\(known))")
            }
            let pairs = common.isEmpty ? field.values.prefix(1).map { $0 } : common
            members.append(("valeurs", .members(pairs.map { ($0, .string($0)) })))
        default: break
        }
        return members
    }

    // MARK: - Agreement

    private mutating func noteAgreement() {
        for person in persons { for what in person.doubts { doubt("concordance.personnes", what) } }
        read.formUnion(usagerPointers)
        if persons.isEmpty {
            doubt(
                "sans_concordance",
                "la réponse ne porte pas d'identité reconnue : dites pourquoi, ou décrivez « concordance »"
            )
        } else if persons.count > 1 {
            doubt("concordance.personnes", "vérifiez que chacune peut être l'usager")
        }
        for person in persons where person.leaf("prenoms").map(isFirstAlone) ?? false {
            doubt(
                "concordance.tolerances",
                "vérifiez que le détenteur ne rend que le premier prénom")
        }
    }

    private func isFirstAlone(_ leaf: ShapeLeaf) -> Bool {
        leaf.name.lowercased().hasSuffix("prenom")
    }

    private func trait(_ trait: String, _ leaf: ShapeLeaf) -> JSONValue {
        switch trait {
        case "date_naissance":
            guard let writing = DateWriting(leaf), writing != .iso else {
                return .string(leaf.pointer)
            }
            return .members([
                ("pointeur", .string(leaf.pointer)), ("format", .string(writing.rawValue)),
            ])
        case "sexe":
            let pairs = leaf.choices.compactMap { choice -> (String, JSONValue)? in
                switch choice.lowercased().prefix(1) {
                case "1", "m", "h": (choice, .string("M"))
                case "2", "f": (choice, .string("F"))
                default: nil
                }
            }
            let areUsual = pairs.allSatisfy { .string($0.0) == $0.1 }
            guard !areUsual else { return .string(leaf.pointer) }
            return .members([
                ("pointeur", .string(leaf.pointer)), ("valeurs", .members(pairs)),
            ])
        default: return .string(leaf.pointer)
        }
    }

    private var agreement: (String, JSONValue) {
        guard !persons.isEmpty else {
            return (
                "sans_concordance",
                .string("À compléter : dites pourquoi la réponse ne porte pas d'identité.")
            )
        }
        let all = persons.map { person -> JSONValue in
            var members: [(String, JSONValue)] = []
            if person.parent.last == ShapeLeaf.elements {
                members.append(("liste", .string(pointerText(person.parent))))
            }
            for (name, leaf) in person.traits { members.append((name, trait(name, leaf))) }
            if person.leaf("date_naissance") == nil {
                let parts = ["jour", "mois", "annee"].compactMap { part in
                    person.dateParts[part].map { (part, JSONValue.string($0.pointer)) }
                }
                members.append(("date_naissance", .members([("parties", .members(parts))])))
            }
            return .members(members)
        }
        var members: [(String, JSONValue)] = [("personnes", .list(all))]
        if persons.contains(where: { $0.leaf("prenoms").map(isFirstAlone) ?? false }) {
            members.append(("tolerances", .members([("premier_prenom_seul", .bool(true))])))
        }
        return ("concordance", .members(members))
    }

    /// The reading, as a connector writes it.
    var reading: JSONValue {
        let types = (main?.mediaTypes ?? []).filter { $0.contains("json") }
        var members: [(String, JSONValue)] = [
            ("types", .texts(types.isEmpty ? ["application/json"] : types))
        ]
        if !rules.isEmpty { members.append(("issues", .list(rules))) }
        members.append(agreement)
        let used = lists.filter { list in
            fields.contains { $0.name.hasPrefix("\(list.name)[]") }
        }
        if !used.isEmpty {
            members.append(
                (
                    "listes",
                    .members(
                        used.map { ($0.name, .members([("elements", .string($0.pointer))])) })
                ))
        }
        members.append(("champs", .members(fields.map { ($0.name, $0.value) })))
        return .members(members)
    }
}
