import Cryptography
package import Vocabulary

/// One generation of policies: immutable, indexed when it is made, held by an exchange from start
/// to end.
package final class PolicySet: Sendable {
    /// SHA-256 over the documents' paths and hashes, in hexadecimal.
    package let generation: String
    package let catalogue: Catalogue
    package let services: [ServiceID: ServiceDescription]
    /// What the connectors say they serve.
    package let holders: [HolderService]
    let compiled: [PurposeID: CompiledPolicy]
    /// For each service and request text, the first two active purposes that allow it.
    private let purposesByField: [ServiceID: [String: [PurposeID]]]

    /// Indexes documents that were read without a mistake.
    package init(
        generation: String,
        catalogue: Catalogue,
        services: [ServiceDescription],
        policies: [Policy],
        holders: [HolderService]
    ) {
        self.generation = generation
        self.catalogue = catalogue
        self.services = Dictionary(services.map { ($0.id, $0) }) { first, _ in first }
        self.holders = holders.sorted {
            ($0.dataset, $0.holder, $0.mode.rawValue) < ($1.dataset, $1.holder, $1.mode.rawValue)
        }
        var compiled: [PurposeID: CompiledPolicy] = [:]
        for policy in policies {
            compiled[policy.id] = CompiledPolicy(
                policy, catalogue: catalogue, holders: self.holders)
        }
        self.compiled = compiled
        self.purposesByField = PolicySet.purposesByField(compiled)
    }

    private static func purposesByField(
        _ compiled: [PurposeID: CompiledPolicy]
    ) -> [ServiceID: [String: [PurposeID]]] {
        var index: [ServiceID: [String: [PurposeID]]] = [:]
        for (id, policy) in compiled.sorted(by: { $0.key < $1.key })
        where policy.policy.state == .active {
            for text in policy.leaves.keys
            where index[id.service]?[text]?.count ?? 0 < 2 {
                index[id.service, default: [:]][text, default: []].append(id)
            }
        }
        return index
    }

    /// Another active purpose of the same service that allows the field as asked.
    func otherPurpose(allowing field: String, beside purpose: PurposeID) -> PurposeID? {
        purposesByField[purpose.service]?[field]?.first { $0 != purpose }
    }

    /// Every policy, by name.
    package var policies: [Policy] {
        compiled.values.map(\.policy).sorted { $0.id < $1.id }
    }

    /// The policy of a purpose.
    package subscript(_ purpose: PurposeID) -> Policy? {
        compiled[purpose]?.policy
    }

    /// Every FranceConnect client that a policy names.
    package var clients: Set<FranceConnectClient> {
        Set(compiled.values.flatMap { $0.policy.modes[.franceconnect]?.clients ?? [] })
    }

    /// The hash of a generation: over each path and the hash of its bytes, sorted by path.
    package static func generation(of documents: [(path: String, bytes: [UInt8])]) -> String {
        var hasher = SHA256Hasher()
        for document in documents.sorted(by: { $0.path < $1.path }) {
            hasher.update(
                Array("\(document.path)\u{0}\(Hex.encode(sha256(document.bytes)))\n".utf8))
        }
        return Hex.encode(hasher.finalize())
    }
}

/// A policy with what each request text gives, worked out once.
///
/// A class, like its leaves, so that a decision passes a reference on and copies nothing.
final class CompiledPolicy: Sendable {
    /// What one leaf under one form would be granted as.
    final class Leaf: Sendable {
        let grants: [Mode: GrantedLeaf]
        /// The grants of a leaf that the holder does not serve, for composite fields it serves in
        /// part.
        let unserved: [Mode: GrantedLeaf]
        let contract: FieldContract
        /// Why the leaf cannot be granted in a mode that the purpose admits.
        let refusals: [Mode: RefusalReason]

        init(
            _ request: FieldRequest, _ form: FormDefinition, _ contract: FieldContract,
            _ rule: FieldRule, _ policy: Policy, _ catalogue: Catalogue, _ holders: [HolderService]
        ) {
            let fallback =
                rule.fallback ?? catalogue.fields.datasets[contract.path.dataset]?.fallback
                ?? .saisie
            let dataset = contract.path.dataset
            var grants: [Mode: GrantedLeaf] = [:]
            var unserved: [Mode: GrantedLeaf] = [:]
            var refusals: [Mode: RefusalReason] = [:]
            for mode in policy.modes.keys {
                let own = holders.filter { $0.dataset == dataset && $0.mode == mode }
                let trusted = own.filter {
                    $0.returnsIdentity || policy.acceptedWithoutIdentity[dataset] != nil
                }
                let serves = { (service: HolderService) in
                    service.fields.isSuperset(of: neededPaths(contract, form))
                }
                guard let holder = trusted.first(where: serves) ?? trusted.first else {
                    refusals[mode] = own.isEmpty ? .modeNonServi : .concordanceImpossible
                    continue
                }
                let needsScopes = mode == .franceconnect && !holder.introspectsToken
                let grant = GrantedLeaf(
                    request: request, form: form, contract: contract, holder: holder.holder,
                    fallback: fallback, scopes: needsScopes ? contract.scopes : [])
                if serves(holder) {
                    grants[mode] = grant
                } else {
                    unserved[mode] = grant
                    refusals[mode] = .modeNonServi
                }
            }
            self.grants = grants
            self.unserved = unserved
            self.contract = contract
            self.refusals = refusals
        }
    }

    let policy: Policy
    /// Leaves by the request's text: `jeu.champ` or `jeu.champ@forme.nom`.
    let leaves: [String: Leaf]
    /// The forms that each leaf may take, in the policy's order.
    let forms: [FieldPath: [FormKey]]
    let forbidden: Set<FieldPath>
    let habilitations: [Siret: [Habilitation]]

    init(_ policy: Policy, catalogue: Catalogue, holders: [HolderService]) {
        self.policy = policy
        self.habilitations = Dictionary(grouping: policy.habilitations, by: \.recipient)
        self.forbidden = Set(
            policy.forbidden.flatMap { catalogue.fields.leaves(of: $0).map(\.path) })
        var leaves: [String: Leaf] = [:]
        var forms: [FieldPath: [FormKey]] = [:]
        for rule in policy.fields {
            for contract in catalogue.fields.leaves(of: rule.path)
            where !forbidden.contains(contract.path) {
                for form in rule.forms {
                    let request = FieldRequest(path: contract.path, form: form.key)
                    forms[contract.path, default: []].append(form.key)
                    leaves[request.text] = Leaf(
                        request, form.definition, contract, rule, policy, catalogue, holders)
                }
            }
        }
        self.leaves = leaves
        self.forms = forms
    }
}

/// The leaf itself and, for an interval, the date that ends it.
func neededPaths(_ contract: FieldContract, _ form: FormDefinition) -> [FieldPath] {
    guard form.kind == .enVigueur, let end = contract.intervalEnd else {
        return [contract.path]
    }
    return [contract.path, end]
}
