import TestSupport
import Testing

@testable import Cryptography

/// Keys made once: RSA takes its time.
enum SampleKeys {
    static let rsa = Result { try PrivateKey.generateRSA(bits: 2048) }
    static let p256 = Result { try PrivateKey.generateP256() }
}

private let message = Array("Dites-le-nous une fois".utf8)

private func bytes(_ text: String) throws -> [UInt8] {
    try #require(Base64URL.decode(text))
}

@Suite struct `A key` {
    @Test func `of RSA comes back from its numbers and from its PEM`() throws {
        let key = try SampleKeys.rsa.get()
        let again = try PrivateKey(rsa: key.rsaComponents())
        let read = try PrivateKey(pem: key.pem())
        let signature = try key.signRS256(message)
        #expect(try again.signRS256(message) == signature)
        #expect(try read.signRS256(message) == signature)
        let numbers = try key.publicKey().rsaComponents()
        #expect(numbers.n.count == 256)
        #expect(numbers.e == [1, 0, 1])
        let same = try PublicKey(rsaModulus: numbers.n, exponent: numbers.e)
        #expect(same == (try key.publicKey()))
        #expect(try PublicKey(pem: same.pem()) == same)
        #expect(same.verifiesRS256(signature, over: message))
    }

    @Test func `of P-256 comes back from its numbers and from its PEM`() throws {
        let key = try SampleKeys.p256.get()
        let point = try key.publicKey().p256Coordinates()
        let again = try PrivateKey(p256X: point.x, y: point.y, d: key.secret())
        let read = try PrivateKey(pem: key.pem())
        for signer in [key, again, read] {
            let signature = try signer.signES256(message)
            #expect(signature.count == 64)
            #expect(try key.publicKey().verifiesES256(signature, over: message))
        }
        #expect(try PublicKey(p256X: point.x, y: point.y) == (try key.publicKey()))
    }

    @Test func `of P-256 is refused off the curve`() throws {
        var (x, y) = try SampleKeys.p256.get().publicKey().p256Coordinates()
        y[31] ^= 1
        #expect(throws: CryptographyError.invalidKey) { try PublicKey(p256X: x, y: y) }
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(throws: CryptographyError.invalidKey) { try PublicKey(p256X: zero, y: zero) }
        x.append(0)
        #expect(throws: CryptographyError.invalidLength) { try PublicKey(p256X: x, y: y) }
    }

    @Test func `is refused when its halves do not belong together`() throws {
        let point = try SampleKeys.p256.get().publicKey().p256Coordinates()
        let other = try PrivateKey.generateP256().secret()
        #expect(throws: CryptographyError.invalidKey) {
            try PrivateKey(p256X: point.x, y: point.y, d: other)
        }
        let numbers = try SampleKeys.rsa.get().rsaComponents()
        let mixed = RSAPrivateComponents(
            n: numbers.n,
            e: numbers.e,
            d: numbers.d,
            p: numbers.q,
            q: numbers.q,
            dp: numbers.dp,
            dq: numbers.dq,
            qi: numbers.qi
        )
        #expect(throws: CryptographyError.invalidKey) { try PrivateKey(rsa: mixed) }
    }

    @Test(
        .enabled(if: Tool.openssl.exists, "openssl is not installed"),
        arguments: [
            ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            ["genpkey", "-algorithm", "ED25519"],
            [
                "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-aes256", "-pass", "pass:secret",
            ],
        ]
    )
    func `of another kind, too short or encrypted is refused`(arguments: [String]) throws {
        let pem = try #require(try Tool.openssl.run(arguments))
        #expect(throws: CryptographyError.invalidKey) { try PrivateKey(pem: pem) }
    }

    @Test func `does not print itself`() throws {
        let key = try SampleKeys.p256.get()
        #expect("\(key)" == "‹clé privée›")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("pointer"))
    }

    @Test(arguments: [[], Array("bonjour".utf8), [UInt8](repeating: 45, count: 4000)])
    func `is refused when the PEM is not one`(pem: [UInt8]) {
        #expect(throws: CryptographyError.self) { try PrivateKey(pem: pem) }
        #expect(throws: CryptographyError.self) { try PublicKey(pem: pem) }
    }

    @Test func `does not do what its kind cannot`() throws {
        let (rsa, p256) = (try SampleKeys.rsa.get(), try SampleKeys.p256.get())
        #expect(throws: CryptographyError.wrongKeyKind) { try rsa.signES256(message) }
        #expect(throws: CryptographyError.wrongKeyKind) { try p256.signRS256(message) }
        #expect(throws: CryptographyError.wrongKeyKind) {
            try p256.ecdhP256(with: rsa.publicKey())
        }
        #expect(throws: CryptographyError.wrongKeyKind) {
            try p256.rsaOAEPDecrypt(message, hash: .sha1)
        }
        #expect(!(try rsa.publicKey().verifiesES256([UInt8](repeating: 1, count: 64), over: [])))
    }
}

