import Cryptography
import Testing

@testable import JOSE

/// Figures of NIST, of the Ed25519 software and of RSA Laboratories: `Tests/Corpus/jose/vectors`.
@Suite struct `The figures of others` {
    @Test func `are all there`() {
        let counts = [
            "ecdsa.txt", "points.txt", "ecdh.txt", "ed25519.txt", "aes-gcm.txt", "key-wrap.txt",
            "rsa.txt", "rsa-oaep.txt",
        ].map { Vectors($0).cases.count }
        #expect(counts == [60, 24, 120, 64, 200, 48, 72, 24])
    }

    @Test(arguments: Vectors("ecdsa.txt").cases)
    func `are signed with ECDSA`(vector: Vectors.Fields) throws {
        let scheme: SignatureScheme = vector[0] == "ES256" ? .es256 : .es384
        let (x, y) = (try vector.bytes(3), try vector.bytes(4))
        let key = try? PublicKey(curve: scheme.keyKind, x: x, y: y)
        let isSigned = try key?.verifies(vector.bytes(6), over: vector.bytes(5), as: scheme)
        #expect((isSigned ?? false) == vector.isValid)
    }

    @Test(arguments: Vectors("points.txt").cases)
    func `are points of a curve`(vector: Vectors.Fields) throws {
        let text = #"{"kty":"EC","crv":"\#(vector[0])","x":"\#(vector[3])","y":"\#(vector[4])"}"#
        if vector.isValid {
            #expect(try JWK(parsing: Array(text.utf8)) != nil)
        } else {
            #expect(throws: JOSEError.invalidKey) { try JWK(parsing: Array(text.utf8)) }
        }
    }

    @Test(arguments: Vectors("ecdh.txt").cases)
    func `are agreed on`(vector: Vectors.Fields) throws {
        let curve: KeyKind = vector[0] == "P-256" ? .p256 : .p384
        let peer = try? PublicKey(curve: curve, x: vector.bytes(3), y: vector.bytes(4))
        let own = try? PrivateKey(
            curve: curve, x: vector.bytes(5), y: vector.bytes(6), d: vector.bytes(7))
        if vector[2].hasPrefix("CAVS") { #expect(peer == nil) }
        if vector[2].hasPrefix("IUT") { #expect(own == nil) }
        let shared = own.flatMap { own in peer.flatMap { try? own.agree(with: $0) } }
        let expected = try vector.bytes(8)
        #expect((shared == expected) == vector.isValid)
    }

    @Test(arguments: Vectors("ed25519.txt").cases)
    func `are signed with Ed25519`(vector: Vectors.Fields) throws {
        let key = try PrivateKey(
            curve: .ed25519, raw: vector.bytes(3), d: vector.bytes(4))
        let (message, signature) = (try vector.bytes(5), try vector.bytes(6))
        #expect(try key.sign(message, as: .ed25519) == signature)
        let check = try key.publicKey()
        #expect(check.verifies(signature, over: message, as: .ed25519))
        #expect(!check.verifies(signature, over: message + [0], as: .ed25519))
    }

    @Test(arguments: Vectors("aes-gcm.txt").cases)
    func `are sealed with AES-GCM`(vector: Vectors.Fields) throws {
        let open = {
            try AESGCM.open(
                key: vector.bytes(3), nonce: vector.bytes(4), aad: vector.bytes(5),
                ciphertext: vector.bytes(6), tag: vector.bytes(7))
        }
        if vector.isValid {
            #expect(try open() == vector.bytes(8))
            let sealed = try AESGCM.seal(
                key: vector.bytes(3), nonce: vector.bytes(4), aad: vector.bytes(5),
                plaintext: vector.bytes(8))
            #expect(try sealed.ciphertext == vector.bytes(6))
            #expect(try sealed.tag == vector.bytes(7))
        } else {
            #expect(throws: CryptographyError.decryptionFailed) { try open() }
        }
    }

    @Test(arguments: Vectors("key-wrap.txt").cases)
    func `are wrapped with AES`(vector: Vectors.Fields) throws {
        let (key, wrapped) = (try vector.bytes(3), try vector.bytes(4))
        if vector.isValid {
            let plain = try vector.bytes(5)
            #expect(try AESKeyWrap.unwrap(wrapped, under: key) == plain)
            #expect(try AESKeyWrap.wrap(plain, under: key) == wrapped)
        } else {
            #expect(throws: CryptographyError.decryptionFailed) {
                try AESKeyWrap.unwrap(wrapped, under: key)
            }
        }
    }

    /// Those of 1024 bits, or of an exponent below 65537, are right for NIST and weak for us; so
    /// are salts of ten bytes where PS256 has thirty-two.
    @Test(arguments: Vectors("rsa.txt").cases)
    func `are signed with RSA`(vector: Vectors.Fields) throws {
        let exponent = try vector.bytes(5)
        let text = #"{"kty":"RSA","n":"\#(vector[4])","e":"\#(vector[5])"}"#
        let isWeak = vector[3] == "1024" || exponent.count < 3
        guard !isWeak else {
            #expect(throws: JOSEError.invalidKey) { try JWK(parsing: Array(text.utf8)) }
            return
        }
        let scheme: SignatureScheme = vector[0] == "RS256" ? .rs256 : .ps256
        let key = try #require(try JWK(parsing: Array(text.utf8))).key
        let isSigned = try key.verifies(vector.bytes(7), over: vector.bytes(6), as: scheme)
        #expect(isSigned == (vector.isValid && scheme == .rs256))
    }

    @Test(arguments: Vectors("rsa-oaep.txt").cases)
    func `are encrypted with RSA-OAEP`(vector: Vectors.Fields) throws {
        let numbers = RSAPrivateComponents(
            n: try vector.bytes(3), e: try vector.bytes(4), d: try vector.bytes(5),
            p: try vector.bytes(6), q: try vector.bytes(7), dp: try vector.bytes(8),
            dq: try vector.bytes(9), qi: try vector.bytes(10))
        let key = try PrivateKey(rsa: numbers)
        let hash: OAEPHash = vector[0] == "RSA-OAEP" ? .sha1 : .sha256
        let (ciphertext, message) = (try vector.bytes(11), try vector.bytes(12))
        #expect(try key.rsaOAEPDecrypt(ciphertext, hash: hash) == message)
        let found = try key.rsaOAEPUnwrap(ciphertext, hash: hash, bytes: message.count)
        #expect(found == message)
        // Where there is no such key, another comes, as long, and another each time.
        let other: OAEPHash = hash == .sha1 ? .sha256 : .sha1
        let strange = try key.rsaOAEPUnwrap(ciphertext, hash: other, bytes: 32)
        #expect(strange.count == 32)
        #expect(try key.rsaOAEPUnwrap(ciphertext, hash: other, bytes: 32) != strange)
        #expect(try key.rsaOAEPUnwrap(ciphertext, hash: hash, bytes: 33).count == 33)
    }
}
