import API
import Connectors
import Credentials
import HTTPMessages
import JOSE
import Registry
import Vocabulary

/// All that the gateway is told by its deployment.
///
/// The comments are the manual of the file that `dlnuf serve --config` reads.
struct GatewayConfiguration: Sendable {
    /// What kind of deployment this is.
    enum Environment: String, CaseIterable, Sendable {
        /// Doubles on this machine: loopback addresses and plain http are admitted.
        case bacASable = "bac_a_sable"
        /// The real thing: https and verified certificates only.
        case production

        /// Which installations of the holders are asked.
        var ofHolders: HolderEnvironment {
            switch self {
            case .bacASable: .sandbox
            case .production: .production
            }
        }
    }

    /// Where callers connect.
    struct Listening: Sendable {
        var address: String
        /// 0 for a free port.
        var port: UInt16
        /// PEM files; nil for plain HTTP, which production refuses but on loopback.
        var tls: TLSFiles?
    }

    /// The files of a TLS listener.
    struct TLSFiles: Sendable {
        var certificate: String
        var key: String
        /// Authorities of clients' certificates; nil where none is asked for.
        var clientAuthorities: String?
    }

    /// What FranceConnect and we have agreed on.
    struct FranceConnect: Sendable {
        /// The base URL with `/api/v2`, which is also `iss`.
        var issuer: String
        /// The client identifiers behind the symbols that policies use.
        var clients: [FranceConnectClient: String]
        /// Our registration as data provider, one per holder.
        var registrations: [HolderID: Registration]
        var encryption: KeyManagementAlgorithm
        var signature: SignatureAlgorithm
        /// The PEM of the keys to which FranceConnect encrypts, the current one first.
        var decryptionKeys: [Sensitive<String>]
    }

    /// One registration at FranceConnect.
    struct Registration: Sendable {
        var clientID: String
        var secret: Sensitive<String>
    }

    /// What one holder's connectors are given: nothing that is not written here.
    struct HolderGrant: Sendable {
        /// The origins, by the names that connectors give them.
        var origins: [String: Origin]
        /// The secrets, by the names that connectors give them.
        var secrets: [String: Sensitive<String>]
        /// What the holder may be told of what says who the usager is.
        var receives: Set<Relayed>
        /// What changes of how its connectors say that it is treated.
        var resilience = ResilienceChanges()
    }

    /// One origin that a holder's connectors may call.
    struct Origin: Sendable {
        /// Its base URLs, the preferred one first.
        var addresses: [String]
        /// The certification authorities of this holder; nil for the system's.
        var authorities: String?
        /// The only addresses that it may have; empty for public ones.
        var networks: [AddressRange] = []
        /// Who we are to it, where it asks for a certificate.
        var certificate: ClientCertificate?
    }

    /// What tells services from strangers.
    struct CredentialSettings: Sendable {
        /// The registry that « dlnuf services » writes; used assertions are remembered beside it.
        var registry: String
        /// The gateway's public name, `https://host[:port]`: audience of assertions, and what
        /// proofs say that they were made for.
        var issuer: String

        var replays: String { registry + ".rejeux" }
    }

    var environment: Environment
    var listeners: [Listening]
    /// Event loops; as many as cores unless told.
    var loops: Int
    var connectors: String
    var policies: String
    /// By whom the documents must be signed: production refuses to do without.
    var signatures = SignatureRule.none
    /// The journal that `dlnuf journal create` made; its keys lie beside it.
    var journal: String
    var credentials: CredentialSettings
    var franceConnect: FranceConnect
    /// What each holder's connectors may reach, use and hand over.
    var holders: [HolderID: HolderGrant]
    /// The longest exchange.
    var exchangeTimeout: Duration
    /// Those who run the gateway; nil where nobody may, and no holder proposes a connector.
    var operators: OperatorsConfiguration?
}

extension GatewayConfiguration.Environment {
    /// The environment as credentials know it.
    var ofCredentials: CredentialEnvironment {
        switch self {
        case .bacASable: .sandbox
        case .production: .production
        }
    }
}
