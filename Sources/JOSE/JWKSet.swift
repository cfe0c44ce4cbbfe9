import JSONText

/// The public keys that someone publishes (RFC 7517 section 5).
package struct JWKSet: Sendable, Equatable {
    /// The keys, in the order of publication.
    package let keys: [JWK]

    /// A set to publish.
    package init(_ keys: [JWK]) {
        self.keys = keys
    }

    /// Reads a published set.
    ///
    /// Keys of a kind that is not known here are left aside; a key of a known kind that is not
    /// right refuses the whole set.
    package init(parsing bytes: [UInt8]) throws(JOSEError) {
        guard bytes.count <= 1 << 17 else { throw .tooLarge }
        let limits = JSONLimits(bytes: 1 << 17, depth: 8, nodes: 4000)
        let node: JSONNode
        do { node = try parseJSON(bytes, limits: limits) } catch { throw .malformed }
        guard let elements = node["keys"]?.elements else { throw .malformed }
        guard elements.count <= 64 else { throw .tooLarge }
        var keys: [JWK] = []
        for element in elements {
            if let key = try JWK(element) { keys.append(key) }
        }
        self.keys = keys
    }

    /// The set as a JSON document, `application/jwk-set+json`.
    package func json() throws(JOSEError) -> [UInt8] {
        var texts: [[UInt8]] = []
        for key in keys {
            var writer = JSONWriter()
            try key.write(to: &writer)
            texts.append(writer.bytes)
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member(
                "keys",
                array: { writer in
                    for text in texts { writer.raw(text) }
                }
            )
        }
        return writer.bytes
    }

    /// The keys that may have signed with the algorithm, under the name that a header gives.
    package func verificationKeys(
        _ algorithm: SignatureAlgorithm,
        keyID: String?
    ) -> [JWK] {
        keys.filter {
            $0.serves(.signature, algorithm.rawValue, kinds: [algorithm.keyKind], keyID: keyID)
        }
    }

    /// The first key to encrypt to with the algorithm: the one that FranceConnect takes.
    package func encryptionKey(_ algorithm: KeyManagementAlgorithm) -> JWK? {
        keys.first {
            $0.serves(.encryption, algorithm.rawValue, kinds: algorithm.keyKinds, keyID: nil)
        }
    }
}
