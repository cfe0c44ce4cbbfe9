import Cryptography
package import Vocabulary

/// What a credential is good for: a key of one environment is nothing in the other.
package enum CredentialEnvironment: String, CaseIterable, Sendable {
    /// Doubles, with invented people.
    case sandbox = "bac_a_sable"
    /// The real thing.
    case production

    /// What a key of this environment begins with.
    var keyPrefix: String {
        switch self {
        case .sandbox: "dlnuf_bas_"
        case .production: "dlnuf_prod_"
        }
    }
}

/// A key that a service shows: `dlnuf_bas_` or `dlnuf_prod_`, 256 bits, and a checksum.
///
/// The prefix says to a reader, to a scanner of repositories and to the gateway what it is and
/// where it is good; the checksum tells a key that was badly copied from one that is not known.
package enum APIKey {
    /// How many random bytes make a key.
    package static let secretBytes = 32
    private static let secretLength = 43
    private static let checksumLength = 6

    /// The text of a key.
    ///
    /// The secret is ``secretBytes`` bytes that nobody can foresee.
    package static func text(_ secret: [UInt8], for environment: CredentialEnvironment) -> String {
        let head = environment.keyPrefix + Base64URL.encode(secret)
        return head + checksum(head)
    }

    /// What the registry keeps of a key.
    package static func digest(_ text: String) -> [UInt8] {
        sha256(Array(text.utf8))
    }

    /// The digest of a key that has the form of one of this environment.
    ///
    /// - Throws: `serviceNonAuthentifie` where it is no key at all, and what is wrong with it where
    ///   it is almost one.
    package static func read(
        _ text: String, in environment: CredentialEnvironment
    ) throws(Problem) -> [UInt8] {
        guard text.utf8.count <= 256,
            let own = CredentialEnvironment.allCases.first(where: { text.hasPrefix($0.keyPrefix) })
        else { throw Problem(.serviceNonAuthentifie, detail: "Ce n'est pas une clé de dlnuf.") }
        guard text.utf8.count == own.keyPrefix.utf8.count + secretLength + checksumLength,
            checksum(String(text.dropLast(checksumLength))) == text.suffix(checksumLength)
        else { throw Problem(.cleMalRecopiee) }
        guard own == environment else { throw Problem(.cleAutreEnvironnement) }
        return digest(text)
    }

    /// Six characters that depend on all others.
    private static func checksum(_ head: String) -> String {
        let digest = sha256(Array("dlnuf/cle/v1".utf8) + Array(head.utf8))
        return Base64URL.encode(Array(digest.prefix(4)))
    }
}
