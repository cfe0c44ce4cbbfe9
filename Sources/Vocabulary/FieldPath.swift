/// The name of a field: a data set, then members, `[]` after one that is an array.
///
/// `quotient_familial.enfants[].date_naissance` is a leaf; `quotient_familial.enfants[]` is a
/// composite field, which stands for its leaves.
package struct FieldPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// One step of a path: a member, which may be an array.
    package struct Step: Hashable, Sendable {
        package let name: String
        package let isArray: Bool

        package init(name: String, isArray: Bool) {
            self.name = name
            self.isArray = isArray
        }
    }

    /// One reference, with the text's hash: paths are the keys of most tables of an exchange.
    private final class Content: Sendable {
        let text: String
        let dataset: DatasetID
        let steps: [Step]
        let hash: Int

        init(_ text: String, _ dataset: DatasetID, _ steps: [Step]) {
            self.text = text
            self.dataset = dataset
            self.steps = steps
            hash = text.hashValue
        }
    }

    private let content: Content

    package var text: String { content.text }
    package var dataset: DatasetID { content.dataset }
    package var steps: [Step] { content.steps }

    /// Steps after the data set: 1 to this many.
    package static let maximumDepth = 6
    package static let maximumBytes = 200

    package init?(_ text: String) {
        guard text.utf8.count <= FieldPath.maximumBytes else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.count <= FieldPath.maximumDepth + 1,
            let dataset = DatasetID(String(parts[0]))
        else { return nil }
        var steps: [Step] = []
        for part in parts.dropFirst() {
            let isArray = part.hasSuffix("[]")
            let name = String(isArray ? part.dropLast(2) : part)
            guard isCatalogueName(name) else { return nil }
            steps.append(Step(name: name, isArray: isArray))
        }
        content = Content(text, dataset, steps)
    }

    /// The path below the data set: `enfants[].date_naissance`.
    package var localText: String {
        String(text.dropFirst(dataset.text.count + 1))
    }

    /// How many of the steps are arrays: as many indices as an instance of the leaf has.
    package var arrayDepth: Int {
        steps.count { $0.isArray }
    }

    /// Whether this path is the other or lies below it.
    package func isWithin(_ other: FieldPath) -> Bool {
        dataset == other.dataset && steps.starts(with: other.steps)
    }

    package var description: String { text }

    package static func < (left: FieldPath, right: FieldPath) -> Bool {
        left.text < right.text
    }

    package static func == (left: FieldPath, right: FieldPath) -> Bool {
        left.content === right.content
            || (left.content.hash == right.content.hash && left.content.text == right.content.text)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(content.hash)
    }
}
