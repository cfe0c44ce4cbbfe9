/// Puts responses on the wire.
package enum HTTPResponseSerializer {
    /// What the request decides about its response.
    package struct Context: Sendable {
        /// The version of the request.
        package var version: HTTPVersion
        /// Whether the request was HEAD, so that no body follows.
        package var isHead: Bool
        /// Whether the connection serves further requests.
        package var keepsAlive: Bool

        /// Makes a context.
        package init(version: HTTPVersion = .http11, isHead: Bool = false, keepsAlive: Bool = true)
        {
            self.version = version
            self.isHead = isHead
            self.keepsAlive = keepsAlive
        }
    }

    /// How the body follows the head that was written.
    package enum Framing: Sendable, Equatable {
        /// No body follows.
        case none
        /// The bytes follow as they are.
        case plain
        /// Each piece follows as a chunk, then the last, empty one.
        case chunked
        /// The bytes follow as they are, and the end of the connection ends them.
        case untilClose
    }

    /// The interim response that asks a waiting caller for its body.
    package static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// Writes the status line and the fields; says how the body has to follow.
    ///
    /// `date` is the current `HTTPDate`, which the caller keeps for a second.
    package static func appendHead(
        of response: HTTPResponse,
        in context: Context,
        date: [UInt8],
        to bytes: inout [UInt8]
    ) -> Framing {
        let status = HTTPStatus(code: response.status)
        append("HTTP/1.1 ", to: &bytes)
        append(decimal: response.status, to: &bytes)
        bytes.append(0x20)
        append(status.phrase, to: &bytes)
        append("\r\nDate: ", to: &bytes)
        bytes.append(contentsOf: date)
        append("\r\n", to: &bytes)
        append(response.headers, to: &bytes)
        let framing = appendFraming(of: response, status, context, to: &bytes)
        if !context.keepsAlive || framing == .untilClose {
            append("Connection: close\r\n", to: &bytes)
        } else if context.version == .http10 {
            append("Connection: keep-alive\r\n", to: &bytes)
        }
        append("\r\n", to: &bytes)
        return framing
    }

    /// Writes one piece of a chunked body; an empty piece writes nothing, as it would end the body.
    package static func appendChunk(_ piece: [UInt8], to bytes: inout [UInt8]) {
        guard !piece.isEmpty else { return }
        bytes.append(contentsOf: String(piece.count, radix: 16).utf8)
        append("\r\n", to: &bytes)
        bytes.append(contentsOf: piece)
        append("\r\n", to: &bytes)
    }

    /// Writes the end of a chunked body.
    package static func appendLastChunk(to bytes: inout [UInt8]) {
        append("0\r\n\r\n", to: &bytes)
    }

    private static func appendFraming(
        of response: HTTPResponse,
        _ status: HTTPStatus,
        _ context: Context,
        to bytes: inout [UInt8]
    ) -> Framing {
        guard !status.forbidsBody else { return .none }
        let length: Int?
        switch response.body {
        case .bytes(let body): length = body.count
        case .stream(let stream), .verbatim(let stream): length = stream.length
        }
        if let length {
            append("Content-Length: ", to: &bytes)
            append(decimal: length, to: &bytes)
            append("\r\n", to: &bytes)
            return context.isHead || length == 0 ? .none : .plain
        }
        guard context.version == .http11 else { return context.isHead ? .none : .untilClose }
        append("Transfer-Encoding: chunked\r\n", to: &bytes)
        return context.isHead ? .none : .chunked
    }

    private static func append(_ headers: HTTPHeaders, to bytes: inout [UInt8]) {
        for field in headers.fields where !isOurs(field, of: headers) {
            bytes.append(contentsOf: headers.text[field.name])
            append(": ", to: &bytes)
            bytes.append(contentsOf: headers.text[field.value])
            append("\r\n", to: &bytes)
        }
    }

    /// Whether a field is for the serializer alone to write.
    private static func isOurs(_ field: HTTPHeaders.Field, of headers: HTTPHeaders) -> Bool {
        let name: StaticString
        switch field.nameLength {
        case 4: name = "date"
        case 7: name = "trailer"
        case 10:
            name =
                lowercased(headers.text[field.name.lowerBound]) == 0x6B
                ? "keep-alive" : "connection"
        case 14: name = "content-length"
        case 17: name = "transfer-encoding"
        default: return false
        }
        let letters = name.utf8Start
        return field.name.enumerated().allSatisfy {
            lowercased(headers.text[$0.element]) == letters[$0.offset]
        }
    }

    /// Copies the bytes of a literal, without a string between.
    private static func append(_ literal: StaticString, to bytes: inout [UInt8]) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    private static func append(decimal value: Int, to bytes: inout [UInt8]) {
        guard value >= 10 else {
            bytes.append(UInt8(0x30 + max(0, value)))
            return
        }
        append(decimal: value / 10, to: &bytes)
        bytes.append(UInt8(0x30 + value % 10))
    }
}
