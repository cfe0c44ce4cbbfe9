import HTTPMessages
import TestSupport
import Testing

@Suite struct `Encodings` {
    @Test(arguments: ["", "abc-._~", "é /?&=+%", "a\u{0}b", "🙂"])
    func `percent-encode and decode back`(text: String) {
        let encoded = PercentEncoding.encode(text)
        #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test(arguments: ["%", "%4", "%g0", "%0g", "%ff", "%+1"])
    func `refuse a percent sign without its digits, or bytes that are no text`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test func `read a form in order, with repetitions`() throws {
        let form = try FormEncoding.parse("a=1&b=x+y%2B&a=&c".utf8)
        #expect(form.pairs.map(\.name) == ["a", "b", "a", "c"])
        #expect(form.all("a") == ["1", ""])
        #expect(form.only("a") == nil)
        #expect(form.only("b") == "x y+")
        #expect(form.only("c") == "")
        #expect(try FormEncoding.parse(query: nil).pairs.isEmpty)
    }

    @Test(
        arguments: [
            ("a=%", .malformed), ("a=%ff", .malformed), ("a=%00", .malformed), ("=1", .emptyName),
            ("a&&b", .emptyName), ("a&a&a&a", .tooManyFields),
        ] as [(String, FormError)]
    )
    func `refuse a form that browsers would forgive`(text: String, error: FormError) {
        #expect(throws: error) { try FormEncoding.parse(text.utf8, maxFields: 3) }
    }

    @Test(arguments: 0..<20)
    func `write a form that reads back`(seed: Int) throws {
        var random = Seeded(seed)
        let pairs = (0..<5).map { index in
            (
                "n\(index)",
                String((0..<8).map { _ in "aé &=+%\n🙂".randomElement(using: &random) ?? "a" })
            )
        }
        let form = try FormEncoding.parse(FormEncoding.serialize(pairs).utf8)
        #expect(form.pairs.map(\.value) == pairs.map(\.1))
    }

    @Test func `read media types`() throws {
        let type = try #require(MediaType("Application/JSON ; Charset=\"UTF-8\";q=1"))
        #expect(type.essence == "application/json")
        #expect(type.parameters == ["charset": "UTF-8", "q": "1"])
        #expect(type.isJSON)
        #expect(MediaType("application/problem+json")?.isJSON == true)
        #expect(MediaType("application/json; charset=latin1")?.isJSON == false)
        #expect(MediaType("text/plain")?.isJSON == false)
    }

    @Test(arguments: ["", "json", "a/", "/b", "a/b;", "a/b; c", "a/b c", "a/b;c=\"", "a/b;c=1;C=2"])
    func `refuse what is no media type`(text: String) {
        #expect(MediaType(text) == nil)
    }
}
