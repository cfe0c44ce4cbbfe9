import HTTPMessages
import TestSupport
import Testing

@Suite struct `A response on the wire` {
    let date = Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)

    func head(
        _ response: HTTPResponse,
        _ context: HTTPResponseSerializer.Context = .init()
    ) -> (text: String, framing: HTTPResponseSerializer.Framing) {
        var bytes: [UInt8] = []
        let framing = HTTPResponseSerializer.appendHead(
            of: response,
            in: context,
            date: date,
            to: &bytes
        )
        return (String(decoding: bytes, as: UTF8.self), framing)
    }

    @Test func `has its length, its date and the handler's fields`() {
        var response = HTTPResponse(
            status: 200,
            contentType: "application/json",
            body: Array("{}".utf8)
        )
        response.headers.add("Content-Length", "7")
        response.headers.add("transfer-encoding", "chunked")
        response.headers.add("DATE", "x")
        response.headers.add("Keep-Alive", "x")
        response.headers.add("connection", "x")
        let (text, framing) = head(response)
        #expect(framing == .plain)
        #expect(
            text == """
                HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
                Content-Type: application/json\r\nContent-Length: 2\r\n\r\n
                """
        )
    }

    @Test(arguments: [204, 304])
    func `has neither length nor body when its status forbids one`(status: Int) {
        let (text, framing) = head(HTTPResponse(status: status, body: .bytes([1])))
        #expect(framing == .none)
        #expect(!text.contains("Content-Length"))
    }

    @Test func `says to HEAD what GET would have had`() {
        let (text, framing) = head(
            HTTPResponse(status: 200, body: .bytes([1, 2, 3])),
            .init(isHead: true)
        )
        #expect(framing == .none)
        #expect(text.contains("Content-Length: 3\r\n"))
    }

    @Test func `streams in chunks, or until the end for HTTP/1.0`() {
        let stream = HTTPResponse(status: 200, body: .stream(HTTPBodyStream { _ in }))
        #expect(head(stream).framing == .chunked)
        #expect(head(stream).text.contains("Transfer-Encoding: chunked\r\n"))
        let old = head(stream, .init(version: .http10))
        #expect(old.framing == .untilClose)
        #expect(old.text.contains("Connection: close\r\n"))
        #expect(!old.text.contains("Transfer-Encoding"))
    }

    @Test func `says whether the connection lives on`() {
        let response = HTTPResponse(status: 200)
        #expect(!head(response).text.contains("Connection"))
        #expect(head(response, .init(keepsAlive: false)).text.contains("Connection: close"))
        #expect(head(response, .init(version: .http10)).text.contains("Connection: keep-alive"))
    }

    @Test(arguments: 0..<20)
    func `gives its chunks back to the decoder`(seed: Int) throws {
        var random = Seeded(seed)
        var wire: [UInt8] = []
        var body: [UInt8] = []
        for _ in 0..<5 {
            let piece = [UInt8](repeating: 65, count: .random(in: 0...300, using: &random))
            body += piece
            HTTPResponseSerializer.appendChunk(piece, to: &wire)
        }
        HTTPResponseSerializer.appendLastChunk(to: &wire)
        var decoder = ChunkedDecoder()
        var position = 0
        var decoded: [UInt8] = []
        var hasEnded = false
        while let event = try decoder.next(in: wire.span, from: &position) {
            switch event {
            case .data(let range): decoded += wire[range]
            case .end: hasEnded = true
            }
            if hasEnded { break }
        }
        #expect(decoded == body)
        #expect(hasEnded && position == wire.count)
    }

    @Test(
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_772_323_199, "Sat, 28 Feb 2026 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(Int64, String)]
    )
    func `is dated as HTTP wants`(seconds: Int64, text: String) {
        let date = HTTPDate.format(secondsSinceEpoch: seconds)
        #expect(String(decoding: date, as: UTF8.self) == text)
    }
}
