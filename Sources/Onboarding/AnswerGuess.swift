import Vocabulary

/// A trait of an identity, as a leaf of an answer most likely gives it.
struct TraitGuess {
    /// As connectors name it: `nom_naissance`.
    let trait: String
    let doubt: String?
}

extension ShapeLeaf {
    private static let notPersons = [
        "commune", "ville", "lieu", "pays", "etablissement", "employeur", "entreprise", "raison",
        "voie", "organisme", "fournisseur", "fichier",
    ]

    /// Which trait of a person the leaf is, if it is one.
    var trait: TraitGuess? {
        let words = Words(name)
        if words.has("prenom") { return TraitGuess(trait: "prenoms", doubt: nil) }
        if words.has("nom"), !Self.notPersons.contains(where: { words.has($0) }) {
            // A name beside what is not a person names that.
            let parent = Words(steps.dropLast().last { $0 != ShapeLeaf.elements } ?? "")
            guard !Self.notPersons.contains(where: { parent.has($0) }) else { return nil }
            if words.has("usage") { return TraitGuess(trait: "nom_usage", doubt: nil) }
            let isSure = words.has("naissance") || words.has("famille")
            return TraitGuess(
                trait: "nom_naissance",
                doubt: isSure ? nil : "vérifiez que « \(pointer) » est le nom de naissance")
        }
        if words.hasAll("date", "naissance"), !words.has("annee", "mois", "jour") {
            return TraitGuess(
                trait: "date_naissance",
                doubt: DateWriting(self) == nil
                    ? "dites le format de la date « \(pointer) »" : nil)
        }
        if words.has("sexe") { return TraitGuess(trait: "sexe", doubt: nil) }
        if words.hasAll("pays", "naissance"), words.has("code", "cog") {
            return TraitGuess(
                trait: "pays_naissance",
                doubt: "vérifiez que « \(pointer) » est un code du COG (99100 pour la France)")
        }
        if words.has("commune", "lieu"), words.has("naissance"), words.has("code", "cog", "insee") {
            return TraitGuess(
                trait: "commune_naissance",
                doubt: "vérifiez que « \(pointer) » est un code de commune du COG")
        }
        return nil
    }

    /// Which part of a birth date the leaf is: `jour`, `mois` or `annee`.
    var birthDatePart: String? {
        let words = Words(name)
        let parent = Words(steps.dropLast().last ?? "")
        guard words.has("naissance") || parent.has("naissance") else { return nil }
        return ["jour", "mois", "annee"].first { words.has($0) }
    }

    /// Whether the leaf identifies a person or a call, and so is never a field.
    var isIdentifier: Bool {
        let words = Words(name)
        return words.has("spi", "nir", "ine", "uid", "id")
            || words.hasAll("numero", "fiscal") || words.hasAll("numero", "allocataire")
    }

    /// Whether the leaf says how the call went rather than anything of the person.
    var isAboutCall: Bool {
        let names = steps.filter { $0 != ShapeLeaf.elements }.map { $0.lowercased() }
        let known = [
            "retour", "erreur", "erreurs", "error", "errors", "links", "meta", "horodatage",
        ]
        return names.contains { known.contains($0) }
    }

    /// Whether the leaf is a code that tells one error from another.
    var isErrorCode: Bool {
        let words = Words(name)
        return words.has("code") || ["error", "erreur", "type"].contains(name.lowercased())
    }
}

/// A person whom an answer names.
struct PersonDraft {
    /// The names on the way to the person's traits.
    let parent: [String]
    /// By trait: where it stands, and how it is written.
    var traits: [(trait: String, leaf: ShapeLeaf)] = []
    /// The parts of a birth date, where it is written in three.
    var dateParts: [String: ShapeLeaf] = [:]
    var doubts: [String] = []

    func leaf(_ trait: String) -> ShapeLeaf? { traits.first { $0.trait == trait }?.leaf }

    var hasBirthDate: Bool { leaf("date_naissance") != nil || dateParts.count == 3 }

    /// Whether enough is known of the person to compare.
    var isComparable: Bool {
        leaf("nom_naissance") != nil && leaf("prenoms") != nil && hasBirthDate
    }

    /// The persons of an answer: leaves beside each other, told apart by the number that ends their
    /// names.
    static func all(in leaves: [ShapeLeaf]) -> [PersonDraft] {
        var order: [String] = []
        var persons: [String: PersonDraft] = [:]
        for leaf in leaves where !leaf.isAboutCall {
            let part = leaf.birthDatePart
            guard part != nil || leaf.trait != nil else { continue }
            let isNested = part != nil && !Words(leaf.name).has("naissance")
            let parent = Array(leaf.steps.dropLast(isNested ? 2 : 1))
            let named = isNested ? leaf.steps[leaf.steps.count - 2] : leaf.name
            let number = String(named.reversed().prefix { $0.isNumber }.reversed())
            let key = pointerText(parent) + "#" + number
            if persons[key] == nil {
                order.append(key)
                persons[key] = PersonDraft(parent: parent)
            }
            if let part {
                persons[key]?.dateParts[part] = leaf
            } else if let guess = leaf.trait, persons[key]?.leaf(guess.trait) == nil {
                persons[key]?.traits.append((guess.trait, leaf))
                if let doubt = guess.doubt { persons[key]?.doubts.append(doubt) }
            }
        }
        return order.compactMap { persons[$0] }
    }
}

/// How well a leaf answers to a contract's field.
struct FieldMatch {
    let leaf: ShapeLeaf
    /// 0 is certain; more, the more words the names do not share.
    let distance: Int

    /// How far a leaf's name is from a field's; nil where it is another thing.
    static func distance(
        field: Words, parents: Words, leaf: ShapeLeaf, dataset: Words
    ) -> Int? {
        let wanted = field.set
        let own = Words(leaf.name).set
        let around = leaf.steps.dropLast().reduce(into: Set<String>()) {
            $0.formUnion(Words($1).set)
        }
        if own == wanted { return 0 }
        if wanted == ["valeur"], own.isSuperset(of: dataset.set) { return 0 }
        let extra = own.subtracting(wanted)
        if own.isSuperset(of: wanted) {
            let isExplained = extra.isSubset(of: dataset.set.union(parents.set).union(around))
            return isExplained ? 0 : extra.count
        }
        let lacking = wanted.subtracting(own)
        return extra.isEmpty && lacking.isSubset(of: around.union(dataset.set)) ? 0 : nil
    }
}
