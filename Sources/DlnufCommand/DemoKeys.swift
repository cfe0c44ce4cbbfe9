import Credentials
import Cryptography
import JOSE
import Platform
import Policies
import Sandbox
import Vocabulary

/// Every key, secret and client of one demonstration: made anew at each start, never kept.
struct DemoKeys: Sendable {
    /// One service's key: the gateway knows its digest, `demo.json` the key itself.
    struct ServiceKey: Sendable {
        let service: ServiceID
        let key: String
        /// What signs its assertions, for a token that a thief cannot use.
        let signingKey: PrivateKey
        let clientID: String?
        let purposes: [PurposeID]
    }

    let services: [ServiceKey]
    /// The client identifiers behind the symbols that policies use.
    let clients: [FranceConnectClient: String]
    /// Our registration at FranceConnect for each holder.
    let registrations: [HolderID: GatewayConfiguration.Registration]
    let holderCredentials: SandboxConfiguration.HolderCredentials

    init(policies: PolicySet) throws(CryptographyError) {
        var clients: [FranceConnectClient: String] = [:]
        for client in policies.clients {
            clients[client] = secret()
        }
        self.clients = clients
        var services: [ServiceKey] = []
        for service in policies.services.keys.sorted() {
            let own = policies.policies.filter { $0.id.service == service }
            services.append(
                ServiceKey(
                    service: service,
                    key: APIKey.text(Randomness.bytes(APIKey.secretBytes), for: .sandbox),
                    signingKey: try PrivateKey.generateP256(),
                    clientID: commonClient(of: own).flatMap { clients[$0] },
                    purposes: own.map(\.id)
                ))
        }
        self.services = services
        var registrations: [HolderID: GatewayConfiguration.Registration] = [:]
        for holder in Set(policies.holders.map(\.holder)) {
            registrations[holder] = GatewayConfiguration.Registration(
                clientID: Hex.encode(Randomness.bytes(32)), secret: Sensitive(secret()))
        }
        self.registrations = registrations
        self.holderCredentials = SandboxConfiguration.HolderCredentials(
            dgfip: newClient(), cnav: newClient(), franceTravail: newClient(),
            gipMDS: newClient(), mesriKeyForINE: secret(), mesriKeyForCivilStatus: secret())
    }
}

/// The client that most purposes of a service list.
func commonClient(of policies: [Policy]) -> FranceConnectClient? {
    var counts: [FranceConnectClient: Int] = [:]
    for client in policies.flatMap({ $0.modes[.franceconnect]?.clients ?? [] }) {
        counts[client, default: 0] += 1
    }
    return counts.max { ($0.value, $1.key.symbol) < ($1.value, $0.key.symbol) }?.key
}

private func secret() -> String {
    Base64URL.encode(Randomness.bytes(32))
}

private func newClient() -> ClientCredentials {
    ClientCredentials(id: Hex.encode(Randomness.bytes(16)), secret: secret())
}

extension DemoKeys {
    /// What FranceConnect and the gateway have agreed on.
    func franceConnect(issuer: String) -> GatewayConfiguration.FranceConnect {
        GatewayConfiguration.FranceConnect(
            issuer: issuer, clients: clients, registrations: registrations,
            encryption: .ecdhES, signature: .es256, decryptionKeys: [])
    }

    /// Each holder's secrets, by the names that its connectors use.
    var secrets: [HolderID: [String: Sensitive<String>]] {
        let holders = holderCredentials
        let accounts = [
            ("dgfip", holders.dgfip), ("cnav", holders.cnav),
            ("france-travail", holders.franceTravail), ("gip-mds", holders.gipMDS),
        ]
        var secrets: [HolderID: [String: Sensitive<String>]] = [
            HolderID(checked: "mesri"): [
                "mesri-cle-ine": Sensitive(holders.mesriKeyForINE),
                "mesri-cle-etat-civil": Sensitive(holders.mesriKeyForCivilStatus),
            ]
        ]
        for (holder, account) in accounts {
            secrets[HolderID(checked: holder)] = [
                "\(holder)-client-id": Sensitive(account.id),
                "\(holder)-client-secret": Sensitive(account.secret),
            ]
        }
        return secrets
    }
}
