package import JOSE
package import Vocabulary

/// Where FranceConnect is, and who we are to it.
package struct FranceConnectConfiguration: Sendable {
    /// What FranceConnect gave to one data holder: each has its own, so that the usager's history
    /// names the holder that was asked and what it was asked for.
    package struct Registration: Sendable {
        /// The client identifier.
        package let clientID: String
        /// The client secret.
        package let secret: Sensitive<String>
        /// How FranceConnect signs for it.
        package let signature: SignatureAlgorithm
        /// How FranceConnect encrypts for it.
        package let encryption: KeyManagementAlgorithm

        /// One registration.
        package init(
            clientID: String,
            secret: Sensitive<String>,
            signature: SignatureAlgorithm = .es256,
            encryption: KeyManagementAlgorithm = .ecdhES
        ) {
            self.clientID = clientID
            self.secret = secret
            self.signature = signature
            self.encryption = encryption
        }
    }

    /// The issuer: FranceConnect's base address with `/api/v2`, without a slash at its end.
    package var issuer: String
    /// Where FranceConnect publishes its keys; nil asks its discovery document.
    package var keySetURL: String?
    /// The registrations, by data holder.
    package var registrations: [HolderID: Registration]
    /// The services' clients at FranceConnect, by the identifier that FranceConnect gave each.
    package var clients: [String: FranceConnectClient]
    /// The certification authorities to trust instead of the system's.
    package var caFile: String?
    /// Whether plain `http` may be used: for doubles on this machine, never in production.
    package var allowsPlainHTTP = false
    /// How long one call may take; a token lives sixty seconds.
    package var callTimeout = Duration.seconds(5)
    /// How far FranceConnect's clock may be from ours, in seconds.
    package var skewSeconds: Int64 = 10
    /// After how long the keys are read again, without anyone waiting.
    package var keySetAge = Duration.seconds(3600)
    /// How long must pass between two readings of the keys, whoever asks.
    package var keySetPause = Duration.seconds(10)

    /// A configuration with the default times.
    package init(
        issuer: String,
        keySetURL: String? = nil,
        registrations: [HolderID: Registration],
        clients: [String: FranceConnectClient]
    ) {
        self.issuer = issuer
        self.keySetURL = keySetURL
        self.registrations = registrations
        self.clients = clients
    }
}
