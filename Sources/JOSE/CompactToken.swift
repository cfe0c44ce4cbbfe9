import Cryptography
import JSONText

/// The segments of a compact token, decoded once.
struct CompactToken {
    /// The header, read.
    let header: JSONNode
    /// The segments as they stand in the token, for what is authenticated.
    let encoded: [ArraySlice<UInt8>]
    /// The segments after the header, decoded.
    let parts: [[UInt8]]
    /// The first two segments as they stand in the token, with the dot between: what is signed.
    let signed: ArraySlice<UInt8>

    /// Splits and decodes a token of so many segments.
    init(_ token: [UInt8], segments: Int, maxBytes: Int) throws(JOSEError) {
        guard token.count <= maxBytes else { throw .tooLarge }
        encoded = token.split(
            separator: UInt8(ascii: "."),
            maxSplits: segments,
            omittingEmptySubsequences: false
        )
        guard encoded.count == segments else { throw .malformed }
        guard encoded[0].count <= 4096 else { throw .tooLarge }
        guard let decoded = Base64URL.decode(encoded[0]) else { throw .malformed }
        var parts: [[UInt8]] = []
        parts.reserveCapacity(segments - 1)
        for segment in encoded.dropFirst() {
            guard let bytes = Base64URL.decode(segment) else { throw .malformed }
            parts.append(bytes)
        }
        self.parts = parts
        signed = token[..<encoded[1].endIndex]
        do {
            header = try parseJSON(decoded, limits: JSONLimits(bytes: 4096, depth: 3, nodes: 40))
        } catch {
            throw .malformed
        }
    }

    /// Refuses every member of the header that is not among these.
    func allow(_ names: [String]) throws(JOSEError) {
        guard let members = header.members else { throw .malformed }
        for member in members {
            guard names.contains(where: { $0.isExactly(member.name) }) else {
                throw .unsupportedHeader
            }
        }
    }

    /// Requires a member of the header to be there and to be this.
    func require(_ name: String, _ expected: String) throws(JOSEError) {
        guard let value = header[name]?.string else { throw .malformed }
        guard value.isExactly(expected) else { throw .unexpectedAlgorithm }
    }

    /// A member of the header that may be absent.
    func text(_ name: String) throws(JOSEError) -> String? {
        guard let member = header[name] else { return nil }
        guard let text = member.string, text.utf8.count <= 256 else { throw .malformed }
        return text
    }

    /// Requires a media type of the header to be what is expected.
    ///
    /// As RFC 7515 section 4.1.9 has it: in any case, and `application/` may be left out.
    func check(_ name: String, _ expected: ExpectedType) throws(JOSEError) {
        let prefix = "application/"
        func plain(_ text: String) -> String {
            let lower = text.lowercased()
            return lower.hasPrefix(prefix) ? String(lower.dropFirst(prefix.count)) : lower
        }
        guard let type = try text(name) else {
            guard expected.mayBeAbsent else { throw .unexpectedAlgorithm }
            return
        }
        guard expected.types.contains(where: { plain($0).isExactly(plain(type)) }) else {
            throw .unexpectedAlgorithm
        }
    }
}

/// What a token must say that it is (`typ`), so that one kind is never taken for another.
package struct ExpectedType: Sendable, Equatable {
    let types: [String]
    let mayBeAbsent: Bool

    /// The token says that it is this.
    package static func required(_ type: String) -> ExpectedType {
        ExpectedType(types: [type], mayBeAbsent: false)
    }

    /// The token may say nothing, as FranceConnect's do; if it says something, it is among these.
    package static func ifPresent(_ types: [String]) -> ExpectedType {
        ExpectedType(types: types, mayBeAbsent: true)
    }
}

/// A header to send, encoded.
func encodedHeader(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object { body(&$0) }
    return Base64URL.encode(writer.bytes)
}
