import Vocabulary

/// A decision being made.
struct DecisionDraft {
    /// A data set of which a leaf is granted.
    struct AskedDataset {
        /// Its place in the catalogue.
        let number: Int
        /// Whether a leaf of it is read over months.
        var needsMonths: Bool
    }

    let policy: CompiledPolicy
    let mode: Mode
    private(set) var granted: [GrantedLeaf] = []
    private(set) var refusals: [Refusal] = []
    /// The data sets of what is granted, in the order of the request.
    private(set) var datasets: [AskedDataset] = []
    private(set) var neededIdentifiers: Set<IdentifierKind> = []
    /// The level that the purpose demands, or a holder's where that is higher.
    private(set) var requiredLevel: AssuranceLevel?
    var periods: [DatasetID: Period] = [:]
    /// The leaves that are granted, by their place in the catalogue: one bit each.
    private var taken: [UInt64] = []

    init(_ policy: CompiledPolicy, for question: ExchangeQuestion) {
        self.policy = policy
        mode = question.mode
        requiredLevel = policy.admissions[question.mode]?.level
        granted.reserveCapacity(question.fields.count)
    }

    mutating func refuse(
        _ reason: RefusalReason, field: String? = nil, alternative: String? = nil
    ) {
        let refusal = Refusal(
            field: field, reason: reason, rule: policy.policy.ruleText, alternative: alternative,
            contact: policy.policy.contact)
        if !refusals.contains(refusal) { refusals.append(refusal) }
    }

    /// Takes one leaf, or refuses it under the name by which it was asked.
    ///
    /// A leaf that the holder does not serve is taken where it serves others of the same composite
    /// field.
    mutating func take(_ leaf: CompiledLeaf, asked field: String, evenUnserved: Bool = false) {
        switch leaf.standings[mode] {
        case .granted(let grant, let needs):
            take(grant, of: leaf, needs, asked: field)
        case .unserved(let grant, let needs) where evenUnserved:
            take(grant, of: leaf, needs, asked: field)
        case .unserved: refuse(.modeNonServi, field: field, modes: leaf.grantingModes)
        case .refused(let reason): refuse(reason, field: field, modes: leaf.grantingModes)
        case .closed: break
        }
    }

    private mutating func refuse(_ reason: RefusalReason, field: String, modes: [String]) {
        let others = modes.joined(separator: ", ")
        refuse(reason, field: field, alternative: others.isEmpty ? nil : others)
    }

    /// A leaf has one form in an exchange, and asking it twice is asking it once.
    private mutating func take(
        _ grant: GrantedLeaf, of leaf: CompiledLeaf, _ needs: CompiledLeaf.Needs,
        asked field: String
    ) {
        guard mark(leaf.field) else {
            let first = granted.first { $0.request.path == leaf.request.path }
            if let first, first.request.form != leaf.request.form {
                refuse(.formesMultiples, field: field, alternative: first.request.text)
            }
            return
        }
        granted.append(grant)
        note(leaf.dataset, needsMonths: leaf.isInArray)
        if let needed = needs.identifier, !neededIdentifiers.contains(needed) {
            neededIdentifiers.insert(needed)
        }
        if let own = requiredLevel, let level = needs.level, level > own {
            requiredLevel = level
        }
    }

    /// Marks a leaf as granted; false where it was already.
    private mutating func mark(_ field: Int) -> Bool {
        let (word, bit) = (field / 64, UInt64(1) << UInt64(field % 64))
        while taken.count <= word { taken.append(0) }
        guard taken[word] & bit == 0 else { return false }
        taken[word] |= bit
        return true
    }

    private mutating func note(_ dataset: Int, needsMonths: Bool) {
        for place in datasets.indices where datasets[place].number == dataset {
            if needsMonths { datasets[place].needsMonths = true }
            return
        }
        datasets.append(AskedDataset(number: dataset, needsMonths: needsMonths))
    }
}
