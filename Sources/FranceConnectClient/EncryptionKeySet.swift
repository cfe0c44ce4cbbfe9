package import Cryptography
package import JOSE

/// The keys to which FranceConnect encrypts its answers, and their public document.
///
/// FranceConnect reads the document at each introspection and takes the first key that serves the
/// algorithm of the registration. To rotate, put the new key first and keep the old one after it
/// until FranceConnect has read the document again.
package struct EncryptionKeySet: Sendable {
    /// One key with the one algorithm that it serves.
    package struct Entry: Sendable {
        /// The key.
        package let key: PrivateKey
        /// The algorithm.
        package let algorithm: KeyManagementAlgorithm

        /// A key for an algorithm.
        package init(_ key: PrivateKey, for algorithm: KeyManagementAlgorithm) {
            self.key = key
            self.algorithm = algorithm
        }
    }

    /// The keys, those in use first.
    package let entries: [Entry]
    /// The public document, `application/jwk-set+json`: each key with its use and its algorithm.
    package let publicDocument: [UInt8]

    /// A set of these keys, each of the kind that its algorithm takes.
    package init(_ entries: [Entry]) throws(JOSEError) {
        var keys: [JWK] = []
        for entry in entries {
            guard entry.key.kind == entry.algorithm.franceConnectKind else { throw .invalidKey }
            guard let key = try? entry.key.publicKey() else { throw .invalidKey }
            keys.append(
                JWK(
                    key: key,
                    use: .encryption,
                    algorithm: entry.algorithm.rawValue,
                    keyID: try JWK.thumbprint(of: key)
                ))
        }
        self.entries = entries
        publicDocument = try JWKSet(keys).json()
    }

    /// New keys, one for each algorithm; they last as long as the process.
    ///
    /// Decrypting with RSA of 3072 bits costs fifty times what agreeing on P-256 does.
    package static func generate(
        for algorithms: [KeyManagementAlgorithm],
        rsaBits: Int = 3072
    ) throws(CryptographyError) -> EncryptionKeySet {
        var entries: [Entry] = []
        for algorithm in algorithms {
            let kind = algorithm.franceConnectKind
            let key: PrivateKey =
                kind == .rsa ? try .generateRSA(bits: rsaBits) : try .generate(kind)
            entries.append(Entry(key, for: algorithm))
        }
        do { return try EncryptionKeySet(entries) } catch { throw .invalidKey }
    }

    /// Keys kept by the deployment, as PEM, those in use first.
    package init(
        pem files: [(pem: [UInt8], algorithm: KeyManagementAlgorithm)]
    ) throws(CryptographyError) {
        var entries: [Entry] = []
        for file in files {
            entries.append(Entry(try PrivateKey(pem: file.pem), for: file.algorithm))
        }
        do { try self.init(entries) } catch { throw .wrongKeyKind }
    }

    /// The keys that may open what was encrypted with the algorithm.
    package func keys(for algorithm: KeyManagementAlgorithm) -> [PrivateKey] {
        entries.filter { $0.algorithm == algorithm }.map(\.key)
    }
}

extension KeyManagementAlgorithm {
    /// The kind of key to which FranceConnect encrypts with the algorithm: of the curves, it knows
    /// P-256 alone.
    fileprivate var franceConnectKind: KeyKind { keyKinds.contains(.rsa) ? .rsa : .p256 }
}
