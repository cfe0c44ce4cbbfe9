import TestSupport
import Vocabulary

@testable import Policies

// How a world is drawn: small, so that its parts meet often.

extension DrawnWorld {
    static let sirets = ["99900101900010", "99900110000018", "99900103500016", "99900106800017"]
    static let clients = ["fc:un", "fc:deux", "fc:trois"]

    static func drawn(_ random: inout Seeded) -> DrawnWorld {
        let names = ["impots", "paie", "ecole"].prefix(random.number(1...3))
        let datasets = names.map { DrawnDataset.drawn($0, &random) }
        let services = [("mairie", sirets[0]), ("caisse", sirets[1])].map { name, siret in
            DrawnService(
                name: name, siret: siret, contacts: random.once(in: 3) ? [] : ["\(name)@essai.fr"])
        }
        let purposes = [("mairie", "aide"), ("mairie", "aides"), ("caisse", "bourse")]
            .prefix(random.number(1...3))
        return DrawnWorld(
            datasets: datasets,
            holders: datasets.flatMap { DrawnWorld.holders(of: $0, &random) },
            services: services,
            purposes: purposes.map { DrawnPurpose.drawn($0.0, $0.1, datasets, &random) })
    }

    /// One to three holders of a data set, each with modes, leaves and needs of its own.
    private static func holders(
        of dataset: DrawnDataset, _ random: inout Seeded
    ) -> [HolderService] {
        let names = ["zeta", "alpha", "mu"].shuffled(using: &random).prefix(random.number(1...3))
        return names.flatMap { name in
            Mode.allCases.filter { _ in !random.once(in: 6) }.map { mode in
                let leaves = dataset.leaves.filter { _ in !random.once(in: 12) }
                return HolderService(
                    holder: HolderID(checked: name), dataset: DatasetID(checked: dataset.name),
                    mode: mode, fields: Set(leaves.compactMap { FieldPath($0.path) }),
                    neededIdentifier: random.once(in: mode == .identite ? 4 : 20)
                        ? random.pick(IdentifierKind.allCases) : nil,
                    introspectsToken: mode == .franceconnect && random.once(in: 3),
                    receivesIdentity: Bool.random(using: &random),
                    returnsIdentity: !random.once(in: 6),
                    minimumLevel: mode == .franceconnect && random.once(in: 2)
                        ? random.pick(AssuranceLevel.allCases) : nil)
            }
        }
    }
}

extension DrawnDataset {
    static func drawn(_ name: String, _ random: inout Seeded) -> DrawnDataset {
        let kind = random.pick(PeriodKind.allCases)
        var leaves: [DrawnLeaf] = []
        grow(name, depth: 0, &leaves, &random)
        return DrawnDataset(
            name: name, kind: kind, rule: .widest(kind),
            fallback: random.pick([.saisie, .piece, .attestation]), leaves: leaves)
    }

    /// Adds leaves, objects and arrays below a path; names repeat from one place to another.
    private static func grow(
        _ path: String, depth: Int, _ leaves: inout [DrawnLeaf], _ random: inout Seeded
    ) {
        let names = ["nom", "date", "fin", "montant", "lieu"].shuffled(using: &random)
            .prefix(random.number(depth == 0 ? 2...4 : 1...3))
        let isDated = names.contains("date") && names.contains("fin")
        for name in names {
            let isLeaf = depth == 2 || random.once(in: 2) || (isDated && name != "lieu")
            guard isLeaf else {
                let step = Bool.random(using: &random) ? "\(name)[]" : name
                grow("\(path).\(step)", depth: depth + 1, &leaves, &random)
                continue
            }
            let isDate = isDated && (name == "date" || name == "fin")
            leaves.append(
                DrawnLeaf(
                    path: "\(path).\(name)",
                    type: isDate ? .date : random.pick(FieldType.allCases),
                    scopes: random.some(of: ["p1", "p2", "p3"]),
                    intervalEnd: isDate && name == "date" ? "\(path).fin" : nil))
        }
    }
}

extension DrawnPeriods {
    /// The widest rule of a kind, within which purposes draw theirs.
    static func widest(_ kind: PeriodKind) -> DrawnPeriods {
        switch kind {
        case .annee: DrawnPeriods(years: [2, 0, 5])
        case .mois: DrawnPeriods(monthsBack: [1, 0, 24])
        case .date: DrawnPeriods(days: [400, 30])
        case .intervalle: DrawnPeriods(stretch: [3, 12, 13])
        case .dateEtIntervalle: DrawnPeriods(days: [400, 30], stretch: [3, 12, 13])
        }
    }

