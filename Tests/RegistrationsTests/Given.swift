import Connectors
import Foundation
import Policies
import Testing
import Vocabulary

/// Documents for the tests: the shipped ones, changed.
enum Given {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "connectors")

    static let holder = HolderID(checked: "mesri")
    static let dataset = DatasetID(checked: "statut_etudiant")

    /// The text of a file of the shipped connector.
    static func text(_ name: String) throws -> String {
        try String(
            contentsOf: folder.appending(path: "mesri/statut_etudiant/\(name)"), encoding: .utf8)
    }

    /// The contract of its data set.
    static func catalogue() throws -> FieldCatalogue {
        let bytes = try Data(contentsOf: folder.appending(path: "datasets/statut_etudiant.json"))
        let reading = readDataset(Array(bytes), named: dataset.text)
        return FieldCatalogue([try #require(reading.value).contract])
    }

    /// A connector whose identity mode begins with other members.
    static func connector(identityMode members: String = "") throws -> Connector {
        let text = try text("connector.json")
            .replacing(/"disponibilite":\s*\{[^}]*\},\s*/, with: "")
            .replacing("\"identite\": {", with: "\"identite\": {\(members)")
        let document = ConnectorDocument(Array(text.utf8))
        return try #require(document.connector, "\(document.mistakes)")
    }

    /// A proposal of the connector's text and of examples.
    static func proposal(_ connector: String, _ examples: [String: String]) -> [UInt8] {
        let list = examples.sorted { $0.key < $1.key }
            .map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        return Array("{\"connecteur\": \(connector), \"exemples\": {\(list)}}".utf8)
    }
}
