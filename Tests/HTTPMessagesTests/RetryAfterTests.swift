import HTTPMessages
import TestSupport
import Testing

@Suite struct `Retry-After` {
    @Test(arguments: [
        ("17", 17), (" 17 ", 17), ("0", 0), ("99999999999999999999999", 86_400), ("-5", nil),
        ("1.5", nil), ("", nil), ("demain", nil), ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
        ("Sun, 06 Nov 1994 08:40:37 GMT", 0), ("Sun, 06 Nov 2094 08:40:37 GMT", 86_400),
        ("Sun, 06 Nov 1994 08:50:37 CET", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
    ])
    func `is believed within bounds, by the server's own clock`(text: String, seconds: Int?) {
        var headers = HTTPHeaders([("Date", "Sun, 06 Nov 1994 08:49:37 GMT")])
        headers.add("Retry-After", text)
        #expect(RetryAfter.seconds(in: headers) == seconds)
    }

    @Test func `is no date where the server does not say its own`() {
        let headers = HTTPHeaders([("Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT")])
        #expect(RetryAfter.seconds(in: headers) == nil)
    }

    @Test(arguments: Seeds.count(200))
    func `is a date as it is written`(seed: UInt64) {
        var random = Seeded(seed)
        let second = Int64(random.number(0...10_000_000_000))
        let text = String(decoding: HTTPDate.format(secondsSinceEpoch: second), as: UTF8.self)
        #expect(HTTPDate.parse(text) == second, "seed \(seed)")
    }
}
