import HTTPMessages
import Platform

/// What a double answers that means harm, or that is broken beyond its content.
///
/// Each tries one bound of whoever reads: its time, its memory, its idea of where a message ends,
/// or of what its bytes mean.
enum HostileAnswer {
    /// The answer that a fault makes of the true one; nil where the fault is of another kind.
    static func response(
        _ fault: Fault, to reply: DoubleReply, every delay: Duration
    ) -> HTTPResponse? {
        if let message = message(fault, reply, delay) {
            return HTTPResponse(status: reply.status, body: .verbatim(message))
        }
        if let (body, type) = body(fault, reply) {
            var headers = HTTPHeaders([("Content-Type", type)])
            if fault == .gzip { headers.add("Content-Encoding", "gzip") }
            return HTTPResponse(status: reply.status, headers: headers, body: .bytes(body))
        }
        switch fault {
        case .redirection:
            return HTTPResponse(
                status: 302,
                headers: HTTPHeaders([("Location", "http://169.254.169.254/latest/meta-data")]))
        case .page:
            return HTTPResponse(
                status: 200, contentType: "text/html; charset=utf-8",
                body: Array("<html><title>Maintenance</title></html>".utf8))
        default: return nil
        }
    }

    // MARK: - Bodies

    private static func body(
        _ fault: Fault, _ reply: DoubleReply
    ) -> (bytes: [UInt8], type: String)? {
        let type = reply.header("Content-Type") ?? "application/json"
        switch fault {
        case .profond:
            let lists =
                [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
                + [UInt8](repeating: UInt8(ascii: "]"), count: 100_000)
            return (withFirstMember("profondeur", lists, in: reply.body), type)
        case .doublons: return (twice(reply.body), type)
        case .utf16:
            let text = String(decoding: reply.body, as: UTF8.self)
            let units = [0xFEFF] + Array(text.utf16)
            let bytes = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            return (bytes, "application/json; charset=utf-16")
        case .latin1:
            let word = [0x22, 0xE9, 0x74, 0xE9, 0x22] as [UInt8]
            return (withFirstMember("saison", word, in: reply.body), type)
        case .bom: return ([0xEF, 0xBB, 0xBF] + reply.body, type)
        case .jeuDeCaracteres: return (reply.body, "application/json; charset=iso-8859-1")
        case .gzip: return (bomb, type)
        default: return nil
        }
    }

    private static func withFirstMember(
        _ name: String, _ value: [UInt8], in body: [UInt8]
    ) -> [UInt8] {
        guard body.first == UInt8(ascii: "{") else { return value }
        return Array("{\"\(name)\":".utf8) + value + [UInt8(ascii: ",")] + body.dropFirst()
    }

    /// The object with all of its members again behind its last one.
    private static func twice(_ body: [UInt8]) -> [UInt8] {
        guard body.first == UInt8(ascii: "{"), body.last == UInt8(ascii: "}") else { return body }
        return body.dropLast() + [UInt8(ascii: ",")] + body.dropFirst()
    }

    // MARK: - Whole messages

    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

    private static func message(
        _ fault: Fault, _ reply: DoubleReply, _ delay: Duration
    ) -> HTTPBodyStream? {
        let length = reply.body.count
        switch fault {
        case .goutteTete:
            return dripping("", head + "Content-Length: \(length)\r\n\r\n", every: delay)
        case .goutteCorps:
            let body = String(decoding: reply.body, as: UTF8.self)
            return dripping(head + "Content-Length: \(length)\r\n\r\n", body, every: delay)
        case .sansFin: return endless(head + "\r\n{\"remplissage\":[", "0,        ")
        case .geant:
            return endless(
                head + "Content-Length: 1000000000\r\n\r\n{\"remplissage\":[", "0,        ")
        case .interimaires: return endless("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        case .gzipTransfert:
            return whole(
                Array((head + "Transfer-Encoding: gzip, chunked\r\n\r\n").utf8)
                    + Array("\(String(bomb.count, radix: 16))\r\n".utf8) + bomb
                    + Array("\r\n0\r\n\r\n".utf8))
        case .enTetes:
            let fields = (0..<10_000).map { "X-\($0): \($0)\r\n" }.joined()
            return whole(head + fields + "Content-Length: \(length)\r\n\r\n", reply.body)
        case .ligneStatut:
            let phrase = String(repeating: "x", count: 102_400)
            return whole("HTTP/1.1 200 \(phrase)\r\nContent-Length: \(length)\r\n\r\n", reply.body)
        case .longueurCourte:
            return whole(head + "Content-Length: \(length / 2)\r\n\r\n", reply.body)
        case .longueurLongue:
            return whole(head + "Content-Length: \(length * 2 + 1)\r\n\r\n", reply.body)
        case .longueurFausse: return whole(head + "Content-Length: beaucoup\r\n\r\n", reply.body)
        case .morceaux:
            return whole(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", reply.body)
        case .protocole:
            // The preface of HTTP/2's server: an empty SETTINGS frame.
            return whole([0, 0, 0, 4, 0, 0, 0, 0, 0] + Array("HTTP/2 200\r\n\r\n".utf8))
        case .coupeTete: return whole("HTTP/1.1 200 OK\r\nContent-Ty", [])
        default: return nil
        }
    }

    private static func whole(_ head: String, _ body: [UInt8]) -> HTTPBodyStream {
        whole(Array(head.utf8) + body)
    }

    private static func whole(_ bytes: [UInt8]) -> HTTPBodyStream {
        HTTPBodyStream { try await $0.write(bytes) }
    }

    /// A beginning, then a text that comes byte by byte for as long as anybody waits.
    private static func dripping(
        _ beginning: String, _ rest: String, every delay: Duration
    ) -> HTTPBodyStream {
        HTTPBodyStream { writer in
            try await writer.write(Array(beginning.utf8))
            for byte in rest.utf8 {
                try await EventLoop.wait(until: .now + delay)
                try await writer.write([byte])
            }
        }
    }

    /// A beginning, then the same piece until the reader leaves.
    private static func endless(_ beginning: String, _ piece: String) -> HTTPBodyStream {
        HTTPBodyStream { writer in
            try await writer.write(Array(beginning.utf8))
            let pieces = Array(String(repeating: piece, count: 4096).utf8)
            while true { try await writer.write(pieces) }
        }
    }

    /// 256 MiB of spaces in 1.7 MB.
    ///
    /// One literal, then "258 bytes more, as the one before" again and
    /// again (RFC 1951, 3.2.6). Its check is wrong: nobody should come that far.
    private static let bomb: [UInt8] = {
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var pending: UInt64 = 0
        var count: UInt64 = 0
        // The bits in the order in which they are sent, the first one lowest.
        func put(_ bits: UInt64, _ length: UInt64) {
            pending |= bits << count
            count += length
            while count >= 8 {
                bytes.append(UInt8(pending & 0xFF))
                pending >>= 8
                count -= 8
            }
        }
        // The last block, of fixed codes; a space, 01010000.
        put(0b011, 3)
        put(0b0000_1010, 8)
        // Length 258, 11000101, and distance 1, 00000.
        // Eight of them are thirteen bytes, which come again and again.
        for _ in 0..<16 { put(0b0_0000_1010_0011, 13) }
        let cycle = bytes.suffix(13)
        for _ in 2..<(256 << 20) / 258 / 8 { bytes += cycle }
        put(0, 7 + 8)
        return bytes + [UInt8](repeating: 0, count: 8)
    }()
}
