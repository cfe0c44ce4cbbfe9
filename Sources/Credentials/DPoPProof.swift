import Cryptography
import JOSE
import JSONText
package import Vocabulary

/// The request that a proof must be of.
package struct ProvenRequest: Sendable {
    /// The method, as it was sent.
    package let method: String
    /// The address without query, under our public name.
    package let url: String

    package init(method: String, url: String) {
        self.method = method
        self.url = url
    }
}

/// A proof that whoever sends a request has a private key (RFC 9449), but for its nonce and its
/// being the first of its name.
package struct DPoPProof: Sendable {
    /// The thumbprint of the key that signed it.
    package let thumbprint: String
    /// The nonce that it repeats; nil where it has none.
    package let nonce: String?
    /// What tells it from every other of that key.
    package let replayKey: [UInt8]
    /// The access token that it is of, as a digest; nil where it has none.
    private let tokenDigest: [UInt8]?

    /// The longest proof that is read, in bytes.
    package static let maximumBytes = 4 << 10

    /// Checks the signature, the request and the date of the one proof of a request.
    package init(
        _ fields: [String], of request: ProvenRequest, at now: Timestamp
    ) throws(Problem) {
        guard let text = fields.first else { throw Problem(.preuveAbsente) }
        let bytes = Array(text.utf8)
        guard fields.count == 1, bytes.count <= Self.maximumBytes else {
            throw Problem(
                .preuveMalFormee, detail: "Envoyez un seul en-tête « DPoP », de 4 Kio au plus.")
        }
        let (payload, key) = try Self.verified(bytes)
        guard let claims = try? parseJSON(payload, limits: UnverifiedToken.limits),
            let id = claims["jti"]?.string, (8...128).contains(id.utf8.count),
            let method = claims["htm"]?.string, let url = claims["htu"]?.string,
            let issued = claims["iat"]?.moment,
            let thumbprint = try? JWK.thumbprint(of: key)
        else { throw Problem(.preuveMalFormee) }
        guard method.isExactly(request.method), Self.isSame(url, request.url) else {
            throw Problem(.preuveAutreRequete)
        }
        guard issued <= now.adding(seconds: CredentialTimes.skewSeconds) else {
            throw Problem(.preuveFuture)
        }
        guard
            issued.adding(seconds: CredentialTimes.proofSeconds + CredentialTimes.skewSeconds)
                > now
        else { throw Problem(.preuvePerimee) }
        nonce = try Self.text(claims, "nonce")
        tokenDigest = try Self.text(claims, "ath").map { Base64URL.decode($0) ?? [] }
        self.thumbprint = thumbprint
        replayKey = sha256(Array("dlnuf/preuve/v1 \(thumbprint) ".utf8) + Array(id.utf8))
    }

    /// Checks that the proof is of this access token.
    package func check(token: String) throws(Problem) {
        guard let tokenDigest, constantTimeEqual(tokenDigest, sha256(Array(token.utf8))) else {
            throw Problem(.preuveAutreJeton)
        }
    }

    private static func verified(_ token: [UInt8]) throws(Problem) -> ([UInt8], PublicKey) {
        do throws(JOSEError) {
            return try CompactJWS.verifyEmbedded(
                token, algorithms: SignatureAlgorithm.allCases, type: .required("dpop+jwt"),
                maxBytes: maximumBytes)
        } catch {
            switch error {
            case .unexpectedAlgorithm:
                // The same word stands for another type: which of the two, the header says.
                let named = UnverifiedToken(token)?.algorithm
                let isKnown = SignatureAlgorithm.allCases.contains { $0.rawValue == named }
                throw Problem(isKnown ? .preuveMalFormee : .preuveAlgorithmeRefuse)
            case .invalidSignature: throw Problem(.preuveSignatureFausse)
            default: throw Problem(.preuveMalFormee)
            }
        }
    }

    private static func text(_ claims: JSONNode, _ name: String) throws(Problem) -> String? {
        guard let member = claims[name] else { return nil }
        guard let text = member.string else { throw Problem(.preuveMalFormee) }
        return text
    }

    /// Whether `htu` is the address, but for a query, a fragment, and the case of scheme and host.
    private static func isSame(_ url: String, _ expected: String) -> Bool {
        let bare = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let (given, own) = (Parts(bare), Parts(expected.utf8[...]))
        return given == own
    }

    /// An address, split where the case begins to matter.
    private struct Parts: Equatable {
        let origin: String
        let path: [UInt8]

        init(_ url: Substring.UTF8View) {
            let bytes = Array(url)
            var slashes = 0
            let end =
                bytes.firstIndex { byte in
                    if byte == UInt8(ascii: "/") { slashes += 1 }
                    return slashes == 3
                } ?? bytes.endIndex
            origin = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
            path = Array(bytes[end...])
        }
    }
}
