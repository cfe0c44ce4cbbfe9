import Vocabulary

/// The number of a text by which requests name a leaf under a form: the same in all policies of a
/// set.
typealias RequestNumber = Int32

/// What the texts of requests stand for, shared by all policies of a set.
///
/// A decision looks each text up here once; policies then compare numbers.
struct RequestIndex: Sendable {
    /// What one text stands for.
    enum Entry: Sendable {
        /// `jeu.champ` or `jeu.champ@forme.nom`.
        case leaf(RequestNumber)
        /// A composite field: each of its leaves, as a value.
        case composite([RequestNumber])
    }

    private var entries: [String: Entry] = [:]

    subscript(text: String) -> Entry? {
        entries[text]
    }

    /// The number of a leaf under a form, where a policy names it.
    func number(of request: FieldRequest) -> RequestNumber? {
        guard case .leaf(let number)? = entries[request.text] else { return nil }
        return number
    }

    /// The number of a leaf under a form, a new one at its first mention.
    mutating func numbering(_ request: FieldRequest) -> RequestNumber {
        let text = request.text
        if case .leaf(let number)? = entries[text] {
            return number
        }
        let number = RequestNumber(entries.count)
        entries[text] = .leaf(number)
        return number
    }

    /// Adds the composite fields whose leaves are all named; the others no policy allows.
    mutating func add(_ composites: [(path: FieldPath, leaves: [FieldContract])]) {
        for (path, leaves) in composites {
            let numbers = leaves.compactMap { number(of: FieldRequest(path: $0.path)) }
            if numbers.count == leaves.count {
                entries[path.text] = .composite(numbers)
            }
        }
    }
}
