import Vocabulary

/// A decision being made.
struct DecisionDraft {
    /// A data set of which a leaf is granted.
    struct AskedDataset {
        /// Its place in the catalogue.
        let number: Int16
        /// Whether a leaf of it is read over months.
        var needsMonths: Bool
    }

    let policy: CompiledPolicy
    /// What the mode that is asked makes of the policy's leaves.
    let standings: [LeafStanding]
    private(set) var granted: [GrantedLeaf] = []
    private(set) var refusals: [Refusal] = []
    /// The data sets of what is granted, in the order of the request.
    private(set) var datasets: [AskedDataset] = []
    private(set) var neededIdentifiers: [IdentifierKind] = []
    /// The level that the purpose demands, or a holder's where that is higher.
    private(set) var requiredLevel: AssuranceLevel?
    var periods: [DatasetID: Period] = [:]
    /// The leaves that are granted, by their place in the catalogue: one bit each.
    private var taken: [UInt64]
    private let today: CalendarDate

    init(
        _ policy: CompiledPolicy, for question: ExchangeQuestion, on today: CalendarDate,
        leaves: Int
    ) {
        self.policy = policy
        self.today = today
        standings = policy.standings[question.mode]
        requiredLevel = policy.admissions[question.mode]?.level
        granted.reserveCapacity(question.fields.count)
        taken = Array(repeating: 0, count: leaves / 64 + 1)
    }

    mutating func refuse(
        _ reason: RefusalReason, field: String? = nil, alternative: String? = nil
    ) {
        let refusal = Refusal(
            field: field, reason: reason, rule: policy.policy.ruleText, alternative: alternative,
            contact: policy.policy.contact)
        if !refusals.contains(refusal) { refusals.append(refusal) }
    }

    /// Takes one leaf of the policy, or refuses it under the name by which it was asked.
    ///
    /// A leaf that the holder does not serve is taken where it serves others of the same composite
    /// field.
    mutating func take(_ index: Int, asked field: String, evenUnserved: Bool = false) {
        switch standings[index] {
        case .granted(_, let needs) where isClosed(needs),
            .unserved(_, let needs)
        where isClosed(needs):
            refuse(.modeNonServi, at: index, asked: field)
        case .granted(let grant, let needs):
            take(grant, at: index, needs, asked: field)
        case .unserved(let grant, let needs) where evenUnserved:
            take(grant, at: index, needs, asked: field)
        case .unserved: refuse(.modeNonServi, at: index, asked: field)
        case .refused(let reason): refuse(reason, at: index, asked: field)
        case .closed: break
        }
    }

    /// Whether the holder does not answer in this mode yet.
    private func isClosed(_ needs: HolderNeeds) -> Bool {
        needs.opensOn.map { $0 > today } ?? false
    }

    private mutating func refuse(_ reason: RefusalReason, at index: Int, asked field: String) {
        let others = policy.modesGranting(index).joined(separator: ", ")
        refuse(reason, field: field, alternative: others.isEmpty ? nil : others)
    }

    /// A leaf has one form in an exchange, and asking it twice is asking it once.
    private mutating func take(
        _ grant: GrantedLeaf, at index: Int, _ needs: HolderNeeds, asked field: String
    ) {
        let place = policy.places[index]
        guard mark(place.field) else {
            let first = granted.first { $0.request.path == grant.request.path }
            if let first, first.request.form != grant.request.form {
                refuse(.formesMultiples, field: field, alternative: first.request.text)
            }
            return
        }
        granted.append(grant)
        note(place.dataset, needsMonths: place.isInArray)
        if let needed = needs.identifier, !neededIdentifiers.contains(needed) {
            neededIdentifiers.append(needed)
        }
        if let own = requiredLevel, let level = needs.level, level > own {
            requiredLevel = level
        }
    }

    /// Marks a leaf as granted; false where it was already.
    private mutating func mark(_ field: Int32) -> Bool {
        let word = Int(field / 64)
        let bit = UInt64(1) << UInt64(field % 64)
        guard taken[word] & bit == 0 else { return false }
        taken[word] |= bit
        return true
    }

    private mutating func note(_ dataset: Int16, needsMonths: Bool) {
        for place in datasets.indices where datasets[place].number == dataset {
            if needsMonths { datasets[place].needsMonths = true }
            return
        }
        datasets.append(AskedDataset(number: dataset, needsMonths: needsMonths))
    }
}
