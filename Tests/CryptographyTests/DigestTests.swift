import TestSupport
import Testing

@testable import Cryptography

@Suite struct `A digest` {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `is the one of FIPS 180-4`(text: String, expected: String) {
        #expect(Hex.encode(sha256(Array(text.utf8))) == expected)
    }

    @Test(arguments: 0..<40)
    func `taken piece by piece is the one taken at once`(seed: UInt64) {
        var generator = Seeded(seed)
        let bytes = generator.bytes(Int.random(in: 0..<500, using: &generator))
        var hasher = SHA256Hasher()
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...rest.count, using: &generator)
            hasher.update(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        let digest = hasher.finalize()
        #expect(digest == sha256(bytes))
    }

    @Test(arguments: [
        (
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 131),
            "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d204"
                + "8617368204b6579204669727374",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `keyed is the one of RFC 4231`(key: String, message: String, expected: String) throws {
        let key = try #require(Hex.decode(key))
        let message = try #require(Hex.decode(message))
        #expect(Hex.encode(hmacSHA256(key: key, message)) == expected)
    }

    @Test func `compares in constant time like equality`() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
    }

    @Test func `wipes a secret`() {
        var secret: [UInt8] = [1, 2, 3]
        wipe(&secret)
        #expect(secret.isEmpty)
    }
}

@Suite struct `Base64 text` {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `is the one of RFC 4648`(text: String, expected: String) {
        #expect(Base64.encode(Array(text.utf8)) == expected)
        #expect(Base64.decode(expected) == Array(text.utf8))
        let unpadded = String(expected.prefix { $0 != "=" })
        #expect(Base64URL.encode(Array(text.utf8)) == unpadded)
        #expect(Base64URL.decode(unpadded) == Array(text.utf8))
    }

    @Test(arguments: ["A", "Zg==", "Zh", "Zm9", "+/+/", "Zm9v\n", "Zm 9v", "Zm9vé", "-_-_="])
    func `for URLs is refused when not canonical`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: ["Zg", "Zg=", "Zh==", "=", "====", "Z===", "-_-_", "Zg==Zg=="])
    func `is refused when not canonical`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: 0..<40)
    func `comes back, and so does hexadecimal`(seed: UInt64) {
        var generator = Seeded(seed)
        let bytes = generator.bytes(Int(seed))
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes).uppercased()) == bytes)
    }

    @Test(arguments: ["0", "0g", "é0", " 00", "0x00"])
    func `in hexadecimal is refused when it is not`(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
