import Foundation
import HTTPMessages
import Identification
import JSONText
import Policies
import Vocabulary

@testable import Connectors

/// The repository's folder of connectors.
let connectorsFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("connectors")

let datasetNames = [
    "revenu_fiscal", "quotient_familial", "statut_etudiant", "demandeur_emploi", "salaires",
]

/// Every connector that ships: holder, then data set.
let shipped = [
    "dgfip/revenu_fiscal", "cnav/quotient_familial", "mesri/statut_etudiant",
    "france-travail/demandeur_emploi", "gip-mds/salaires",
]

func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: connectorsFolder.appendingPathComponent(path)))
}

func catalogue() throws -> FieldCatalogue {
    var contracts: [DatasetContract] = []
    for name in datasetNames {
        let file = "datasets/\(name).json"
        guard let document = readDataset(try bytes(file), named: name).value else {
            throw TestFailure("the contract \(name) has mistakes")
        }
        contracts.append(document.contract)
    }
    return FieldCatalogue(contracts)
}

func connector(_ path: String) throws -> Connector {
    let document = ConnectorDocument(
        try bytes("\(path)/connector.json"), catalogue: try catalogue())
    guard let connector = document.connector else {
        throw TestFailure(document.mistakes.map { "\($0.path): \($0.message)" }.joined(by: "\n"))
    }
    return connector
}

func agrees(_ pivot: PivotIdentity, _ returned: ReturnedIdentity) -> Bool {
    agreement(of: pivot, with: returned) == .agrees
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension [String] {
    func joined(by separator: String) -> String { joined(separator: separator) }
}

/// An invented usager.
func pivot(
    name: String = "Le Goff", usage: String? = nil, given: [String] = ["Anaïs", "Marie"],
    birth: String = "1990-05-17", sex: Sex = .feminin, country: String = "99100",
    commune: String? = "2A004", mayBePresumed: Bool = false
) throws -> PivotIdentity {
    guard let date = PartialDate(birth) else { throw TestFailure("no date") }
    return PivotIdentity(
        birthName: name, usageName: usage, givenNames: given, birthDate: date,
        mayBePresumed: mayBePresumed, sex: sex, birthCountry: country, birthCommune: commune)
}

func question(
    _ fields: [String], mode: Mode = .identite, period: Period? = .year(2024),
    pivot: PivotIdentity? = nil, identifiers: [IdentifierKind: Sensitive<String>] = [:],
    token: String? = nil
) throws -> HolderQuestion {
    let leaves = fields.compactMap { FieldPath($0) }
    guard let dataset = leaves.first?.dataset, let siret = Siret("13002526500013"),
        let purpose = PurposeID("cnaf/aide-logement"),
        let today = CalendarDate("2026-11-20")
    else { throw TestFailure("no question") }
    return HolderQuestion(
        dataset: dataset, mode: mode, leaves: Set(leaves), period: period, today: today,
        pivot: Sensitive(try pivot ?? ConnectorsTests.pivot()), identifiers: identifiers,
        token: token.map { Sensitive($0) }, recipient: siret, purpose: purpose,
        exchange: ExchangeID(
            time: Timestamp(milliseconds: 1_790_000_000_000),
            random: Array(repeating: 7, count: 10)))
}

func reply(_ json: String, status: Int = 200, headers: [(String, String)] = []) -> InboundResponse {
    InboundResponse(
        status: status,
        headers: HTTPHeaders([("Content-Type", "application/json")] + headers),
        body: Array(json.utf8))
}

extension HolderReading {
    subscript(_ name: String) -> LeafReading? {
        leaves.first { $0.key.text == name }?.value
    }
}