    static func drawn(_ kind: PeriodKind, _ random: inout Seeded) -> DrawnPeriods {
        func back(_ most: Int) -> [Int] {
            let bounds = [random.number(0...most), random.number(0...most)].sorted()
            return [random.number(bounds[0]...bounds[1]), bounds[0], bounds[1]]
        }
        func days() -> [Int] { [random.number(0...60), random.number(0...30)] }
        func stretch() -> [Int] {
            let usual = random.number(1...6)
            return [usual, random.number(usual...12), random.number(usual...13)]
        }
        return switch kind {
        case .annee: DrawnPeriods(years: back(5))
        case .mois: DrawnPeriods(monthsBack: back(24))
        case .date: DrawnPeriods(days: days())
        case .intervalle: DrawnPeriods(stretch: stretch())
        case .dateEtIntervalle:
            DrawnPeriods(days: days(), stretch: random.once(in: 4) ? nil : stretch())
        }
    }
}

extension DrawnPurpose {
    static func drawn(
        _ service: String, _ name: String, _ datasets: [DrawnDataset], _ random: inout Seeded
    ) -> DrawnPurpose {
        let modes = random.number(0...5)
        return DrawnPurpose(
            service: service, name: name, version: random.number(1...3),
            state: random.once(in: 16)
                ? random.pick(["brouillon", "suspendue", "retiree"]) : "active",
            contact: "\(name)@essai.fr", retention: random.number(0...400),
            habilitations: DrawnHabilitation.drawn(for: service, &random),
            franceConnect: modes == 0
                ? nil
                : DrawnFranceConnect(
                    level: random.pick(AssuranceLevel.allCases),
                    clients: Array(
                        DrawnWorld.clients.shuffled(using: &random).prefix(random.number(1...2)))),
            identity: modes == 1 ? nil : random.some(of: IdentifierKind.allCases),
            initiators: DrawnInitiator.drawn(hasIdentity: modes != 1, &random),
            roles: random.some(of: DossierRole.allCases),
            fields: DrawnField.drawn(datasets, &random),
            forbidden: forbidden(datasets, &random),
            periods: Dictionary(
                uniqueKeysWithValues: random.some(of: datasets).map {
                    ($0.name, DrawnPeriods.drawn($0.kind, &random))
                }),
            withoutIdentity: random.some(of: datasets.map(\.name)))
    }

    private static func forbidden(
        _ datasets: [DrawnDataset], _ random: inout Seeded
    ) -> [String] {
        guard random.once(in: 3) else { return [] }
        return [random.pick(datasets.flatMap(\.names))]
    }
}

extension DrawnHabilitation {
    /// The day around which habilitations begin and end, and requests are made.
    static let pivotDay: Int64 = 20_777

    /// One at least of the service's own, as recipient or delegate; others of anybody.
    static func drawn(for service: String, _ random: inout Seeded) -> [DrawnHabilitation] {
        let own = DrawnWorld.sirets[service == "mairie" ? 0 : 1]
        let isDelegate = random.once(in: 2)
        var all: [DrawnHabilitation] = []
        for _ in 0..<random.number(1...4) {
            let begin = pivotDay + Int64(random.number(-400...30))
            let end = max(begin, pivotDay + Int64(random.number(-30...400)))
            let isFirst = all.isEmpty
            let anyone = random.pick(DrawnWorld.sirets)
            let new = DrawnHabilitation(
                recipient: isFirst && !isDelegate ? own : anyone,
                delegate: isFirst && isDelegate
                    ? own : random.once(in: 2) ? random.pick(DrawnWorld.sirets) : nil,
                from: CalendarDate(daysSinceEpoch: begin), to: CalendarDate(daysSinceEpoch: end))
            let overlaps = all.contains {
                $0.recipient == new.recipient && $0.delegate == new.delegate
                    && $0.from <= new.to && new.from <= $0.to
            }
            if !overlaps { all.append(new) }
        }
        return all
    }
}

