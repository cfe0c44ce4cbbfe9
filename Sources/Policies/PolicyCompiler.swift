import Vocabulary

/// Works the policies of one set out, sharing between them what they have in common.
struct PolicyCompiler {
    /// What the texts of requests stand for; complete once every policy is compiled.
    private(set) var requests: RequestIndex
    private let catalogue: Catalogue
    private let holders: [HolderService]
    private let services: [ServiceID: ServiceDescription]
    private let datasets: [DatasetID: Int]
    private var known: [LeafTerms: PerMode<LeafStanding>] = [:]

    init(
        catalogue: Catalogue, holders: [HolderService],
        services: [ServiceID: ServiceDescription]
    ) {
        self.catalogue = catalogue
        self.holders = holders
        self.services = services
        requests = RequestIndex(catalogue)
        let ids = catalogue.datasets.map(\.contract.id)
        datasets = Dictionary(zip(ids, ids.indices)) { first, _ in first }
    }

    mutating func compile(_ policy: Policy) -> CompiledPolicy {
        let forbidden = Set(policy.forbidden.flatMap { catalogue.leaves(of: $0).map(\.path) })
        let modes = Set(policy.modes.keys)
        var leaves: [(place: LeafPlace, standings: PerMode<LeafStanding>)] = []
        for rule in policy.fields {
            for contract in catalogue.leaves(of: rule.path)
            where !forbidden.contains(contract.path) {
                let dataset = contract.path.dataset
                let fallback =
                    rule.fallback ?? catalogue.fields.datasets[dataset]?.fallback ?? .saisie
                for form in rule.forms {
                    let terms = LeafTerms(
                        request: FieldRequest(path: contract.path, form: form.key),
                        form: form.definition, fallback: fallback, modes: modes,
                        acceptsNoIdentity: policy.acceptedWithoutIdentity[dataset] != nil)
                    leaves.append(
                        (place(terms, contract, rank: leaves.count), standings(terms, contract)))
                }
            }
        }
        return CompiledPolicy(
            policy, service: services[policy.id.service], catalogue: catalogue,
            forbidden: forbidden, leaves: leaves)
    }

    private mutating func place(
        _ terms: LeafTerms, _ contract: FieldContract, rank: Int
    ) -> LeafPlace {
        LeafPlace(
            number: requests.numbering(terms.request),
            rank: Int32(rank),
            // A leaf's own number, as a value, is its place in the catalogue.
            field: requests.numbering(FieldRequest(path: contract.path)),
            dataset: Int16(datasets[contract.path.dataset] ?? 0),
            isInArray: contract.path.arrayDepth > 0)
    }

    private mutating func standings(
        _ terms: LeafTerms, _ contract: FieldContract
    ) -> PerMode<LeafStanding> {
        if let known = known[terms] { return known }
        let standings = terms.standings(of: contract, holders: holders)
        known[terms] = standings
        return standings
    }
}