@Suite struct `A signature` {
    /// RFC 7515 appendix A.3.
    @Test func `of ES256 is the one of RFC 7515`() throws {
        let key = try PublicKey(
            p256X: bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
            y: bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
        )
        let signed =
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let signature = try bytes(
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        )
        #expect(key.verifiesES256(signature, over: Array(signed.utf8)))
    }

    @Test(arguments: 0..<64)
    func `with one byte changed is refused`(index: Int) throws {
        let p256 = try SampleKeys.p256.get()
        var signature = try p256.signES256(message)
        signature[index] ^= 1 << UInt8(index % 8)
        #expect(!(try p256.publicKey().verifiesES256(signature, over: message)))
        let rsa = try SampleKeys.rsa.get()
        signature = try rsa.signRS256(message)
        signature[index * 4] ^= 1 << UInt8(index % 8)
        #expect(!(try rsa.publicKey().verifiesRS256(signature, over: message)))
    }

    @Test func `of ES256 has 64 bytes and no zero half`() throws {
        let key = try SampleKeys.p256.get()
        let signature = try key.signES256(message)
        let check = try key.publicKey()
        #expect(!check.verifiesES256(signature + [0], over: message))
        #expect(!check.verifiesES256(Array(signature.dropLast()), over: message))
        #expect(!check.verifiesES256([UInt8](repeating: 0, count: 64), over: message))
        #expect(!check.verifiesES256([UInt8](repeating: 255, count: 64), over: message))
    }

    @Test(.enabled(if: Tool.openssl.exists, "openssl is not installed"))
    func `is understood by the openssl command, and the other way round`() throws {
        let folder = try TemporaryFolder()
        let text = try folder.write(message, "message")
        for key in [try SampleKeys.rsa.get(), try SampleKeys.p256.get()] {
            let isRSA = key.kind == .rsa
            let ours = isRSA ? try key.signRS256(message) : try key.signES256(message)
            let der = isRSA ? ours : ECDSASignature.der(raw: ours)
            let publicPath = try folder.write(key.publicKey().pem(), "public.pem")
            let privatePath = try folder.write(key.pem(), "private.pem")
            let signaturePath = try folder.write(der, "signature")
            let verified = try Tool.openssl.run(
                ["dgst", "-sha256", "-verify", publicPath, "-signature", signaturePath, text])
            #expect(verified != nil)
            let theirs = try #require(
                try Tool.openssl.run(["dgst", "-sha256", "-sign", privatePath, text])
            )
            let check = try key.publicKey()
            if isRSA {
                #expect(check.verifiesRS256(theirs, over: message))
            } else {
                let raw = try #require(ECDSASignature.raw(der: theirs, width: 32))
                #expect(check.verifiesES256(raw, over: message))
            }
        }
    }
}

@Suite struct `Many threads at once` {
    @Test func `share a key and digest apart`() async throws {
        let (p256, rsa) = (try SampleKeys.p256.get(), try SampleKeys.rsa.get())
        let (p256Public, rsaPublic) = (try p256.publicKey(), try rsa.publicKey())
        try await withThrowingTaskGroup { group in
            for worker in 0..<16 {
                group.addTask {
                    var generator = Seeded(UInt64(worker))
                    for _ in 0..<20 {
                        let bytes = generator.bytes(100)
                        var hasher = SHA256Hasher()
                        hasher.update(bytes)
                        let digest = hasher.finalize()
                        #expect(digest == sha256(bytes))
                        #expect(p256Public.verifiesES256(try p256.signES256(bytes), over: bytes))
                        #expect(rsaPublic.verifiesRS256(try rsa.signRS256(bytes), over: bytes))
                        let shared = try p256.ecdhP256(with: p256Public)
                        #expect(shared == (try p256.ecdhP256(with: p256Public)))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
