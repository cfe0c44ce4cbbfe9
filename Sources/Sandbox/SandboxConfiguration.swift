/// What the sandbox is started with; every credential is the caller's, made anew each time.
package struct SandboxConfiguration: Sendable {
    /// A client of FranceConnect: a service provider, or one of its purposes.
    package struct Client: Sendable {
        package let id: String
        package let secret: String
        /// What FranceConnect's pages call it.
        package let title: String
        package let redirectURIs: [String]
        package let postLogoutURIs: [String]
        /// The scopes that it may ask for, `openid` aside.
        package let scopes: [String]

        package init(
            id: String, secret: String, title: String, redirectURIs: [String] = [],
            postLogoutURIs: [String] = [], scopes: [String]
        ) {
            self.id = id
            self.secret = secret
            self.title = title
            self.redirectURIs = redirectURIs
            self.postLogoutURIs = postLogoutURIs
            self.scopes = scopes
        }
    }

    /// A service that calls the gateway, and its clients at FranceConnect.
    package struct Service: Sendable {
        package let id: String
        package let client: Client
        /// The purposes that have a client of their own.
        package let clientsOfPurposes: [String: Client]

        package init(id: String, client: Client, clientsOfPurposes: [String: Client] = [:]) {
            self.id = id
            self.client = client
            self.clientsOfPurposes = clientsOfPurposes
        }
    }

    /// How the gateway is registered at FranceConnect for one holder.
    package struct DataProvider: Sendable {
        package let holder: String
        package let clientID: String
        package let secret: String
        /// Where FranceConnect fetches the encryption key, on each introspection.
        package let keysURL: String
        package let scopes: [String]
        package let keyAlgorithm: Sealing.KeyAlgorithm
        /// Whether the introspection is signed with RS256 instead of ES256.
        package let signsWithRSA: Bool

        package init(
            holder: String, clientID: String, secret: String, keysURL: String, scopes: [String],
            keyAlgorithm: Sealing.KeyAlgorithm = .rsaOAEP, signsWithRSA: Bool = false
        ) {
            self.holder = holder
            self.clientID = clientID
            self.secret = secret
            self.keysURL = keysURL
            self.scopes = scopes
            self.keyAlgorithm = keyAlgorithm
            self.signsWithRSA = signsWithRSA
        }
    }

    /// What each holder gave the gateway to call it with.
    package struct HolderCredentials: Sendable {
        package let dgfip: ClientCredentials
        package let cnav: ClientCredentials
        package let franceTravail: ClientCredentials
        package let gipMDS: ClientCredentials
        package let mesriKeyForINE: String
        package let mesriKeyForCivilStatus: String

        package init(
            dgfip: ClientCredentials, cnav: ClientCredentials, franceTravail: ClientCredentials,
            gipMDS: ClientCredentials, mesriKeyForINE: String, mesriKeyForCivilStatus: String
        ) {
            self.dgfip = dgfip
            self.cnav = cnav
            self.franceTravail = franceTravail
            self.gipMDS = gipMDS
            self.mesriKeyForINE = mesriKeyForINE
            self.mesriKeyForCivilStatus = mesriKeyForCivilStatus
        }
    }

    package var services: [Service]
    package var dataProviders: [DataProvider]
    package var credentials: HolderCredentials
    /// The ports by id (`franceconnect`, `dgfip`, …, `bac_a_sable`); those without get a free one.
    package var ports: [String: UInt16]

    package init(
        services: [Service], dataProviders: [DataProvider], credentials: HolderCredentials,
        ports: [String: UInt16] = [:]
    ) {
        self.services = services
        self.dataProviders = dataProviders
        self.credentials = credentials
        self.ports = ports
    }

    /// The ids of the holders.
    package static let holderIDs = ["dgfip", "cnav", "mesri", "france-travail", "gip-mds"]
}
