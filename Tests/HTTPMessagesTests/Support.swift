import HTTPMessages

/// What a parser said of a whole input, with the pieces of each body joined.
struct Reading: Equatable {
    var requests: [Request] = []
    var failure: HTTPFailure?

    struct Request: Equatable {
        var head: HTTPRequestHead
        var body: [UInt8] = []
        var isComplete = false
    }
}

/// Reads an input cut at the given offsets.
func read(_ input: [UInt8], cuts: [Int] = [], limits: HTTPLimits = HTTPLimits()) -> Reading {
    var parser = HTTPRequestParser(limits: limits)
    var reading = Reading()
    var start = 0
    for end in cuts + [input.count] {
        let piece = Array(input[start..<end])
        start = end
        var position = 0
        do throws(HTTPFailure) {
            while let event = try parser.next(in: piece.span, from: &position) {
                switch event {
                case .head(let head):
                    reading.requests.append(Reading.Request(head: head))
                case .body(let range):
                    reading.requests[reading.requests.count - 1].body += piece[range]
                case .end:
                    reading.requests[reading.requests.count - 1].isComplete = true
                }
            }
        } catch {
            reading.failure = error
            return reading
        }
        precondition(position == piece.count, "a parser without an event takes everything")
    }
    return reading
}

/// Reads an input one byte at a time.
func readByteByByte(_ input: [UInt8], limits: HTTPLimits = HTTPLimits()) -> Reading {
    read(input, cuts: Array(0..<input.count), limits: limits)
}

/// A request from its lines, joined by CRLF, followed by a body.
func request(_ lines: [String], body: String = "") -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
}
