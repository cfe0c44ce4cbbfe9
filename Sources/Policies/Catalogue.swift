import JSONText
package import Vocabulary

/// Every data set's document, and the fields that they describe.
package struct Catalogue: Sendable {
    package let documents: [DatasetID: DatasetDocument]
    package let fields: FieldCatalogue
    /// Every leaf and every composite field, sorted: what a mistyped name is compared with.
    private let names: [String]

    /// Gathers the documents of the data sets.
    package init(_ documents: [DatasetDocument]) {
        self.documents = Dictionary(documents.map { ($0.contract.id, $0) }) { first, _ in first }
        let fields = FieldCatalogue(documents.map(\.contract))
        self.fields = fields
        self.names = Catalogue.names(of: fields)
    }

    /// The path itself where it stands for a leaf at least, or a mistake that names the nearest
    /// one.
    func known(_ path: FieldPath, at place: JSONPlace) throws(JSONMistake) -> FieldPath {
        if stands(path) {
            return path
        }
        let near = nearestField(to: path.text).map { "Vouliez-vous dire « \($0) » ?" }
        throw place.mistake(
            "Le champ « \(path.text) » n'existe dans aucun jeu de données.",
            remedy: near ?? "Choisissez un champ décrit dans connectors/datasets."
        )
    }

    /// Whether the path is a leaf, or a composite field written as the catalogue writes it.
    func stands(_ path: FieldPath) -> Bool {
        let leaves = fields.leaves(of: path)
        return leaves.allSatisfy { Array($0.path.steps.prefix(path.steps.count)) == path.steps }
            && !leaves.isEmpty
    }

    /// The leaf or composite field whose name most resembles a mistyped one.
    func nearestField(to text: String) -> String? {
        nearestName(to: text, among: names)
    }

    private static func names(of fields: FieldCatalogue) -> [String] {
        var names: Set<String> = []
        for field in fields.allFields {
            var parts = field.path.text.split(separator: ".")[...]
            while parts.count > 1 {
                names.insert(parts.joined(separator: "."))
                parts = parts.dropLast()
            }
        }
        return names.sorted()
    }
}
