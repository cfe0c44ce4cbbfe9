import Cryptography
import Foundation

/// Figures of others, one case a line, its fields apart by one space and written in base64url.
struct Vectors {
    let cases: [Fields]

    init(_ name: String) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Corpus/jose/vectors")
        let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        cases = (text ?? "").split(separator: "\n").enumerated()
            .filter { !$0.element.hasPrefix("#") }
            .map { Fields(name: "\(name):\($0.offset + 1)", $0.element) }
    }

    /// One case, named after its line.
    struct Fields: Sendable, CustomStringConvertible {
        let description: String
        private let fields: [String]

        init(name: String, _ line: Substring) {
            fields = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            description = name + " " + fields.prefix(3).joined(separator: " ")
        }

        /// The field as it stands; a short line is a mistake of the file.
        subscript(index: Int) -> String { fields.indices.contains(index) ? fields[index] : "?" }

        /// The field decoded; a dash is nothing.
        func bytes(_ index: Int) throws -> [UInt8] {
            if self[index] == "-" { return [] }
            guard let bytes = Base64URL.decode(self[index]) else { throw NotBase64URL() }
            return bytes
        }

        var isValid: Bool { self[1] == "valid" }
    }

    struct NotBase64URL: Error {}
}
