import HTTPMessages

/// A request as a double sees it, its body read.
struct DoubleRequest: Sendable {
    let head: HTTPRequestHead
    let body: [UInt8]

    init(head: HTTPRequestHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }

    /// The method and the path's segments, an empty last one left out.
    var route: (method: HTTPMethod, segments: [String]) {
        var segments = head.segments
        if segments.last == "" { segments.removeLast() }
        return (head.method, segments)
    }

    /// The first value of a header field.
    func header(_ name: String) -> String? { head.headers[name] }

    /// A parameter of the query that is given once and is not empty.
    func parameter(_ name: String) -> String? {
        guard let fields = try? FormEncoding.parse(query: head.query),
            let value = fields.only(name), !value.isEmpty
        else { return nil }
        return value
    }

    /// What a caller must leave no trace of: a target that says who is asked about, credentials and
    /// tokens.
    func confidences(template: String) -> [String] {
        let isAboutTokens = ["token", "access_token"].contains(route.segments.last)
        let saysWho = template.contains("{") || (head.query != nil && !isAboutTokens)
        var found = saysWho ? [head.target] : []
        for name in ["Authorization", "X-API-Key", "X-FranceConnect-OAuth"] {
            guard let value = header(name) else { continue }
            found.append(String(value.split(separator: " ").last ?? ""))
        }
        return found.filter { $0.utf8.count > 8 }
    }

    /// The form in the body, if it is one.
    var form: FormFields? {
        guard let type = header("Content-Type")?.lowercased(),
            type.hasPrefix(FormEncoding.mediaType)
        else { return nil }
        return try? FormEncoding.parse(body)
    }

    /// The token of `Authorization: Bearer`.
    var bearer: String? {
        guard let value = header("Authorization"), value.lowercased().hasPrefix("bearer ")
        else { return nil }
        return String(value.dropFirst("bearer ".count))
    }
}

/// What a double answers.
struct DoubleReply: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    init(
        _ status: Int, _ body: [UInt8] = [], headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer in JSON.
    static func json(
        _ status: Int, _ document: Document, type: String = "application/json",
        headers: [(name: String, value: String)] = []
    ) -> DoubleReply {
        DoubleReply(
            status, document.bytes, headers: [(name: "Content-Type", value: type)] + headers)
    }

    /// The first value of a header field.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What the journal of calls notes about one request, beside its answer.
package struct CallNote: Sendable {
    /// The route, its identifiers as names: `/impotparticulier/1.0/spi/{spi}/…`.
    package var template = "?"
    /// The value of `X-Correlation-ID`.
    package var correlation: String?
    /// For whom the holder was told that it answers.
    package var recipient: String?
    /// The scopes that a token was asked for, or those of the token that came.
    package var scopes: [String] = []
    /// The identifiers and names that were asked for; for tests only.
    package var identifiers: [String] = []
    /// The target where it says who is asked about, and the credentials and tokens that came with
    /// it: what nobody else may ever read; for tests only.
    package var confidences: [String] = []

    /// A note of which nothing is known yet.
    package init() {}
}

/// A holder, as a function of the request and of the time.
protocol HolderDouble: Sendable {
    /// The holder's id, such as `dgfip`.
    var id: String { get }

    /// Answers one request at a time given in milliseconds since the Unix epoch, and notes for the
    /// journal of calls what was asked.
    func answer(_ request: DoubleRequest, at now: Int64, note: inout CallNote) -> DoubleReply
}

/// Whether a text is a UUID.
func isUUID(_ text: String?) -> Bool {
    guard let text else { return false }
    let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12]
        && groups.joined().allSatisfy { byte in
            Character(UnicodeScalar(byte)).isHexDigit
        }
}

/// Whether a text is so many decimal digits.
func isDigits(_ text: String?, count: Int) -> Bool {
    guard let text, text.utf8.count == count else { return false }
    return text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}
