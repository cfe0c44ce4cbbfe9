import HTTPMessages
import Testing

/// A request that must be refused, and why.
struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let reason: HTTPFailure.Reason

    init(_ name: String, _ text: String, _ reason: HTTPFailure.Reason) {
        self.name = name
        bytes = Array(text.utf8)
        self.reason = reason
    }

    var testDescription: String { name }
}

let malformed: [Sample] =
    requestLines
    + targets.map { target in
        Sample(
            "target \(target)",
            "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n",
            .targetMalformed
        )
    }
    + paths.map { path in
        Sample("path \(path)", "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n", .pathMalformed)
    }
    + fields
    + hosts.map { host in
        Sample("host \(host)", "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", .hostMalformed)
    }
    + framings
    + lengths.map { length in
        Sample(
            "length \(length)",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n12",
            .lengthMalformed
        )
    }
    + codings.map { coding, reason in
        Sample(
            "coding \(coding)",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n",
            reason
        )
    }
    + chunks.map { chunk, reason in
        Sample(
            "chunk \(chunk.debugDescription)",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)",
            reason
        )
    }

private let requestLines = [
    Sample("bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", .invalidByte),
    Sample("bare CR", "GET / HTTP/1.1\rHost: a\r\n\r\n", .invalidByte),
    Sample("NUL", "GET /\0 HTTP/1.1\r\n", .invalidByte),
    Sample("tab for space", "GET\t/ HTTP/1.1\r\n", .requestLineMalformed),
    Sample("two spaces", "GET  / HTTP/1.1\r\n", .requestLineMalformed),
    Sample("space at the end", "GET / HTTP/1.1 \r\n", .requestLineMalformed),
    Sample("space at the start", " GET / HTTP/1.1\r\n", .requestLineMalformed),
    Sample("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n", .requestLineMalformed),
    Sample("HTTP/0.9", "GET /\r\n", .requestLineMalformed),
    Sample("small letters", "GET / http/1.1\r\n", .requestLineMalformed),
    Sample("HTTP/1.10", "GET / HTTP/1.10\r\n", .requestLineMalformed),
    Sample("HTTP/2", "PRI * HTTP/2.0\r\n\r\n", .versionUnsupported),
    Sample("HTTP/1.2", "GET / HTTP/1.2\r\n", .versionUnsupported),
    Sample("small method", "get / HTTP/1.1\r\n", .methodUnknown),
    Sample("CONNECT", "CONNECT a:443 HTTP/1.1\r\n", .methodUnknown),
    Sample("TRACE", "TRACE / HTTP/1.1\r\n", .methodUnknown),
    Sample("method that is no token", "G@T / HTTP/1.1\r\n", .requestLineMalformed),
    Sample(
        "target too long",
        "GET /\(String(repeating: "a", count: 8192)) HTTP/1.1\r\n",
        .targetTooLong
    ),
]

private let targets = [
    "*", "a", "a:443", "//a/b#c", "/a#b", "/é", "ftp://a/", "http://", "http:///x",
    "http://u@h/", "http://h:999999/", "http://[::1/",
]

private let paths = [
    "/..", "/../a", "/a/..", "/a/./b", "/%2e%2E/a", "/a//b", "//", "//a", "/%00", "/a%2fb",
    "/a%5Cb", "/a\\b", "/%", "/%4", "/%4g", "/%ff", "/%0d%0a", "/{a}", "/a%7F", "/a|b",
]

