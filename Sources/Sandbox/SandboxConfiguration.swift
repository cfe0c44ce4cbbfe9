/// What the sandbox is started with; every credential is the caller's, made anew each time.
package struct SandboxConfiguration: Sendable {
    /// A client of FranceConnect: a service provider, or one of its purposes.
    package struct Client: Sendable {
        /// Its `client_id`.
        package let id: String
        /// Its `client_secret`.
        package let secret: String
        /// What FranceConnect's pages call it.
        package let title: String
        /// Where a login may send the browser back.
        package let redirectURIs: [String]
        /// Where a logout may send the browser back.
        package let postLogoutURIs: [String]
        /// The scopes that it may ask for, `openid` aside.
        package let scopes: [String]

        /// Makes it from its parts.
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
        /// The service's id, as the gateway knows it.
        package let id: String
        /// The client that serves every purpose without one of its own.
        package let client: Client
        /// The purposes that have a client of their own.
        package let clientsOfPurposes: [String: Client]

        /// Makes it from its parts.
        package init(id: String, client: Client, clientsOfPurposes: [String: Client] = [:]) {
            self.id = id
            self.client = client
            self.clientsOfPurposes = clientsOfPurposes
        }
    }

    /// How the gateway is registered at FranceConnect for one holder.
    package struct DataProvider: Sendable {
        /// The holder's id.
        package let holder: String
        /// The `client_id` of the registration.
        package let clientID: String
        /// The `client_secret` of the registration.
        package let secret: String
        /// Where FranceConnect fetches the encryption key, on each introspection.
        package let keysURL: String
        /// The scopes that the introspection may reveal.
        package let scopes: [String]
        /// The algorithm of the encryption key.
        package let keyAlgorithm: Sealing.KeyAlgorithm
        /// Whether the introspection is signed with RS256 instead of ES256.
        package let signsWithRSA: Bool

        /// Makes it from its parts.
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
        /// For API Impôt Particulier and R2P.
        package let dgfip: ClientCredentials
        /// For the social security counter.
        package let cnav: ClientCredentials
        /// For the job-seekers' registrations and payments.
        package let franceTravail: ClientCredentials
        /// For the employers' declarations.
        package let gipMDS: ClientCredentials
        /// The key of the search by INE.
        package let mesriKeyForINE: String
        /// The key of the search by civil status.
        package let mesriKeyForCivilStatus: String

        /// Makes it from its parts.
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

    /// The services that call the gateway.
    package var services: [Service]
    /// The gateway's registrations at FranceConnect, one for each holder.
    package var dataProviders: [DataProvider]
    /// What the holders gave the gateway to call them with.
    package var credentials: HolderCredentials
    /// The ports by id (`franceconnect`, `dgfip`, …, `bac_a_sable`); those without get a free one.
    package var ports: [String: UInt16]

    /// Makes it from its parts.
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
