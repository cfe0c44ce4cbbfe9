import Foundation
import JSONText
import Policies
import Testing
import Vocabulary

/// The documents that ship with the project, read from the working copy.
enum Shipped {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

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

    static let purposes = [
        "cnaf/aide-logement", "cnaf/aide-logement-etudiant", "cnaf/prime-activite", "cnaf/rsa",
        "commune-demo/tarification-cantine", "dhup/logement-social",
        "dss/simulation-droits", "minarm/recensement-citoyen",
    ]

    static func services() throws -> [ServiceDescription] {
        try ["cnaf", "commune-demo", "dhup", "dss", "minarm"].map { name in
            let reading = readService(try bytes("policies/\(name)/service.json"), named: name)
            return try #require(reading.value, "\(reading.mistakes)")
        }
    }

    static func policySet(
        holders: ((Catalogue) -> [HolderService])? = nil
    ) throws -> PolicySet {
        let catalogue = try catalogue()
        let services = try services()
        let policies = try purposes.map { name in
            let purpose = try #require(PurposeID(name))
            let reading = readPolicy(
                try bytes("policies/\(name)/policy.json"), of: purpose, catalogue: catalogue,
                service: services.first { $0.id == purpose.service })
            return try #require(reading.value, "\(reading.mistakes)")
        }
        return PolicySet(
            generation: "essai", catalogue: catalogue, services: services, policies: policies,
            holders: holders?(catalogue) ?? everyHolder(catalogue))
    }

    /// The shipped set, one field rule of one purpose taken out of its document.
    static func policySet(without index: Int, of purpose: PurposeID) throws -> PolicySet {
        let whole = try policySet()
        let path = "policies/\(purpose.text)/policy.json"
        var json = try #require(
            try JSONSerialization.jsonObject(with: Data(try bytes(path))) as? [String: Any])
        var fields = try #require(json["champs"] as? [Any])
        fields.remove(at: index)
        json["champs"] = fields
        let bytes = Array(try JSONSerialization.data(withJSONObject: json))
        let reading = readPolicy(
            bytes, of: purpose, catalogue: whole.catalogue,
            service: whole.services[purpose.service])
        let policy = try #require(reading.value, "\(reading.mistakes)")
        return PolicySet(
            generation: "moins", catalogue: whole.catalogue, services: try services(),
            policies: whole.policies.filter { $0.id != purpose } + [policy],
            holders: whole.holders)
    }

    /// Holders that serve every leaf of their data set, in both modes.
    static func everyHolder(_ catalogue: Catalogue) -> [HolderService] {
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

    static func question(
        _ purpose: String, _ fields: [String], recipient: String = "99900101900010",
        mode: Mode = .identite, periods: [DatasetID: RequestedPeriod] = [:],
        initiator: Initiator = Initiator(), role: DossierRole? = nil, day: String = "2026-11-20"
    ) throws -> ExchangeQuestion {
        let id = try #require(PurposeID(purpose))
        let date = try #require(CalendarDate(day))
        return ExchangeQuestion(
            service: id.service, recipient: try #require(Siret(recipient)), purpose: id,
            fields: fields, periods: periods, mode: mode, initiator: initiator, role: role,
            now: Timestamp(milliseconds: date.daysSinceEpoch * 86_400_000 + 43_200_000))
    }
}
