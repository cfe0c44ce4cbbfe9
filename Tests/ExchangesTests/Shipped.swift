import Foundation
import Policies
import Testing
import Vocabulary

/// The contracts and policies that the repository ships, and holders to go with them.
enum Shipped {
    /// What of the holders a test changes.
    struct Holders {
        /// Whether holders give an identity to compare.
        var returnIdentity = true
    }

    static let purposes = ["cnaf/aide-logement", "cnaf/prime-activite", "dhup/logement-social"]

    static func bytes(_ path: String) throws -> [UInt8] {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        return Array(try Data(contentsOf: root.appending(path: path)))
    }

    static func policies(_ change: Holders = Holders()) throws -> PolicySet {
        let names = [
            "demandeur_emploi", "quotient_familial", "revenu_fiscal", "salaires", "statut_etudiant",
        ]
        let catalogue = Catalogue(
            try names.map { name in
                let bytes = try bytes("connectors/datasets/\(name).json")
                return try #require(readDataset(bytes, named: name).value)
            })
        let services = try ["cnaf", "dhup"].map { name in
            try #require(
                readService(try bytes("policies/\(name)/service.json"), named: name).value)
        }
        let policies = try purposes.map { name in
            let purpose = try #require(PurposeID(name))
            let bytes = try bytes("policies/\(name)/policy.json")
            let reading = readPolicy(
                bytes, of: purpose, catalogue: catalogue,
                service: services.first { $0.id == purpose.service })
            return try #require(reading.value)
        }
        return PolicySet(
            generation: "essai", catalogue: catalogue, services: services, policies: policies,
            holders: holders(catalogue, change))
    }

    /// Two holders that are handed the token and judge it themselves, three that get the identity.
    private static func holders(_ catalogue: Catalogue, _ change: Holders) -> [HolderService] {
        let names = [
            "revenu_fiscal": "dgfip", "quotient_familial": "cnav", "statut_etudiant": "mesri",
            "demandeur_emploi": "france-travail", "salaires": "gip-mds",
        ]
        return catalogue.fields.datasets.values.flatMap { dataset in
            Mode.allCases.map { mode in
                let holder = HolderID(checked: names[dataset.id.text] ?? "autre")
                let judges = ["dgfip", "france-travail"].contains(holder.text)
                return HolderService(
                    holder: holder, dataset: dataset.id, mode: mode,
                    fields: Set(dataset.fields.map(\.path)),
                    neededIdentifier: holder.text == "france-travail" && mode == .identite
                        ? .identifiantFranceTravail : nil,
                    introspectsToken: judges && mode == .franceconnect,
                    receivesIdentity: !judges, returnsIdentity: change.returnIdentity)
            }
        }
    }
}