extension DrawnInitiator {
    static func drawn(hasIdentity: Bool, _ random: inout Seeded) -> [DrawnInitiator] {
        var all: [DrawnInitiator] = []
        for quality in InitiatorQuality.allCases
        where quality == .usager ? !random.once(in: 5) : random.once(in: 2) {
            let modes: [Mode] = quality == .usager ? random.some(of: Mode.allCases) : []
            all.append(DrawnInitiator(quality: quality, modes: modes))
        }
        return all.isEmpty ? [DrawnInitiator(quality: .usager, modes: [])] : all
    }
}

extension DrawnDataset {
    /// Every leaf and composite field.
    var names: [String] {
        var names: Set<String> = []
        for leaf in leaves {
            var parts = leaf.path.split(separator: ".")
            while parts.count > 1 {
                names.insert(parts.joined(separator: "."))
                parts.removeLast()
            }
        }
        return names.sorted()
    }
}

extension DrawnField {
    /// Some leaves under their forms, and composite fields as values; no leaf twice.
    static func drawn(_ datasets: [DrawnDataset], _ random: inout Seeded) -> [DrawnField] {
        var fields: [DrawnField] = []
        var taken: Set<String> = []
        for dataset in datasets {
            for name in dataset.names.shuffled(using: &random) where !random.once(in: 3) {
                let below = dataset.leaves.filter {
                    $0.path == name || $0.path.hasPrefix(name + ".")
                }
                guard below.allSatisfy({ !taken.contains($0.path) }) else { continue }
                taken.formUnion(below.map(\.path))
                let isLeaf = below.count == 1 && below[0].path == name
                let value = DrawnForm(kind: .valeur)
                fields.append(
                    DrawnField(
                        path: name, forms: isLeaf ? DrawnForm.drawn(below[0], &random) : [value],
                        fallback: random.once(in: 3) ? random.pick([.saisie, .piece]) : nil))
            }
        }
        guard fields.isEmpty else { return fields }
        let leaf = datasets[0].leaves[0]
        return [
            DrawnField(path: leaf.path, forms: DrawnForm.drawn(leaf, &random), fallback: nil)
        ]
    }
}

extension DrawnForm {
    /// One to three forms that mean something for a leaf, no two of one name.
    static func drawn(_ leaf: DrawnLeaf, _ random: inout Seeded) -> [DrawnForm] {
        var forms: [DrawnForm] = []
        for kind in kinds(of: leaf).shuffled(using: &random).prefix(random.number(1...3)) {
            forms.append(drawn(kind, &random))
            if kind == .seuil, random.once(in: 2) {
                var other = drawn(kind, &random)
                other.name = "autre"
                forms[forms.count - 1].name = random.once(in: 2) ? "premier" : nil
                forms.append(other)
            }
        }
        return forms
    }

    /// The forms that the design gives a leaf of that type, in or out of an array.
    static func kinds(of leaf: DrawnLeaf) -> [FormKind] {
        let isNumber = leaf.type == .entier || leaf.type == .decimal
        let isInArray = leaf.path.contains("[]")
        var kinds: [FormKind] = [.valeur, .presence]
        if isNumber { kinds += [.seuil, .tranche] }
        if isNumber, isInArray { kinds += [.somme, .moyenne] }
        if isInArray { kinds.append(.nombre) }
        if leaf.type == .date { kinds += [.annee, .age] }
        if leaf.type == .date, isInArray { kinds.append(.nombreMoinsDe) }
        if leaf.type == .mois { kinds.append(.annee) }
        if leaf.type == .texte { kinds.append(.initiale) }
        if leaf.intervalEnd != nil { kinds.append(.enVigueur) }
        return kinds
    }

    private static func drawn(_ kind: FormKind, _ random: inout Seeded) -> DrawnForm {
        var form = DrawnForm(kind: kind)
        switch kind {
        case .seuil:
            form.comparison = random.pick(["au_moins", "au_plus", "plus_de", "moins_de"])
            form.bound = amount(&random)
        case .tranche:
            let bounds = Set((0..<random.number(1...3)).map { _ in random.number(-3...3) }).sorted()
            form.brackets = [DrawnBracket(label: "bas", from: nil)]
            form.brackets += bounds.map {
                DrawnBracket(label: "dès \($0)", from: ExactDecimal(units: Int64($0)))
            }
        case .nombreMoinsDe: form.years = random.pick([1, 3, 18, 21])
        default: break
        }
        return form
    }

    /// A small amount, so that values meet bounds.
    static func amount(_ random: inout Seeded) -> ExactDecimal {
        ExactDecimal(units: Int64(random.number(-30...30)), scale: random.number(0...1))
    }
}
