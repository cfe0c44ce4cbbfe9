/// A media type with its parameters (RFC 9110, 8.3.1).
package struct MediaType: Sendable, Hashable {
    /// `type/subtype`, in small letters.
    package let essence: String
    /// Names in small letters, and values as they were written, unquoted.
    package let parameters: [String: String]

    /// Reads a media type; `nil` when it is malformed or repeats a parameter.
    package init?(_ text: String) {
        guard text.utf8.count <= 256 else { return nil }
        var scanner = MediaTypeScanner(bytes: Array(text.utf8))
        guard let type = scanner.token(), scanner.take(UInt8(ascii: "/")),
            let subtype = scanner.token()
        else { return nil }
        var parameters: [String: String] = [:]
        while scanner.skipSpace(), !scanner.isAtEnd {
            guard scanner.take(UInt8(ascii: ";")), scanner.skipSpace() else { return nil }
            guard let name = scanner.token(), scanner.take(UInt8(ascii: "=")),
                let value = scanner.tokenOrQuoted(),
                parameters.updateValue(value, forKey: name.lowercased()) == nil
            else { return nil }
        }
        essence = "\(type)/\(subtype)".lowercased()
        self.parameters = parameters
    }

    /// Whether this names JSON in UTF-8: `application/json`, or a type whose suffix is `+json`.
    package var isJSON: Bool {
        guard essence == "application/json" || essence.hasSuffix("+json") else { return false }
        guard let charset = parameters["charset"] else { return true }
        return charset.lowercased() == "utf-8"
    }
}

/// Reads the pieces of a media type from left to right.
private struct MediaTypeScanner {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func skipSpace() -> Bool {
        while take(0x20) || take(0x09) {}
        return true
    }

    mutating func token() -> String? {
        let start = index
        while index < bytes.count, isTokenByte(bytes[index]) { index += 1 }
        return start == index ? nil : String(decoding: bytes[start..<index], as: UTF8.self)
    }

    mutating func tokenOrQuoted() -> String? {
        guard take(UInt8(ascii: "\"")) else { return token() }
        var text: [UInt8] = []
        while index < bytes.count {
            if take(UInt8(ascii: "\"")) { return String(validating: text, as: UTF8.self) }
            if take(UInt8(ascii: "\\")), isAtEnd { return nil }
            guard !isControlByte(bytes[index]) else { return nil }
            text.append(bytes[index])
            index += 1
        }
        return nil
    }
}
