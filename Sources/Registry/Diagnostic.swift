package import JSONText

/// One remark on the documents: where, what is wrong, what to do, in French.
package struct Diagnostic: Sendable, Equatable {
    /// Whether the remark keeps the set from being loaded.
    package enum Severity: String, Sendable {
        case erreur
        case avertissement
    }

    package let severity: Severity
    /// The file, from the folder that was given: `policies/cnaf/rsa/policy.json`.
    package let file: String
    /// Where in the file; nil where the file itself is at fault.
    package let position: JSONPosition?
    /// The member at fault: `champs[2].formes[0]`.
    package let path: String
    package let message: String
    package let remedy: String

    init(
        _ severity: Severity, file: String, position: JSONPosition? = nil, path: String = "",
        message: String, remedy: String
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.path = path
        self.message = message
        self.remedy = remedy
    }

    /// A mistake of a document that was read.
    package init(_ severity: Severity, file: String, _ mistake: JSONMistake) {
        self.init(
            severity, file: file, position: mistake.position, path: mistake.path,
            message: mistake.message, remedy: mistake.remedy)
    }

    /// The remark on one line, as compilers write theirs.
    package var text: String {
        let place = position.map { ":\($0.line):\($0.column)" } ?? ""
        let member = path.isEmpty ? "" : " (\(path))"
        return "\(file)\(place) : \(severity.rawValue) : \(message)\(member) \(remedy)"
    }
}

extension [Diagnostic] {
    /// File by file, each from top to bottom.
    var inReadingOrder: [Diagnostic] {
        let numbered = enumerated().map { (number: $0.offset, diagnostic: $0.element) }
        let sorted = numbered.sorted { left, right in
            (left.diagnostic.file, left.diagnostic.position?.offset ?? -1, left.number)
                < (right.diagnostic.file, right.diagnostic.position?.offset ?? -1, right.number)
        }
        return sorted.map(\.diagnostic)
    }
}
