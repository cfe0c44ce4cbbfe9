import Vocabulary

/// A policy with all that a decision looks up worked out once, in arrays that lie together.
///
/// A class, so that a decision passes a reference on and copies nothing.
final class CompiledPolicy: Sendable {
    /// One leaf under one form.
    struct Row: Sendable {
        let number: RequestNumber
        /// Its place in the policy's document.
        let rank: Int32
        let leaf: CompiledLeaf
    }

    /// What the policy asks of one mode that it admits.
    struct Admission: Sendable {
        let level: AssuranceLevel?
    }

    /// The days of one habilitation, both included.
    struct Spell: Sendable {
        let from: CalendarDate
        let to: CalendarDate
    }

    let policy: Policy
    let rule: Decision.Rule
    let isActive: Bool
    let admissions: PerMode<Admission?>
    /// Who may begin an exchange in each mode; in one that the policy does not admit, which is a
    /// refusal of its own, whoever it knows.
    let initiators: PerMode<[InitiatorQuality]>
    /// When the service may ask for each recipient: as that recipient, or in its name.
    let habilitations: [Siret: [Spell]]
    let forbidden: Set<FieldPath>
    /// The rule of each data set of the catalogue, in its order.
    let periods: [PeriodRule]
    /// In the order of their numbers.
    private let rows: [Row]

    init(
        _ policy: Policy, service: ServiceDescription?, catalogue: Catalogue,
        forbidden: Set<FieldPath>, rows: [Row]
    ) {
        self.policy = policy
        rule = Decision.Rule(purpose: policy.id, version: policy.version, hash: policy.hash)
        isActive = policy.state == .active
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
        periods = catalogue.datasets.map { policy.periods[$0.contract.id] ?? $0.periods }
        self.rows = rows.sorted { $0.number < $1.number }
    }

    private static func habilitations(
        of policy: Policy, for service: ServiceDescription?
    ) -> [Siret: [Spell]] {
        guard let siret = service?.siret else { return [:] }
        let own = policy.habilitations.filter { $0.recipient == siret || $0.delegate == siret }
        return Dictionary(grouping: own, by: \.recipient)
            .mapValues { $0.map { Spell(from: $0.from, to: $0.to) } }
    }

    /// The leaf that a number stands for, where the policy allows it.
    func leaf(_ number: RequestNumber) -> CompiledLeaf? {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].number < number { low = middle + 1 } else { high = middle }
        }
        guard low < rows.count, rows[low].number == number else { return nil }
        return rows[low].leaf
    }

    /// The forms under which a leaf may be asked, in the order of the policy.
    func allowedRequests(of path: FieldPath) -> [String] {
        rows.filter { $0.leaf.request.path == path }.sorted { $0.rank < $1.rank }
            .map(\.leaf.request.text)
    }

    /// The numbers of all that the policy allows.
    var numbers: [RequestNumber] { rows.map(\.number) }
}
