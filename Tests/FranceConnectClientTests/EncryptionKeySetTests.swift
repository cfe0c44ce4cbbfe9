import Cryptography
import Identification
import JOSE
import Testing

@testable import FranceConnectClient

@Suite struct `A set of encryption keys` {
    @Test func `publishes each key with its use and its algorithm`() throws {
        let set = try EncryptionKeySet.generate(
            for: [.ecdhES, .rsaOAEP, .rsaOAEP256], rsaBits: 2048)
        let text = String(decoding: set.publicDocument, as: UTF8.self)
        #expect(text.split(separator: #""use":"enc""#).count == 4)
        #expect(!text.contains(#""d":"#))
        let published = try JWKSet(parsing: set.publicDocument)
        #expect(published.keys.compactMap(\.algorithm) == ["ECDH-ES", "RSA-OAEP", "RSA-OAEP-256"])
        for algorithm in IntrospectionExpectations.encryptions {
            let key = try #require(published.encryptionKey(algorithm))
            #expect(set.keys(for: algorithm).count == 1)
            #expect(try set.keys(for: algorithm)[0].publicKey() == key.key)
        }
    }

    @Test func `gives the new key first and still opens with the old one`() throws {
        let (old, new) = (try PrivateKey.generateP256(), try PrivateKey.generateP256())
        let set = try EncryptionKeySet(pem: [(new.pem(), .ecdhES), (old.pem(), .ecdhES)])
        let first = try #require(try JWKSet(parsing: set.publicDocument).encryptionKey(.ecdhES))
        #expect(try first.key == new.publicKey())
        #expect(set.keys(for: .ecdhES).count == 2)
    }

    @Test func `refuses a key of another kind than its algorithm`() throws {
        let key = try PrivateKey.generateP256()
        #expect(throws: JOSEError.invalidKey) { try EncryptionKeySet([.init(key, for: .rsaOAEP)]) }
        #expect(throws: CryptographyError.wrongKeyKind) {
            try EncryptionKeySet(pem: [(key.pem(), .rsaOAEP)])
        }
    }
}
