import Cryptography
import JSONText
package import Vocabulary

/// What an access token is worth nothing without.
package struct TokenBinding: Sendable, Equatable {
    /// SHA-256 of the certificate that the connection must present (RFC 8705, `x5t#S256`).
    package let certificate: [UInt8]?
    /// The thumbprint of the key that must sign each request's proof (RFC 9449, `jkt`).
    package let proofKey: String?

    /// A binding to one of the two, or to both; nil where it would be to nothing.
    package init?(certificate: [UInt8]?, proofKey: String?) {
        guard certificate != nil || proofKey != nil else { return nil }
        self.certificate = certificate
        self.proofKey = proofKey
    }

    /// How a token so bound is presented.
    package var scheme: String { proofKey == nil ? "Bearer" : "DPoP" }

    /// What the journal calls it.
    package var kind: CredentialKind { proofKey == nil ? .certificateToken : .proofToken }
}

/// An access token: which client it stands for, by which credential, bound to what, until when.
///
/// Its text is sealed under a key that is drawn at the gateway's start and that nobody else has.
/// The gateway is the only reader, so a format that others can read would only give them something
/// to confuse; nothing is kept, so there is nothing to fill up; and it ends with the process, as
/// the nonces do. Whether the client and the credential still stand is asked of the registry at
/// each use: revoking either ends the token at once.
package struct AccessToken: Sendable, Equatable {
    package let client: String
    package let credential: String
    package let binding: TokenBinding
    package let expiresAt: Timestamp

    package init(
        client: String, credential: String, binding: TokenBinding, expiresAt: Timestamp
    ) {
        self.client = client
        self.credential = credential
        self.binding = binding
        self.expiresAt = expiresAt
    }

    /// What every token begins with.
    package static let prefix = "dlnuf_jeton_"
    private static let nonceBytes = 12
    private static let tagBytes = 16
    private static let context = Array("dlnuf/jeton/v1".utf8)
    private static let maximumBytes = 2048

    /// The token's text.
    ///
    /// The key is the 32 bytes of this life of the gateway; the nonce, 12 random bytes used once.
    package func sealed(under key: [UInt8], nonce: [UInt8]) throws(Problem) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("client", client)
            writer.member("titre", credential)
            writer.member("fin_ms", expiresAt.milliseconds)
            writer.member("certificat", ifPresent: binding.certificate.map(Hex.encode))
            writer.member("preuve", ifPresent: binding.proofKey)
        }
        do {
            let sealed = try AESGCM.seal(
                key: key, nonce: nonce, aad: Self.context, plaintext: writer.bytes)
            return Self.prefix + Base64URL.encode(nonce + sealed.ciphertext + sealed.tag)
        } catch {
            throw Problem(.erreurInterne)
        }
    }

    /// Reads a token of this life of the gateway.
    package init(_ text: String, under key: [UInt8]) throws(Problem) {
        let unknown = Problem(.jetonAccesInconnu)
        guard text.hasPrefix(Self.prefix), text.utf8.count <= Self.maximumBytes,
            let bytes = Base64URL.decode(String(text.dropFirst(Self.prefix.count))),
            bytes.count > Self.nonceBytes + Self.tagBytes,
            let plain = try? AESGCM.open(
                key: key, nonce: Array(bytes.prefix(Self.nonceBytes)), aad: Self.context,
                ciphertext: Array(bytes.dropFirst(Self.nonceBytes).dropLast(Self.tagBytes)),
                tag: Array(bytes.suffix(Self.tagBytes))),
            let root = try? parseJSON(plain), let client = root["client"]?.string,
            let credential = root["titre"]?.string, let end = root["fin_ms"]?.integer,
            let binding = TokenBinding(
                certificate: root["certificat"]?.string.flatMap(Hex.decode),
                proofKey: root["preuve"]?.string)
        else { throw unknown }
        self.init(
            client: client, credential: credential, binding: binding,
            expiresAt: Timestamp(milliseconds: end))
    }
}
