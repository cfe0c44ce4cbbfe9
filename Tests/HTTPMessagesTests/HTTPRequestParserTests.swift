import HTTPMessages
import Testing

@Suite struct `A request parser` {
    @Test func `reads a request with a body, then the next one`() throws {
        let input =
            request(
                [
                    "POST /v1/echanges?a=b HTTP/1.1", "Host: exemple.fr:8443",
                    "content-LENGTH: 5", "X-Empty:", "X-Spaces: \t a b \t",
                ],
                body: "hello"
            )
            + request(["GET / HTTP/1.1", "Host: exemple.fr", "Connection: Close"])
        let reading = read(input)
        #expect(reading.failure == nil)
        let first = try #require(reading.requests.first)
        #expect(first.head.method == .post)
        #expect(first.head.target == "/v1/echanges?a=b")
        #expect(first.head.segments == ["v1", "echanges"])
        #expect(first.head.path == "/v1/echanges")
        #expect(first.head.query == "a=b")
        #expect(first.head.authority == "exemple.fr:8443")
        #expect(first.head.headers["x-spaces"] == "a b")
        #expect(first.head.headers["x-empty"] == "")
        #expect(first.head.keepsAlive)
        #expect(first.body == Array("hello".utf8))
        #expect(first.isComplete)
        let second = try #require(reading.requests.last)
        #expect(second.head.segments == [])
        #expect(!second.head.keepsAlive)
        #expect(second.isComplete)
    }

    @Test(arguments: malformed)
    func `refuses`(_ sample: Sample) {
        for reading in [read(sample.bytes), readByteByByte(sample.bytes)] {
            #expect(reading.failure?.reason == sample.reason)
            #expect(reading.requests.allSatisfy { !$0.isComplete })
        }
    }

    @Test(arguments: accepted)
    func `accepts`(_ sample: String) {
        for reading in [read(Array(sample.utf8)), readByteByByte(Array(sample.utf8))] {
            #expect(reading.failure == nil)
            #expect(reading.requests.count == 1)
            #expect(reading.requests.first?.isComplete == true)
        }
    }

    @Test func `fails the same way again after a failure`() {
        var parser = HTTPRequestParser()
        let bad = Array("GET\r\n".utf8)
        let good = request(["GET / HTTP/1.1", "Host: a"])
        for input in [bad, good, good] {
            var position = 0
            #expect(throws: HTTPFailure(.requestLineMalformed)) {
                try parser.next(in: input.span, from: &position)
            }
        }
    }

    @Test func `replaces Host by the authority of an absolute target`() {
        let reading = read(
            request(["GET http://b.fr:81/x?y HTTP/1.1", "Host: a.fr"])
        )
        #expect(reading.requests.first?.head.authority == "b.fr:81")
        #expect(reading.requests.first?.head.segments == ["x"])
        #expect(reading.requests.first?.head.query == "y")
    }

    @Test(arguments: [
        ("/", []), ("/a", ["a"]), ("/a/", ["a", ""]), ("/%61%2Bb/%C3%A9", ["a+b", "é"]),
        ("/a%25/b;c=1", ["a%", "b;c=1"]), ("/?q", []), ("http://h", []), ("http://h?q", []),
    ])
    func `decodes a path once`(target: String, segments: [String]) {
        let reading = read(request(["GET \(target) HTTP/1.1", "Host: a"]))
        #expect(reading.failure == nil)
        #expect(reading.requests.first?.head.segments == segments)
    }

    @Test func `reads chunks, skips extensions and drops trailers`() {
        let reading = read(
            request(
                ["PUT / HTTP/1.1", "Host: a", "Transfer-Encoding: Chunked"],
                body: "3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n"
            )
        )
        #expect(reading.failure == nil)
        #expect(reading.requests.first?.body == Array("abc0123456789".utf8))
        #expect(reading.requests.first?.isComplete == true)
        #expect(reading.requests.first?.head.headers.contains("X-T") == false)
        #expect(reading.requests.first?.head.framing == .chunked)
    }

    @Test func `knows what each version wants of the connection`() {
        func keeps(_ version: String, _ fields: String...) -> Bool? {
            read(request(["GET / HTTP/\(version)", "Host: a"] + fields))
                .requests.first?.head.keepsAlive
        }
        #expect(keeps("1.1") == true)
        #expect(keeps("1.1", "Connection: x, close") == false)
        #expect(keeps("1.1", "Connection: x", "Connection: CLOSE") == false)
        #expect(keeps("1.0") == false)
        #expect(keeps("1.0", "Connection: Keep-Alive") == true)
        #expect(keeps("1.0", "Connection: Keep-Alive, close") == false)
    }

    @Test func `says when the caller waits for a 100`() {
        func waits(_ version: String) -> Bool? {
            read(
                request([
                    "POST / HTTP/\(version)", "Host: a", "Content-Length: 1",
                    "Expect: 100-Continue",
                ])
            ).requests.first?.head.expectsContinue
        }
        #expect(waits("1.1") == true)
        #expect(waits("1.0") == false)
    }

    @Test func `shows nothing of a request when it is printed`() throws {
        let head = try #require(
            read(request(["GET /secret?secret HTTP/1.1", "Host: a", "Authorization: secret"]))
                .requests.first?.head
        )
        var dumped = ""
        dump(head, to: &dumped)
        #expect(!"\(head)\(dumped)\(String(reflecting: head))".contains("secret"))
    }

    @Test func `says in French what happened and what to do, for each reason`() {
        for reason in HTTPFailure.Reason.allCases {
            let failure = HTTPFailure(reason)
            #expect((400...599).contains(failure.status))
            #expect(failure.message.hasSuffix(".") && failure.remedy.hasSuffix("."))
        }
    }
}
