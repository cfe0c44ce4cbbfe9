import Foundation
import Policies
import Testing
import Vocabulary

/// The documents that ship with the project, with holders that serve all of them.
enum Shipped {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let purposes = [
        "cnaf/aide-logement", "cnaf/aide-logement-etudiant", "cnaf/prime-activite", "cnaf/rsa",
        "commune-demo/tarification-cantine", "dhup/logement-social",
        "dss/simulation-droits", "minarm/recensement-citoyen",
    ]

    static let day = CalendarDate("2026-11-21") ?? CalendarDate(daysSinceEpoch: 0)

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appending(path: path)))
    }

    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())
            .sorted()
    }

    static func catalogue() throws -> Catalogue {
        Catalogue(
            try names(in: "connectors/datasets").map { file in
                let name = String(file.dropLast(5))
                let reading = readDataset(try bytes("connectors/datasets/\(file)"), named: name)
                return try #require(reading.value, "\(reading.mistakes)")
            })
    }

    /// The shipped purposes, some of their bytes changed where a test needs others.
    static func policies(
        changing change: (String, String) -> String = { _, text in text }
    ) throws -> PolicySet {
        let catalogue = try catalogue()
        let services = try ["cnaf", "commune-demo", "dhup", "dss", "minarm"].map { name in
            let text = String(
                decoding: try bytes("policies/\(name)/service.json"), as: UTF8.self)
            let reading = readService(Array(change(name, text).utf8), named: name)
            return try #require(reading.value, "\(reading.mistakes)")
        }
        let policies = try purposes.map { name in
            let purpose = try #require(PurposeID(name))
            let text = String(decoding: try bytes("policies/\(name)/policy.json"), as: UTF8.self)
            let reading = readPolicy(
                Array(change(name, text).utf8), of: purpose, catalogue: catalogue,
                service: services.first { $0.id == purpose.service })
            return try #require(reading.value, "\(reading.mistakes)")
        }
        return PolicySet(
            generation: "essai", catalogue: catalogue, services: services, policies: policies,
            holders: everyHolder(catalogue))
    }

    /// Holders that serve every leaf of their data set, in both modes.
    private static func everyHolder(_ catalogue: Catalogue) -> [HolderService] {
        let holders = [
            "revenu_fiscal": "dgfip", "quotient_familial": "cnav", "statut_etudiant": "mesri",
            "demandeur_emploi": "france-travail", "salaires": "gip-mds",
        ]
        return catalogue.fields.datasets.values.flatMap { dataset in
            Mode.allCases.map { mode in
                let holder = HolderID(checked: holders[dataset.id.text] ?? "autre")
                let judges = ["dgfip", "france-travail"].contains(holder.text)
                return HolderService(
                    holder: holder, dataset: dataset.id, mode: mode,
                    fields: Set(dataset.fields.map(\.path)),
                    neededIdentifier: holder.text == "france-travail" && mode == .identite
                        ? .identifiantFranceTravail : nil,
                    introspectsToken: judges && mode == .franceconnect,
                    receivesIdentity: !judges, returnsIdentity: true)
            }
        }
    }
}

/// Compares a text with `Tests/Golden/Publications/NAME`, or rewrites that file under
/// `UPDATE_GOLDEN=1`.
func expectGolden(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = Shipped.root.appending(path: "Tests/Golden/Publications/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return
    }
    let expected = try? String(contentsOf: file, encoding: .utf8)
    #expect(
        text == expected,
        "\(name): run « UPDATE_GOLDEN=1 swift test --filter Publications », then read the diff",
        sourceLocation: sourceLocation)
}
