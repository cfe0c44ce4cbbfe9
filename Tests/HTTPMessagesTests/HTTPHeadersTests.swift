import HTTPMessages
import Testing

@Suite struct `Header fields` {
    @Test func `are found whatever the case of their name`() {
        var headers = HTTPHeaders([("Content-Type", "text/plain"), ("X-A", "1"), ("x-a", "2")])
        #expect(headers["content-type"] == "text/plain")
        #expect(headers.all("X-a") == ["1", "2"])
        headers["x-A"] = "3"
        #expect(headers.all("x-a") == ["3"])
        headers["x-a"] = nil
        #expect(!headers.contains("X-A"))
        #expect(headers.count == 1)
    }

    @Test(arguments: ["a\r\nSet-Cookie: b", "a\u{0}b", "a\rb"])
    func `never start another line`(value: String) {
        let headers = HTTPHeaders([("X", value)])
        let written = headers["X"] ?? ""
        #expect(!written.utf8.contains { $0 < 0x20 })
        #expect(written.hasPrefix("a"))
    }

    @Test(arguments: ["", "a b", "a:", "é", "a\r"])
    func `refuse a name that is no token`(name: String) {
        var headers = HTTPHeaders()
        let isAdded = headers.add(name, "x")
        #expect(!isAdded)
        #expect(headers.count == 0)
    }

    @Test func `list the tokens of a comma-separated field`() {
        let headers = HTTPHeaders([("Connection", "keep-alive , Close"), ("Connection", "x")])
        #expect(headers.lists("close", in: "connection"))
        #expect(headers.lists("X", in: "connection"))
        #expect(!headers.lists("clos", in: "connection"))
    }

    @Test func `never print`() {
        let headers = HTTPHeaders([("Authorization", "Bearer secret")])
        var dumped = ""
        dump(headers, to: &dumped)
        #expect(!"\(headers)\(dumped)\(String(reflecting: headers))".contains("secret"))
    }
}
