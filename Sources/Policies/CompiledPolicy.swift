import Vocabulary

/// A policy with all that a decision looks up worked out once, in arrays that lie together.
///
/// With thousands of purposes, what a decision costs is the memory that it has to fetch: it
/// touches few places here, and none of the policy itself unless it refuses.
final class CompiledPolicy: Sendable {
    /// What the policy asks of one mode that it admits.
    struct Admission: Sendable {
        let level: AssuranceLevel?
    }

    /// When the service may ask for one recipient: as that recipient, or in its name.
    struct Spell: Sendable {
        let recipient: Siret
        let from: CalendarDate
        let to: CalendarDate
    }

    /// Which periods may be asked of one data set.
    struct DatasetPeriods: Sendable {
        let dataset: DatasetID
        let kind: PeriodKind
        let rule: PeriodRule

        /// The period to ask for, or nil where the request's is not one that the rule allows.
        func resolve(
            _ requested: RequestedPeriod?, needsMonths: Bool, today: CalendarDate
        ) -> Period? {
            rule.resolve(kind, requested, needsMonths: needsMonths, today: today)
        }
    }

    let policy: Policy
    let rule: Decision.Rule
    let isActive: Bool
    let retentionDays: Int
    let admissions: PerMode<Admission?>
    /// Who may begin an exchange in each mode; in one that the policy does not admit, which is a
    /// refusal of its own, whoever it knows.
    let initiators: PerMode<[InitiatorQuality]>
    let forbidden: Set<FieldPath>
    /// One for each data set of the catalogue, in its order.
    let periods: [DatasetPeriods]
    /// In the order of the recipients.
    private let habilitations: [Spell]
    /// The leaves under their forms, in the order of their numbers.
    let places: [LeafPlace]
    /// What each mode makes of them, in the same order.
    let standings: PerMode<[LeafStanding]>
    /// Their numbers, close together for the search.
    private let numbers: [RequestNumber]

    init(
        _ policy: Policy, service: ServiceDescription?, catalogue: Catalogue,
        forbidden: Set<FieldPath>, leaves: [(place: LeafPlace, standings: PerMode<LeafStanding>)]
    ) {
        self.policy = policy
        rule = Decision.Rule(purpose: policy.id, version: policy.version, hash: policy.hash)
        isActive = policy.state == .active
        retentionDays = policy.retentionDays
        admissions = PerMode { mode in
            policy.modes[mode].map { Admission(level: $0.minimumLevel) }
        }
        initiators = PerMode { mode in
            policy.initiators
                .filter { $0.modes.contains(mode) || policy.modes[mode] == nil }
                .map(\.quality)
        }
        habilitations = CompiledPolicy.habilitations(of: policy, for: service)
        self.forbidden = forbidden
        periods = catalogue.datasets.map { document in
            DatasetPeriods(
                dataset: document.contract.id, kind: document.contract.periodKind,
                rule: policy.periods[document.contract.id] ?? document.periods)
        }
        let leaves = leaves.sorted { $0.place.number < $1.place.number }
        places = leaves.map(\.place)
        standings = PerMode { mode in leaves.map { $0.standings[mode] } }
        numbers = places.map(\.number)
    }

    private static func habilitations(
        of policy: Policy, for service: ServiceDescription?
    ) -> [Spell] {
        guard let siret = service?.siret else { return [] }
        return policy.habilitations.filter { $0.recipient == siret || $0.delegate == siret }
            .map { Spell(recipient: $0.recipient, from: $0.from, to: $0.to) }
            .sorted { $0.recipient < $1.recipient }
    }

    /// Where a leaf stands among ``places``, if the policy allows it.
    func index(of number: RequestNumber) -> Int? {
        let index = numbers.firstIndex(from: { $0 >= number })
        return index < numbers.count && numbers[index] == number ? index : nil
    }

    /// What each mode makes of a leaf, if the policy allows it.
    func standings(of number: RequestNumber) -> PerMode<LeafStanding>? {
        index(of: number).map { index in PerMode { standings[$0][index] } }
    }

    /// The modes in which a leaf is granted on its own, by name.
    func modesGranting(_ index: Int) -> [String] {
        Mode.allCases.filter { standings[$0][index].isGranted }.map(\.rawValue).sorted()
    }

    /// The spells of one recipient.
    func spells(of recipient: Siret) -> ArraySlice<Spell> {
        let first = habilitations.firstIndex(from: { $0.recipient >= recipient })
        let end = habilitations[first...].firstIndex { $0.recipient != recipient }
        return habilitations[first..<(end ?? habilitations.count)]
    }

    /// The forms under which a leaf may be asked, in the order of the policy.
    func allowed(_ field: Int32) -> [RequestNumber] {
        places.filter { $0.field == field }.sorted { $0.rank < $1.rank }.map(\.number)
    }
}

extension Array {
    /// The first index from which on the condition holds, in an array so sorted that it holds from
    /// there on.
    fileprivate func firstIndex(from holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
