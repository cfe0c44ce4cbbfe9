import JSONText
package import Vocabulary

/// Every data set's document, and the fields that they describe.
package struct Catalogue: Sendable {
    package let documents: [DatasetID: DatasetDocument]
    package let fields: FieldCatalogue
    /// The leaves of every field that stands, leaf or composite.
    private let standing: [FieldPath: [FieldContract]]
    /// Every leaf and every composite field: what a mistyped name is compared with.
    private let names: NameIndex
    /// The data sets in order, whose places number them.
    let datasets: [DatasetDocument]

    /// Data sets whose documents have mistakes: nothing can be said of their fields.
    package let unread: Set<DatasetID>

    /// Gathers the documents of the data sets, and names those that could not be read.
    package init(_ documents: [DatasetDocument], unread: Set<DatasetID> = []) {
        self.unread = unread
        self.documents = Dictionary(documents.map { ($0.contract.id, $0) }) { first, _ in first }
        let fields = FieldCatalogue(documents.map(\.contract))
        self.fields = fields
        let standing = Catalogue.standing(in: fields)
        self.standing = standing
        self.names = NameIndex(standing.keys.map(\.text))
        self.datasets = self.documents.values.sorted { $0.contract.id < $1.contract.id }
    }

    /// The path itself where it stands for a leaf at least, or a mistake that names the nearest
    /// one.
    func known(_ path: FieldPath, at place: JSONPlace) throws(JSONMistake) -> FieldPath {
        if stands(path) || unread.contains(path.dataset) {
            return path
        }
        let near = nearestField(to: path.text).map { "Vouliez-vous dire « \($0) » ?" }
        throw place.mistake(
            "Le champ « \(path.text) » n'existe dans aucun jeu de données.",
            remedy: near ?? "Choisissez un champ décrit dans connectors/datasets."
        )
    }

    /// The names of the data sets that have a document, whatever it says.
    var datasetNames: [String] {
        (Array(documents.keys) + unread).map(\.text).sorted()
    }

    /// Whether the path is a leaf, or a composite field written as the catalogue writes it.
    func stands(_ path: FieldPath) -> Bool {
        standing[path] != nil
    }

    /// The leaves that a field stands for, in the order of the data set; none where unknown.
    func leaves(of path: FieldPath) -> [FieldContract] {
        standing[path] ?? []
    }

    /// Every composite field, with its leaves.
    var composites: [(path: FieldPath, leaves: [FieldContract])] {
        standing.filter { fields[$0.key] == nil }.map { ($0.key, $0.value) }
    }

    /// The leaf or composite field whose name most resembles a mistyped one.
    func nearestField(to text: String) -> String? {
        names.nearest(to: text)
    }

    private static func standing(in fields: FieldCatalogue) -> [FieldPath: [FieldContract]] {
        var standing: [FieldPath: [FieldContract]] = [:]
        for field in fields.allFields {
            var parts = field.path.text.split(separator: ".")[...]
            while parts.count > 1 {
                if let path = FieldPath(parts.joined(separator: ".")) {
                    standing[path, default: []].append(field)
                }
                parts = parts.dropLast()
            }
        }
        return standing
    }
}
