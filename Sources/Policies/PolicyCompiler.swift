import Vocabulary

/// Works the policies of one set out, sharing between them what they have in common.
struct PolicyCompiler {
    private let catalogue: Catalogue
    private let holders: [HolderService]
    private let services: [ServiceID: ServiceDescription]
    private let fields: [FieldPath: Int]
    private let datasets: [DatasetID: Int]
    private var index = RequestIndex()
    private var leaves: [LeafTerms: CompiledLeaf] = [:]

    init(
        catalogue: Catalogue, holders: [HolderService],
        services: [ServiceID: ServiceDescription]
    ) {
        self.catalogue = catalogue
        self.holders = holders
        self.services = services
        let paths = catalogue.fields.allFields.map(\.path)
        fields = Dictionary(zip(paths, paths.indices)) { first, _ in first }
        let ids = catalogue.datasets.map(\.contract.id)
        datasets = Dictionary(zip(ids, ids.indices)) { first, _ in first }
    }

    mutating func compile(_ policy: Policy) -> CompiledPolicy {
        let forbidden = Set(policy.forbidden.flatMap { catalogue.leaves(of: $0).map(\.path) })
        let modes = Set(policy.modes.keys)
        var rows: [CompiledPolicy.Row] = []
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
                    rows.append(row(terms, contract, rank: rows.count))
                }
            }
        }
        return CompiledPolicy(
            policy, service: services[policy.id.service], catalogue: catalogue,
            forbidden: forbidden, rows: rows)
    }

    private mutating func row(
        _ terms: LeafTerms, _ contract: FieldContract, rank: Int
    ) -> CompiledPolicy.Row {
        let number = index.numbering(terms.request)
        let leaf =
            leaves[terms]
            ?? CompiledLeaf(
                terms, contract, field: fields[contract.path] ?? 0,
                dataset: datasets[contract.path.dataset] ?? 0, holders: holders)
        leaves[terms] = leaf
        return CompiledPolicy.Row(number: number, rank: Int32(rank), leaf: leaf)
    }

    /// What the texts of requests stand for, once every policy is compiled.
    consuming func requests() -> RequestIndex {
        index.add(catalogue.composites)
        return index
    }
}
