import Cryptography
import JSONText
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
    /// What the texts of requests stand for.
    let requests: RequestIndex
    /// For each service, what its purposes are called.
    private let purposeNames: [ServiceID: NameIndex]
    /// For each service and leaf, the first two active purposes that allow it.
    private let purposesByField: [ServiceID: [RequestNumber: [PurposeID]]]

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
        var compiler = PolicyCompiler(
            catalogue: catalogue, holders: self.holders, services: self.services)
        var compiled: [PurposeID: CompiledPolicy] = [:]
        for policy in policies {
            compiled[policy.id] = compiler.compile(policy)
        }
        self.compiled = compiled
        self.requests = compiler.requests
        self.purposeNames = Dictionary(grouping: compiled.keys, by: \.service)
            .mapValues { NameIndex($0.map(\.text)) }
        self.purposesByField = PolicySet.purposesByField(compiled)
    }

    private static func purposesByField(
        _ compiled: [PurposeID: CompiledPolicy]
    ) -> [ServiceID: [RequestNumber: [PurposeID]]] {
        var index: [ServiceID: [RequestNumber: [PurposeID]]] = [:]
        let byName = compiled.values.filter(\.isActive)
            .map { (name: $0.policy.id.text, policy: $0) }.sorted { $0.name < $1.name }
        for (_, policy) in byName {
            let id = policy.policy.id
            for number in policy.places.map(\.number)
            where index[id.service]?[number]?.count ?? 0 < 2 {
                index[id.service, default: [:]][number, default: []].append(id)
            }
        }
        return index
    }

    /// Another active purpose of the same service that allows the leaf as asked.
    func otherPurpose(allowing number: RequestNumber, beside purpose: PurposeID) -> PurposeID? {
        purposesByField[purpose.service]?[number]?.first { $0 != purpose }
    }

    /// The purpose of a service whose name most resembles a mistyped one.
    func nearestPurpose(to purpose: PurposeID, of service: ServiceID) -> String? {
        purposeNames[service]?.nearest(to: purpose.text)
    }

    /// Every policy, by name.
    package var policies: [Policy] {
        compiled.values.map(\.policy).sorted { $0.id < $1.id }
    }

    /// Whether there is no policy at all.
    package var isEmpty: Bool { compiled.isEmpty }

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
