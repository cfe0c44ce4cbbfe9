import Foundation
import Journal
import Policies
import Testing
import Vocabulary

/// The contracts that the repository ships, read by the reader that the gateway uses.
func realNames() throws -> KnownNames {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let folder = root.appending(path: "connectors/datasets")
    let names = [
        "demandeur_emploi", "quotient_familial", "revenu_fiscal", "salaires", "statut_etudiant",
    ]
    let contracts = try names.map { name in
        let bytes = try Data(contentsOf: folder.appending(path: "\(name).json"))
        return try #require(readDataset(Array(bytes), named: name).value).contract
    }
    return KnownNames(catalogue: FieldCatalogue(contracts), purposes: [], recipients: [])
}
