import Policies
import Sandbox
import Vocabulary

extension SandboxConfiguration {
    /// The sandbox that plays the world around a set of policies.
    ///
    /// FranceConnect fetches the gateway's encryption key at `keysURL`.
    init(policies: PolicySet, keys: DemoKeys, keysURL: String, encryption: Sealing.KeyAlgorithm) {
        let scopes = Self.scopes(of: policies)
        let everything = Array(Set(scopes.values.flatMap { $0 })).sorted()
        self.init(
            services: Self.services(of: policies, keys: keys, scopes: everything),
            dataProviders: keys.registrations.sorted { $0.key < $1.key }.map { holder, own in
                DataProvider(
                    holder: holder.text, clientID: own.clientID, secret: own.secret.reveal(),
                    keysURL: keysURL, scopes: scopes[holder] ?? [], keyAlgorithm: encryption)
            },
            credentials: keys.holderCredentials
        )
    }

    /// The scopes that FranceConnect knows each holder for.
    private static func scopes(of policies: PolicySet) -> [HolderID: [String]] {
        var scopes: [HolderID: Set<String>] = [:]
        for service in policies.holders {
            let contract = policies.catalogue.fields.datasets[service.dataset]
            scopes[service.holder, default: []].formUnion(
                contract?.fields.flatMap(\.scopes) ?? [])
            if service.dataset.text == "revenu_fiscal" {
                scopes[service.holder, default: []].formUnion(
                    (1...3).map { "dgfip_annee_n_moins_\($0)" })
            }
        }
        return scopes.mapValues { $0.sorted() }
    }

    private static func services(
        of policies: PolicySet, keys: DemoKeys, scopes: [String]
    ) -> [Service] {
        keys.services.compactMap { service in
            let own = policies.policies.filter { $0.id.service == service.service }
            guard let common = commonClient(of: own), let clientID = keys.clients[common] else {
                return nil
            }
            let title = policies.services[service.service]?.name ?? service.service.text
            var purposes: [String: Client] = [:]
            for policy in own {
                let clients = policy.modes[.franceconnect]?.clients ?? []
                guard !clients.contains(common), let only = clients.first,
                    let id = keys.clients[only]
                else { continue }
                purposes[policy.id.text] = client(id, policy.title, scopes)
            }
            return Service(
                id: service.service.text, client: client(clientID, title, scopes),
                clientsOfPurposes: purposes)
        }
    }

    private static func client(_ id: String, _ title: String, _ scopes: [String]) -> Client {
        Client(id: id, secret: id + id, title: title, scopes: ["identite_pivot"] + scopes)
    }
}
