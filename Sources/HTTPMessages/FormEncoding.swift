/// `application/x-www-form-urlencoded`, for bodies and for queries.
package enum FormEncoding {
    /// The media type's name.
    package static let mediaType = "application/x-www-form-urlencoded"

    /// Reads fields in their order.
    ///
    /// Refuses what browsers forgive: a `%` without two digits, text that is not UTF-8, a control
    /// character NUL, an empty name, more fields than `maxFields`.
    package static func parse(
        _ bytes: some Collection<UInt8>,
        maxFields: Int = 100
    ) throws(FormError) -> FormFields {
        var fields = FormFields()
        guard !bytes.isEmpty else { return fields }
        for pair in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard fields.pairs.count < maxFields else { throw .tooManyFields }
            let middle = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try decode(pair[..<middle])
            guard !name.isEmpty else { throw .emptyName }
            let value = middle == pair.endIndex ? "" : try decode(pair[middle...].dropFirst())
            fields.pairs.append((name, value))
        }
        return fields
    }

    /// Reads the fields of a query as it stands after `?`; none gives no fields.
    package static func parse(
        query: String?,
        maxFields: Int = 100
    ) throws(FormError) -> FormFields {
        try parse((query ?? "").utf8, maxFields: maxFields)
    }

    /// Writes fields in their order.
    package static func serialize(_ pairs: [(String, String)]) -> String {
        var bytes: [UInt8] = []
        for (name, value) in pairs {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            PercentEncoding.append(name.utf8, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            PercentEncoding.append(value.utf8, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decode(_ bytes: some Collection<UInt8>) throws(FormError) -> String {
        let spaced = bytes.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }
        guard let decoded = PercentEncoding.decode(spaced), !decoded.contains(0),
            let text = String(validating: decoded, as: UTF8.self)
        else { throw .malformed }
        return text
    }
}

/// Why a form could not be read.
package enum FormError: Error, Sendable, Hashable {
    case malformed
    case emptyName
    case tooManyFields
}

/// The fields of a form, in order, with repetitions.
package struct FormFields: Sendable {
    /// Every field as it came.
    package fileprivate(set) var pairs: [(name: String, value: String)] = []

    /// Every value of a name.
    package func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// The value of a name given exactly once; `nil` when it is absent or repeated.
    package func only(_ name: String) -> String? {
        let values = all(name)
        return values.count == 1 ? values[0] : nil
    }
}

extension FormFields: CustomStringConvertible, CustomReflectable {
    /// The number of fields: their values may name a person.
    package var description: String { "\(pairs.count) fields" }

    /// A mirror without children, so that `dump` shows no value either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
