import Vocabulary

/// The number of a leaf under a form: the same in all policies of a set.
typealias RequestNumber = Int32

/// What the texts of requests stand for, shared by all policies of a set.
///
/// A decision looks each text up here once; policies then compare numbers.
struct RequestIndex: Sendable {
    /// What one text stands for: every leaf and composite field of the catalogue as a value, and
    /// every form that a policy names.
    final class Entry: Sendable {
        let request: FieldRequest
        /// The leaves, each under the form that is asked.
        let numbers: [RequestNumber]

        init(_ request: FieldRequest, _ numbers: [RequestNumber]) {
            self.request = request
            self.numbers = numbers
        }
    }

    private var entries: [String: Entry] = [:]
    /// The leaf and form of each number.
    private var leaves: [FieldRequest] = []

    init(_ catalogue: Catalogue) {
        leafCount = catalogue.fields.allFields.count
        for field in catalogue.fields.allFields {
            _ = numbering(FieldRequest(path: field.path))
        }
        for (path, leaves) in catalogue.composites {
            let request = FieldRequest(path: path)
            let numbers = leaves.compactMap { number(of: FieldRequest(path: $0.path)) }
            entries[request.text] = Entry(request, numbers)
        }
    }

    /// How many leaves the catalogue has: they bear the first numbers, as values.
    let leafCount: Int

    subscript(text: String) -> Entry? {
        entries[text]
    }

    /// The leaf and form of a number.
    subscript(number: RequestNumber) -> FieldRequest {
        leaves[Int(number)]
    }

    /// The number of a leaf under a form; none where no policy names that form.
    func number(of request: FieldRequest) -> RequestNumber? {
        guard let numbers = entries[request.text]?.numbers, numbers.count == 1 else { return nil }
        return numbers[0]
    }

    /// The number of a leaf under a form, a new one at its first mention.
    mutating func numbering(_ request: FieldRequest) -> RequestNumber {
        if let number = number(of: request) {
            return number
        }
        let number = RequestNumber(leaves.count)
        leaves.append(request)
        entries[request.text] = Entry(request, [number])
        return number
    }
}
