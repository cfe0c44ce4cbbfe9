package import Cryptography
package import JOSE
package import Vocabulary

/// What FranceConnect answered to an introspection, as bytes.
package struct IntrospectionReply: Sendable {
    /// The status of HTTP.
    package let status: Int
    /// The `Content-Type` field.
    package let mediaType: String?
    /// The body.
    package let body: [UInt8]

    /// An answer to verify.
    package init(status: Int, mediaType: String?, body: [UInt8]) {
        self.status = status
        self.mediaType = mediaType
        self.body = body
    }
}

/// What an answer must be, for one registration at FranceConnect.
package struct IntrospectionExpectations: Sendable {
    /// FranceConnect's issuer: its base address with `/api/v2`.
    package let issuer: String
    /// The client identifier of this registration, the audience of the answer.
    package let clientID: String
    /// How FranceConnect signs for this registration.
    package let signature: SignatureAlgorithm
    /// How FranceConnect encrypts for this registration.
    package let encryption: KeyManagementAlgorithm
    /// The keys that may open the answer, also those being rotated out.
    package let decryptionKeys: [PrivateKey]
    /// How far FranceConnect's clock may be from ours, in seconds.
    package let skewSeconds: Int64

    /// The expectations of one registration.
    package init(
        issuer: String,
        clientID: String,
        signature: SignatureAlgorithm,
        encryption: KeyManagementAlgorithm,
        decryptionKeys: [PrivateKey],
        skewSeconds: Int64 = 10
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.signature = signature
        self.encryption = encryption
        self.decryptionKeys = decryptionKeys
        self.skewSeconds = skewSeconds
    }
}

/// What an introspection says of a token, once it is found to be FranceConnect's word.
///
/// The pairwise subject is not kept: nothing here needs it.
package struct VerifiedIntrospection: Sendable {
    /// The FranceConnect client for which the usager logged in.
    package let serviceClientID: String
    /// The scopes that the service was granted and that this registration may see.
    package let scopes: Set<String>
    /// The level that was asked of the login; the lowest if several were.
    package let level: AssuranceLevel
    /// When the token ends.
    package let expiry: Timestamp
    /// Who the usager is.
    package let pivot: Sensitive<PivotIdentity>
}

/// Why an introspection gives no usager, by whose doing.
package enum IntrospectionFailure: Error, Sendable, Hashable {
    /// The token is over, unknown or revoked, or the usager has logged out: they log in again.
    case inactive
    /// FranceConnect knows the usager, but not by an identity that serves here.
    case identityUnusable(IdentityDefect)
    /// FranceConnect's answer is not acceptable.
    case unacceptable(Defect)
    /// The answer is signed with a key that the known set does not hold.
    case unknownKey
    /// FranceConnect refuses our registration or our request: our own configuration is wrong.
    case misconfigured(Misconfiguration)
    /// FranceConnect failed on its side, and says so.
    case failed(status: Int)
    /// FranceConnect could not be reached.
    case unreachable
    /// FranceConnect did not answer in time.
    case timedOut

    /// What is not acceptable in an answer.
    package enum Defect: String, Sendable, CaseIterable {
        case status, mediaType, tooLarge, decryption, algorithm, header, signature, token, issuer
        case audience, freshness, content, level, keySet
    }

    /// What is wrong on our side.
    package enum Misconfiguration: String, Sendable, CaseIterable {
        case unknownRegistration, refusedCredentials, refusedRequest
    }

    /// What an identity lacks.
    package enum IdentityDefect: String, Sendable, CaseIterable {
        case absent, birthName, givenNames, birthDate, sex, country, commune
    }
}

extension IntrospectionFailure {
    /// The entry of the catalogue that tells the caller.
    package var problem: ProblemCode {
        switch self {
        case .inactive: .jetonFranceConnectInactif
        case .identityUnusable: .identiteInexploitable
        case .unacceptable, .unknownKey: .franceConnectIrrecevable
        case .misconfigured: .passerelleMalConfiguree
        case .failed, .unreachable: .franceConnectIndisponible
        case .timedOut: .franceConnectTropLent
        }
    }

    /// A word for a technical log; it says nothing of the usager.
    package var code: String {
        switch self {
        case .inactive: "inactif"
        case .identityUnusable(let defect): "identite_inexploitable.\(defect.rawValue)"
        case .unacceptable(let defect): "irrecevable.\(defect.rawValue)"
        case .unknownKey: "cle_inconnue"
        case .misconfigured(let fault): "configuration.\(fault.rawValue)"
        case .failed: "en_panne"
        case .unreachable: "injoignable"
        case .timedOut: "trop_lent"
        }
    }
}

extension IntrospectionExpectations {
    /// The algorithms with which FranceConnect may sign.
    package static let signatures: [SignatureAlgorithm] = [.rs256, .es256]
    /// The algorithms with which FranceConnect may encrypt.
    package static let encryptions: [KeyManagementAlgorithm] = [
        .rsaOAEP, .rsaOAEP256, .ecdhES,
    ]
}
