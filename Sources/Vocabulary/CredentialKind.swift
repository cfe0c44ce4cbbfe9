/// With what a service showed who it is, as the journal records it.
package enum CredentialKind: String, CaseIterable, Sendable {
    /// A key that whoever has it may use.
    case apiKey = "cle_api"
    /// An access token that is worth nothing without the certificate that it is bound to.
    case certificateToken = "jeton_certificat"
    /// An access token that is worth nothing without the key that it is bound to.
    case proofToken = "jeton_dpop"

    /// Whether a thief of the credential alone can do nothing with it.
    package var isBound: Bool { self != .apiKey }
}
