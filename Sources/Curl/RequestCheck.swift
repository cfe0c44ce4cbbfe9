internal import HTTPMessages

/// What a request must be before libcurl sees it: libcurl sends fields as they are.
enum RequestCheck {
    /// Fields that decide where one message ends and the next begins: libcurl alone writes them.
    private static let reserved: Set<String> = [
        "connection", "content-length", "expect", "host", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    static func check(_ request: OutboundRequest) throws(TransferError) {
        let isFine =
            isURL(request.url.reveal(), allowsPlain: request.allowsPlainHTTP)
            && request.headers.allSatisfy { isName($0.0) && isValue($0.1) }
            && request.maxResponseBytes >= 0
        if !isFine { throw TransferError(.invalidRequest) }
    }

    private static func isURL(_ url: String, allowsPlain: Bool) -> Bool {
        let hasScheme = url.hasPrefix("https://") || allowsPlain && url.hasPrefix("http://")
        return hasScheme && url.utf8.count <= 8192
            && url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func isName(_ name: String) -> Bool {
        let isToken = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        return isToken && !name.isEmpty && !reserved.contains(name.lowercased())
    }

    private static func isValue(_ value: String) -> Bool {
        // Tab is the one control character that a field may hold.
        value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }
}