private let fields = [
    Sample("bare LF", "GET / HTTP/1.1\r\nHost: a\n\r\n", .invalidByte),
    Sample("bare CR in a value", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", .invalidByte),
    Sample("NUL in a value", "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", .invalidByte),
    Sample("DEL in a value", "GET / HTTP/1.1\r\nX: a\u{7F}b\r\n\r\n", .invalidByte),
    Sample("bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", .invalidByte),
    Sample("folded line", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .headerMalformed),
    Sample("folded by a tab", "GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", .headerMalformed),
    Sample("space first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .headerMalformed),
    Sample("space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", .headerMalformed),
    Sample("tab before the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", .headerMalformed),
    Sample("no name", "GET / HTTP/1.1\r\n: a\r\n\r\n", .headerMalformed),
    Sample("no colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", .headerMalformed),
    Sample("underscore", "GET / HTTP/1.1\r\nX_Y: a\r\n\r\n", .headerMalformed),
    Sample("accent in a name", "GET / HTTP/1.1\r\né: a\r\n\r\n", .headerMalformed),
    Sample("no Host", "GET / HTTP/1.1\r\nX: a\r\n\r\n", .hostMissing),
    Sample("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .hostMissing),
    Sample(
        "unknown expectation",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n",
        .expectationUnknown
    ),
    Sample(
        "101 fields",
        "GET / HTTP/1.1\r\n\(String(repeating: "X: a\r\n", count: 101))",
        .headersTooLarge
    ),
    Sample(
        "fields too large",
        "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 16384))",
        .headersTooLarge
    ),
]

private let hosts = [
    "", "a b", "a/b", "a:b", "a:123456", "u@a", "a,b", "[::1", "[]", "[::1]a", "é", "a:80:80",
    "a?b", "a#b", "%61",
]

private let framings = [
    Sample(
        "length and chunks",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        .framingAmbiguous
    ),
    Sample(
        "chunks and length",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
        .framingAmbiguous
    ),
    Sample(
        "same length twice",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        .lengthMalformed
    ),
    Sample(
        "chunks twice",
        """
        POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\
        Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n
        """,
        .transferCodingMalformed
    ),
    Sample(
        "chunks in HTTP/1.0",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        .transferCodingMalformed
    ),
    Sample("POST without length", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", .lengthRequired),
    Sample(
        "body too large",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16777217\r\n\r\n",
        .bodyTooLarge
    ),
]

private let lengths = [
    "", "+2", "-2", "2 2", "2, 2", "2,2", "0x2", "2_0", "2.0", "2;", "９",
    "9223372036854775808", "99999999999999999999999999", "18446744073709551618",
]

private let codings: [(String, HTTPFailure.Reason)] = [
    ("chunked, chunked", .transferCodingMalformed), (",chunked", .transferCodingMalformed),
    ("chunked,", .transferCodingMalformed), ("chunked;x", .transferCodingMalformed),
    ("\"chunked\"", .transferCodingMalformed), ("", .transferCodingMalformed),
    ("chunked, gzip", .transferCodingMalformed), ("chunked\u{B}", .invalidByte),
    ("xchunked", .transferCodingUnknown), ("identity", .transferCodingUnknown),
    ("gzip", .transferCodingUnknown), ("gzip, chunked", .transferCodingUnknown),
]

private let chunks: [(String, HTTPFailure.Reason)] = [
    ("0x1\r\na\r\n", .chunkMalformed), ("+1\r\na\r\n", .chunkMalformed),
    ("-1\r\na\r\n", .chunkMalformed), ("1_0\r\na\r\n", .chunkMalformed),
    ("\r\na\r\n", .chunkMalformed), (";x\r\na\r\n", .chunkMalformed),
    (" 1\r\na\r\n", .chunkMalformed), ("1 \r\na\r\n", .chunkMalformed),
    ("1 ;x\r\na\r\n", .chunkMalformed), ("1\na\r\n", .chunkMalformed),
    ("1\r\na\n", .chunkMalformed), ("1\r\na\rb", .chunkMalformed),
    ("1\r\nab\r\n", .chunkMalformed), ("1\rx", .chunkMalformed), ("g\r\n", .chunkMalformed),
    ("1;a\0\r\n", .chunkMalformed), ("1;a\nb\r\n", .chunkMalformed),
    ("8000000000000000\r\n", .chunkMalformed), ("00000000000000001\r\n", .chunkMalformed),
    ("1000001\r\n", .bodyTooLarge), ("7FFFFFFFFFFFFFFF\r\n", .bodyTooLarge),
    ("1;\(String(repeating: "a", count: 256))", .chunkMalformed),
    (String(repeating: "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\na\r\n", count: 2000), .chunkMalformed),
    ("0\r\nX: a\n\r\n", .trailerMalformed), ("0\r\nX\r\n\r\n", .trailerMalformed),
    ("0\r\n X: a\r\n\r\n", .trailerMalformed), ("0\r\nX : a\r\n\r\n", .trailerMalformed),
    ("0\r\nX_Y: a\r\n\r\n", .trailerMalformed), ("0\r\nHost: a\r\n\r\n", .trailerMalformed),
    ("0\r\ncontent-Length: 1\r\n\r\n", .trailerMalformed),
    ("0\r\nTransfer-Encoding: chunked\r\n\r\n", .trailerMalformed),
    ("0\r\nAuthorization: a\r\n\r\n", .trailerMalformed),
    ("0\r\n\rx", .trailerMalformed), ("0\r\n\n", .trailerMalformed),
    ("0\r\nX: \(String(repeating: "a", count: 4096))", .headersTooLarge),
]

let accepted = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "DELETE /x HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "GET /x?a=[é%%]".replacing("é", with: "e") + " HTTP/1.1\r\nHost: a_b.fr:\r\n\r\n",
    "GET / HTTP/1.1\r\nHost:a\r\nX: é\t\r\n\r\n",
    "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 00002\r\n\r\nab",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n1;a\tb\r\nx\r\n0;z\r\n\r\n",
    "GET /\(String(repeating: "a", count: 8178)) HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: a\r\n", count: 99))\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + String(repeating: "1\r\na\r\n", count: 20_000) + "0\r\n\r\n",
]
