import Connectors
import Foundation
import JSONText
import Policies
import Vocabulary

/// The repository's folder of connectors.
let connectorsFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("connectors")

/// Every connector that ships: holder, then data set.
let shipped = [
    "dgfip/revenu_fiscal", "cnav/quotient_familial", "mesri/statut_etudiant",
    "france-travail/demandeur_emploi", "gip-mds/salaires",
]

func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: connectorsFolder.appendingPathComponent(path)))
}

func catalogue() throws -> FieldCatalogue {
    let folder = connectorsFolder.appendingPathComponent("datasets").path
    let contracts = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        .map { file in
            let document = readDataset(
                try bytes("datasets/\(file)"), named: String(file.dropLast(5)))
            guard let contract = document.value?.contract else {
                throw TestFailure("the contract \(file) has mistakes")
            }
            return contract
        }
    return FieldCatalogue(contracts)
}

func connector(_ bytes: [UInt8]) throws -> Connector {
    let document = ConnectorDocument(bytes, catalogue: try catalogue())
    guard let connector = document.connector else {
        throw TestFailure(document.mistakes.map { "\($0.path): \($0.message)" }.joined())
    }
    return connector
}

func examples(of path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
        atPath: connectorsFolder.appendingPathComponent("\(path)/examples").path
    ).sorted()
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
